"""When to try again, and when to stop. Pure."""

from datetime import datetime, timedelta

from discount_broker.messaging.status import ChannelKind

RETRY_DELAYS = tuple(timedelta(minutes=m) for m in (10, 30, 60, 180, 360))
"""RFC 5321 §4.5.4.1 asks for 30 minutes in general; the first is shorter for greylisting."""
LEASE = timedelta(minutes=10)


def next_attempt_at(attempts: int, now: datetime) -> datetime | None:
    """When the next try is due after `attempts` failed ones; None to give up."""
    if attempts > len(RETRY_DELAYS):
        return None
    return now + RETRY_DELAYS[attempts - 1]


def may_repeat(channel: ChannelKind) -> bool:
    """Whether a message that may have left already may be sent again.

    A mail keeps its Message-ID, so a second copy is the same mail; a form would be a second letter.
    """
    return channel is ChannelKind.EMAIL
