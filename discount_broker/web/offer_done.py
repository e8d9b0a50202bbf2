"""The offer page after the answer: what stands, changing it, and what the buyer asks for instead."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from discount_broker.escalation.queries.promises import next_promises
from discount_broker.escalation.status import PromiseKind
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import IllegalTransition, NotFound, Refused
from discount_broker.kernel.money import is_discount, percent_off
from discount_broker.kernel.tokens import Purpose
from discount_broker.messaging.queries import is_suppressed
from discount_broker.offers.queries import find_accepted, find_offer_of, list_rules, why_not_taken
from discount_broker.offers.queries.countering import find_counter, wish_of_counter
from discount_broker.offers.status import GIVES, OfferStatus
from discount_broker.offers.use_cases import answer_counter, change_answer
from discount_broker.outreach.queries.thread import veil_for
from discount_broker.outreach.status import OPEN, OutreachStatus
from discount_broker.web.access import token_page
from discount_broker.web.answer_form import AnswerForm
from discount_broker.web.answer_reading import WISHED, answer_of, fields_of_offer
from discount_broker.web.limits import SUBMIT, limited, spares_tokens
from discount_broker.web.offer_page import WANTED, bp, currency_of_page, open_outreach, page, stop_token_of

if TYPE_CHECKING:
    from decimal import Decimal

    from discount_broker.escalation.models import Promise
    from discount_broker.offers.models import CounterOffer, Offer
    from discount_broker.outreach.models import Outreach

__all__ = ["bp"]

CHANGEABLE = (OfferStatus.OPEN, OfferStatus.EXPIRED)
CALLS = (PromiseKind.CALL_BUYER, PromiseKind.CALL_US)
GIVING = frozenset({WISHED, *GIVES})


@bp.get("/o/<token>/thanks")
@spares_tokens()
@token_page(Purpose.OFFER)
def thanks(outreach_id: UUID, token: str) -> ResponseReturnValue:
    """What stands as the shop's answer, however often it was pressed."""
    outreach = open_outreach(outreach_id)
    is_open = outreach.status in OPEN and outreach.discount_request.status in WANTED
    if is_open and "answered" not in request.args:
        return redirect(url_for("offer_page.show", token=token))
    return _thanks(outreach, token)


@bp.get("/o/<token>/change")
@spares_tokens()
@token_page(Purpose.OFFER)
def edit(outreach_id: UUID, token: str) -> ResponseReturnValue:
    """The answer as it was filled in, to be given anew."""
    outreach, offer = open_outreach(outreach_id), find_offer_of(outreach_id)
    if not may_change(outreach, offer):
        return redirect(url_for("offer_page.thanks", token=token))
    given = fields_of_offer(offer, outreach) if offer else {}
    return _form(outreach, token, AnswerForm(formdata=None, data=given), offer)


@bp.post("/o/<token>/change")
@limited(SUBMIT)
@spares_tokens()
@token_page(Purpose.OFFER)
def change(outreach_id: UUID, token: str) -> ResponseReturnValue:
    outreach, offer, form = open_outreach(outreach_id), find_offer_of(outreach_id), AnswerForm()
    if not may_change(outreach, offer):
        return redirect(url_for("offer_page.thanks", token=token, kept="first"))
    if not form.validate() or (form.answer.data not in GIVING and not form.wrong("answer", "answer_missing")):
        return _form(outreach, token, form, offer, 422)
    try:
        change_answer(outreach_id, _seen_offer(), answer_of(form, outreach), utcnow())
    except Refused as refused:
        form.show_refusal(refused)
        return _form(outreach, token, form, offer, 422)
    except IllegalTransition:  # changed in another window, or decided on meanwhile
        return redirect(url_for("offer_page.thanks", token=token, kept="first"))
    return redirect(url_for("offer_page.thanks", token=token, answered="changed"))


