"""What machines tell of our letters: bounces of every kind, receipts, complaints, absences."""

from datetime import datetime
from email.message import EmailMessage
from uuid import UUID

import pytest

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.discount_requests.use_cases import submit_request
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.ports import FailureReason
from discount_broker.messaging.queries import find_suppression, get_delivery
from discount_broker.messaging.status import DeliveryStatus, ReceiptKind
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus, ReplyKind
from discount_broker.outreach.use_cases import ask_shop, read_mail, receive_mail
from discount_broker.shops.status import ContactState
from tests.builders import a_request, a_shop, an_outreach
from tests.fakes import FakeChannel
from tests.use_cases.conftest import Work
from tests.use_cases.test_inbound import ASK

pytestmark = pytest.mark.usefixtures("app")


def a_report(
    *failed: tuple[str, str, str], action: str = "failed", original: str = "", utf8: bool = False
) -> bytes:
    """A delivery report (RFC 3464): address, status and words of each recipient."""
    kind = "utf-8" if utf8 else "rfc822"
    groups = "\r\n".join(
        f"Final-Recipient: {kind}; {address}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {said}\r\n"
        for address, status, said in failed
    )
    returned = (
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {original}\r\n\r\n" if original else ""
    )
    return (
        "From: MAILER-DAEMON@mx.tools.ru\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status;"
        ' boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSorry\r\n'
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.tools.ru\r\n\r\n"
        f"{groups}{returned}--b--\r\n"
    ).encode()


UNKNOWN = ("a@tools.ru", "5.1.1", "550 5.1.1 User unknown")
FULL = ("a@tools.ru", "5.2.2", "552 5.2.2 Mailbox full")
BLOCKED = ("a@tools.ru", "5.7.1", "550 5.7.1 Blocked by our spam policy, sender reputation")


@pytest.fixture
def outreach(work_at: Work, now: datetime) -> Outreach:
    shop = a_shop(now, "tools.ru", emails=("a@tools.ru", "b@tools.ru"))
    asked = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
    ask_shop(shop.id, now)
    work_at(now)
    db.session.expire_all()
    return asked


def reply_to(outreach: Outreach) -> str:
    return f"reply+{issue_token(Purpose.REPLY, outreach.id, outreach.created_at)}@in.broker.test"


def take_in(recipient: str, content: bytes, now: datetime, work_at: Work | None = None) -> str | None:
    verdict = read_mail(receive_mail(recipient, content, now), now)
    if work_at is not None:
        work_at(now)
    db.session.expire_all()
    return verdict


def heard(delivery: Delivery) -> list[ReceiptKind]:
    return [receipt.kind for receipt in delivery.receipts]


@pytest.mark.parametrize(
    ("failed", "kind", "failure", "door"),
    [
        (UNKNOWN, ReceiptKind.HARD_BOUNCE, FailureReason.ADDRESS_DEAD, ContactState.DEAD),
        (FULL, ReceiptKind.SOFT_BOUNCE, FailureReason.MAILBOX_FULL, ContactState.UNVERIFIED),
        (BLOCKED, ReceiptKind.POLICY_BOUNCE, FailureReason.POLICY, ContactState.UNVERIFIED),
    ],
)
def test_a_bounce_is_a_receipt_of_its_class(
    failed: tuple[str, str, str],
    kind: ReceiptKind,
    failure: FailureReason,
    door: ContactState,
    outreach: Outreach,
    work_at: Work,
    mail: FakeChannel,
    now: datetime,
) -> None:
    assert take_in(mail.sent[0].bounce_to, a_report(failed), now, work_at) == "bounce"
    first = outreach.steps[0]
    assert heard(first.delivery) == [kind]
    assert (first.delivery.status, first.delivery.failure) == (DeliveryStatus.BOUNCED, failure)
    assert first.contact_point.state is door
    assert len(outreach.steps) == 2, "the next door is tried at once"


