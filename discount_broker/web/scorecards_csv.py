"""Score-cards and the cases behind them as tables to open in other programs."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from discount_broker.scorecards.rules import Dealing, wilson

if TYPE_CHECKING:
    from discount_broker.scorecards.models import ScoreCard

Cell = str | int | float | None
COLUMNS = (
    "asked", "answered", "acknowledged", "decided", "offered", "median_acknowledgement_seconds",
    "median_answer_seconds", "median_decision_seconds", "typical_percent", "usual_from", "usual_to",
    "best_percent", "promises_made", "promises_kept", "promises_late", "median_late_seconds",
    "dead_addresses", "is_good",
)  # fmt: skip
TIMES = ("since", "until", "computed_at")


def cases_as_csv(dealings: Iterable[Dealing], *, for_everybody: bool) -> str:
    """One line a case; what everybody may read names neither the request nor the minute it was made."""
    head = ["asked_on"] if for_everybody else ["number", "asked_at"]
    clocks = ["acknowledgement_seconds", "answer_seconds", "decision_seconds"]
    rows = (_case(dealing, for_everybody=for_everybody) for dealing in dealings)
    return _table([*head, *clocks, "answered", "by_rule", "offered", "percent"], rows)


def _case(dealing: Dealing, *, for_everybody: bool) -> list[Cell]:
    at = dealing.asked_at
    who: list[Cell] = [f"{at:%Y-%m-%d}"] if for_everybody else [dealing.number, _moment(at)]
    return [
        *who,
        dealing.acknowledgement_seconds,
        dealing.answer_seconds,
        dealing.decision_seconds,
        int(dealing.answered_at is not None),
        int(dealing.is_by_rule),
        int(dealing.has_offer),
        None if dealing.percent is None else f"{dealing.percent:f}",
    ]


def cards_as_csv(cards: "Iterable[ScoreCard]") -> str:
    """One line a shop, for our team."""
    return _table(["shop", *COLUMNS, "least_share", "greatest_share", *TIMES], map(_card, cards))


def _card(card: "ScoreCard") -> list[Cell]:
    least, greatest = wilson(card.answered, card.asked)
    figures = (getattr(card, name) for name in COLUMNS)
    return [
        card.shop.domain,
        *(int(each) if isinstance(each, bool) else each for each in figures),
        round(least, 4),
        round(greatest, 4),
        *(_moment(getattr(card, name)) for name in TIMES),
    ]


def _moment(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    page = io.StringIO()
    writer = csv.writer(page)
    writer.writerow(head)
    writer.writerows(_safe(rows))
    return page.getvalue()


def _safe(rows: Iterable[Sequence[Cell]]) -> Iterator[list[Cell]]:
    """No cell is taken for a formula by the program that opens the file."""
    for row in rows:
        yield [
            f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell for cell in row
        ]
