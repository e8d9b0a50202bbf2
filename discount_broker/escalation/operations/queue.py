"""Keeping the queue: one row a shop, reckoned anew whenever one of its cases changes."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from discount_broker.escalation.models import QueueEntry
from discount_broker.escalation.queries.queue import find_entry, list_case_facts, next_promise_of
from discount_broker.escalation.rules import place_of
from discount_broker.kernel.db import add_or_find, db


def requeue(shop_id: UUID, now: datetime) -> QueueEntry:
    """Reckon where the shop stands; whoever has it in hand keeps it as long as a case of it is open.

    Its row is the last thing a use case locks: what is read under the lock holds until the commit.
    """
    db.session.flush()
    entry = find_entry(shop_id, lock=True)
    if entry is None:
        new = QueueEntry(shop_id=shop_id)
        add_or_find(new, lambda: find_entry(shop_id))
        entry = find_entry(shop_id, lock=True) or new
    place = place_of(list_case_facts(shop_id), now)
    for name, value in asdict(place).items():
        setattr(entry, name, value)
    entry.rank, entry.next_promise_at = place.rank, next_promise_of(shop_id)
    if not place.open_cases:
        free(entry)
    db.session.flush()
    return entry


def free(entry: QueueEntry) -> None:
    """Nobody has it in hand any more."""
    entry.operator_id, entry.claimed_until = None, None
