"""Which addresses failed, for good or for now, and what follows for them."""

import json

import pytest

from discount_broker.outreach.inbound import BounceKind, BounceReason, read_inbound
from discount_broker.outreach.status import ReplyKind
from tests.extract.inbound_mails import FAILED, mail, report


@pytest.mark.parametrize(
    ("action", "status", "said", "permanent", "is_final", "reason"),
    [
        ("failed", "5.1.1", "550 5.1.1 User unknown", True, True, BounceReason.USER_UNKNOWN),
        ("failed", "5.2.2", "552 5.2.2 Over quota", True, True, BounceReason.MAILBOX_FULL),
        ("failed", "5.1.2", "550 Host unknown", True, True, BounceReason.HOST_UNKNOWN),
        ("failed", "5.7.1", "554 5.7.1 Blocked as spam", True, True, BounceReason.POLICY),
        ("failed", "4.4.7", "connection expired", False, True, BounceReason.EXPIRED),
        ("delayed", "4.4.1", "connection timed out", False, False, BounceReason.EXPIRED),
        ("FAILED", "5.0.0", "550 5.1.1 no such user", True, True, BounceReason.USER_UNKNOWN),
    ],
)
def test_a_delivery_report_says_who_failed_for_good_and_why(
    action: str, status: str, said: str, permanent: bool, is_final: bool, reason: BounceReason
) -> None:
    read = read_inbound(report(FAILED.format(action=action, status=status, said=said)))
    assert read.kind == ReplyKind.BOUNCE
    assert read.bounce is not None
    assert read.bounce.recipients == ("sales@shop.test",)
    assert (read.bounce.permanent, read.bounce.is_final) == (permanent, is_final)
    assert read.bounce.reason == reason


def test_a_bounce_names_the_message_it_is_about() -> None:
    fields = FAILED.format(action="failed", status="5.1.1", said="550 no")
    read = read_inbound(report(fields, returned="Message-ID: <0b54@in.broker.test>\r\nSubject: x"))
    assert read.bounce is not None
    assert read.bounce.original_message_id == "<0b54@in.broker.test>"


def test_a_report_of_success_is_a_receipt() -> None:
    read = read_inbound(report(FAILED.format(action="delivered", status="2.0.0", said="250 OK")))
    assert read.kind == ReplyKind.RECEIPT
    assert read.bounce is None


def test_a_read_receipt_and_an_abuse_report_are_told_apart() -> None:
    read = read_inbound(
        report("Disposition: manual-action/MDN-sent; displayed", kind="disposition-notification")
    )
    assert read.kind == ReplyKind.RECEIPT
    abuse = read_inbound(
        report("Feedback-Type: abuse\r\nOriginal-Rcpt-To: sales@shop.test", kind="feedback-report")
    )
    assert abuse.kind == ReplyKind.COMPLAINT


QMAIL = """Hi. This is the qmail-send program at mx.shop.test.

<sales@shop.test>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <x@y.test>
"""


@pytest.mark.parametrize(
    ("text", "permanent", "reason"),
    [
        (
            QMAIL,
            True,
            BounceReason.USER_UNKNOWN,
        ),
        (
            "Не удалось доставить письмо на адрес sales@shop.test.\n550 Такого пользователя не существует\n",
            True,
            BounceReason.USER_UNKNOWN,
        ),
        ("Your message to sales@shop.test has been delayed.\nWill be retried for 2 more days.", False, None),
    ],
)
def test_a_bounce_without_a_report_is_read_from_its_words(
    text: str, permanent: bool, reason: BounceReason | None
) -> None:
    headers = {"Subject": "failure notice", "Return_Path": "<>"}
    read = read_inbound(mail(text, sender="MAILER-DAEMON@mx.shop.test", **headers))
    assert read.kind == ReplyKind.BOUNCE
    assert read.bounce is not None
    assert read.bounce.recipients == ("sales@shop.test",)
    assert read.bounce.permanent == permanent
    assert reason in (None, read.bounce.reason)