def test_a_delay_is_noted_and_changes_nothing(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    delayed = a_report(("a@tools.ru", "4.4.1", "connection timed out"), action="delayed")
    take_in(mail.sent[0].bounce_to, delayed, now, work_at)
    assert [reply.kind for reply in outreach.replies] == [ReplyKind.BOUNCE]
    assert heard(outreach.steps[0].delivery) == []
    assert outreach.status is OutreachStatus.ASKED


def test_a_bounce_to_the_reply_address_finds_its_message_by_the_headers_it_returns(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    take_in(mail.sent[0].bounce_to, a_report(FULL), now, work_at)
    first, second = outreach.steps
    original = f"<{first.delivery_id}@in.broker.test>"
    take_in(reply_to(outreach), a_report(UNKNOWN, original=original), now, work_at)
    assert set(heard(first.delivery)) == {ReceiptKind.SOFT_BOUNCE, ReceiptKind.HARD_BOUNCE}
    assert heard(second.delivery) == []


def test_a_bounce_to_the_reply_address_that_returns_nothing_is_told_by_the_address_it_names(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    take_in(mail.sent[0].bounce_to, a_report(FULL), now, work_at)
    dead = a_report(("b@tools.ru", "5.1.1", "550 User unknown"))
    take_in(reply_to(outreach), dead, now, work_at)
    assert [heard(step.delivery) for step in outreach.steps][1] == [ReceiptKind.HARD_BOUNCE]


def test_a_report_about_several_recipients_counts_for_ours(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    take_in(mail.sent[0].bounce_to, a_report(("x@tools.ru", "5.1.1", "550 Unknown"), UNKNOWN), now, work_at)
    assert heard(outreach.steps[0].delivery) == [ReceiptKind.HARD_BOUNCE]


def test_a_dead_mailbox_behind_the_address_does_not_kill_the_address(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    behind = a_report(("ivan@elsewhere.example", "5.1.1", "550 User unknown"))
    take_in(mail.sent[0].bounce_to, behind, now, work_at)
    first = outreach.steps[0]
    assert heard(first.delivery) == [ReceiptKind.SOFT_BOUNCE]
    assert first.contact_point.state is ContactState.UNVERIFIED
    assert len(outreach.steps) == 2


@pytest.mark.parametrize("named", ["info@xn--80aairftm.xn--p1ai", "Info@магазин.рф"])
def test_a_report_may_spell_the_address_in_its_own_way(
    named: str, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    shop = a_shop(now, "xn--80aairftm.xn--p1ai", emails=("info@магазин.рф",))
    asked = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
    ask_shop(shop.id, now)
    work_at(now)
    take_in(mail.sent[0].bounce_to, a_report((named, "5.1.1", "550 User unknown"), utf8=True), now, work_at)
    assert heard(asked.steps[0].delivery) == [ReceiptKind.HARD_BOUNCE]


def test_a_receipt_says_that_it_arrived_and_another_that_it_was_read(
    outreach: Outreach, mail: FakeChannel, now: datetime
) -> None:
    arrived = a_report(("a@tools.ru", "2.0.0", "250 OK"), action="delivered")
    assert take_in(mail.sent[0].bounce_to, arrived, now) == "receipt"
    read = (
        "From: a@tools.ru\r\nSubject: Read: discount\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report;"
        ' report-type=disposition-notification; boundary="b"\r\n\r\n--b\r\n'
        "Content-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822; a@tools.ru\r\n"
        f"Original-Message-ID: <{outreach.steps[0].delivery_id}@in.broker.test>\r\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--b--\r\n"
    )
    assert take_in("info@in.broker.test", read.encode(), now) == "receipt"
    delivery = outreach.steps[0].delivery
    assert set(heard(delivery)) == {ReceiptKind.DELIVERED, ReceiptKind.READ}
    assert (delivery.status, delivery.delivered_at) == (DeliveryStatus.SENT, now)
    assert outreach.status is OutreachStatus.ASKED


def a_complaint(about: str) -> bytes:
    return (
        "From: fbl@provider.example\r\nSubject: Abuse report\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nThis is an abuse report.\r\n"
        "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{about}@in.broker.test>\r\n"
        "Subject: ?\r\n\r\n?\r\n--b--\r\n"
    ).encode()


def test_a_complaint_stops_the_shop_for_all_buyers(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    about = a_complaint(mail.sent[0].idempotency_key)
    assert take_in("abuse@in.broker.test", about, now, work_at) == "complaint"
    assert find_suppression("shop:tools.ru") is not None
    assert outreach.status is OutreachStatus.STOPPED
    assert heard(outreach.steps[0].delivery) == [ReceiptKind.COMPLAINT]


def test_a_complaint_of_a_buyer_ends_the_mail_to_that_buyer(
    work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    submit_request(a_request(now, RequestStatus.DRAFT).id, ASK, now)
    work_at(now)
    take_in("abuse@in.broker.test", a_complaint(mail.sent[0].idempotency_key), now, work_at)
    assert find_suppression(f"email:{ASK.email}") is not None
    assert get_delivery(UUID(mail.sent[0].idempotency_key)).status is DeliveryStatus.SENT


def test_a_complaint_about_nothing_we_know_waits_for_a_person(now: datetime) -> None:
    assert take_in("abuse@in.broker.test", a_complaint("not-ours"), now) == "unmatched"


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        ({"Subject": "Автоответ"}, "Я в отпуске до 20 января 2030."),
        ({"Subject": "Re: drill"}, "Ваше обращение № 123 принято."),
    ],
)
def test_a_machine_that_answers_has_the_letter_and_the_ladder_goes_on(
    headers: dict[str, str], text: str, outreach: Outreach, now: datetime
) -> None:
    message = EmailMessage()
    message["From"], message["Auto-Submitted"] = "a@tools.ru", "auto-replied"
    message["Subject"] = headers["Subject"]
    message.set_content(text)
    for _ in range(2):
        take_in(reply_to(outreach), message.as_bytes(), now)
    (step,) = outreach.steps
    assert (step.acknowledged_at, step.answered_at) == (now, None)
    assert (outreach.status, outreach.next_step_at is not None) == (OutreachStatus.ASKED, True)
    away = [
        entry.facts["until"] for entry in outreach.discount_request.timeline if entry.event == "shop_away"
    ]
    assert away == (["2030-01-20"] if "отпуске" in text else [])


FORGED = b"From: info@tools.ru\r\nSubject: Complaint about spam\r\n\r\nThis is an abuse report.\r\n"


def test_a_complaint_that_anybody_can_have_written_silences_no_shop(
    outreach: Outreach, now: datetime
) -> None:
    assert take_in("abuse@in.broker.test", FORGED, now) == "unmatched"
    assert find_suppression("shop:tools.ru") is None
    assert outreach.status is OutreachStatus.ASKED


def test_a_complaint_of_a_proved_sender_is_obeyed_at_once(outreach: Outreach, now: datetime) -> None:
    proof = {"dkim": "pass", "domain": "tools.ru"}
    mail_id = receive_mail("abuse@in.broker.test", FORGED, now, authentication=proof)
    assert read_mail(mail_id, now) == "complaint"
    assert find_suppression("shop:tools.ru") is not None
