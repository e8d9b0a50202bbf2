"""The rows of the queue, as its page shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from discount_broker.escalation.queries.queue_rows import RowFacts, facts_of_rows
from discount_broker.web.desk_queue_words import holder_of, standing_of, weight_of

if TYPE_CHECKING:
    from discount_broker.escalation.models import EscalationCase, Promise, QueueEntry
    from discount_broker.escalation.queries.queue_pages import Listed


class Row(NamedTuple):
    case: "EscalationCase"
    entry: "QueueEntry | None"
    more: int
    """Open cases of the shop beside this one."""
    standing: str
    """Why it stands before others."""
    tone: str
    weight: list[str]
    """What decides among equals."""
    promise: "Promise | None"
    promise_at: datetime | None
    """When the first promise of or for this shop falls due, whichever case it belongs to."""
    calls: int
    holder: str
    is_mine: bool
    present: list[str]
    """Who else has a page of this shop open."""


def rows_of(listed: "Sequence[Listed]", operator_id: UUID, now: datetime) -> list[Row]:
    """What each row shows; however many there are, each kind of fact is asked for once."""
    facts = facts_of_rows([one.case for one in listed], now)
    return [_row(one.case, one.entry, facts, operator_id, now) for one in listed]


def _row(
    case: "EscalationCase", entry: "QueueEntry | None", facts: RowFacts, operator_id: UUID, now: datetime
) -> Row:
    is_open = case.status == "open"
    standing, tone = standing_of(case, now, facts)
    present = facts.present.get(case.outreach.shop_id, {})
    return Row(
        case,
        entry,
        more=max(entry.open_cases - 1, 0) if entry and is_open else 0,
        standing=standing,
        tone=tone,
        weight=weight_of(entry, now) if entry and is_open else [],
        promise=facts.pending.get(case.outreach_id),
        promise_at=entry.next_promise_at if entry and is_open else None,
        calls=facts.calls.get(case.id, 0),
        holder=holder_of(entry, now) if is_open else "",
        is_mine=is_open and entry is not None and entry.held_by(now) == operator_id,
        present=[name for one, name in present.items() if one != operator_id],
    )
