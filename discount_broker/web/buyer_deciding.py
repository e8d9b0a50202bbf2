"""The buyer decides about one offer: takes it, asks for a little more, or says no and why."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l

from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import IllegalTransition, NotFound, Refused
from discount_broker.kernel.tokens import Purpose
from discount_broker.offers.queries import get_offer, list_offers
from discount_broker.offers.status import DeclineReason, OfferStatus
from discount_broker.offers.use_cases import accept_offer, counter_offer, decline_offer
from discount_broker.web.access import token_page
from discount_broker.web.buyer_forms import CounterForm, DeclineForm
from discount_broker.web.comparison import Compared, compare
from discount_broker.web.filters import moment_in_words
from discount_broker.web.forms import check_currency
from discount_broker.web.language import speak
from discount_broker.web.limits import SUBMIT, limited

if TYPE_CHECKING:
    from discount_broker.discount_requests.models import DiscountRequest
    from discount_broker.offers.models import Offer

bp = Blueprint("buyer_deciding", __name__, url_prefix="/requests/<token>")

REASONS: Final[dict[DeclineReason, LazyString]] = {
    DeclineReason.PRICE: _l("It is still too dear"),
    DeclineReason.DELIVERY: _l("The delivery does not suit me"),
    DeclineReason.CONDITION: _l("I cannot meet its condition"),
    DeclineReason.BOUGHT_ELSEWHERE: _l("I have bought it elsewhere"),
    DeclineReason.CHANGED_MIND: _l("I do not need it any more"),
    DeclineReason.OTHER: _l("Something else"),
}


@bp.get("/offers/<uuid:offer_id>")
@token_page(Purpose.FOLLOW)
def show(request_id: UUID, token: str, offer_id: UUID) -> ResponseReturnValue:
    ask, offer = _open(request_id, offer_id)
    return _page(ask, offer, token)


@bp.post("/accept/<uuid:offer_id>")
@token_page(Purpose.FOLLOW)
def accept(request_id: UUID, token: str, offer_id: UUID) -> ResponseReturnValue:
    now = utcnow()
    try:
        accept_offer(request_id, offer_id, now)
    except IllegalTransition:
        return _too_late(request_id, offer_id, token, now)
    return redirect(url_for("buyer.follow", token=token))


@bp.post("/decline/<uuid:offer_id>")
@limited(SUBMIT)
@token_page(Purpose.FOLLOW)
def decline(request_id: UUID, token: str, offer_id: UUID) -> ResponseReturnValue:
    ask, offer = _open(request_id, offer_id)
    form, now = DeclineForm(), utcnow()
    if not form.validate():
        return _page(ask, offer, token, decline_form=form, code=422)
    reason = DeclineReason(form.reason.data) if form.reason.data else None
    may_pass_on = bool(form.may_pass_on.data)
    try:
        decline_offer(request_id, offer_id, now, reason, form.words.data or "", may_pass_on=may_pass_on)
    except IllegalTransition:
        return _too_late(request_id, offer_id, token, now)
    return redirect(url_for("buyer.follow", token=token))


@bp.post("/counter/<uuid:offer_id>")
@limited(SUBMIT)
@token_page(Purpose.FOLLOW)
def counter(request_id: UUID, token: str, offer_id: UUID) -> ResponseReturnValue:
    ask, offer = _open(request_id, offer_id)
    form, now = CounterForm(), utcnow()
    if not form.validate():
        return _page(ask, offer, token, counter_form=form, code=422)
    try:
        check_currency(form.price.data or "", offer.outreach.currency)
        counter_offer(request_id, offer_id, form.counter(), now)
    except Refused as refused:
        form.show_refusal(refused)
        return _page(ask, offer, token, counter_form=form, code=422)
    except IllegalTransition:
        return _too_late(request_id, offer_id, token, now)
    return redirect(url_for("buyer.follow", token=token))


def _open(request_id: UUID, offer_id: UUID) -> "tuple[DiscountRequest, Offer]":
    ask, offer = get_request(request_id), get_offer(offer_id)
    if offer.outreach.discount_request_id != request_id:
        raise NotFound("offer")
    speak(ask.language)
    return ask, offer


def _too_late(request_id: UUID, offer_id: UUID, token: str, now: datetime) -> ResponseReturnValue:
    ask, offer = _open(request_id, offer_id)
    return _page(ask, offer, token, too_late=_why_too_late(ask, offer, now), code=409)


def _page(
    ask: "DiscountRequest", offer: "Offer", token: str, code: int = 200, **more: Any
) -> ResponseReturnValue:
    now = utcnow()
    one = _beside_the_others(ask, offer, now)
    facts = {
        "counter_form": CounterForm(formdata=None),
        "decline_form": DeclineForm(formdata=None),
        "too_late": "" if one and one.is_open else _why_too_late(ask, offer, now),
        **more,
    }
    page = render_template(
        "buyer/offer.html", ask=ask, offer=offer, one=one, token=token, reasons=REASONS, **facts
    )
    return page, code


def _beside_the_others(ask: "DiscountRequest", offer: "Offer", now: datetime) -> Compared | None:
    """With its marks; None where the shop has replaced it."""
    return next((one for one in compare(ask, list_offers(ask.id), now) if one.offer.id == offer.id), None)


def _why_too_late(ask: "DiscountRequest", offer: "Offer", now: datetime) -> str:
    """Why this offer cannot be accepted any more, in a sentence."""
    shop, standing = offer.outreach.shop.name, list_offers(ask.id)
    taken = next((each for each in standing if each.status is OfferStatus.ACCEPTED), None)
    if offer.status is OfferStatus.REPLACED:
        return str(
            gettext("%(shop)s has changed its offer meanwhile. Its new one is on the page.", shop=shop)
        )
    if taken is not None and taken.id == offer.id:
        return str(gettext("You have accepted this offer."))
    if taken is not None:
        return str(
            gettext(
                "You have accepted the offer of %(shop)s already, and only one can be accepted.",
                shop=taken.outreach.shop.name,
            )
        )
    if offer.status is OfferStatus.DECLINED:
        return str(gettext("You declined this offer, and %(shop)s was told.", shop=shop))
    if ask.status is RequestStatus.CLOSED:
        return str(gettext("This request is closed, so no offer can be accepted any more."))
    time = moment_in_words(offer.valid_until, now)
    return str(
        gettext(
            "The term of this offer ended %(time)s. Write to %(shop)s, perhaps it still stands.",
            shop=shop,
            time=time,
        )
    )
