"""The rules that tell what kind of lead a buyer is, tried on the newest buyers before they count."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from discount_broker.accounts.queries.cards import list_lead_rules
from discount_broker.accounts.rules.leads import CONDITIONS, first_that_fits, read_conditions
from discount_broker.accounts.use_cases.cards import MOST_RULES, RuleDraft, rules_seen, save_lead_rules
from discount_broker.discount_requests.queries.buyers import lead_facts_of, list_newest_with_requests
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.web import desk_buyer_words as words
from discount_broker.web.access import staff_required

bp = Blueprint("lead_rules", __name__, url_prefix="/desk/lead-rules")
TRIED_ON, SPARE = 200, 2

Row = dict[str, str]
"""One rule as it was typed: its place, the kind of lead, and each condition by name."""


@bp.get("")
@staff_required("lead")
def show(operator_id: UUID) -> ResponseReturnValue:
    del operator_id
    rules = list_lead_rules()
    rows = [{"place": str(rule.position), "lead_type": rule.lead_type, **rule.conditions} for rule in rules]
    return _page(rows, rules_seen(rules))


@bp.post("")
@staff_required("lead")
def save(operator_id: UUID) -> ResponseReturnValue:
    """Try the rules on the newest buyers, or let them count from now on."""
    rows, seen = _typed(request.form), request.form.get("seen", "")
    try:
        drafts = [_draft(row) for row in rows]
        if request.form.get("act") == "try":
            return _page(rows, seen, tried=_try(drafts))
        save_lead_rules(drafts, seen, operator_id, utcnow())
    except Refused as refused:
        # What a colleague saved meanwhile has been looked at when this page is sent again.
        is_overtaken = refused.code == "lead_rules_changed"
        seen = rules_seen(list_lead_rules()) if is_overtaken else seen
        return _page(rows, seen, code=409 if is_overtaken else 422, wrong=_sentence(refused))
    flash(gettext("Kept. From now on these rules tell the kind of lead."), "good")
    return redirect(url_for("lead_rules.show"))


def _sentence(refused: Refused) -> str:
    said = str(words.REFUSALS[refused.code])
    return f"{words.CONDITIONS[refused.field]}: {said}" if refused.field in words.CONDITIONS else said


def _typed(form: Mapping[str, str]) -> list[Row]:
    """The rows that hold anything, in the order of the places typed."""
    names = ("place", "lead_type", *CONDITIONS)
    rows = [{name: form.get(f"r{n}-{name}", "").strip() for name in names} for n in range(MOST_RULES + SPARE)]
    said = [row for row in rows if any(value for name, value in row.items() if name != "place")]
    return sorted(said, key=_place)


def _place(row: Row) -> float:
    try:
        return float(row["place"])
    except ValueError:
        return float("inf")


def _draft(row: Row) -> RuleDraft:
    if not row["lead_type"]:
        raise Refused("lead_type_missing", "lead_type")
    return RuleDraft(row["lead_type"], read_conditions(row))


def _try(drafts: Sequence[RuleDraft]) -> dict[str, Any]:
    """How many of the newest buyers each rule would take."""
    buyers = list_newest_with_requests(TRIED_ON)
    taken = Counter(first_that_fits(drafts, facts) for facts in lead_facts_of(buyers).values())
    return {"counts": [taken[n] for n in range(len(drafts))], "left": taken[None], "of": len(buyers)}


def _page(
    rows: list[Row], seen: str, code: int = 200, wrong: str = "", tried: dict[str, Any] | None = None
) -> ResponseReturnValue:
    return (
        render_template(
            "desk/buyer_lead_rules.html",
            rows=rows + [{} for _ in range(SPARE)],
            seen=seen,
            wrong_word=wrong,
            tried=tried,
            words=words,
            tried_on=TRIED_ON,
        ),
        code,
    )
