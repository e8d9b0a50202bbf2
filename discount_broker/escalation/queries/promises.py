"""Reading promises."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from discount_broker.escalation.models import EscalationCase, Promise
from discount_broker.escalation.status import PromiseKind, PromiseSide, PromiseStatus
from discount_broker.kernel.business_time import Calendar
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound
from discount_broker.outreach.models import Outreach
from discount_broker.shops.models import Shop

AT_ONCE = 500
"""What one sweep takes; the next one takes the rest."""
STALE_AFTER = timedelta(days=14)
"""Nobody remembers a call of so long ago; longer than any row of holidays."""
BY_BUYER: Final = "buyer"
"""The evidence of a promise of which the buyer has said how it ended."""


def get_promise(promise_id: UUID, *, lock: bool = False) -> Promise:
    promise = db.session.get(Promise, promise_id, with_for_update=lock, populate_existing=lock)
    if promise is None:
        raise NotFound("promise")
    return promise


def list_promises(outreach_id: UUID) -> list[Promise]:
    return list(
        db.session.scalars(select(Promise).where(Promise.outreach_id == outreach_id).order_by(Promise.due_at))
    )


def list_pending_promises(outreach_id: UUID) -> list[Promise]:
    return [promise for promise in list_promises(outreach_id) if promise.status is PromiseStatus.PENDING]


def next_promises(outreach_ids: Collection[UUID]) -> dict[UUID, Promise]:
    """The pending promise that falls due first, by outreach."""
    query = select(Promise).where(
        Promise.outreach_id.in_(outreach_ids), Promise.status == PromiseStatus.PENDING
    )
    # The earliest is written last and stays.
    return {p.outreach_id: p for p in db.session.scalars(query.order_by(Promise.due_at.desc()))}


def calls_promised(outreach_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """By when a shop said it would call its buyer or us, by outreach, where that is still to come."""
    query = select(Promise.outreach_id, func.min(Promise.due_at)).where(
        Promise.outreach_id.in_(outreach_ids),
        Promise.status == PromiseStatus.PENDING,
        Promise.side == PromiseSide.SHOP,
        Promise.kind.in_((PromiseKind.CALL_BUYER, PromiseKind.CALL_US)),
    )
    rows = db.session.execute(query.group_by(Promise.outreach_id))
    return dict(rows.all())


def list_own_promises(operator_id: UUID, now: datetime, until: datetime) -> list[tuple[Promise, UUID]]:
    """What an operator promised to do by `until` and has not done yet, each with its case."""
    query = (
        select(Promise, EscalationCase.id)
        .join(EscalationCase, EscalationCase.outreach_id == Promise.outreach_id)
        .where(
            Promise.operator_id == operator_id,
            # What is overdue for longer is broken, and waits no more.
            Promise.due_at.between(now - timedelta(days=1), until),
            Promise.side == PromiseSide.US,
            Promise.status == PromiseStatus.PENDING,
        )
        .order_by(Promise.due_at)
        .options(joinedload(Promise.outreach).joinedload(Outreach.shop))
    )
    return [(promise, case_id) for promise, case_id in db.session.execute(query)]


def list_waking_promises(now: datetime, warn_until: datetime, broken_since: datetime) -> list[UUID]:
    """Promises of which somebody is to be told: due soon, due, or not kept; the first due first.

    Args:
        now: aware.
        warn_until: what is due by then is due soon.
        broken_since: what was due by then and is not kept is broken.

    """
    query = select(Promise.id).where(
        Promise.status == PromiseStatus.PENDING,
        Promise.due_at <= warn_until,
        or_(
            Promise.warned_at.is_(None),
            and_(Promise.woken_at.is_(None), Promise.due_at <= now),
            Promise.due_at <= broken_since,
        ),
    )
    return list(db.session.scalars(query.order_by(Promise.due_at).limit(AT_ONCE)))


def list_calls_to_check(now: datetime) -> list[tuple[UUID, datetime, Calendar]]:
    """Calls promised to buyers who have not been asked about them: each with its time, and the shop's hours.

    Many of them may wait for a shop to open after a holiday, so that these are more than one sweep asks of.
    """
    is_open = Promise.status.in_((PromiseStatus.PENDING, PromiseStatus.BROKEN))
    query = (
        select(Promise.id, Promise.due_at, Shop)
        .join(Promise.outreach)
        .join(Outreach.shop)
        .where(
            is_open,
            Promise.due_at.between(now - STALE_AFTER, now),
            Promise.kind == PromiseKind.CALL_BUYER,
            Promise.side == PromiseSide.SHOP,
            Promise.buyer_asked_at.is_(None),
        )
        .order_by(Promise.due_at)
        .limit(10 * AT_ONCE)
    )
    return [(row_id, due_at, shop.calendar) for row_id, due_at, shop in db.session.execute(query)]


def find_call_to_check(request_id: UUID) -> Promise | None:
    """The promised call that the buyer of this request was asked about last and has not answered."""
    query = (
        select(Promise)
        .join(Promise.outreach)
        .where(
            Outreach.discount_request_id == request_id,
            Promise.buyer_asked_at.is_not(None),
            Promise.status.in_((PromiseStatus.PENDING, PromiseStatus.BROKEN)),
            Promise.evidence != BY_BUYER,
        )
    )
    return db.session.scalars(query.order_by(Promise.due_at.desc())).first()
