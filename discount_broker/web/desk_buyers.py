"""The buyers, newest first, and the search for one."""

import contextlib
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from discount_broker.accounts.queries.cards import card_of, list_lead_rules
from discount_broker.accounts.rules.leads import lead_type_of
from discount_broker.discount_requests.queries.buyers import (
    lead_facts_of,
    list_newest_buyers,
    search_buyers,
)
from discount_broker.web import desk_buyer_words as words
from discount_broker.web.access import staff_required
from discount_broker.web.desk_forms import YEARS

if TYPE_CHECKING:
    from discount_broker.accounts.models import Buyer

bp = Blueprint("buyers", __name__, url_prefix="/desk/buyers")
PAGE = 25


@bp.get("")
@staff_required()
def catalogue(operator_id: UUID) -> ResponseReturnValue:
    """The newest buyers, or those that were looked for; one alone is opened at once."""
    del operator_id
    sought = request.args.get("q", "").strip()[:200]
    if sought:
        found = search_buyers(sought, PAGE + 1)
        if len(found) == 1:
            return redirect(url_for("buyer_card.show", buyer_id=found[0].id))
        return _page(found, sought=sought)
    return _page(list_newest_buyers(PAGE + 1, _after(request.args.get("after", ""))))


def _page(found: "list[Buyer]", sought: str = "") -> ResponseReturnValue:
    shown = found[:PAGE]
    last = shown[-1] if len(found) > PAGE and not sought else None
    return render_template(
        "desk/buyers.html",
        rows=_rows(shown),
        sought=sought,
        is_cut=len(found) > PAGE,
        after=f"{last.created_at.isoformat()}_{last.id}" if last else "",
        words=words,
    )


def _rows(buyers: "list[Buyer]") -> list[dict[str, Any]]:
    rules, facts = list_lead_rules(), lead_facts_of(buyers)
    return [_row(buyer, rules, facts[buyer.id]) for buyer in buyers]


def _row(buyer: "Buyer", rules: Any, facts: Any) -> dict[str, Any]:
    card = card_of(buyer.id)
    lead = card.lead_type if card.is_lead_type_set else lead_type_of(rules, facts)
    return {"buyer": buyer, "card": card, "lead": lead, "facts": facts}


def _after(place: str) -> tuple[datetime, UUID] | None:
    """Where the page before ended; None where nobody can read it."""
    at, _, row_id = place.rpartition("_")
    with contextlib.suppress(ValueError):
        moment = datetime.fromisoformat(at)
        return (moment, UUID(row_id)) if moment.tzinfo and moment.year in YEARS else None
    return None
