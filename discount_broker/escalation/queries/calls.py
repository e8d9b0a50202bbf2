"""Reading calls: what is under way, what they cost, and what the telephone exchange told."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import joinedload

from discount_broker.accounts.models import Operator
from discount_broker.escalation.models import Call, EscalationCase, PhoneCall, QueueEntry, call_case
from discount_broker.escalation.status import CallDirection, Ending
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound
from discount_broker.outreach.models import Outreach
from discount_broker.shops.models import ContactPoint, Shop, ShopPerson
from discount_broker.shops.rules import NOT_THEIRS
from discount_broker.shops.status import ContactKind

RECENT = timedelta(hours=4)
"""A call that the exchange told of longer ago is no longer offered to be written down."""


@dataclass(frozen=True)
class Effort:
    """What calls have cost, and what they brought."""

    calls: int
    minutes: int
    won: int = 0
    """Discounts: cases that ended with an offer."""

    @property
    def minutes_per_discount(self) -> int | None:
        """None where nothing was won yet."""
        return round(self.minutes / self.won) if self.won else None


def find_call_under_way(operator_id: UUID) -> Call | None:
    """The call that this operator has begun and not written down."""
    query = select(Call).where(Call.operator_id == operator_id, Call.result.is_(None))
    return db.session.scalar(query.options(joinedload(Call.shop)))


def get_call_under_way(call_id: UUID, operator_id: UUID) -> Call:
    """A call of this operator, if it has not been written down yet.

    Raises:
        NotFound

    """
    call = db.session.get(Call, call_id, with_for_update=True, populate_existing=True)
    if call is None or call.operator_id != operator_id or call.result is not None:
        raise NotFound("call")
    return call


def effort_of(case: EscalationCase) -> Effort:
    """Attempts for one case; the minutes of a call that was about several are shared among them."""
    shared = (
        select(call_case.c.call_id, func.count().label("cases"))
        .where(call_case.c.call_id.in_(select(call_case.c.call_id).where(call_case.c.case_id == case.id)))
        .group_by(call_case.c.call_id)
        .subquery()
    )
    query = select(func.count(Call.id), func.sum(Call.minutes * 1.0 / shared.c.cases))
    count, minutes = db.session.execute(
        query.join(shared, shared.c.call_id == Call.id).where(Call.result.is_not(None))
    ).one()
    return Effort(count, round(minutes or 0), 1 if case.ending is Ending.OFFERED else 0)


def effort_of_shop(shop_id: UUID) -> Effort:
    """All calls to and from one shop, and the discounts that they brought."""
    return _effort(
        Call.shop_id == shop_id,
        select(func.count(EscalationCase.id)).join(Outreach).where(Outreach.shop_id == shop_id),
    )


def effort_of_operator(operator_id: UUID, since: datetime, until: datetime) -> Effort:
    """Calls of one operator in a stretch of time, and the discounts that cases they called for ended with."""
    called = select(call_case.c.case_id).join(Call, Call.id == call_case.c.call_id)
    return _effort(
        and_(Call.operator_id == operator_id, Call.started_at >= since, Call.started_at < until),
        select(func.count(EscalationCase.id)).where(
            EscalationCase.id.in_(called.where(Call.operator_id == operator_id)),
            EscalationCase.closed_at >= since,
            EscalationCase.closed_at < until,
        ),
    )


def _effort(calls: ColumnElement[bool], cases: Select[int]) -> Effort:
    query = select(func.count(Call.id), func.sum(Call.minutes)).where(calls, Call.result.is_not(None))
    count, minutes = db.session.execute(query).one()
    won = db.session.scalar(cases.where(EscalationCase.ending == Ending.OFFERED))
    return Effort(count, minutes or 0, won or 0)


def list_calls_of_shop(shop_id: UUID, limit: int = 100) -> list[Call]:
    """The last calls to and from a shop, newest first."""
    query = select(Call).where(Call.shop_id == shop_id, Call.result.is_not(None))
    return list(db.session.scalars(query.order_by(Call.started_at.desc()).limit(limit)))


def find_phone_call(provider: str, provider_id: str) -> PhoneCall | None:
    return db.session.scalar(
        select(PhoneCall)
        .where(PhoneCall.provider == provider, PhoneCall.provider_id == provider_id)
        .with_for_update()
    )


def get_phone_call(phone_call_id: UUID) -> PhoneCall:
    """A call the exchange told of.

    Raises:
        NotFound

    """
    told = db.session.get(PhoneCall, phone_call_id, with_for_update=True, populate_existing=True)
    if told is None:
        raise NotFound("phone call")
    return told


def find_call_to_write_down(shop_id: UUID, operator_id: UUID, now: datetime) -> PhoneCall | None:
    """The operator's newest call with this shop that the exchange told of and nobody wrote down."""
    query = select(PhoneCall).where(
        PhoneCall.shop_id == shop_id,
        PhoneCall.operator_id == operator_id,
        PhoneCall.settled_at.is_(None),
        PhoneCall.started_at > now - RECENT,
        ~_is_missed(),
    )
    return db.session.scalar(query.order_by(PhoneCall.started_at.desc()).limit(1))


