"""One press for what a letter says: it is done, entered as an answer, or put aside."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from discount_broker.escalation.queries import get_case
from discount_broker.escalation.status import CaseStatus
from discount_broker.escalation.use_cases.suggestions import dismiss_suggestion, take_suggestion
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import IllegalTransition, NotAllowed, NotFound, Refused
from discount_broker.kernel.site import site
from discount_broker.offers.status import AnswerKind
from discount_broker.outreach.inbound import IntentKind
from discount_broker.outreach.queries.suggestions import get_suggestion
from discount_broker.outreach.use_cases.conversing import Reader, write_by_hand
from discount_broker.shops.rules import language_for
from discount_broker.web import desk_mail_words as words
from discount_broker.web.access import staff_required
from discount_broker.web.desk_letter import is_taken
from discount_broker.web.sentences import refusal

if TYPE_CHECKING:
    from discount_broker.outreach.models import Outreach, Suggestion

bp = Blueprint(
    "suggestion", __name__, url_prefix="/desk/cases/<uuid:case_id>/suggestions/<uuid:suggestion_id>"
)


@bp.post("/take")
@staff_required()
def take(operator_id: UUID, case_id: UUID, suggestion_id: UUID) -> ResponseReturnValue:
    """Do what the letter asks for."""
    now, outreach = utcnow(), get_case(case_id).outreach
    suggestion = get_suggestion(suggestion_id, outreach.id)
    try:
        if suggestion.kind == IntentKind.WHO_ARE_YOU and suggestion.settled_at is None:
            _say_who_we_are(case_id, operator_id, now)
        take_suggestion(case_id, suggestion_id, operator_id, now)
    except NotAllowed:
        flash(gettext("Nothing was changed: a colleague has this case, or it is closed."), "warn")
    except IllegalTransition:
        flash(gettext("Nothing was changed: the shop has answered before, or the buyer has left."), "warn")
    except Refused as refused:
        flash(str(words.REFUSALS.get(refused.code) or refusal(refused.code)), "warn")
    else:
        flash(gettext("Done."), "good")
    return _back(case_id)


def _say_who_we_are(case_id: UUID, operator_id: UUID, now: datetime) -> None:
    case = get_case(case_id)
    if case.status is CaseStatus.CLOSED or is_taken(case.outreach_id, operator_id, now):
        raise NotAllowed("case")
    write_by_hand(case.outreach_id, Reader.SHOP, operator_id, who_we_are(case.outreach), now)


@bp.post("/dismiss")
@staff_required()
def dismiss(operator_id: UUID, case_id: UUID, suggestion_id: UUID) -> ResponseReturnValue:
    """The letter does not say that, or nothing follows from it."""
    try:
        dismiss_suggestion(case_id, suggestion_id, operator_id, utcnow())
    except NotAllowed:
        flash(gettext("Nothing was changed: a colleague has this case, or it is closed."), "warn")
    return _back(case_id)


def answer_read(outreach: "Outreach") -> dict[str, Any]:
    """Fields of the answer form, filled with what a letter says, as `?suggestion=` names it."""
    try:
        suggestion = get_suggestion(UUID(request.args.get("suggestion", "")), outreach.id)
    except (ValueError, NotFound):
        return {}
    return fields_of(suggestion)


def fields_of(suggestion: "Suggestion") -> dict[str, Any]:
    """What a letter says as the answer form has it; the words go along where they are the terms."""
    value = suggestion.value
    if suggestion.kind == IntentKind.OFFER and value.endswith("%"):
        return {"answer": AnswerKind.PERCENT.value, "percent": value.rstrip("%")}
    if suggestion.kind == IntentKind.OFFER:
        amount = value.partition(" ")[0]
        return {} if amount.startswith("-") else {"answer": AnswerKind.PRICE.value, "price": amount}
    if suggestion.kind == IntentKind.FREE_DELIVERY:
        return {"answer": AnswerKind.FREE_DELIVERY.value}
    if suggestion.kind == IntentKind.LOWEST_PRICE:
        return {"answer": AnswerKind.LOWEST.value, "lowest": suggestion.evidence}
    if suggestion.kind == IntentKind.PROMO_CODE:
        return {"answer": AnswerKind.BONUS.value, "bonus": suggestion.evidence}
    return {}


def who_we_are(outreach: "Outreach") -> str:
    """The answer to "who are you?", in the language of the shop."""
    here, shop = site(), outreach.shop
    with force_locale(language_for(shop.domain, shop.language)):
        parts = [
            gettext(
                "We are %(service)s. Buyers tell us what they want to buy and which discount they would like,"
                " and we ask the shop for them. It costs you nothing and obliges you to nothing.",
                service=here.service_name,
            ),
            gettext("The service is run by %(company)s.", company=here.operator_name)
            if here.operator_name
            else "",
            gettext(
                "The buyer is a real person who has confirmed the request by e-mail. I am not the buyer, and"
                " I do not buy for myself. You can read about us at %(address)s.",
                address=here.base_url,
            ),
        ]
    return "\n\n".join(part for part in parts if part)


def _back(case_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("case.show", case_id=case_id, _anchor="conversation"))
