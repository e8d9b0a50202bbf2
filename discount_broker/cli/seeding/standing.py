"""Where the shops of a copy stand in the queue: reckoned by the queue's own rule, many at once."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, select

from discount_broker.cli.seeding.copying import Change, stretched
from discount_broker.cli.seeding.loading import insert
from discount_broker.cli.seeding.pattern import as_cell
from discount_broker.escalation.models import QueueEntry
from discount_broker.escalation.queries.queue import list_case_facts, next_promise_of
from discount_broker.escalation.rules import CLAIM_LASTS, CaseFacts, place_of
from discount_broker.kernel.db import db


class ShopFacts(NamedTuple):
    """What the place of one shop of the small desk is reckoned from."""

    shop_id: UUID
    cases: Sequence[CaseFacts]
    next_promise_at: datetime | None


def list_facts() -> list[ShopFacts]:
    """Of all shops that stand in the queue of the small desk."""
    shop_ids = db.session.scalars(select(QueueEntry.shop_id).order_by(QueueEntry.shop_id)).all()
    return [ShopFacts(shop_id, list_case_facts(shop_id), next_promise_of(shop_id)) for shop_id in shop_ids]


class Queue:
    """Writes the rows of the queue for one copy after another."""

    def __init__(self, facts: Sequence[ShopFacts], now: datetime) -> None:
        self._facts, self._now = facts, now

    def write(self, connection: Connection, change: Change, claimed_by: str | None) -> None:
        """`claimed_by`: the operator (hex) who has the first shop that is due in hand."""
        rows = [*self._rows(change)]
        for row in rows:
            if claimed_by and row["is_due"]:
                row["operator_id"], row["claimed_until"] = claimed_by, self._now + CLAIM_LASTS
                break
        with_zone = connection.dialect.name == "postgresql"
        insert(
            connection,
            QueueEntry.__tablename__,
            [*rows[0]],
            (tuple(_cell(value, with_zone=with_zone) for value in row.values()) for row in rows),
        )

    def _rows(self, change: Change) -> Iterator[dict[str, object]]:
        for shop_id, cases, next_promise_at in self._facts:
            place = place_of([self._moved(case, change) for case in cases], self._now)
            yield {
                "shop_id": change.id_of(shop_id),
                **asdict(place),
                "rank": place.rank,
                "next_promise_at": next_promise_at and self._stretched(next_promise_at, change),
                "operator_id": None,
                "claimed_until": None,
            }

    def _moved(self, case: CaseFacts, change: Change) -> CaseFacts:
        return replace(
            case,
            case_id=change.id_of(case.case_id),
            next_action_at=self._stretched(case.next_action_at, change),
            opened_at=self._stretched(case.opened_at, change),
        )

    def _stretched(self, moment: datetime, change: Change) -> datetime:
        return stretched(moment, self._now, change.stretch)


def _cell(value: object, *, with_zone: bool) -> object:
    """As the driver takes it without SQLAlchemy's help."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return as_cell(value, with_zone=with_zone)
    return value if value is None or isinstance(value, int) else str(value)
