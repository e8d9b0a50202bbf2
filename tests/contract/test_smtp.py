"""Handing mail to a relay: what it hears, and what its answers and silences lead to."""

import signal
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread

import pytest

from discount_broker.adapters.smtp import SmtpChannel
from discount_broker.messaging.ports import FailureReason, PermanentFailure, TemporaryFailure
from tests.contract.mail_servers import Relay, WordyRelay, free_port, relaying, wordily_relaying
from tests.contract.test_channels import MESSAGE


@pytest.fixture
def relay() -> Iterator[Relay]:
    with relaying() as relay:
        yield relay


@pytest.fixture
def wordy() -> Iterator[WordyRelay]:
    with wordily_relaying(WordyRelay()) as relay:
        yield relay


def channel_to(url: str, timeout: float = 3) -> SmtpChannel:
    return SmtpChannel(url, mail_from="requests@broker.test", mail_domain="in.broker.test", timeout=timeout)


def received(relay: Relay) -> tuple[bytes, EmailMessage]:
    content = relay.taken[-1].original_content or b""
    mail = message_from_bytes(content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return content, mail


def verbs(conversation: list[str]) -> list[str]:
    return [line.partition(" ")[0].upper() for line in conversation]


def test_the_mail_says_who_asks_where_to_answer_and_how_to_stop(relay: Relay) -> None:
    receipt = channel_to(relay.url).send(MESSAGE)
    content, mail = received(relay)
    assert mail["From"] == "Скидка <requests@broker.test>"
    assert mail["To"] == "sales@shop.test"
    assert mail["Subject"] == MESSAGE.subject
    assert mail["Reply-To"] == MESSAGE.reply_to
    assert mail["Message-ID"] == receipt.reference == "<0b54d7f0@in.broker.test>"
    assert mail["Content-Language"] == "ru"
    assert mail["Date"]
    assert relay.taken[-1].mail_from == MESSAGE.bounce_to
    assert receipt.evidence["server answer"] == "250 2.0.0 OK: queued as 4F1"
    # On the wire, not in the object: a long address must not be folded or encoded.
    assert f"\r\nList-Unsubscribe: <{MESSAGE.stop_url}>\r\n".encode() in content
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in content


def test_a_message_nobody_can_unsubscribe_from_has_no_button_for_it(relay: Relay) -> None:
    channel_to(relay.url).send(replace(MESSAGE, stop_url="", html=None))
    _, mail = received(relay)
    assert mail["List-Unsubscribe"] is None
    assert not mail.is_multipart()


def test_every_attempt_carries_the_same_message_id_from_the_same_sender_to_the_same_recipient(
    relay: Relay,
) -> None:
    relay.content_answer = "451 4.3.0 Later"
    with pytest.raises(TemporaryFailure):
        channel_to(relay.url).send(MESSAGE)
    relay.content_answer = "250 OK"
    channel_to(relay.url).send(MESSAGE)
    first, second = (message_from_bytes(each.original_content or b"") for each in relay.taken)
    assert first["Message-ID"] == second["Message-ID"]
    # What a greylist remembers.
    assert relay.taken[0].mail_from == relay.taken[1].mail_from == MESSAGE.bounce_to
    assert relay.taken[0].rcpt_tos == relay.taken[1].rcpt_tos


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "."])
def test_4xx_is_worth_another_try_and_5xx_is_not(wordy: WordyRelay, stage: str) -> None:
    wordy.answers[stage] = "450 4.2.0 Greylisted"
    with pytest.raises(TemporaryFailure):
        channel_to(wordy.url).send(MESSAGE)
    wordy.answers[stage] = "550 5.6.0 No"
    with pytest.raises(PermanentFailure):
        channel_to(wordy.url).send(MESSAGE)
    assert all(verbs(conversation)[-1] == "QUIT" for conversation in wordy.conversations)


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "."])
def test_421_ends_the_conversation_without_another_word(wordy: WordyRelay, stage: str) -> None:
    wordy.answers[stage] = "421 4.3.2 Shutting down"
    with pytest.raises(TemporaryFailure, match="421"):
        channel_to(wordy.url).send(MESSAGE)
    assert verbs(wordy.conversations[0])[-1] == {".": "DATA"}.get(stage, stage)


def test_a_relay_that_sends_us_away_at_the_door_is_worth_another_try(wordy: WordyRelay) -> None:
    wordy.greeting = "554 No service for you"
    with pytest.raises(TemporaryFailure) as failure:
        channel_to(wordy.url).send(MESSAGE)
    assert failure.value.reason is FailureReason.POLICY


