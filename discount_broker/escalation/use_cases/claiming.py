"""Taking a shop in hand, with all its cases."""

from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import or_, select, update

from discount_broker.accounts.operations import note_change
from discount_broker.escalation.models import QueueEntry
from discount_broker.escalation.operations import free, requeue
from discount_broker.escalation.queries import find_entry, get_case, list_waking
from discount_broker.escalation.queries.queue import is_held_by_another
from discount_broker.escalation.rules import CLAIM_LASTS
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotAllowed
from discount_broker.kernel.sweeping import for_each
from discount_broker.kernel.transaction import transaction


def claim_case(case_id: UUID, operator_id: UUID, now: datetime) -> bool:
    """Take the shop of a case in hand; False when a colleague has it. Of two who press at once, one wins."""
    with transaction():
        shop_id = get_case(case_id).outreach.shop_id
        if find_entry(shop_id) is None:  # merged a moment ago, and not reckoned yet
            requeue(shop_id, now)
        return _claim(shop_id, operator_id, now) is not None


def claim_shop(shop_id: UUID, operator_id: UUID, now: datetime) -> bool:
    """Take a shop in hand; False when a colleague has it, or none of its cases is open."""
    with transaction():
        return _claim(shop_id, operator_id, now) is not None


def claim_next(operator_id: UUID, now: datetime) -> UUID | None:
    """Take the most urgent shop that nobody has; the case to begin with, or None when there is none."""
    with transaction():
        _free_forgotten(now)
        # What a colleague is just taking is passed over instead of waited for (PostgreSQL).
        free_first = (
            select(QueueEntry.shop_id)
            .where(QueueEntry.is_due, QueueEntry.operator_id.is_(None))
            .order_by(QueueEntry.rank, QueueEntry.shop_id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        shop_id = db.session.scalar(free_first)
        return shop_id and _claim(shop_id, operator_id, now)


def _claim(shop_id: UUID, operator_id: UUID, now: datetime) -> UUID | None:
    """One conditional UPDATE: the case to begin with, or None where a colleague has the shop."""
    lead_case_id = db.session.scalar(
        update(QueueEntry)
        .where(
            QueueEntry.shop_id == shop_id,
            QueueEntry.open_cases > 0,
            or_(
                QueueEntry.operator_id.is_(None),
                QueueEntry.operator_id == operator_id,
                QueueEntry.claimed_until <= now,
            ),
        )
        .values(operator_id=operator_id, claimed_until=now + CLAIM_LASTS)
        .returning(QueueEntry.lead_case_id)
    )
    if lead_case_id is not None:
        note_change("shop_taken", now, operator_id, shop_id=shop_id)
    return lead_case_id


def prolong_claim(case_id: UUID, operator_id: UUID, now: datetime) -> None:
    """Whoever has the shop of a case in hand has just worked on it, and keeps it for as long again."""
    with transaction():
        shop_id = get_case(case_id).outreach.shop_id
        db.session.execute(
            update(QueueEntry)
            .where(
                QueueEntry.shop_id == shop_id,
                QueueEntry.operator_id == operator_id,
                QueueEntry.claimed_until > now,
            )
            .values(claimed_until=now + CLAIM_LASTS)
        )


def release_case(case_id: UUID, operator_id: UUID, now: datetime) -> None:
    """Give the shop of a case back.

    Raises:
        NotAllowed: a colleague has it.

    """
    with transaction():
        _release(get_case(case_id).outreach.shop_id, operator_id, now)


def release_shop(shop_id: UUID, operator_id: UUID, now: datetime) -> None:
    """Give a shop back.

    Raises:
        NotAllowed: a colleague has it.

    """
    with transaction():
        _release(shop_id, operator_id, now)


def _release(shop_id: UUID, operator_id: UUID, now: datetime) -> None:
    entry = find_entry(shop_id, lock=True)
    if entry is None or is_held_by_another(entry, operator_id, now):
        raise NotAllowed("shop")
    if entry.operator_id is not None:
        free(entry)
        note_change("shop_released", now, operator_id, shop_id=shop_id)


def _free_forgotten(now: datetime) -> None:
    """Free what was held too long; what somebody is just taking is theirs."""
    forgotten = (
        select(QueueEntry.shop_id)
        .where(QueueEntry.operator_id.is_not(None), QueueEntry.claimed_until <= now)
        .with_for_update(skip_locked=True)
    )
    free_them = update(QueueEntry).where(QueueEntry.shop_id.in_(forgotten))
    db.session.execute(
        free_them.values(operator_id=None, claimed_until=None),
        execution_options={"synchronize_session": False},
    )


def wake_queue(now: datetime) -> int:
    """Free what was held too long, and bring up the shops of which a case has fallen due; how many."""
    with transaction():
        _free_forgotten(now)
    return for_each(list_waking(now), partial(_wake, now=now))


def _wake(shop_id: UUID, now: datetime) -> int:
    with transaction():
        requeue(shop_id, now)
    return 1
