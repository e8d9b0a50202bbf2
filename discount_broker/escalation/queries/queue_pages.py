"""Pages of the queue: the rows of one view in their order, narrowed down, from one place onwards.

A page begins behind the last row of the page before, so that the thousandth costs what the first does. What
narrows a view down is asked of the next `WINDOW` rows of it and of no more: a page that found little says so,
and the next one goes on from there.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ColumnExpressionArgument,
    Select,
    Subquery,
    func,
    literal,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased, contains_eager, joinedload

from discount_broker.escalation.models import EscalationCase, QueueEntry
from discount_broker.escalation.queries.queue import View
from discount_broker.escalation.status import CaseReason
from discount_broker.kernel.db import db
from discount_broker.outreach.models import Outreach
from discount_broker.shops.models import Shop

PAGE = 50
WINDOW = 2000
"""Rows of a view that are looked at for one page of what it is narrowed down to."""
ENOUGH = 1000
"""No view counts further: `999+` says all that a person wants to know."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LATEST = (datetime(9990, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND


@dataclass(frozen=True)
class Reader:
    """Who looks at the queue, and when."""

    operator_id: UUID
    now: datetime
    day_ends_at: datetime
    """When the reader's own day ends."""


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """What of a view is wanted; nothing given is everything."""

    country: str = ""
    language: str = ""
    """Of the shop."""
    reason: CaseReason | None = None
    """Why the case to begin with is here."""
    value: Decimal | None = None
    """Rough euros that the buyers would save, at least; only shops with open cases have any."""
    operator_id: UUID | None = None
    """Who has it in hand; of closed cases who closed it."""
    days: int | None = None
    """For how long it has been open, at least."""

    def __bool__(self) -> bool:
        return any(part not in ("", None) for part in astuple(self))


EVERYTHING = Narrowing()


@dataclass(frozen=True)
class Cursor:
    """A place in the order of a view, and whether the page lies behind it or before it."""

    key: int
    row_id: UUID
    is_back: bool = False


@dataclass(frozen=True)
class Listed:
    """One row: the case to begin with, and the queue entry of its shop."""

    case: EscalationCase
    entry: QueueEntry | None


@dataclass(frozen=True)
class QueuePage:
    rows: list[Listed]
    next: Cursor | None = None
    previous: Cursor | None = None
    is_cut: bool = False
    """So many rows of the view were looked at, and no more: further ones may fit as well."""


def list_page(
    view: View,
    reader: Reader,
    narrowing: Narrowing = EVERYTHING,
    cursor: Cursor | None = None,
    *,
    look_at: int = WINDOW,
) -> QueuePage:
    """One page of a view, in the order in which its shops should be worked."""
    limit = look_at if narrowing else PAGE + 1
    is_back = cursor is not None and cursor.is_back
    is_falling = is_back != (view is View.CLOSED)
    window = (
        _window(view, reader, narrowing, cursor, is_falling=is_falling).limit(limit).subquery("looked_at")
    )
    query = _rows(view, window, narrowing, reader.now)
    found = db.session.execute(query.order_by(*_order(window, is_falling=is_falling)).limit(PAGE + 1)).all()
    rows = [Listed(case, entry) for case, entry, _, _ in found[:PAGE]]
    places = [_place(key, row_id) for _, _, key, row_id in found[:PAGE]]
    is_full = len(found) > PAGE
    end = places[-1] if is_full else _end_of(window, limit, is_falling=is_falling) if narrowing else None
    first = places[0] if places else cursor
    is_cut = end is not None and not is_full
    if is_back:
        return QueuePage(rows[::-1], _towards(first), _towards(end, is_back=True), is_cut)
    return QueuePage(rows, _towards(end), _towards(first, is_back=True) if cursor else None, is_cut)


def _window(
    view: View, reader: Reader, narrowing: Narrowing, cursor: Cursor | None, *, is_falling: bool
) -> Select[Any]:
    """The rows that are looked at, read off the index of the view."""
    key, row_id = _keys(view)
    whole: type[EscalationCase | QueueEntry] = EscalationCase if view is View.CLOSED else QueueEntry
    keys = select(whole, key.label("place_key"), row_id.label("place_id")).where(*_conditions(view, reader))
    if narrowing.operator_id and view is not View.CLOSED:
        # Nobody has many shops in hand: these are found by an index of their own.
        held = QueueEntry.operator_id == narrowing.operator_id
        keys = keys.where(held, QueueEntry.claimed_until > reader.now)
    if cursor is not None:
        edge = tuple_(literal(_bound(view, cursor.key), key.type), literal(cursor.row_id, row_id.type))
        there = tuple_(key, row_id)
        keys = keys.where(there < edge if is_falling else there > edge)
    return keys.order_by(*((key.desc(), row_id.desc()) if is_falling else (key, row_id)))


def _keys(view: View) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """What a view is ordered by; the id makes the order total."""
    if view is View.CLOSED:
        cases = EscalationCase.__table__.c
        return cases.closed_at, cases.id
    entries = QueueEntry.__table__.c
    by_time = {View.WAITING: entries.next_at, View.PROMISES: entries.next_promise_at}
    return by_time.get(view, entries.rank), entries.shop_id


