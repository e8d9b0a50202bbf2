"""Having the price of a shop's page read again."""

from datetime import datetime, timedelta

from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.outreach.models import Outreach

STAYS_FRESH = timedelta(hours=12)
"""A price that was read no longer ago is not read again by itself."""


def want_price(outreach: Outreach, now: datetime) -> bool:
    """Have the price read again, unless it is fresh or somebody is at it; whether it will be."""
    read_at = max(filter(None, (outreach.seen_at, outreach.price_read_at)))
    if outreach.price_due_at is not None or now - read_at < STAYS_FRESH:
        return False
    ring_for_price(outreach, now)
    return True


def ring_for_price(outreach: Outreach, now: datetime) -> None:
    outreach.price_due_at = now
    enqueue_after_commit(Job.READ_PRICE, outreach.id)
