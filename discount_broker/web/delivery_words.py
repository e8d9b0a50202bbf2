"""What became of a message, in sentences: where it waits, who took it, what was heard since."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from discount_broker.messaging.status import ChannelKind, DeliveryStatus, FailureReason, ReceiptKind
from discount_broker.outreach.extract.private_words import veil_secrets
from discount_broker.web.filters import moment_in_words

if TYPE_CHECKING:
    from discount_broker.messaging.models import Delivery, DeliveryReceipt

AT_ONCE = timedelta(minutes=2)
"""What is due so soon leaves with the next round."""
LONGEST_LINE = 300


class Told(NamedTuple):
    """One thing that happened to a message: key of its sentence, and what the sentence needs."""

    key: str
    facts: dict[str, Any]
    tone: str = ""


SENTENCES: Final[dict[str, LazyString]] = {
    "leaves_now": _l("Leaves within a minute."),
    "may_be_undone": _l("Leaves in 30 seconds."),
    "waits": _l("Waits for their working hours and its turn: leaves %(at)s."),
    "held": _l("Held back by us for the moment: sending is paused."),
    "tries_again": _l("Could not be handed over yet (%(line)s). Tried again %(at)s."),
    "on_its_way": _l("Is being handed over."),
    "accepted": _l("Accepted by the mail server %(at)s: %(line)s"),
    "accepted:": _l("Accepted by the mail server %(at)s."),
    "accepted_theirs": _l("Accepted by their mail server %(at)s: %(line)s"),
    "accepted_theirs:": _l("Accepted by their mail server %(at)s."),
    "form_said": _l("Their form took it %(at)s and said: %(line)s"),
    "form_said:": _l("Their form took it %(at)s."),
    "texted": _l("Handed to the text gateway %(at)s."),
    "found_out": _l("One of our people found out that it arrived."),
    "delivered": _l("Seen as delivered %(at)s."),
    "read": _l("Seen as opened %(at)s."),
    "acknowledged": _l("Their machine confirmed %(at)s that it arrived."),
    "came_back": _l("Came back %(at)s: %(why)s %(line)s"),
    "came_back:": _l("Came back: %(why)s %(line)s"),
    "failed": _l("Not delivered: %(why)s %(line)s"),
    "unknown": _l("Outcome unknown: one of our people is finding out whether it arrived."),
    "stopped": _l("Held back by us: they want no letters, or it was no longer needed."),
    "taken_back": _l("Did not leave: it was taken back, or they want no letters."),
    "by_person": _l("One of our people looks after this letter."),
}
"""A key with a colon is for where there is no line to quote, or no time."""
WHY: Final[dict[FailureReason, LazyString]] = {
    FailureReason.ADDRESS_DEAD: _l("the mailbox does not exist."),
    FailureReason.REFUSED: _l("they refused it."),
    FailureReason.FORM_GONE: _l("the form is no longer there."),
    FailureReason.CAPTCHA: _l("the form wants a person."),
    FailureReason.SCRIPT_ONLY: _l("the form works only in a browser."),
    FailureReason.TOO_MANY_TRIES: _l("it failed again and again."),
    FailureReason.MAILBOX_FULL: _l("the mailbox is full."),
    FailureReason.POLICY: _l("their server takes no mail from us at the moment."),
    FailureReason.EXPIRED: _l("it could not leave while it was of use."),
    FailureReason.OTHER: _l("the other side could not take it."),
}
GOOD, BAD, WARN = "good", "bad", "warn"


def told_of(delivery: "Delivery", now: datetime, *, is_held: bool = False) -> list[Told]:
    """Everything known of a message, in order. Pure: the message and its receipts in, sentences out."""
    status = delivery.status
    if status is DeliveryStatus.QUEUED:
        return [_waiting(delivery, now, is_held=is_held)]
    if status is DeliveryStatus.SENDING:
        return [Told("on_its_way", {})]
    if status is DeliveryStatus.UNKNOWN:
        return [Told("unknown", {}, WARN)]
    if status is DeliveryStatus.STOPPED:
        return [Told("taken_back" if delivery.by_hand else "stopped", {}, WARN)]
    if status is DeliveryStatus.FAILED:
        return [Told("failed", _trouble(delivery, delivery.last_error or ""), BAD)]
    return [_accepted(delivery), *_heard(delivery)]


def _waiting(delivery: "Delivery", now: datetime, *, is_held: bool) -> Told:
    due_at = delivery.due_at or now
    if is_held:
        return Told("held", {}, WARN)
    if delivery.by_hand and delivery.attempts == 0 and due_at > now:
        return Told("may_be_undone", {})
    if delivery.attempts:
        return Told("tries_again", {"at": due_at, "line": (delivery.last_error or "…")[:LONGEST_LINE]}, WARN)
    return Told("waits", {"at": due_at}) if due_at > now + AT_ONCE else Told("leaves_now", {})


def _accepted(delivery: "Delivery") -> Told:
    """Who took it, with their own words."""
    at, evidence = delivery.sent_at, delivery.evidence
    if not evidence and delivery.provider_reference is None:
        return Told("found_out", {}, GOOD)
    if delivery.channel is ChannelKind.SMS:
        return Told("texted", {"at": at})
    if delivery.channel is ChannelKind.WEB_FORM:
        return _with_line("form_said", at, form_words(evidence), GOOD)
    return _with_line("accepted", at, str(evidence.get("server answer", "")))


def form_words(evidence: dict[str, Any]) -> str:
    """The words by which a form said thank you; nothing where its answer was an address."""
    said = str(evidence.get("decided by", ""))
    return "" if said.startswith(("http", "/")) else said


def _with_line(key: str, at: datetime | None, line: str, tone: str = "") -> Told:
    line = " ".join(line.split())[:LONGEST_LINE]
    return Told(key if line else f"{key}:", {"at": at, "line": line}, tone)


def _heard(delivery: "Delivery") -> Iterator[Told]:
    """What receipts say, one sentence for each kind: the first of it counts."""
    seen: set[ReceiptKind] = set()
    for receipt in sorted(delivery.receipts, key=lambda each: each.at):
        if receipt.kind not in seen:
            seen.add(receipt.kind)
            yield from _of_receipt(delivery, receipt)
    if delivery.status is DeliveryStatus.BOUNCED and not seen & CAME_BACK:
        yield Told("came_back:", _trouble(delivery, delivery.last_error or ""), BAD)


CAME_BACK = {
    ReceiptKind.HARD_BOUNCE,
    ReceiptKind.SOFT_BOUNCE,
    ReceiptKind.POLICY_BOUNCE,
    ReceiptKind.FAILED,
}


def _of_receipt(delivery: "Delivery", receipt: "DeliveryReceipt") -> Iterator[Told]:
    if receipt.kind in CAME_BACK:
        yield Told("came_back", _trouble(delivery, receipt.detail) | {"at": receipt.at}, BAD)
    elif receipt.kind is ReceiptKind.ACCEPTED:
        yield _with_line("accepted_theirs", receipt.at, receipt.detail)
    elif receipt.kind in (ReceiptKind.DELIVERED, ReceiptKind.READ):
        yield Told(str(receipt.kind), {"at": receipt.at}, GOOD)


def _trouble(delivery: "Delivery", line: str) -> dict[str, Any]:
    why = WHY[delivery.failure or FailureReason.OTHER]
    return {"why": why, "line": " ".join(line.split())[:LONGEST_LINE]}


def sentence(told: Told, now: datetime) -> str:
    """What happened, times as the reader's clock shows them; servers repeat addresses that hold secrets."""
    facts = {
        name: moment_in_words(value, now) if isinstance(value, datetime) else veil_secrets(str(value or ""))
        for name, value in told.facts.items()
    }
    return " ".join((str(SENTENCES[told.key]) % facts).split())
