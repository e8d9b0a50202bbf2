"""What providers post, read: nothing of it is believed to be well-formed."""

import json
from base64 import b64encode
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discount_broker.messaging.inbound import (
    NotAuthentic,
    NotReadable,
    Parcel,
    mailgun,
    postmark,
    sendgrid,
    ses,
    sns,
)
from discount_broker.messaging.inbound.failures import came_back
from discount_broker.messaging.inbound.letters import rebuilt, with_envelope
from discount_broker.messaging.inbound.parcel import Field
from discount_broker.messaging.status import ReceiptKind
from discount_broker.outreach.inbound import read_inbound
from tests.posting import MAILGUN_KEY, multipart

NOW = datetime(2030, 1, 14, 9, 0, tzinfo=UTC)
NOTIFICATION = sns.Notification("Notification", "n1", "")


def test_mailguns_signature_is_that_of_its_manual() -> None:
    signed = {
        "timestamp": "1700000000",
        "token": "a" * 50,
        "signature": "c831b43c5b16fe108131ca2a0ee82b53808fd53255a924f124c12c5aa8b5c2a3",
    }
    when = datetime.fromtimestamp(1700000000, UTC) + timedelta(minutes=1)
    assert mailgun.check(signed, MAILGUN_KEY, when) == "a" * 50
    with pytest.raises(NotAuthentic):
        mailgun.check(signed, "another key", when)
    with pytest.raises(NotAuthentic):
        mailgun.check(signed, "", when)


def test_of_two_fields_with_one_name_the_last_counts() -> None:
    body, content_type = multipart({"recipient": "a@b.test"})
    twice = body.replace(b"--xYzZY--", b"") + multipart({"recipient": "c@d.test"})[0]
    assert Parcel(twice, {"content-type": content_type}).fields()["recipient"].text == "c@d.test"
    urlencoded = {"content-type": "application/x-www-form-urlencoded"}
    assert Parcel(b"a=1&a=2", urlencoded).fields()["a"].text == "2"


@given(
    st.binary(max_size=300),
    st.sampled_from(["multipart/form-data; boundary=x", "multipart/form-data", "a/b", ""]),
)
def test_a_form_of_any_bytes_is_read_or_refused(body: bytes, content_type: str) -> None:
    with suppress(NotReadable):
        Parcel(body, {"content-type": content_type}).fields()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_any_json_is_read_or_refused(told: Any) -> None:
    readers = (
        mailgun.read_event,
        postmark.read_mail,
        postmark.read_event,
        sendgrid.read_events,
        lambda told: ses.read_notification(sns.Notification("Notification", "n1", json.dumps(told))),
    )
    for read in readers:
        try:
            read(told)
        except NotReadable:
            continue
    assert isinstance(mailgun.signature_of_event(told), dict)


HEAD = b'--x\r\nContent-Disposition: form-data; name="a"'
MULTIPART, URLENCODED = "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ((HEAD + b"\r\n\r\n\r\n") * 5_000 + b"--x--", MULTIPART),
        (HEAD + b"; b=c" * 5_000 + b"\r\n\r\n\r\n--x--", MULTIPART),
        (HEAD + b"\r\n\r\nbroken off", MULTIPART),
        (b"", MULTIPART),
        (b"a=1&" * 5_000, URLENCODED),
    ],
    ids=["fields", "names", "broken off", "empty", "pairs"],
)
def test_a_form_that_is_broken_or_endless_is_refused(body: bytes, content_type: str) -> None:
    with pytest.raises(NotReadable, match="the form is"):
        Parcel(body, {"content-type": content_type}).fields()


@given(st.dictionaries(st.text("abcxyz-", min_size=1), st.binary(max_size=80), max_size=4))
def test_a_form_gives_every_byte_back(fields: dict[str, bytes]) -> None:
    body, content_type = multipart(dict(fields), boundary="a1b2c3d4e5f6")
    for sent, kind in ((body, content_type), (urlencode(fields).encode(), URLENCODED)):
        if fields:
            read = Parcel(sent, {"content-type": kind}).fields()
            assert {name: field.content for name, field in read.items()} == fields


def test_a_file_keeps_its_name_and_type() -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="attachment-1"; filename="a b.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n%PDF\r\n\r\n--x--\r\n"
    )
    field = Parcel(body, {"content-type": MULTIPART}).fields()["attachment-1"]
    assert (field.content, field.filename, field.content_type) == (b"%PDF\r\n", "a b.pdf", "application/pdf")


# Mails put together again -----------------------------------------------------------------------


def test_a_mail_that_was_taken_apart_reads_as_before() -> None:
    headers = [
        ("From", "Анна <a@shop.example>"),
        ("Subject", "Скидка\r\nBcc: x"),
        ("Content-Type", "text/html"),
    ]
    raw = rebuilt(
        headers, "Да, 10 %\n\nАнна", "<p>Да</p>", [Field(b"\x00\x01", 'a"b.bin', "application/x\r\ny")]
    )
    inbound = read_inbound(raw)
    assert (inbound.sender, inbound.subject) == ("a@shop.example", "Скидка Bcc: x")
    assert inbound.reply_text.startswith("Да, 10 %")
    [text, file] = message_from_bytes(raw, policy=policy.default).iter_parts()
    assert text.get_content().startswith("Да, 10 %")
    assert file.get_filename() == "a_b.bin"
    assert file.get_content() == b"\x00\x01"


