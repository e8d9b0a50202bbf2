"""Leaving the ladder at the shop's own word: rest until a day, ask somebody else of it at once."""

from datetime import datetime

from discount_broker.messaging.operations import cancel_queued
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.operations.climbing import advance, write_through
from discount_broker.outreach.operations.digests import leave_digests
from discount_broker.outreach.rules import Rung, RungReason
from discount_broker.outreach.status import OutreachEvent, OutreachStatus
from discount_broker.shops.models import ContactPoint


def rest_until(outreach: Outreach, at: datetime) -> None:
    """Nothing leaves to the shop for this request before then; one in people's hands stays with them."""
    _call_back_what_waits(outreach)
    if outreach.status is OutreachStatus.EXHAUSTED:
        return
    advance(outreach, OutreachEvent.ASKED)
    outreach.next_step_at = at


def ask_through(outreach: Outreach, point: ContactPoint, now: datetime) -> None:
    """Put the request to the shop through this very door, now."""
    _call_back_what_waits(outreach)
    write_through(outreach, point, Rung(point.id, why=RungReason.WANTED), now)


def _call_back_what_waits(outreach: Outreach) -> None:
    cancel_queued(f"outreach:{outreach.id}")
    leave_digests(outreach)
