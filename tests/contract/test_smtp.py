"""Mail as it reaches the relay, and what the relay's answers mean."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from discount_broker.adapters.smtp import SmtpChannel
from discount_broker.messaging.ports import FailureReason, PermanentFailure, TemporaryFailure
from tests.contract.mail_servers import Relay, free_port, relaying
from tests.contract.test_channels import MESSAGE


@pytest.fixture
def relay() -> Iterator[Relay]:
    with relaying() as relay:
        yield relay


def channel_to(url: str) -> SmtpChannel:
    return SmtpChannel(url, mail_from="requests@broker.test", mail_domain="in.broker.test", timeout=3)


def received(relay: Relay) -> tuple[bytes, EmailMessage]:
    content = relay.taken[-1].original_content or b""
    mail = message_from_bytes(content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return content, mail


def test_the_mail_says_who_asks_where_to_answer_and_how_to_stop(relay: Relay) -> None:
    receipt = channel_to(relay.url).send(MESSAGE)
    content, mail = received(relay)
    assert mail["From"] == "Скидка <requests@broker.test>"
    assert mail["To"] == "sales@shop.test"
    assert mail["Subject"] == MESSAGE.subject
    assert mail["Reply-To"] == MESSAGE.reply_to
    assert mail["Message-ID"] == receipt.reference == "<0b54d7f0@in.broker.test>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert mail["Content-Language"] == "ru"
    assert mail["Date"]
    assert relay.taken[-1].mail_from == MESSAGE.bounce_to
    assert receipt.evidence["server answer"] == "250 2.0.0 OK: queued as 4F1"
    # On the wire, not in the object: a long address must not be folded or encoded.
    assert f"\r\nList-Unsubscribe: <{MESSAGE.stop_url}>\r\n".encode() in content
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in content


def test_text_and_html_arrive_whole_in_seven_bits(relay: Relay) -> None:
    channel_to(relay.url).send(replace(MESSAGE, html="<p>" + "Скидка – «да»! " * 200 + "</p>"))
    content, mail = received(relay)
    assert content.isascii()
    assert max(map(len, content.splitlines())) < 998
    plain, html = mail.get_body(["plain"]), mail.get_body(["html"])
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n").strip() == MESSAGE.text
    assert html.get_content().count("«да»") == 200


@pytest.mark.parametrize("start", range(0, 60, 7))
def test_a_long_subject_arrives_with_every_blank_between_its_words(relay: Relay, start: int) -> None:
    subject = (
        "x" * start + " We have asked 4 shops: Городской велосипед Norrvik City 3, рама 19″ (R-EA42V)"
    ).strip()
    channel_to(relay.url).send(replace(MESSAGE, subject=subject))
    content, mail = received(relay)
    assert mail["Subject"] == subject
    assert max(map(len, content.partition(b"\r\n\r\n")[0].splitlines())) < 998


def test_a_message_nobody_can_unsubscribe_from_has_no_button_for_it(relay: Relay) -> None:
    channel_to(relay.url).send(replace(MESSAGE, stop_url="", html=None))
    _, mail = received(relay)
    assert mail["List-Unsubscribe"] is None
    assert not mail.is_multipart()


def test_every_attempt_carries_the_same_message_id(relay: Relay) -> None:
    relay.content_answer = "451 4.3.0 Later"
    with pytest.raises(TemporaryFailure):
        channel_to(relay.url).send(MESSAGE)
    relay.content_answer = "250 OK"
    channel_to(relay.url).send(MESSAGE)
    first, second = (message_from_bytes(each.original_content or b"") for each in relay.taken)
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize(
    ("stage", "answer", "reason"),
    [
        ("recipient_answer", "550 5.1.1 No such user", FailureReason.ADDRESS_DEAD),
        ("recipient_answer", "550 5.1.10 Domain takes no mail", FailureReason.ADDRESS_DEAD),
        ("recipient_answer", "550 5.2.1 Mailbox disabled", FailureReason.ADDRESS_DEAD),
        ("recipient_answer", "550 No such user here", FailureReason.ADDRESS_DEAD),
        ("recipient_answer", "553 sorry, no mailbox here by that name", FailureReason.ADDRESS_DEAD),
        ("recipient_answer", "550 Blocked by our spam policy", FailureReason.REFUSED),
        ("recipient_answer", "554 5.7.1 Relay access denied", FailureReason.REFUSED),
        ("recipient_answer", "552 5.2.2 Mailbox full", FailureReason.OTHER),
        ("content_answer", "550 5.7.26 Unauthenticated", FailureReason.REFUSED),
        ("content_answer", "550 5.1.1 No such user", FailureReason.ADDRESS_DEAD),
        ("sender_answer", "550 5.7.1 Sender rejected", FailureReason.OTHER),
    ],
)
def test_a_final_refusal_says_what_it_means_for_the_address(
    relay: Relay, stage: str, answer: str, reason: FailureReason
) -> None:
    setattr(relay, stage, answer)
    with pytest.raises(PermanentFailure) as failure:
        channel_to(relay.url).send(MESSAGE)
    assert failure.value.reason == reason
    assert failure.value.evidence["server answer"] == answer


@pytest.mark.parametrize("stage", ["sender_answer", "recipient_answer", "content_answer"])
@pytest.mark.parametrize("answer", ["421 4.3.2 Shutting down", "450 4.2.0 Greylisted", "452 4.5.3 Too many"])
def test_a_passing_trouble_is_worth_another_try(relay: Relay, stage: str, answer: str) -> None:
    setattr(relay, stage, answer)
    with pytest.raises(TemporaryFailure):
        channel_to(relay.url).send(MESSAGE)


def test_a_server_that_is_not_there_is_worth_another_try() -> None:
    with pytest.raises(TemporaryFailure):
        channel_to(f"smtp://127.0.0.1:{free_port()}").send(MESSAGE)


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "Hello\r\nBcc: everybody@shop.test"},
        {"sender_name": "Broker\nX-Evil: 1"},
        {"reply_to": "a@b.test\r\nBcc: c@d.test"},
        {"stop_url": "https://broker.test/\r\nBcc: c@d.test"},
        {"to": "a@shop.test, b@shop.test"},
        {"to": "a@shop.test\nRCPT TO:<b@shop.test>"},
        {"to": "nobody"},
    ],
)
def test_a_line_break_never_becomes_a_header(relay: Relay, change: dict[str, str]) -> None:
    with pytest.raises(PermanentFailure):
        channel_to(relay.url).send(replace(MESSAGE, **change))
    assert relay.taken == []


def test_a_domain_in_cyrillic_is_written_in_ascii(relay: Relay) -> None:
    channel_to(relay.url).send(replace(MESSAGE, to="zakaz@магазин.рф"))
    assert relay.taken[-1].rcpt_tos == ["zakaz@xn--80aairftm.xn--p1ai"]


def test_a_password_is_not_sent_in_the_clear(relay: Relay) -> None:
    with pytest.raises(TemporaryFailure, match="STARTTLS"):
        channel_to(relay.url.replace("smtp://", "smtp://user:secret@")).send(MESSAGE)