def _conditions(view: View, reader: Reader) -> Sequence[ColumnExpressionArgument[bool]]:
    """Which rows a view shows; there is a partial index for each."""
    row = QueueEntry
    per_view: dict[View, Sequence[ColumnExpressionArgument[bool]]] = {
        View.DUE: [row.is_due],
        View.MINE: [row.operator_id == reader.operator_id, row.claimed_until > reader.now],
        View.UNASSIGNED: [row.is_due, row.operator_id.is_(None)],
        # Written out: of a parameter nobody knows that the index holds all that it asks for.
        View.WAITING: [~row.is_due, row.open_cases > literal_column("0")],
        View.PROMISES: [row.next_promise_at < reader.day_ends_at],
        View.UNKNOWN: [row.has_unknown],
        View.CAPTCHA: [row.has_captcha],
        View.FLAGGED: [row.is_flagged],
        View.CLOSED: [EscalationCase.closed_at.is_not(None)],
    }
    return per_view[view]


def _rows(view: View, window: Subquery, wanted: Narrowing, now: datetime) -> Select[Any]:
    """The rows of the window that are wanted, with all that they show; joined by primary keys alone."""
    is_closed = view is View.CLOSED
    case: Any = aliased(EscalationCase, window) if is_closed else EscalationCase
    entry: Any = QueueEntry if is_closed else aliased(QueueEntry, window)
    rows: Select[Any] = select(case, entry, window.c.place_key, window.c.place_id)
    if is_closed:
        rows = rows.select_from(case).join(case.outreach)
        rows = rows.outerjoin(entry, entry.shop_id == Outreach.shop_id)
    else:
        rows = rows.select_from(entry).join(case, case.id == entry.lead_case_id).join(case.outreach)
        # Known anyway; said, it lets the database leave out shops before it reads what hangs on them.
        rows = rows.where(Shop.id == entry.shop_id)
    to_outreach = contains_eager(case.outreach)
    opened_at = case.opened_at if is_closed else entry.oldest_at
    closed_by = case.closed_by_id if is_closed else None
    return (
        rows.join(Outreach.shop)
        .where(
            *_narrowed(wanted, now, case=case, value=entry.value, opened_at=opened_at, closed_by=closed_by)
        )
        .options(
            to_outreach.contains_eager(Outreach.shop),
            to_outreach.joinedload(Outreach.discount_request),
            joinedload(entry.operator),
        )
    )


def _narrowed(
    wanted: Narrowing, now: datetime, *, case: Any, value: Any, opened_at: Any, closed_by: Any
) -> list[ColumnExpressionArgument[bool]]:
    asked: list[ColumnExpressionArgument[bool]] = []
    if wanted.country:
        asked.append(Shop.country == wanted.country)
    if wanted.language:
        asked.append(Shop.language == wanted.language)
    if wanted.reason is not None:
        asked.append(case.reason == wanted.reason)
    if wanted.value is not None:
        asked.append(value >= wanted.value)
    if wanted.operator_id and closed_by is not None:
        asked.append(closed_by == wanted.operator_id)
    if wanted.days is not None:
        asked.append(opened_at <= now - timedelta(days=wanted.days))
    return asked


def _end_of(window: Subquery, limit: int, *, is_falling: bool) -> Cursor | None:
    """The last row that was looked at, if there may be further ones."""
    last_first = _order(window, is_falling=not is_falling)
    query = select(window.c.place_key, window.c.place_id, func.count().over()).order_by(*last_first).limit(1)
    end = db.session.execute(query).one_or_none()
    return None if end is None or end[2] < limit else _place(end[0], end[1])


def _order(window: Subquery, *, is_falling: bool) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    key, row_id = window.c.place_key, window.c.place_id
    return (key.desc(), row_id.desc()) if is_falling else (key, row_id)


def _place(key: int | datetime, row_id: UUID) -> Cursor:
    return Cursor((key - EPOCH) // MICROSECOND if isinstance(key, datetime) else key, row_id)


def _bound(view: View, key: int) -> int | datetime:
    is_time = view in (View.CLOSED, View.WAITING, View.PROMISES)
    return EPOCH + min(max(key, 0), LATEST) * MICROSECOND if is_time else key


def _towards(place: Cursor | None, *, is_back: bool = False) -> Cursor | None:
    return place and replace(place, is_back=is_back)


def count_queue(reader: Reader) -> dict[View, int]:
    """How many rows each view holds, as far as `ENOUGH`; one question for all of them."""
    counts = db.session.execute(select(*(_count(view, reader) for view in View))).one()
    return dict(zip(View, counts, strict=True))


def _count(view: View, reader: Reader) -> ColumnElement[int]:
    rows = select(_keys(view)[1]).where(*_conditions(view, reader)).limit(ENOUGH).subquery()
    return select(func.count()).select_from(rows).scalar_subquery()
