"""The audit trail at the desk: who changed what, for leads in full, on the page of a case in part."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext

from discount_broker.escalation.queries.team import list_team
from discount_broker.escalation.queries.trail import (
    CORRECTION,
    Place,
    Told,
    Wanted,
    list_trail,
    trail_of_case,
)
from discount_broker.escalation.rules.team import day_of
from discount_broker.kernel.clock import utcnow
from discount_broker.web.access import staff_required
from discount_broker.web.desk_shop_words import CORRECTIONS
from discount_broker.web.desk_trail_words import SENTENCES, sentence
from discount_broker.web.language import reader_zone

if TYPE_CHECKING:
    from discount_broker.escalation.models import EscalationCase

bp = Blueprint("trail", __name__, url_prefix="/desk/trail")

LONGEST_FILE, AT_A_TIME = 10_000, 500
"""Lines of an export; whoever wants more asks for one day after the other."""


class Line(NamedTuple):
    told: Told
    text: str


@bp.record_once
def _know(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals["trail_of"] = trail_of


def trail_of(case: "EscalationCase") -> list[Line]:
    """What was changed of one case, or of its shop as a whole, the newest first."""
    return _lines(trail_of_case(case.id, case.outreach.shop_id))


@bp.get("")
@staff_required("lead")
def show(operator_id: UUID) -> ResponseReturnValue:
    """One page of the trail, the newest first."""
    del operator_id
    typed = {
        name: request.args.get(name, "").strip()[:200] for name in ("who", "case", "shop", "what", "day")
    }
    told, further = list_trail(_wanted(typed), Place.read(request.args.get("after", "")))
    return render_template(
        "desk/trail.html",
        lines=_lines(told),
        further=further,
        is_first=not request.args.get("after"),
        typed=typed,
        asked={name: text for name, text in typed.items() if text},
        is_day_wrong=bool(typed["day"]) and _day(typed["day"]) is None,
        team=list_team(),
        kinds=_kinds(),
        longest=LONGEST_FILE,
        zone=reader_zone()[0].key,
    )


@bp.get("/trail.csv")
@staff_required("lead")
def export(operator_id: UUID) -> ResponseReturnValue:
    """What the page shows with the same filters, as a file."""
    del operator_id
    wanted = _wanted({name: text.strip() for name, text in request.args.items()})
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["time", "who", "key", "what", "request", "shop", "about"])
    table.writerows(_row(line) for line in _all(wanted))
    answer = Response(out.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename=trail-{utcnow():%Y-%m-%d}.csv"
    return answer


def _all(wanted: Wanted) -> Iterator[Line]:
    place: Place | None = Place()
    for _ in range(0, LONGEST_FILE, AT_A_TIME):
        if place is None:
            return
        told, place = list_trail(wanted, place, AT_A_TIME)
        yield from _lines(told)


def _row(line: Line) -> list[str]:
    told, zone = line.told, reader_zone()[0]
    at = told.at.astimezone(zone).isoformat(timespec="seconds")
    cells = (at, told.operator, told.what, line.text, told.number, told.shop, told.subject)
    return [_harmless(cell) for cell in cells]


def _harmless(cell: str) -> str:
    """Names come from strangers' pages: a spreadsheet must not take one for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _lines(told: list[Told]) -> list[Line]:
    now = utcnow()
    return [Line(one, _text(one, now)) for one in told]


def _text(told: Told, now: datetime) -> str:
    if not told.what.startswith(CORRECTION):
        return sentence(told.what, told.facts, now)
    said = CORRECTIONS.get(told.what.removeprefix(CORRECTION))
    text = str(said) % defaultdict(str, told.facts) if said else told.what
    return text[:1].upper() + text[1:] + "."


def _kinds() -> list[tuple[str, str]]:
    """What the trail can be asked for, in the order of the alphabet."""
    changes = [(key, _elided(said)) for key, said in SENTENCES.items()]
    corrections = [
        (f"{CORRECTION}{key}", gettext("Shop: %(what)s", what=_elided(said)))
        for key, said in CORRECTIONS.items()
    ]
    return sorted(changes, key=itemgetter(1)) + sorted(corrections, key=itemgetter(1))


def _elided(said: LazyString) -> str:
    """A sentence of the trail as such, without the facts of any one change."""
    return (str(said) % defaultdict(lambda: "…")).rstrip(".")


def _wanted(typed: dict[str, str]) -> Wanted:
    on = _day(typed.get("day", ""))
    day = day_of(on, reader_zone()[0]) if on else None
    return Wanted(
        operator_id=_uuid(typed.get("who", "")),
        number=typed.get("case", "").upper(),
        domain=typed.get("shop", "").lower(),
        what=typed.get("what", ""),
        begins_at=day.begins_at if day else None,
        ends_at=day.ends_at if day else None,
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1971 <= day.year <= 9990 else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