def test_a_server_that_is_not_there_is_worth_another_try() -> None:
    with pytest.raises(TemporaryFailure):
        channel_to(f"smtp://127.0.0.1:{free_port()}").send(MESSAGE)


@pytest.mark.parametrize("verb", ["EHLO", "MAIL", "RCPT", "DATA"])
def test_a_server_that_falls_silent_is_worth_another_try(wordy: WordyRelay, verb: str) -> None:
    wordy.silent_at = verb
    with pytest.raises(TemporaryFailure):
        channel_to(wordy.url, timeout=0.1).send(MESSAGE)
    assert wordy.mails == []


def test_silence_after_the_whole_mail_leads_to_the_same_mail_again(wordy: WordyRelay) -> None:
    wordy.silent_at = "."
    with pytest.raises(TemporaryFailure) as failure:
        channel_to(wordy.url, timeout=0.1).send(MESSAGE)
    assert failure.value.evidence == {"stage": "content", "answer": "lost"}
    wordy.silent_at = ""
    channel_to(wordy.url).send(MESSAGE)
    first, second = (message_from_bytes(mail) for mail in wordy.mails)
    assert first["Message-ID"] == second["Message-ID"]


def test_messages_in_a_row_share_one_conversation(wordy: WordyRelay) -> None:
    channel = channel_to(wordy.url)
    with channel.staying_connected():
        for number in range(3):
            channel.send(replace(MESSAGE, idempotency_key=str(number)))
    channel.send(MESSAGE)
    assert [verbs(conversation).count("DATA") for conversation in wordy.conversations] == [3, 1]
    assert [verbs(conversation)[-1] for conversation in wordy.conversations] == ["QUIT", "QUIT"]


def test_a_refused_message_does_not_spoil_the_next_one_in_the_row(wordy: WordyRelay) -> None:
    channel = channel_to(wordy.url)
    wordy.answers["RCPT"] = "550 5.1.1 No such user"
    with channel.staying_connected():
        with pytest.raises(PermanentFailure):
            channel.send(MESSAGE)
        del wordy.answers["RCPT"]
        channel.send(replace(MESSAGE, to="other@shop.test"))
    assert len(wordy.conversations) == 1
    assert verbs(wordy.conversations[0]).count("RSET") == 1
    assert len(wordy.mails) == 1


def test_a_relay_that_left_between_two_messages_is_called_again() -> None:
    with wordily_relaying(WordyRelay(patience=1)) as relay:
        channel = channel_to(relay.url)
        with channel.staying_connected():
            for _ in range(3):
                channel.send(MESSAGE)
    assert len(relay.mails) == 3
    assert len(relay.conversations) == 3


def test_after_421_the_row_goes_on_in_a_new_conversation(wordy: WordyRelay) -> None:
    channel = channel_to(wordy.url)
    with channel.staying_connected():
        channel.send(MESSAGE)
        wordy.answers["RCPT"] = "421 4.3.2 Shutting down"
        with pytest.raises(TemporaryFailure):
            channel.send(MESSAGE)
        del wordy.answers["RCPT"]
        channel.send(MESSAGE)
    assert len(wordy.conversations) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "Hello\r\nBcc: everybody@shop.test"},
        {"sender_name": "Broker\nX-Evil: 1"},
        {"reply_to": "a@b.test\r\nBcc: c@d.test"},
        {"stop_url": "https://broker.test/\r\nBcc: c@d.test"},
        {"stop_url": "https://broker.test/" + "x" * 1000},
        {"bounce_to": "bounce+x@in.broker.test>\r\nRCPT TO:<c@d.test"},
        {"to": "a@shop.test, b@shop.test"},
        {"to": "a@shop.test\nRCPT TO:<b@shop.test>"},
        {"to": "nobody"},
    ],
)
def test_a_line_break_never_becomes_a_header_or_a_command(relay: Relay, change: dict[str, str]) -> None:
    with pytest.raises(PermanentFailure):
        channel_to(relay.url).send(replace(MESSAGE, **change))
    assert relay.taken == []


