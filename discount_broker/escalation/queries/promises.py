"""Reading promises."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from discount_broker.escalation.models import Promise
from discount_broker.escalation.status import PromiseStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound


def get_promise(promise_id: UUID) -> Promise:
    promise = db.session.get(Promise, promise_id, with_for_update=True)
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


def list_due_promises(now: datetime) -> list[UUID]:
    """Promises whose time has come and that are neither kept nor broken yet."""
    return list(
        db.session.scalars(
            select(Promise.id).where(Promise.status == PromiseStatus.PENDING, Promise.due_at <= now)
        )
    )
