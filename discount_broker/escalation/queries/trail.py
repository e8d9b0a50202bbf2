"""Reading the audit trail, with the corrections of shops that are kept beside it, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from heapq import merge
from typing import Any, NamedTuple, Self
from uuid import UUID

from sqlalchemy import Select, and_, or_, select, union_all

from discount_broker.accounts.models import AuditEntry, Operator
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.escalation.models import EscalationCase
from discount_broker.kernel.db import db
from discount_broker.outreach.models import Outreach
from discount_broker.shops.models import Correction, Shop

CORRECTION = "shop:"
"""What stands before the key of a correction, for both lists are read as one."""
NEWEST = 2**31 - 1
"""No entry has a higher number."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which part of the trail is asked for."""

    operator_id: UUID | None = None
    number: str = ""
    """Of a request: all its cases."""
    domain: str = ""
    what: str = ""
    begins_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Place:
    """How far both lists have been read; None is their beginning, the newest."""

    entry: int | None = None
    correction: tuple[datetime, UUID] | None = None

    def __str__(self) -> str:
        at, row_id = self.correction or (None, None)
        moment = f"{at.timestamp():.6f}" if at else ""
        return f"{self.entry or ''}~{moment}~{row_id.hex if row_id else ''}"

    @classmethod
    def read(cls, text: str) -> Self:
        """A place as it stands in an address; the beginning where it cannot be read."""
        try:
            entry, moment, row_id = text.split("~")
            correction = (datetime.fromtimestamp(float(moment), UTC), UUID(row_id)) if row_id else None
            return cls(min(int(entry), NEWEST) if entry else None, correction)
        except (ValueError, OverflowError, OSError):
            return cls()


class Told(NamedTuple):
    """One line of the trail."""

    at: datetime
    operator: str
    """Empty where it happened by itself."""
    what: str
    facts: dict[str, Any]
    subject: str
    shop: str
    shop_id: UUID | None
    number: str
    case_id: UUID | None
    after: Place
    """How far its own list is read with it."""


def list_trail(wanted: Wanted, place: Place, limit: int = 50) -> tuple[list[Told], Place | None]:
    """The next lines of the trail, and where to go on; None where that was all."""
    lists = (_entries(wanted, place.entry, limit + 1), _corrections(wanted, place.correction, limit + 1))
    told = list(merge(*lists, key=lambda line: line.at, reverse=True))
    shown, here = told[:limit], place
    for line in shown:
        here = replace(
            here, entry=line.after.entry or here.entry, correction=line.after.correction or here.correction
        )
    return shown, here if len(told) > limit else None


def trail_of_case(case_id: UUID, shop_id: UUID, limit: int = 50) -> list[Told]:
    """What was changed of one case, or of its shop as a whole, the newest first."""
    newest = select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(limit)
    of_case = newest.where(AuditEntry.case_id == case_id).subquery()
    of_shop = newest.where(AuditEntry.shop_id == shop_id, AuditEntry.case_id.is_(None)).subquery()
    both = union_all(select(of_case.c.id), select(of_shop.c.id)).subquery()
    query = _lines().where(AuditEntry.id.in_(select(both.c.id)))
    return _told(query.order_by(AuditEntry.id.desc()).limit(limit))


def _entries(wanted: Wanted, before: int | None, limit: int) -> list[Told]:
    if wanted.what.startswith(CORRECTION):
        return []
    query = _lines().where(*_common(wanted, AuditEntry))
    if before is not None:
        query = query.where(AuditEntry.id < before)
    if wanted.what:
        query = query.where(AuditEntry.what == wanted.what)
    if wanted.number:
        query = query.where(AuditEntry.case_id.in_(_cases_of(wanted.number)))
    return _told(query.order_by(AuditEntry.id.desc()).limit(limit))


Lines = Select[AuditEntry, str | None, str | None, str | None]


def _lines() -> Lines:
    return (
        select(AuditEntry, Operator.name, Shop.name, DiscountRequest.number)
        .outerjoin(Operator, Operator.id == AuditEntry.operator_id)
        .outerjoin(Shop, Shop.id == AuditEntry.shop_id)
        .outerjoin(EscalationCase, EscalationCase.id == AuditEntry.case_id)
        .outerjoin(Outreach, Outreach.id == EscalationCase.outreach_id)
        .outerjoin(DiscountRequest, DiscountRequest.id == Outreach.discount_request_id)
    )


def _told(query: Lines) -> list[Told]:
    return [
        Told(
            entry.at,
            operator or "",
            entry.what,
            entry.facts,
            entry.subject,
            shop or "",
            entry.shop_id,
            number or "",
            entry.case_id,
            Place(entry=entry.id),
        )
        for entry, operator, shop, number in db.session.execute(query)
    ]


def _cases_of(number: str) -> Select[UUID]:
    return (
        select(EscalationCase.id)
        .join(EscalationCase.outreach)
        .join(Outreach.discount_request)
        .where(DiscountRequest.number == number)
    )


def _corrections(wanted: Wanted, before: tuple[datetime, UUID] | None, limit: int) -> list[Told]:
    if wanted.number or (wanted.what and not wanted.what.startswith(CORRECTION)):
        return []
    query = (
        select(Correction, Operator.name, Shop.name)
        .join(Shop, Shop.id == Correction.shop_id)
        .outerjoin(Operator, Operator.id == Correction.operator_id)
        .where(*_common(wanted, Correction))
    )
    if before is not None:
        at, row_id = before
        same_moment = and_(Correction.at == at, Correction.id < row_id)
        query = query.where(Correction.at <= at, or_(Correction.at < at, same_moment))
    if wanted.what:
        query = query.where(Correction.what == wanted.what.removeprefix(CORRECTION))
    query = query.order_by(Correction.at.desc(), Correction.id.desc()).limit(limit)
    return [_told_correction(*row) for row in db.session.execute(query)]


def _told_correction(row: Correction, operator: str | None, shop: str) -> Told:
    what, after = f"{CORRECTION}{row.what}", Place(correction=(row.at, row.id))
    return Told(row.at, operator or "", what, row.facts, "", shop, row.shop_id, "", None, after)


def _common(wanted: Wanted, model: type[AuditEntry] | type[Correction]) -> Sequence[Any]:
    """What both lists can be asked for."""
    conditions: list[Any] = []
    if wanted.operator_id is not None:
        conditions.append(model.operator_id == wanted.operator_id)
    if wanted.domain:
        shop = select(Shop.id).where(or_(Shop.domain == wanted.domain, Shop.name == wanted.domain))
        conditions.append(model.shop_id.in_(shop))
    if wanted.begins_at is not None and wanted.ends_at is not None:
        conditions.append(and_(model.at >= wanted.begins_at, model.at < wanted.ends_at))
    return conditions