@bp.post("/o/<token>/counter")
@limited(SUBMIT)
@spares_tokens()
@token_page(Purpose.OFFER)
def counter(outreach_id: UUID, token: str) -> ResponseReturnValue:
    """Give the buyer what they ask for instead, or let the offer stand."""
    outreach = open_outreach(outreach_id)
    if request.form.get("give") not in ("yes", "no"):
        return _thanks(outreach, token), 422
    try:
        answer_counter(outreach_id, request.form["give"] == "yes", utcnow())
    except (IllegalTransition, NotFound):
        return redirect(url_for("offer_page.thanks", token=token, kept="first"))
    return redirect(url_for("offer_page.thanks", token=token, answered="counter"))


@bp.app_template_global()
def promised_call(outreach: "Outreach") -> "Promise | None":
    """The call that this shop has promised and that is still to come."""
    promise = next_promises([outreach.id]).get(outreach.id)
    return promise if promise and promise.kind in CALLS else None


def may_change(outreach: "Outreach", offer: "Offer | None") -> bool:
    """Whether the shop can still say something else: the buyer looks for an offer, and has not taken this."""
    if outreach.discount_request.status not in WANTED:
        return False
    if offer is None:
        return outreach.status is OutreachStatus.DECLINED and not _is_forbidden(outreach)
    return offer.status in CHANGEABLE


def _is_forbidden(outreach: "Outreach") -> bool:
    return is_suppressed([f"shop:{outreach.shop.domain}"])


def _seen_offer() -> UUID | None:
    """The offer that stood when the form was shown."""
    try:
        return UUID(request.form.get("changes", ""))
    except ValueError:
        return None


def _form(
    outreach: "Outreach", token: str, form: AnswerForm, offer: "Offer | None", code: int = 200
) -> ResponseReturnValue:
    seen = request.form.get("changes", offer.id if offer else "")
    return page(outreach, token, form, code, is_change=True, offer=offer, seen=seen)


def _thanks(outreach: "Outreach", token: str) -> str:
    offer = find_offer_of(outreach.id)
    always = _percent_for_all(outreach, offer)
    return render_template(
        "offer_page/thanks.html",
        outreach=outreach,
        ask=outreach.discount_request,
        currency=currency_of_page(outreach),
        offer=offer,
        said=request.args.get("answered", ""),
        is_first_kept=request.args.get("kept") == "first",
        is_whole_shop=_is_forbidden(outreach),
        is_wanted=outreach.discount_request.status in WANTED,
        may_change=may_change(outreach, offer),
        why_not=why_not_taken(offer) if offer else None,
        is_another_taken=find_accepted(outreach.discount_request_id) is not None,
        always=always,
        always_code=f"{always.normalize():f}" if always else "",
        token=token,
        stop_token=stop_token_of(outreach),
        **_counter(outreach, offer),
    )


def _counter(outreach: "Outreach", offer: "Offer | None") -> dict[str, Any]:
    """What the buyer asks for instead, and whether the shop can still answer it."""
    asked: CounterOffer | None = find_counter(outreach.id)
    if asked is None or offer is None:
        return {"counter": None}
    is_open = offer.status is OfferStatus.OPEN and offer.valid_until > utcnow()
    is_open = is_open and outreach.discount_request.status in WANTED and asked.offer_id == offer.id
    return {
        "counter": asked,
        "counter_wish": wish_of_counter(asked),
        "counter_words": veil_for(outreach, asked.words).text,
        "is_counter_open": is_open and asked.answer is None,
    }


def _percent_for_all(outreach: "Outreach", offer: "Offer | None") -> "Decimal | None":
    """What "do this always" would give, where the offer is a percentage and no rule gives as much."""
    if offer is None or offer.rule_id is not None or offer.status not in (*CHANGEABLE, OfferStatus.ACCEPTED):
        return None
    given = offer.percent
    if given is None and offer.final_price is not None and outreach.price:
        given = percent_off(outreach.price, offer.final_price)
    has_rule = any(given is not None and rule.percent >= given for rule in list_rules(outreach.shop_id))
    return given if is_discount(given) and not has_rule else None