def list_missed(limit: int = 200) -> list[PhoneCall]:
    """Calls nobody answered and nobody called back, the oldest first."""
    query = select(PhoneCall).where(_is_missed()).order_by(PhoneCall.started_at).limit(limit)
    return list(db.session.scalars(query.options(joinedload(PhoneCall.shop), joinedload(PhoneCall.operator))))


def count_missed() -> int:
    return db.session.scalar(select(func.count(PhoneCall.id)).where(_is_missed())) or 0


def list_unwritten(now: datetime, limit: int = 100) -> list[PhoneCall]:
    """Calls in which somebody spoke, and of which nobody wrote down what came of them."""
    query = select(PhoneCall).where(
        PhoneCall.settled_at.is_(None), PhoneCall.answered_at.is_not(None), PhoneCall.ended_at <= now
    )
    query = query.order_by(PhoneCall.started_at.desc()).limit(limit)
    return list(db.session.scalars(query.options(joinedload(PhoneCall.shop), joinedload(PhoneCall.operator))))


def list_missed_from(number: str, shop_id: UUID | None) -> list[PhoneCall]:
    """Missed calls that a call to this number, or to this shop, gives back."""
    if shop_id is None and not number:
        return []  # of withheld numbers nobody knows which is which
    is_theirs = PhoneCall.number == number if shop_id is None else PhoneCall.shop_id == shop_id
    return list(db.session.scalars(select(PhoneCall).where(_is_missed(), is_theirs)))


def _is_missed() -> ColumnElement[bool]:
    return and_(
        PhoneCall.settled_at.is_(None),
        PhoneCall.direction == CallDirection.IN,
        PhoneCall.answered_at.is_(None),
        PhoneCall.ended_at.is_not(None),
    )


def find_operator_of_extension(extension: str) -> Operator | None:
    """Whom the exchange knows under this extension."""
    query = select(Operator).where(Operator.extension == extension, Operator.is_active)
    return db.session.scalar(query.limit(1)) if extension else None


def find_shop_of_number(number: str) -> Shop | None:
    """Whose number it is: of somebody at a shop, or a door of one; of several, one with open cases."""
    if not number:
        return None
    of_people = select(ShopPerson.shop_id).where(ShopPerson.phone == number)
    of_doors = select(ContactPoint.shop_id).where(
        ContactPoint.kind == ContactKind.PHONE,
        ContactPoint.value == number,
        ContactPoint.state_reason != NOT_THEIRS,
    )
    shop_ids = of_people.union(of_doors).subquery()
    query = (
        select(Shop)
        .join(shop_ids, shop_ids.c.shop_id == Shop.id)
        .outerjoin(QueueEntry, QueueEntry.shop_id == Shop.id)
    )
    return db.session.scalar(query.order_by(func.coalesce(QueueEntry.open_cases, 0).desc()).limit(1))


def lead_cases_of(shop_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The case to begin with, by shop, for shops that have an open one."""
    query = select(QueueEntry.shop_id, QueueEntry.lead_case_id).where(
        QueueEntry.shop_id.in_(shop_ids), QueueEntry.lead_case_id.is_not(None)
    )
    return {shop_id: case_id for shop_id, case_id in db.session.execute(query) if case_id is not None}


def last_case_of(shop_id: UUID) -> UUID | None:
    """The case of this shop that was closed last."""
    query = select(EscalationCase.id).join(Outreach).where(Outreach.shop_id == shop_id)
    latest = EscalationCase.closed_at.desc()
    return db.session.scalar(query.where(EscalationCase.closed_at.is_not(None)).order_by(latest).limit(1))