def test_a_bounce_that_was_taken_apart_is_still_one() -> None:
    report = (
        b"Reporting-MTA: dns; mx.shop.example\r\n\r\nFinal-Recipient: rfc822; sales@shop.example\r\n"
        b"Action: failed\r\nStatus: 5.1.1\r\n"
    )
    headers = [
        ("From", "MAILER-DAEMON@mx.shop.example"),
        ("Content-Type", 'multipart/report; report-type="delivery-status"; boundary="z"'),
    ]
    raw = rebuilt(headers, "Your mail was not delivered.", "", [Field(report, "", "message/delivery-status")])
    inbound = read_inbound(with_envelope(raw, ""))
    assert inbound.bounce is not None
    assert (inbound.bounce.recipients, inbound.bounce.status) == (("sales@shop.example",), "5.1.1")


def test_halves_of_letters_in_json_break_nothing() -> None:
    half = json.loads('"\\ud83d"')
    told = {
        "OriginalRecipient": half,
        "TextBody": half,
        "Subject": half,
        "Headers": [{"Name": "X", "Value": half}],
    }
    mail = postmark.read_mail(told)
    assert (mail.recipients, b"Subject: ?" in mail.content, len(mail.digest)) == (("?",), True, 64)


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=40)), max_size=5), st.text(max_size=60))
def test_no_header_or_sender_writes_lines_of_its_own(headers: list[tuple[str, str]], sender: str) -> None:
    raw = with_envelope(rebuilt(headers, "Hello"), sender)
    head = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    allowed = {name.encode() for name, _ in headers} | {b"Return-Path", b"MIME-Version", b"Content-Type"}
    assert all(line.partition(b":")[0] in allowed for line in head)


# What became of our messages --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("550 5.1.1 No such user", ReceiptKind.HARD_BOUNCE),
        ("550 5.7.1 Message rejected due to policy", ReceiptKind.POLICY_BOUNCE),
        ("550 5.1.8 Sender address rejected", ReceiptKind.POLICY_BOUNCE),
        ("552 5.2.2 Mailbox full", ReceiptKind.SOFT_BOUNCE),
        ("mailbox is full", ReceiptKind.SOFT_BOUNCE),
        ("554 Your message looks like spam", ReceiptKind.POLICY_BOUNCE),
        ("550 User unknown; see our spam policy", ReceiptKind.HARD_BOUNCE),
        ("", ReceiptKind.HARD_BOUNCE),
    ],
)
def test_a_failure_says_whose_fault_it_is(words: str, kind: ReceiptKind) -> None:
    assert came_back(words) is kind


def told_by_mailgun(event: str, **told: Any) -> ReceiptKind | None:
    data = {
        "event": event,
        "id": "1",
        "timestamp": 1700000000.5,
        "message": {"headers": {"message-id": "a@b"}},
    } | told
    read = mailgun.read_event({"event-data": data})
    if read is not None:
        assert read.message_id == "a@b"
        assert read.at == datetime.fromtimestamp(1700000000.5, UTC)
    return read.kind if read else None


def test_mailgun_tells_what_became_of_a_message() -> None:
    status = {"code": 550, "message": "5.7.1 blocked"}
    assert told_by_mailgun("delivered") is ReceiptKind.DELIVERED
    assert told_by_mailgun("complained") is ReceiptKind.COMPLAINT
    assert told_by_mailgun("unsubscribed") is ReceiptKind.COMPLAINT
    assert told_by_mailgun("rejected", reject={"reason": "old"}) is ReceiptKind.FAILED
    assert told_by_mailgun("opened") is None, "programs open letters too"
    assert told_by_mailgun("clicked") is None
    assert told_by_mailgun("failed", severity="temporary") is ReceiptKind.ACCEPTED, "it goes on trying"
    assert told_by_mailgun("failed", severity="permanent", reason="old") is ReceiptKind.FAILED
    assert told_by_mailgun("failed", reason="suppress-complaint") is ReceiptKind.COMPLAINT
    assert told_by_mailgun("failed", **{"delivery-status": status}) is ReceiptKind.POLICY_BOUNCE


def told_by_postmark(**told: Any) -> ReceiptKind | None:
    read = postmark.read_event({"MessageID": "m", "ReceivedAt": "2030-01-14T12:00:00.1234567-05:00"} | told)
    return read.kind if read else None


