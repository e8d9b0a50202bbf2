"""What the answers of a mail server mean: for the message, for its address, for our sending as a whole."""

import re
from datetime import timedelta
from enum import StrEnum

from discount_broker.messaging.ports import (
    DeliveryFailure,
    FailureReason,
    PermanentFailure,
    TemporaryFailure,
)

TOO_MANY = "too many"
"""Key of the evidence: we are asked to send less; its value is what the server judged of."""
RETRY_WHEN_TOO_MANY = timedelta(minutes=10)
LONGEST_ANSWER = 500


class Stage(StrEnum):
    """What the server had heard of a message when it gave its answer."""

    GREETING = "greeting"
    LOGIN = "login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


BEFORE_ANY_MESSAGE = {Stage.GREETING, Stage.LOGIN}
STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
DEAD_ADDRESS = {"1.0", "1.1", "1.2", "1.3", "1.4", "1.6", "1.9", "1.10", "2.1"}
"""Mailbox or domain unknown, moved, disabled, takes no mail; the detail 7 and 8 speak of the sender."""
OUR_ADDRESS = {"1.7", "1.8"}
MAILBOX_FULL = {"2.2"}
TOO_LARGE = {"2.3", "3.4"}
RECIPIENTS_OWN_WISH = re.compile(r"7\.1[23]\d")
"""Microsoft: this mailbox takes letters of certain senders only. Says nothing of our sending."""
UNKNOWN_WORDS = re.compile(
    r"(user|mailbox|recipient|address|account)\b.{0,40}\b(unknown|not found|does(n'?t| not) exist|invalid|"
    r"disabled|inactive)|"
    r"(no such|unknown|invalid|non-?existent) (user|mailbox|recipient|address|account|local)|"
    r"no (mailbox|user)\b|not a valid mailbox|не существует|не найден",
    re.IGNORECASE,
)
FULL_WORDS = re.compile(
    r"(mailbox|user|account|inbox)\b.{0,30}\b(is )?(full|over ?quota)|over ?quota|quota exceeded|переполнен",
    re.IGNORECASE,
)
POLICY_WORDS = re.compile(
    r"spam|block|black ?list|policy|relay|reputation|denied|rejected|dnsbl|\brbl\b|\bspf\b|dkim|dmarc|спам",
    re.IGNORECASE,
)
STANDING_WORDS = re.compile(r"sender|spam|black ?list|reputation|спам", re.IGNORECASE)
TOO_MANY_WORDS = re.compile(
    r"too (many|fast|much)|\brate\b|rate-?limit|throttl|"
    r"(limit|quota)s? (was |is |has been )?(exceeded|reached)|"
    r"exceeded .{0,40}\b(limit|rate|quota)|слишком (много|часто)|превышен",
    re.IGNORECASE,
)
THROTTLED = {"7.28", "4.5", "5.3"}
"""Unusual rate (Gmail), congestion, too many recipients."""
OF_ONE_MAILBOX = {"2.1"}
"""A busy mailbox: the provider itself has nothing against us."""
DEAD_WITHOUT_STATUS = {550, 551, 553}


def failure_of(stage: Stage, code: int, answer: bytes | str) -> DeliveryFailure:
    """The failure that an answer means. 5xx is final, once there was a message to judge."""
    said = f"{code} {answer_text(answer)}"
    status = _status(said)
    evidence = {"server answer": said, "stage": str(stage)}
    if 500 <= code <= 599 and stage not in BEFORE_ANY_MESSAGE:
        return PermanentFailure(said, _final_reason(stage, code, status, said), evidence)
    if 500 <= code <= 599:
        # Our set-up or our standing is wrong, not the message: it goes out once that is mended.
        return TemporaryFailure(said, FailureReason.POLICY, evidence)
    if status in MAILBOX_FULL or (not status and FULL_WORDS.search(said)):
        return TemporaryFailure(said, FailureReason.MAILBOX_FULL, evidence)
    if status in THROTTLED or (status not in OF_ONE_MAILBOX and TOO_MANY_WORDS.search(said)):
        evidence[TOO_MANY] = str(stage)
        return TemporaryFailure(said, evidence=evidence, retry_after=RETRY_WHEN_TOO_MANY)
    return TemporaryFailure(said, evidence=evidence)


def answer_text(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST_ANSWER]


def _status(said: str) -> str:
    """Subject and detail of the enhanced status (RFC 3463), `1.1` of `5.1.1`; empty without one."""
    found = STATUS.search(said)
    return f"{int(found[2])}.{int(found[3])}" if found else ""


def _final_reason(stage: Stage, code: int, status: str, said: str) -> FailureReason:
    if stage is Stage.SENDER:
        return FailureReason.OTHER if status.startswith("3.") else FailureReason.POLICY
    if status:
        return _reason_by_status(status, said)
    if FULL_WORDS.search(said):
        return FailureReason.MAILBOX_FULL
    if stage is Stage.RECIPIENT and UNKNOWN_WORDS.search(said):
        return FailureReason.ADDRESS_DEAD
    if POLICY_WORDS.search(said):
        return FailureReason.POLICY
    is_dead = stage is Stage.RECIPIENT and code in DEAD_WITHOUT_STATUS
    return FailureReason.ADDRESS_DEAD if is_dead else FailureReason.REFUSED


def _reason_by_status(status: str, said: str) -> FailureReason:
    if status in DEAD_ADDRESS:
        return FailureReason.ADDRESS_DEAD
    if status in MAILBOX_FULL:
        return FailureReason.MAILBOX_FULL
    if status.startswith("7."):
        return _reason_by_policy(status, said)
    if status in OUR_ADDRESS or (status not in TOO_LARGE and TOO_MANY_WORDS.search(said)):
        return FailureReason.POLICY
    return FailureReason.OTHER


def _reason_by_policy(status: str, said: str) -> FailureReason:
    if RECIPIENTS_OWN_WISH.fullmatch(status):
        return FailureReason.REFUSED
    # Some servers say 5.7.1 of everything they refuse; the words are then the better witness.
    if status == "7.1" and UNKNOWN_WORDS.search(said) and not STANDING_WORDS.search(said):
        return FailureReason.ADDRESS_DEAD
    return FailureReason.POLICY
