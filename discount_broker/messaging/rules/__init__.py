"""When to try again, when to stop, and what receipts amount to. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from discount_broker.messaging.status import ChannelKind, DeliveryEvent, FailureReason, ReceiptKind

RETRY_DELAYS = (
    *(timedelta(minutes=m) for m in (10, 30, 60, 120, 240)),
    *[timedelta(hours=6)] * 18,
)
"""RFC 5321 §4.5.4.1: 30 minutes and more between tries, and no giving up before the fifth day. The first is
shorter, for that is what greylists wait for; the later ones are longer, for a server that was away for an
hour is often away for a day."""
LAST_CALL = timedelta(minutes=15)
"""How long before it expires a message is tried once more, where the schedule would come too late."""
LEAST_BETWEEN = timedelta(minutes=30)
LEASE = timedelta(minutes=10)


def next_attempt_at(attempts: int, now: datetime, expires_at: datetime | None = None) -> datetime | None:
    """When the next try is due after `attempts` failed ones; None to give up. Always before it expires."""
    if attempts > len(RETRY_DELAYS):
        return None
    at = now + RETRY_DELAYS[attempts - 1]
    if expires_at is None or at < expires_at:
        return at
    last = expires_at - LAST_CALL
    return last if last - now >= LEAST_BETWEEN else None


MOST_DOUBTS = 3
"""So many copies of one mail may have arrived before it is not sent again by itself."""


def may_repeat(channel: ChannelKind, doubts: int = 1) -> bool:
    """Whether a message may be sent again that may have left already, `doubts` times.

    A mail keeps its Message-ID, so a second copy is the same mail; a form would be a second letter.
    """
    return channel is ChannelKind.EMAIL and doubts < MOST_DOUBTS


CAME_BACK = {
    ReceiptKind.HARD_BOUNCE: FailureReason.ADDRESS_DEAD,
    ReceiptKind.POLICY_BOUNCE: FailureReason.POLICY,
    ReceiptKind.SOFT_BOUNCE: FailureReason.MAILBOX_FULL,
    ReceiptKind.FAILED: FailureReason.TOO_MANY_TRIES,
}
"""What a message that came back says of its address; the gravest of several is believed."""
ARRIVED = frozenset({ReceiptKind.DELIVERED, ReceiptKind.READ})
LEFT = ARRIVED | {ReceiptKind.ACCEPTED}


@dataclass(frozen=True)
class Heard:
    """One receipt, as the rule sees it."""

    kind: ReceiptKind
    at: datetime
    detail: str = ""


@dataclass(frozen=True)
class Fate:
    """What all receipts of a message together say became of it."""

    event: DeliveryEvent | None
    """None where they say nothing of its way, a complaint for example."""
    failure: FailureReason | None = None
    detail: str = ""
    delivered_at: datetime | None = None


def fate_of(receipts: Iterable[Heard]) -> Fate:
    """What became of a message. The order of the receipts, and how often each came, does not matter.

    A bounce counts whatever was heard before or after: servers take a mail first and find out later.
    """
    heard = sorted(receipts, key=lambda receipt: (receipt.at, receipt.kind, receipt.detail))
    delivered_at = next((receipt.at for receipt in heard if receipt.kind in ARRIVED), None)
    for kind, failure in CAME_BACK.items():
        for receipt in heard:
            if receipt.kind is kind:
                return Fate(DeliveryEvent.BOUNCED, failure, receipt.detail, delivered_at)
    has_left = any(receipt.kind in LEFT for receipt in heard)
    return Fate(DeliveryEvent.ACCEPTED if has_left else None, delivered_at=delivered_at)


POLICY_WINDOW = timedelta(hours=24)
DOMAINS_THAT_PAUSE = 3
"""One strict server says little of us; so many within a day say that our mail is refused as such."""
PAUSE = timedelta(hours=6)
HELD_AGAIN_AFTER = timedelta(minutes=5)
"""How often a held message looks whether it may leave."""
UNDO = timedelta(seconds=30)
"""How long a person may take back what they sent by hand."""
