"""What a shop's staff see and press: an answer in thirty seconds, and the way to stop us."""

from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.local import LocalProxy

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.business_time import zone_of
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import IllegalTransition, Refused
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.queries.stopping import is_stopped_for_good
from discount_broker.offers.queries import find_offer_of
from discount_broker.offers.use_cases import submit_answer
from discount_broker.outreach.queries import get_outreach, wish_put_to
from discount_broker.outreach.status import OPEN, OutreachStatus
from discount_broker.outreach.use_cases import pause_shop, stop_outreach, stop_shop
from discount_broker.web.access import token_page
from discount_broker.web.answer_form import AddressForm, AnswerForm
from discount_broker.web.answer_presses import presses_for
from discount_broker.web.answer_reading import (
    answer_of,
    fields_of_code,
    fields_of_offer,
    form_of_code,
)
from discount_broker.web.contact_wishes import told_to_shop
from discount_broker.web.language import speak, tell_time_of
from discount_broker.web.limits import spares_tokens
from discount_broker.web.security import csrf

if TYPE_CHECKING:
    from discount_broker.outreach.models import Outreach

bp = Blueprint("offer_page", __name__)

NO_OFFER = {OutreachStatus.DECLINED: "not_now", OutreachStatus.STOPPED: "never"}
WANTED = frozenset({RequestStatus.ASKED, RequestStatus.OFFERED})
"""The buyer still waits for answers."""


@bp.get("/o/<token>")
@spares_tokens()
@token_page(Purpose.OFFER)
def show(outreach_id: UUID, token: str) -> ResponseReturnValue:
    outreach = open_outreach(outreach_id)
    if _over(outreach):
        return redirect(url_for("offer_page.thanks", token=token))
    chosen = fields_of_code(request.args.get("answer", ""), outreach)
    # Nothing of a blank form differs from shop to shop: it is made only when it is drawn for the first time.
    form = LocalProxy(cache(lambda: AnswerForm(formdata=None, data=chosen)))
    return page(outreach, token, form, is_blank="answer" not in chosen, usual_term=chosen["valid_until"])


@bp.post("/o/<token>")
@spares_tokens()
@token_page(Purpose.OFFER)
def answer(outreach_id: UUID, token: str) -> ResponseReturnValue:
    """Take what was filled in, or what one button says (`now`)."""
    outreach = open_outreach(outreach_id)
    form = form_of_code(request.form["now"], outreach) if "now" in request.form else AnswerForm()
    if _over(outreach):
        kept = "first" if _answered(outreach) not in (form.answer.data, None) else None
        return redirect(url_for("offer_page.thanks", token=token, kept=kept))
    if not form.validate():
        return page(outreach, token, form, 422)
    try:
        submit_answer(outreach_id, answer_of(form, outreach), utcnow())
    except Refused as refused:
        form.show_refusal(refused)
        return page(outreach, token, form, 422)
    except IllegalTransition:  # answered in another window meanwhile: that answer stands
        return redirect(url_for("offer_page.thanks", token=token))
    return redirect(url_for("offer_page.thanks", token=token, answered=form.answer.data))


@bp.get("/stop/<token>")
@spares_tokens()
@token_page(Purpose.STOP)
def stop(outreach_id: UUID, token: str) -> ResponseReturnValue:
    outreach = open_outreach(outreach_id)
    if is_stopped_for_good({f"shop:{outreach.shop.domain}"}):  # one click in a mail program shows no page
        return render_template("offer_page/stopped.html", outreach=outreach, scope="shop", token=token)
    return render_template("offer_page/stop.html", outreach=outreach, token=token)


@bp.post("/stop/<token>")
@csrf.exempt
@spares_tokens()
@token_page(Purpose.STOP)
def stopped(outreach_id: UUID, token: str) -> ResponseReturnValue:
    """Stop writing; mail programs press this by themselves for their user (RFC 8058), without a session."""
    if request.form.get("List-Unsubscribe") == "One-Click":
        stop_shop(outreach_id, "one-click unsubscribe", utcnow())
        return "", 200, {"Content-Type": "text/plain; charset=utf-8"}
    csrf.protect()
    scope = request.form.get("scope", "shop")
    match scope:
        case "request":
            stop_outreach(outreach_id, utcnow())
        case "pause":
            pause_shop(outreach_id, utcnow())
        case _:
            stop_shop(outreach_id, "stop page", utcnow())
    return render_template(
        "offer_page/stopped.html", outreach=open_outreach(outreach_id), scope=scope, token=token
    )


def open_outreach(outreach_id: UUID) -> "Outreach":
    """The outreach, with the page set to its shop's language and clock."""
    outreach = get_outreach(outreach_id)
    speak(outreach.shop.language or outreach.discount_request.language)
    tell_time_of(zone_of(outreach.shop.country))
    return outreach


def _over(outreach: "Outreach") -> bool:
    return outreach.status not in OPEN or outreach.discount_request.status not in WANTED


def page(
    outreach: "Outreach", token: str, form: AnswerForm | LocalProxy[AnswerForm], code: int = 200, **about: Any
) -> ResponseReturnValue:
    """The form with everything that is said of the request; `about` adds what one view knows besides."""
    ask = outreach.discount_request
    may_call = bool(ask.may_contact_directly and ask.phone)
    html = render_template(
        "offer_page/offer.html",
        **{
            "outreach": outreach,
            "ask": ask,
            "wanted": wish_put_to(outreach),
            "product": ask.product,
            "currency": currency_of_page(outreach),
            "form": form,
            "token": token,
            "stop_token": stop_token_of(outreach),
            "address_form": LocalProxy(cache(lambda: AddressForm(formdata=None))),
            "has_no_address_yet": True,
            "alone": told_to_shop(ask) if may_call else [],
            "may_call": may_call,
            "presses": presses_for(outreach, request.args.get("answer", "")),
            "is_change": False,
            "is_blank": False,
            "offer": None,
            **about,
        },
    )
    return html, code


def currency_of_page(outreach: "Outreach") -> str | None:
    """What the shop sells in; where its page named none, the product's."""
    product = outreach.discount_request.product
    return outreach.currency or (product.currency if product else None)


def stop_token_of(outreach: "Outreach") -> str:
    return issue_token(Purpose.STOP, outreach.id, outreach.created_at)


def _answered(outreach: "Outreach") -> str | None:
    """The card of the answer that stands, so that a second press of the same one is no surprise."""
    offer = find_offer_of(outreach.id)
    if offer is None:
        return NO_OFFER.get(outreach.status)
    return str(fields_of_offer(offer, outreach)["answer"])