def test_postmark_tells_what_became_of_a_message() -> None:
    bounce = {"RecordType": "Bounce", "ID": 42, "BouncedAt": "2030-01-14T12:00:00.1234567-05:00"}
    assert (
        told_by_postmark(RecordType="Delivery", DeliveredAt="2030-01-14T12:00:00Z") is ReceiptKind.DELIVERED
    )
    assert told_by_postmark(**bounce, Type="HardBounce") is ReceiptKind.HARD_BOUNCE
    assert told_by_postmark(**bounce, Type="HardBounce", Details="550 5.7.1 no") is ReceiptKind.POLICY_BOUNCE
    assert told_by_postmark(**bounce, Type="SoftBounce") is ReceiptKind.SOFT_BOUNCE
    assert told_by_postmark(**bounce, Type="Transient") is ReceiptKind.ACCEPTED
    assert told_by_postmark(**bounce, Type="AutoResponder") is None
    assert told_by_postmark(**bounce | {"RecordType": "SpamComplaint"}) is ReceiptKind.COMPLAINT
    wish = {"RecordType": "SubscriptionChange", "SuppressSending": True, "ChangedAt": "2030-01-14T12:00:00Z"}
    assert told_by_postmark(**wish, Origin="Recipient") is ReceiptKind.COMPLAINT
    assert told_by_postmark(**wish, Origin="Admin") is None
    assert told_by_postmark(RecordType="Open") is None


def test_sendgrid_tells_what_became_of_messages() -> None:
    common = {"timestamp": 1700000000, "sg_event_id": "e", "sg_message_id": "m.filter0", "smtp-id": "<a@b>"}
    words = {
        "delivered": ReceiptKind.DELIVERED,
        "deferred": ReceiptKind.ACCEPTED,
        "dropped": ReceiptKind.FAILED,
        "spamreport": ReceiptKind.COMPLAINT,
        "group_unsubscribe": ReceiptKind.COMPLAINT,
    }
    events = sendgrid.read_events([common | {"event": word} for word in (*words, "click")])
    assert [event.kind for event in events] == list(words.values())
    assert {(event.message_id, event.provider_id) for event in events} == {("a@b", "m")}
    bounces = [
        common | {"event": "bounce", "type": "blocked", "reason": "550 no"},
        common | {"event": "bounce", "type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 unknown"},
    ]
    kinds = [event.kind for event in sendgrid.read_events(bounces)]
    assert kinds == [ReceiptKind.POLICY_BOUNCE, ReceiptKind.HARD_BOUNCE]


def told_by_ses(kind: str, name: str = "eventType", **event: Any) -> list[ReceiptKind]:
    headers = [{"name": "Message-ID", "value": "<a@b>"}]
    mail = {
        "messageId": "0100",
        "source": "bounce+x@in.test",
        "timestamp": "2030-01-14T12:00:00.000Z",
        "headers": headers,
    }
    told = {name: kind, "mail": mail, kind.lower(): event}
    read = ses.read_notification(sns.Notification("Notification", "n1", json.dumps(told)))
    assert isinstance(read, list)
    assert all((one.message_id, one.envelope_sender) == ("a@b", "bounce+x@in.test") for one in read)
    return [one.kind for one in read]


def test_ses_tells_what_became_of_a_message() -> None:
    failed = [{"emailAddress": "a@b", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 unknown"}]
    blocked = [{"status": "5.7.1", "diagnosticCode": "smtp; 550 5.7.1 blocked"}]
    assert told_by_ses("Delivery", "notificationType", smtpResponse="250 OK") == [ReceiptKind.DELIVERED]
    assert told_by_ses("Complaint", complaintFeedbackType="abuse") == [ReceiptKind.COMPLAINT]
    assert told_by_ses("Bounce", bounceType="Permanent", bouncedRecipients=failed) == [
        ReceiptKind.HARD_BOUNCE
    ]
    assert told_by_ses("Bounce", bounceType="Permanent", bouncedRecipients=blocked) == [
        ReceiptKind.POLICY_BOUNCE
    ]
    assert told_by_ses("Bounce", bounceType="Transient", bounceSubType="MailboxFull") == [
        ReceiptKind.SOFT_BOUNCE
    ]
    assert told_by_ses("Bounce", bounceType="Transient", bounceSubType="MessageTooLarge") == [
        ReceiptKind.FAILED
    ]
    assert told_by_ses("Bounce", bounceType="Undetermined") == [ReceiptKind.FAILED]
    assert told_by_ses("Open") == []


def test_ses_hands_over_mails_in_other_charsets_as_base64() -> None:
    raw = "Subject: x\r\n\r\nДа".encode("windows-1251")
    told = {
        "notificationType": "Received",
        "mail": {"source": "a@shop.example", "destination": ["r@in.test"]},
        "receipt": {"action": {"type": "SNS", "encoding": "BASE64"}, "dmarcVerdict": {"status": "FAIL"}},
        "content": b64encode(raw).decode(),
    }
    mail = ses.read_notification(sns.Notification("Notification", "n1", json.dumps(told)))
    assert not isinstance(mail, list)
    assert mail.content.endswith(raw)
    assert mail.authentication == {"dmarc": "fail", "by": "ses"}


def test_amazons_greeting_to_a_new_topic_says_nothing() -> None:
    message = "Successfully validated SNS topic for Amazon SES event publishing."
    assert ses.read_notification(sns.Notification("Notification", "n1", message)) == []