def test_lines_of_dots_in_a_text_do_not_end_the_mail(wordy: WordyRelay) -> None:
    text = "One\n.\n..\nQUIT\n.end\n"
    channel_to(wordy.url).send(replace(MESSAGE, text=text, html=None))
    mail = message_from_bytes(wordy.mails[0], policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert mail.get_content().replace("\r\n", "\n") == text


def test_a_domain_in_cyrillic_is_written_in_ascii(relay: Relay) -> None:
    channel_to(relay.url).send(replace(MESSAGE, to="zakaz@магазин.рф"))
    assert relay.taken[-1].rcpt_tos == ["zakaz@xn--80aairftm.xn--p1ai"]


def test_a_mailbox_in_cyrillic_is_written_to_where_the_server_takes_it() -> None:
    with relaying(takes_utf8=True) as relay:
        channel_to(relay.url).send(replace(MESSAGE, to="заказ@магазин.рф"))
    assert relay.taken[-1].rcpt_tos == ["заказ@xn--80aairftm.xn--p1ai"]
    assert relay.taken[-1].smtp_utf8
    content, mail = received(relay)
    assert mail["To"] == "заказ@xn--80aairftm.xn--p1ai"
    assert content.partition(b"\r\n\r\n")[2].isascii()


def test_a_mailbox_in_cyrillic_is_refused_with_the_reason_where_the_server_does_not(relay: Relay) -> None:
    with pytest.raises(PermanentFailure, match="SMTPUTF8") as failure:
        channel_to(relay.url).send(replace(MESSAGE, to="заказ@магазин.рф"))
    assert failure.value.reason is FailureReason.REFUSED, "the address may well be alive"
    assert relay.taken == []


def test_a_mail_larger_than_the_server_takes_is_not_sent() -> None:
    with wordily_relaying(WordyRelay(abilities=("SIZE 3000",))) as relay:
        with pytest.raises(PermanentFailure, match="no more than 3000"):
            channel_to(relay.url).send(replace(MESSAGE, text="x" * 4000))
        channel_to(relay.url).send(MESSAGE)
    assert len(relay.mails) == 1


@pytest.mark.parametrize("ability", ["SIZE", "SIZE 0", "SIZE much"])
def test_a_server_that_names_no_size_takes_any(ability: str) -> None:
    with wordily_relaying(WordyRelay(abilities=(ability,))) as relay:
        channel_to(relay.url).send(MESSAGE)
    assert len(relay.mails) == 1


def test_a_mail_of_absurd_size_is_not_even_offered(wordy: WordyRelay) -> None:
    with pytest.raises(PermanentFailure, match="more than"):
        channel_to(wordy.url).send(replace(MESSAGE, text="x" * 6_000_000))
    assert wordy.conversations == []


def test_a_server_that_writes_reports_is_given_our_reference() -> None:
    with wordily_relaying(WordyRelay(abilities=("DSN",))) as relay:
        channel_to(relay.url).send(replace(MESSAGE, idempotency_key="0b54d7f0-77+x"))
    said = next(line for line in relay.conversations[0] if line.upper().startswith("MAIL"))
    assert said.endswith("RET=HDRS ENVID=0b54d7f0-77-x")


def test_a_password_is_not_sent_in_the_clear(relay: Relay) -> None:
    with pytest.raises(TemporaryFailure, match="STARTTLS"):
        channel_to(relay.url.replace("smtp://", "smtp://user:secret@")).send(MESSAGE)


def test_threads_do_not_share_a_conversation(wordy: WordyRelay) -> None:
    channel = channel_to(wordy.url)
    with channel.staying_connected():
        channel.send(MESSAGE)
        other = Thread(target=channel.send, args=(MESSAGE,))
        other.start()
        other.join()
        assert verbs(wordy.conversations[1])[-1] == "QUIT"
        assert verbs(wordy.conversations[0])[-1] == "DATA"


class TimeUp(BaseException):
    """What ends a job that has taken too long, wherever it is."""


def test_a_mail_whose_job_was_ended_in_the_middle_leaves_no_answer_for_the_next(wordy: WordyRelay) -> None:
    def end_the_job(_number: int, _frame: object) -> None:
        wordy.silent_at = ""
        raise TimeUp

    before = signal.signal(signal.SIGALRM, end_the_job)
    channel, wordy.silent_at = channel_to(wordy.url, timeout=20), "."
    try:
        with channel.staying_connected():
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            with pytest.raises(TimeUp):
                channel.send(MESSAGE)
            channel.send(replace(MESSAGE, idempotency_key="next"))
    finally:
        signal.signal(signal.SIGALRM, before)
    assert len(wordy.conversations) == 2
    assert message_from_bytes(wordy.mails[-1])["Message-ID"] == "<next@in.broker.test>"
