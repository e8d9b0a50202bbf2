"""What the answers of mail servers mean."""

import pytest

from discount_broker.adapters.smtp_answers import TOO_MANY, Stage, failure_of
from discount_broker.messaging.ports import FailureReason, PermanentFailure, TemporaryFailure

DEAD, POLICY, FULL = FailureReason.ADDRESS_DEAD, FailureReason.POLICY, FailureReason.MAILBOX_FULL
REFUSED, OTHER = FailureReason.REFUSED, FailureReason.OTHER
RCPT, DATA, MAIL = Stage.RECIPIENT, Stage.CONTENT, Stage.SENDER


@pytest.mark.parametrize(
    ("stage", "answer", "reason"),
    [
        (RCPT, "550 5.1.1 No such user", DEAD),
        (RCPT, "550-5.1.1 The account that you tried to reach\ndoes not exist", DEAD),
        (RCPT, "550 5.1.10 Domain takes no mail", DEAD),
        (RCPT, "550 5.2.1 Mailbox disabled", DEAD),
        (RCPT, "556 5.1.10 Recipient address has null MX", DEAD),
        (RCPT, "550 No such user here", DEAD),
        (RCPT, "553 sorry, no mailbox here by that name", DEAD),
        (RCPT, "550 Пользователь не найден", DEAD),
        (RCPT, "550 5.7.1 <a@shop.test>: Recipient address rejected: User unknown", DEAD),
        (RCPT, "550 Unrouteable address", DEAD),
        (DATA, "550 5.1.1 No such user", DEAD),
        (RCPT, "550 Blocked by our spam policy", POLICY),
        (RCPT, "554 5.7.1 Relay access denied", POLICY),
        (RCPT, "550 5.7.1 Unknown user or sender of spam", POLICY),
        (DATA, "550 5.7.26 Unauthenticated mail is not taken", POLICY),
        (DATA, "550 5.7.515 Access denied, the sending domain does not meet the level", POLICY),
        (DATA, "550 spam message rejected", POLICY),
        (DATA, "550 5.4.5 Daily sending quota exceeded", POLICY),
        (MAIL, "550 5.7.1 Sender rejected", POLICY),
        (MAIL, "553 5.1.8 Domain of sender does not exist", POLICY),
        (RCPT, "550 5.1.8 Sender address rejected", POLICY),
        (RCPT, "550 5.7.133 Only members may write to this group", REFUSED),
        (DATA, "554 Transaction failed", REFUSED),
        (RCPT, "552 5.2.2 Mailbox full", FULL),
        (RCPT, "552 Mailbox is full", FULL),
        (RCPT, "550 Почтовый ящик переполнен", FULL),
        (DATA, "552 5.3.4 Message size limit exceeded", OTHER),
        (MAIL, "552 5.3.4 Message size exceeds fixed limit", OTHER),
        (DATA, "554 5.6.0 Cannot read this", OTHER),
    ],
)
def test_a_final_refusal_says_what_it_means_for_the_address(
    stage: Stage, answer: str, reason: FailureReason
) -> None:
    failure = failure_of(stage, int(answer[:3]), answer[4:].encode())
    assert isinstance(failure, PermanentFailure)
    assert failure.reason is reason
    assert failure.evidence["stage"] == stage
    assert failure.evidence["server answer"].startswith(answer[:3])


@pytest.mark.parametrize(
    ("answer", "reason", "is_too_many"),
    [
        ("450 4.2.0 Greylisted, come back in 5 minutes", OTHER, False),
        ("451 4.7.1 Greylisting in action", OTHER, False),
        ("421 4.3.2 Shutting down", OTHER, False),
        ("451 4.3.0 Local error", OTHER, False),
        ("452 4.2.2 The mailbox is over quota", FULL, False),
        ("450 User is over quota", FULL, False),
        ("450 4.2.1 This mailbox gets too much mail just now", OTHER, False),
        ("452 4.5.3 Too many recipients", OTHER, True),
        ("421 4.7.28 Unusual rate of mail", OTHER, True),
        ("421 Too many concurrent connections", OTHER, True),
        ("451 4.7.500 Server busy, you have exceeded the hourly limit", OTHER, True),
        ("454 4.7.0 Throttling failure: maximum sending rate exceeded", OTHER, True),
        ("450 4.7.1 Слишком много писем", OTHER, True),
    ],
)
def test_a_passing_refusal_is_tried_again_and_too_many_holds_us_off(
    answer: str, reason: FailureReason, is_too_many: bool
) -> None:
    failure = failure_of(RCPT, int(answer[:3]), answer[4:].encode())
    assert isinstance(failure, TemporaryFailure)
    assert failure.reason is reason
    assert failure.counts, "the server was asked"
    assert (TOO_MANY in failure.evidence) is is_too_many
    assert (failure.retry_after is not None) is is_too_many


@pytest.mark.parametrize("stage", [Stage.GREETING, Stage.LOGIN])
def test_a_relay_that_will_not_speak_to_us_has_not_judged_the_message(stage: Stage) -> None:
    failure = failure_of(stage, 554, b"No SMTP service for you here")
    assert isinstance(failure, TemporaryFailure)
    assert failure.reason is POLICY


def test_what_a_server_says_is_kept_short_and_visible() -> None:
    failure = failure_of(RCPT, 550, b"5.1.1 \x1b[31mno\r\nsuch \xff user " + b"x" * 2000)
    said = failure.evidence["server answer"]
    assert said.startswith("550 5.1.1 [31mno such")
    assert said.isprintable()
    assert len(said) < 520