@pytest.mark.parametrize(
    ("action", "status", "said", "kind"),
    [
        ("failed", "5.1.1", "550 5.1.1 User unknown", BounceKind.HARD),
        ("failed", "5.1.2", "550 Host unknown", BounceKind.HARD),
        ("failed", "5.2.1", "550 5.2.1 The account is disabled", BounceKind.HARD),
        ("failed", "5.4.1", "550 5.4.1 Recipient address rejected: Access denied", BounceKind.HARD),
        ("failed", "5.2.2", "552 5.2.2 Mailbox full", BounceKind.SOFT),
        ("failed", "4.2.2", "452 4.2.2 Over quota", BounceKind.SOFT),
        ("failed", "4.4.7", "delivery timed out", BounceKind.SOFT),
        ("failed", "4.1.1", "450 4.1.1 User unknown in virtual table", BounceKind.SOFT),
        ("failed", "5.3.4", "552 5.3.4 Message too big", BounceKind.SOFT),
        ("failed", "5.0.0", "554 Transaction failed", BounceKind.SOFT),
        ("failed", "5.7.1", "554 5.7.1 <a@b.test>: Relay access denied", BounceKind.SOFT),
        ("failed", "5.7.1", "550 5.7.1 Message rejected due to content", BounceKind.POLICY),
        ("failed", "5.7.26", "550 5.7.26 Unauthenticated mail is not accepted", BounceKind.POLICY),
        ("failed", "5.7.515", "550 5.7.515 Access denied, domain lacks DMARC", BounceKind.POLICY),
        ("failed", "5.0.0", "554 Your IP is listed at zen.spamhaus.org", BounceKind.POLICY),
        ("failed", "5.1.1", "550 5.7.1 Sending server is on our blacklist", BounceKind.POLICY),
        ("failed", "5.1.0", "550 5.1.0 sender rejected", BounceKind.POLICY),
        ("failed", "5.1.8", "553 5.1.8 Domain of sender address does not exist", BounceKind.POLICY),
        (
            "delayed",
            "4.7.0",
            "421 4.7.0 Messages from 192.0.2.1 deferred: user complaints",
            BounceKind.POLICY,
        ),
    ],
)
def test_what_follows_for_the_address_is_told(action: str, status: str, said: str, kind: BounceKind) -> None:
    """A block of our sending must never count against an address."""
    bounce = read_inbound(report(FAILED.format(action=action, status=status, said=said))).bounce
    assert bounce is not None
    assert bounce.kind == kind
    assert bounce.is_delayed == (action == "delayed")


def test_every_address_that_a_report_names_is_read() -> None:
    fields = "\r\n".join(
        f"Final-Recipient: rfc822; {name}@shop.test\r\nAction: failed\r\nStatus: 5.1.1\r\n" for name in "abc"
    )
    bounce = read_inbound(report(fields)).bounce
    assert bounce is not None
    assert bounce.recipients == ("a@shop.test", "b@shop.test", "c@shop.test")


@pytest.mark.parametrize(
    "content",
    [
        report(
            "Original-Recipient: rfc822; Sales@shop.test\r\nFinal-Recipient: rfc822; anna@mail.test\r\n"
            "Action: failed\r\nStatus: 5.1.1"
        ),
        mail(
            "<anna@mail.test> (expanded from\n    <sales@shop.test>): host said: 550 5.1.1 User unknown",
            sender="MAILER-DAEMON@mx.test",
            Subject="Undelivered Mail Returned to Sender",
        ),
    ],
)
def test_the_address_that_leads_to_the_one_that_failed_is_told(content: bytes) -> None:
    bounce = read_inbound(content).bounce
    assert bounce is not None
    assert (bounce.recipients, bounce.original_recipients) == (("anna@mail.test",), ("sales@shop.test",))


def test_the_envelope_that_we_named_is_found_again() -> None:
    fields = "Original-Envelope-Id: Env-77\r\n\r\n" + FAILED.format(
        action="failed", status="5.1.1", said="no"
    )
    bounce = read_inbound(report(fields)).bounce
    assert bounce is not None
    assert bounce.original_envelope_id == "Env-77"


def test_a_report_within_the_message_that_came_back_is_not_ours() -> None:
    other = report(FAILED.format(action="failed", status="5.1.1", said="no").replace("Sales@", "other@"))
    inner = other.replace(b'boundary="b"', b'boundary="i"').replace(b"--b", b"--i").decode()
    bounce = read_inbound(
        report(FAILED.format(action="failed", status="5.1.1", said="no"), returned=inner)
    ).bounce
    assert bounce is not None
    assert bounce.recipients == ("sales@shop.test",)


