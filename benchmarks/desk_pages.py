"""What an operator does all day, as addresses: which pages, and which cases, numbers and phones on them."""

from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from benchmarks.desk_visits import Answer, Desk
from discount_broker.accounts.models import Buyer
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.escalation.models import EscalationCase, QueueEntry
from discount_broker.escalation.queries import View
from discount_broker.escalation.status import CaseStatus
from discount_broker.kernel.db import db
from discount_broker.outreach.models import Outreach

DIFFERENT = 300
"""Cases, numbers and phones of which each is asked for once before one comes again."""
LARGE = 15
"""Open cases of a shop that many ask for."""


class Page(NamedTuple):
    name: str
    visit: Callable[[], Answer]
    may_be_replayed: bool = True
    """Whether its statements can be said again without the page."""


def pages_of(desk: Desk) -> Iterator[Page]:
    """The pages to be measured; the choice is the same for the same database."""
    is_open = EscalationCase.status == CaseStatus.OPEN
    yield Page("next case (POST)", _claiming(desk), may_be_replayed=False)
    yield _asking(desk, "case", [_case(one) for one in _some(EscalationCase.id, is_open)])
    yield _asking(desk, f"case, shop with {LARGE} or more", [_case(one) for one in _of_large_shops()])
    for view in View:
        yield _asking(desk, f"queue: {view}", [f"/desk/?view={view}"])
    yield _asking(desk, "queue: half way down", [_half_way_down()])
    yield _asking(desk, "queue: shops in Germany", ["/desk/?view=due&country=DE"])
    yield _asking(desk, "queue: anything new?", ["/desk/rows?view=due"])
    numbers = [f"/desk/?q={number}" for number in _some(DiscountRequest.number)]
    yield _asking(desk, "search: number", numbers)
    phones = [
        f"/desk/?q={phone.replace('+', '%2B')}" for phone in _some(Buyer.phone, Buyer.phone.is_not(None))
    ]
    yield _asking(desk, "search: phone", phones)
    yield _asking(desk, "search: name of a shop", ["/desk/?q=harbour"])
    yield _asking(desk, "team", ["/desk/team"])


def _asking(desk: Desk, name: str, paths: Sequence[str]) -> Page:
    turns = cycle(paths)
    return Page(name, lambda: desk.get(next(turns)))


def _claiming(desk: Desk) -> Callable[[], Answer]:
    """Take the best shop; it is given back before the next press, which is not measured."""
    held: list[str] = []

    def press() -> Answer:
        for path in held:
            desk.post(f"{path}/release")
        answer = desk.post("/desk/next")
        held[:] = [answer.response.location]
        if "/cases/" not in held[0]:
            raise RuntimeError("no case was free")
        return answer

    return press


def _case(case_id: UUID) -> str:
    return f"/desk/cases/{case_id}"


def _some(column: Any, *conditions: Any) -> list[Any]:
    """Some rows, wherever chance has put them: the order of the ids is as good as any."""
    table_id = column.class_.id
    return list(db.session.scalars(select(column).where(*conditions).order_by(table_id).limit(DIFFERENT)))


def _of_large_shops() -> list[UUID]:
    query = (
        select(EscalationCase.id)
        .join(EscalationCase.outreach)
        .join(QueueEntry, QueueEntry.shop_id == Outreach.shop_id)
        .where(QueueEntry.open_cases >= LARGE, EscalationCase.status == CaseStatus.OPEN)
        .order_by(EscalationCase.id)
        .limit(DIFFERENT)
    )
    return list(db.session.scalars(query))


def _half_way_down() -> str:
    """A page that somebody has turned to for hours."""
    due = db.session.scalar(select(func.count()).where(QueueEntry.is_due)) or 0
    half = select(QueueEntry).where(QueueEntry.is_due).order_by(QueueEntry.rank, QueueEntry.shop_id)
    entry = db.session.scalars(half.offset(due // 2).limit(1)).one()
    return f"/desk/?view=due&after={entry.rank}.{entry.shop_id.hex}"
