"""The queue against what it is reckoned from: a row that differs was forgotten by somebody."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from discount_broker.escalation.models import EscalationCase, QueueEntry
from discount_broker.escalation.queries.queue import find_entry, list_case_facts, next_promise_of
from discount_broker.escalation.rules import place_of
from discount_broker.escalation.status import CaseStatus
from discount_broker.kernel.db import db
from discount_broker.outreach.models import Outreach

TIMELESS = (
    "open_cases",
    "value",
    "oldest_at",
    "is_loyal",
    "next_at",
    "has_unknown",
    "has_captcha",
    "is_flagged",
)
"""What no clock changes; the rest holds since the last waking."""


def list_misplaced(now: datetime) -> list[str]:
    """Rows of the queue that are not as a fresh reckoning has them, in words."""
    db.session.rollback()
    db.session.expire_all()
    queued = set(db.session.scalars(select(QueueEntry.shop_id)))
    of_open = select(Outreach.shop_id).join(EscalationCase).where(EscalationCase.status == CaseStatus.OPEN)
    shop_ids = queued | set(db.session.scalars(of_open))
    return [f"{shop_id}: {difference}" for shop_id in shop_ids for difference in _differences(shop_id, now)]


def _differences(shop_id: Any, now: datetime) -> list[str]:
    entry, facts = find_entry(shop_id), list_case_facts(shop_id)
    if entry is None:
        return [f"{len(facts)} open cases and no row"]
    place = place_of(facts, now)
    wanted = {name: getattr(place, name) for name in TIMELESS} | {"next_promise_at": next_promise_of(shop_id)}
    if not facts:
        del wanted["oldest_at"]
    return [
        f"{name} is {getattr(entry, name)} and should be {value}"
        for name, value in wanted.items()
        if getattr(entry, name) != value
    ]
