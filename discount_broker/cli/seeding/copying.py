"""A large desk: the small one written again and again under other names, each time of another age.

Drawing a case takes the ORM a twentieth of a second, so that a million would take half a day. The small
desk is drawn, read once as rows, and written again table by table: with other ids, domains, people, numbers
and phones, and with every time stretched about now. What was due stays due and what waits still waits, but no
two copies are of one age.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Table, Uuid, select

from discount_broker.accounts.models import AuditEntry, Buyer, BuyerCard, BuyerNote, ContactWish
from discount_broker.cli.seeding.loading import insert
from discount_broker.cli.seeding.naming import IS_ID, Naming, pattern_of_names
from discount_broker.cli.seeding.pattern import (
    Cell,
    Kept,
    Role,
    as_cell,
    as_moment,
    keep,
)
from discount_broker.cli.seeding.sheets import Sheet, escaped
from discount_broker.discount_requests.models import DiscountRequest, Product, TimelineEntry
from discount_broker.escalation.models import (
    Call,
    CaseClock,
    EscalationCase,
    LeadReview,
    PhoneCall,
    Promise,
    call_case,
)
from discount_broker.kernel.db import Model, db
from discount_broker.messaging.models import Delivery, DeliveryReceipt
from discount_broker.offers.models import Offer
from discount_broker.outreach.models import InboundMail, Letter, Outreach, Reply, Step, Suggestion
from discount_broker.scorecards.models import ScoreCard
from discount_broker.shops.models import ContactPoint, Shop, ShopPerson

COPIED: tuple[type[Model], ...] = (
    AuditEntry, Buyer, BuyerCard, BuyerNote, Call, CaseClock, ContactPoint, ContactWish, Delivery,
    DeliveryReceipt, DiscountRequest, EscalationCase, InboundMail, LeadReview, Letter, Offer, Outreach,
    PhoneCall, Product, Promise, Reply, ScoreCard, Shop, ShopPerson, Step, Suggestion, TimelineEntry,
)  # fmt: skip
"""What belongs to a shop, a buyer or a case; the rest (staff, texts, stops) there is once."""
SPREAD = 2_654_435_761
"""Ids of one copy lie together, those of the next somewhere else, as chance would have it."""
NEAREST, FARTHEST = 0.4, 2.4
"""How far times may be stretched."""
NEAR = timedelta(hours=1)
"""Within this nothing is moved: a promise that is due is given as long before it counts as broken."""


class Change(NamedTuple):
    """What makes one copy another desk."""

    copy: int
    prefix: str
    """How its ids begin."""
    stretch: float
    names: dict[str, str]
    times: dict[Cell, Cell]
    operators: dict[Cell, Cell]

    def id_of(self, old: UUID) -> UUID:
        return UUID(self.prefix + old.hex[8:])


class Copier:
    """Reads the small desk once, and writes copies of it."""

    def __init__(self, connection: Connection, seed: int, now: datetime) -> None:
        self._seed, self._now = seed, now
        self._with_zone = connection.dialect.name == "postgresql"
        self._naming = Naming(seed)
        names, known = pattern_of_names(), self._naming.known(_ids())
        wanted = {table_of(model) for model in COPIED} | {call_case}
        tables = (table for table in db.metadata.sorted_tables if table in wanted)
        self.tables = [keep(connection, table, names, known) for table in tables]
        self._moments = {cell: as_moment(cell) for cell in self._cells(Role.TIME)}
        self._operators = sorted(self._cells(Role.OPERATOR), key=str)
        self._ids_told = sorted(name for name in self._told() if IS_ID.fullmatch(name))
        self._sheets = [Sheet(table) for table in self.tables] if self._with_zone else []

    def _cells(self, role: Role) -> set[Cell]:
        of_role = (column for table in self.tables for column in table.columns if column.role is role)
        return {cell for column in of_role for cell in column.cells if cell is not None}

    def _told(self) -> set[str]:
        phrases = (
            phrase for table in self.tables for column in table.columns for phrase in column.phrases.values()
        )
        return {name for phrase in phrases for name in phrase.names}

    def change(self, copy: int, operators: Sequence[str]) -> Change:
        """What is other about this copy."""
        prefix = f"{(copy * SPREAD + self._seed) & 0xFFFFFFFF:08x}"
        stretch = stretch_of(copy, self._seed)
        return Change(
            copy,
            prefix,
            stretch,
            self._naming.of_copy(copy) | {old: prefix + old[8:] for old in self._ids_told},
            {cell: self._stretched(moment, stretch) for cell, moment in self._moments.items()},
            {old: operators[(n + copy) % len(operators)] for n, old in enumerate(self._operators)},
        )

    def _stretched(self, moment: datetime, stretch: float) -> str:
        return as_cell(stretched(moment, self._now, stretch), with_zone=self._with_zone)

    def write(self, connection: Connection, change: Change) -> None:
        if self._sheets:
            self._write_sheets(connection, change)
            return
        for table in self.tables:
            columns = [_copied(column, change) for column in table.columns]
            names = [column.name for column in table.columns]
            insert(connection, table.name, names, zip(*columns, strict=True))

    def _write_sheets(self, connection: Connection, change: Change) -> None:
        fresh: dict[Cell, Cell] = {**dict(escaped(change.names)), **change.times, **change.operators}
        for sheet in self._sheets:
            sheet.write(connection, sheet.told(change.prefix, fresh, change.copy))


def _ids() -> Iterator[UUID]:
    """All that may be named in a text."""
    for model in COPIED:
        column = table_of(model).columns.get("id")
        if column is not None and isinstance(column.type, Uuid):
            yield from db.session.scalars(select(column))


def stretch_of(copy: int, seed: int) -> float:
    chance = Random(seed * 1_000_003 + copy)  # noqa: S311 - invented ages, no secrets
    return chance.uniform(NEAREST, FARTHEST)


def stretched(moment: datetime, now: datetime, stretch: float) -> datetime:
    """As far from now as before, times `stretch`; what is about to happen, or just did, stays where it is."""
    away = moment - now
    still = max(min(away, NEAR), -NEAR)
    return now + still + (away - still) * stretch


def _copied(column: Kept, change: Change) -> Iterable[Cell]:
    if column.role is Role.ID:
        prefix = change.prefix
        return [prefix + str(cell)[8:] if cell else None for cell in column.cells]
    if column.role is Role.TIME:
        return [cell and change.times[cell] for cell in column.cells]
    if column.role is Role.OPERATOR:
        return [cell and change.operators[cell] for cell in column.cells]
    if column.role is Role.DIGEST:
        return [sha256(f"{change.copy} {cell!s}".encode()).hexdigest() for cell in column.cells]
    return _told(column, change.names) if column.phrases else column.cells


def _told(column: Kept, names: dict[str, str]) -> list[Cell]:
    cells = list(column.cells)
    for row, phrase in column.phrases.items():
        cells[row] = phrase.told(names)
    return cells


def table_of(model: type[Model]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table
