"""Reading the queue: entries in their order, and what they are reckoned from."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from discount_broker.accounts.models import BuyerCard
from discount_broker.accounts.status import Standing
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.rules import WishKind
from discount_broker.escalation.models import CaseClock, EscalationCase, Promise, QueueEntry
from discount_broker.escalation.rules import CaseFacts
from discount_broker.escalation.status import CaseStatus, PromiseStatus
from discount_broker.kernel.db import db
from discount_broker.outreach.models import Outreach
from discount_broker.shops.models import Shop


class View(StrEnum):
    """A way to look at the queue."""

    DUE = "due"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    WAITING = "waiting"
    PROMISES = "promises"
    UNKNOWN = "unknown"
    CAPTCHA = "captcha"
    FLAGGED = "flagged"
    CLOSED = "closed"


def find_entry(shop_id: UUID, *, lock: bool = False) -> QueueEntry | None:
    """The shop's row of the queue; with `lock` as others left it, and ours until the commit."""
    if not lock:
        return db.session.get(QueueEntry, shop_id, populate_existing=True)
    return db.session.get(QueueEntry, shop_id, populate_existing=True, with_for_update={"key_share": True})


def is_held_by_another(entry: QueueEntry | None, operator_id: UUID, now: datetime) -> bool:
    """Whether a colleague has the shop in hand."""
    return entry is not None and entry.held_by(now) not in (None, operator_id)


def entries_of(shop_ids: Collection[UUID]) -> dict[UUID, QueueEntry]:
    """The rows of these shops, by shop."""
    query = (
        select(QueueEntry).where(QueueEntry.shop_id.in_(shop_ids)).options(joinedload(QueueEntry.operator))
    )
    return {entry.shop_id: entry for entry in db.session.scalars(query)}


def list_case_facts(shop_id: UUID) -> list[CaseFacts]:
    """What the order is reckoned from: all open cases of one shop."""
    query = (
        select(
            EscalationCase,
            Outreach,
            DiscountRequest,
            BuyerCard.standing,
            _latest(CaseClock.warned_at),
            _latest(CaseClock.missed_at),
        )
        .join(EscalationCase.outreach)
        .join(Outreach.discount_request)
        .outerjoin(BuyerCard, BuyerCard.buyer_id == DiscountRequest.buyer_id)
        .where(Outreach.shop_id == shop_id, EscalationCase.status == CaseStatus.OPEN)
    )
    return [
        _facts(case, outreach, request, is_loyal=standing is Standing.LOYAL, clock=(warned_at, missed_at))
        for case, outreach, request, standing, warned_at, missed_at in db.session.execute(query)
    ]


def _latest(said_at: InstrumentedAttribute[datetime | None]) -> ScalarSelect[datetime | None]:
    """When a running clock of the case last said so; asked for each case, for there are few in one shop."""
    clocks_of_case = (CaseClock.case_id == EscalationCase.id, CaseClock.stopped_at.is_(None))
    return select(func.max(said_at)).where(*clocks_of_case).correlate(EscalationCase).scalar_subquery()


def _facts(
    case: EscalationCase,
    outreach: Outreach,
    request: DiscountRequest,
    *,
    is_loyal: bool,
    clock: tuple[datetime | None, datetime | None],
) -> CaseFacts:
    assert case.next_action_at is not None, "an open case has a next action"
    return CaseFacts(
        case_id=case.id,
        reason=case.reason,
        next_action=case.next_action,
        next_action_at=case.next_action_at,
        opened_at=case.opened_at,
        saving=saving_wished(request, outreach.price),
        currency=outreach.currency or "",
        is_loyal=is_loyal,
        is_flagged=case.flagged_at is not None,
        is_warned=clock[0] is not None,
        is_missed=clock[1] is not None,
    )


def saving_wished(request: DiscountRequest, price: Decimal | None) -> Decimal:
    """What the buyer would save at this shop if the wish came true; nothing where no price is known."""
    if price is None or request.wish_value is None:
        return Decimal(0)
    if request.wish_kind is WishKind.PERCENT:
        return price * request.wish_value / 100
    return max(price - request.wish_value, Decimal(0))


def next_promise_of(shop_id: UUID) -> datetime | None:
    """When the next pending promise of or for this shop falls due."""
    return db.session.scalar(
        select(func.min(Promise.due_at))
        .join(Outreach, Promise.outreach_id == Outreach.id)
        .where(Outreach.shop_id == shop_id, Promise.status == PromiseStatus.PENDING)
    )


def list_waking(now: datetime, limit: int = 500) -> list[UUID]:
    """Shops of which a case has fallen due since their row was reckoned."""
    query = select(QueueEntry.shop_id).where(QueueEntry.wakes_at <= now).limit(limit)
    return list(db.session.scalars(query))


def list_merged_away() -> list[UUID]:
    """Shops with open cases in the queue that have turned out to be another name of one."""
    query = select(QueueEntry.shop_id).join(QueueEntry.shop)
    return list(db.session.scalars(query.where(Shop.merged_into_id.is_not(None), QueueEntry.open_cases > 0)))