MAIL_RU = """Это письмо создано автоматически сервером, отвечать на него не нужно.

К сожалению, Ваше письмо не может
быть доставлено одному или нескольким
получателям:

******

sales@shop.test
account sales@shop.test is disabled
******
"""
YANDEX = """К сожалению, мы вынуждены сообщить Вам о том, что Ваше письмо не может
быть отправлено одному или нескольким адресатам.

Пожалуйста, не отвечайте на это сообщение.

<sales@shop.test>: host mx.shop.test[192.0.2.1] said: 550 5.1.1
    <sales@shop.test>: User unknown
"""
STARRED = """This is an automatically generated Delivery Status Notification.

Delivery to the following recipients failed permanently:

   * sales@shop.test
   * info@shop.test

550 5.1.1 User unknown
"""
EXCHANGE = """Your message

  To:      requests@in.broker.test
  Subject: Request

did not reach the following recipient(s):

sales@shop.test on Thu, 10 Jan 2030
    The recipient name is not recognized
"""
SPOKEN = """We had trouble delivering your message.

SMTP Server <mx.shop.test> rejected recipient <sales@shop.test>
  It responded: [552 mailbox full]
"""
TRANSCRIPT = """   ----- Transcript of session follows -----
<<< 550 5.7.1 <sales@shop.test>... spam not wanted
554 <sales@shop.test>... Service unavailable
"""
WITH_COPY = """Hi!

An error has occurred while attempting to deliver a message for
the following list of recipients:

sales@shop.test: 550 No such user here

Below is a copy of the original message:

Received: from a by b
From: <other@in.broker.test>
To: <sales@shop.test>
Message-ID: <77@in.broker.test>
"""
ONE = ("sales@shop.test",)
NOTICES = (
    ("Mail Delivery System <Mailer-Daemon@mx.test>", "Ваше сообщение не доставлено", MAIL_RU, ONE, "hard"),
    ("mailer-daemon@ya.test", "Недоставленное сообщение", YANDEX, ONE, "hard"),
    ("MAILER-DAEMON@mx.test", "Delivery status", STARRED, ("sales@shop.test", "info@shop.test"), "hard"),
    ("postmaster@shop.test", "Undeliverable: Request", EXCHANGE, ONE, "hard"),
    ("<>", "There was an error sending your mail", SPOKEN, ONE, "soft"),
    ("MAILER-DAEMON@mx.test", "Returned mail: see transcript", TRANSCRIPT, ONE, "policy"),
    ("Mailer Daemon <daemon@mx.test>", "Delivery status notification: error", WITH_COPY, ONE, "hard"),
)


@pytest.mark.parametrize(("sender", "subject", "text", "recipients", "kind"), NOTICES)
def test_notices_of_many_servers_are_read_from_their_words(
    sender: str, subject: str, text: str, recipients: tuple[str, ...], kind: str
) -> None:
    read = read_inbound(mail(text, sender=sender, Subject=subject))
    assert read.kind == ReplyKind.BOUNCE
    assert read.bounce is not None
    assert (read.bounce.recipients, read.bounce.kind) == (recipients, kind)


def test_what_came_back_below_the_words_names_our_message() -> None:
    read = read_inbound(mail(WITH_COPY, sender="Mailer-Daemon@mx.test", Subject="Mail delivery failed"))
    assert read.bounce is not None
    assert read.bounce.original_message_id == "<77@in.broker.test>"


@pytest.mark.parametrize(
    ("notice", "kind"),
    [
        (
            {
                "notificationType": "Bounce",
                "bounce": {
                    "bounceType": "Permanent",
                    "bouncedRecipients": [
                        {
                            "emailAddress": "sales@shop.test",
                            "status": "5.1.1",
                            "diagnosticCode": "550 unknown user",
                        }
                    ],
                },
            },
            ReplyKind.BOUNCE,
        ),
        ({"notificationType": "Complaint", "complaint": {}}, ReplyKind.COMPLAINT),
        ({"notificationType": "Delivery", "delivery": {}}, ReplyKind.RECEIPT),
    ],
)
def test_a_notice_of_amazon_that_comes_by_mail_is_read(notice: dict[str, object], kind: ReplyKind) -> None:
    body = json.dumps({"Type": "Notification", "Message": json.dumps(notice)})
    read = read_inbound(
        mail(body, sender="no-reply@sns.test", X_Amz_Sns_Message_Id="1", Subject="Notification")
    )
    assert read.kind == kind
    if read.bounce is not None:
        assert (read.bounce.recipients, read.bounce.kind) == (("sales@shop.test",), BounceKind.HARD)


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        (
            "sales@shop.test",
            "Delivery problem",
            "The parcel could not be delivered, the courier returned it.",
        ),
        (
            "sales@shop.test",
            "Re: Delivery failure",
            "The delivery failed: unknown address. Write the right one.",
        ),
        (
            "sales@shop.test",
            "Статус доставки",
            "Товар не доставлен, курьер не нашёл адрес. 550 руб. за повтор.",
        ),
        ("Bounce House <hi@bouncehouse.test>", "Re: Request", "Yes, 550 rub."),
        (
            "sales@shop.test",
            "Fwd: failure notice",
            "I get this when I answer you, what is wrong with your mail?",
        ),
        (
            "sales@shop.test",
            "Returned mail",
            "We sent your catalogue by mail, it was returned. User unknown there?",
        ),
    ],
)
def test_a_shop_that_writes_of_deliveries_is_no_mail_server(sender: str, subject: str, text: str) -> None:
    assert read_inbound(mail(text, sender=sender, Subject=subject)).kind == ReplyKind.HUMAN


def test_a_shop_named_like_a_mail_server_is_a_shop() -> None:
    assert (
        read_inbound(mail("Yes, 550 rub.", sender="Bounce House <hi@bouncehouse.test>")).kind
        == ReplyKind.HUMAN
    )
    assert read_inbound(b"Subject: hi\r\n\r\nIt costs 500 rub.").kind == ReplyKind.HUMAN
