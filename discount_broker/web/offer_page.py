"""What a shop's staff see and press: an answer in thirty seconds, and the way to stop us."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.business_time import zone_of
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import IllegalTransition, Refused
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.queries import is_suppressed
from discount_broker.messaging.queries.stopping import is_stopped_for_good
from discount_broker.offers.queries import find_offer_of
from discount_broker.offers.rules import Answer
from discount_broker.offers.status import AnswerKind
from discount_broker.offers.use_cases import submit_answer
from discount_broker.outreach.queries import get_outreach, wish_put_to
from discount_broker.outreach.status import OPEN, OutreachStatus
from discount_broker.outreach.use_cases import pause_shop, stop_outreach, stop_shop
from discount_broker.web.access import token_page
from discount_broker.web.answer_form import AddressForm, AnswerForm
from discount_broker.web.contact_wishes import told_to_shop
from discount_broker.web.forms import read_number
from discount_broker.web.language import reader_zone, speak, tell_time_of
from discount_broker.web.security import csrf

if TYPE_CHECKING:
    from discount_broker.outreach.models import Outreach

bp = Blueprint("offer_page", __name__)

USUAL_TERM = timedelta(days=3)
NO_OFFER = {OutreachStatus.DECLINED: "not_now", OutreachStatus.STOPPED: "never"}
WANTED = frozenset({RequestStatus.ASKED, RequestStatus.OFFERED})
"""The buyer still waits for answers."""


@bp.get("/o/<token>")
@token_page(Purpose.OFFER)
def show(outreach_id: UUID, token: str) -> ResponseReturnValue:
    outreach = open_outreach(outreach_id)
    if _over(outreach):
        return redirect(url_for("offer_page.thanks", token=token))
    return _page(outreach, token, AnswerForm(formdata=None, data=_preselected(outreach)))


@bp.post("/o/<token>")
@token_page(Purpose.OFFER)
def answer(outreach_id: UUID, token: str) -> ResponseReturnValue:
    outreach = open_outreach(outreach_id)
    form = AnswerForm()
    if _over(outreach):
        kept = "first" if _answered(outreach) not in (form.answer.data, None) else None
        return redirect(url_for("offer_page.thanks", token=token, kept=kept))
    if not form.validate():
        return _page(outreach, token, form, 422)
    try:
        submit_answer(outreach_id, answer_of(form, outreach), utcnow())
    except Refused as refused:
        form.show_refusal(refused)
        return _page(outreach, token, form, 422)
    except IllegalTransition:  # answered in another window meanwhile: that answer stands
        return redirect(url_for("offer_page.thanks", token=token))
    return redirect(url_for("offer_page.thanks", token=token, answered=form.answer.data))


@bp.get("/o/<token>/thanks")
@token_page(Purpose.OFFER)
def thanks(outreach_id: UUID, token: str) -> ResponseReturnValue:
    """What stands as the shop's answer, however often it was pressed."""
    outreach = open_outreach(outreach_id)
    if not _over(outreach) and "answered" not in request.args:
        return redirect(url_for("offer_page.show", token=token))
    return render_template(
        "offer_page/thanks.html",
        outreach=outreach,
        ask=outreach.discount_request,
        currency=_currency(outreach),
        offer=find_offer_of(outreach_id),
        said=request.args.get("answered", ""),
        is_first_kept=request.args.get("kept") == "first",
        is_whole_shop=is_suppressed([f"shop:{outreach.shop.domain}"]),
        is_wanted=outreach.discount_request.status in WANTED,
        token=token,
        stop_token=stop_token_of(outreach),
    )


@bp.get("/stop/<token>")
@token_page(Purpose.STOP)
def stop(outreach_id: UUID, token: str) -> ResponseReturnValue:
    outreach = open_outreach(outreach_id)
    if is_stopped_for_good({f"shop:{outreach.shop.domain}"}):  # one click in a mail program shows no page
        return render_template("offer_page/stopped.html", outreach=outreach, scope="shop", token=token)
    return render_template("offer_page/stop.html", outreach=outreach, token=token)


@bp.post("/stop/<token>")
@csrf.exempt
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


def _page(outreach: "Outreach", token: str, form: AnswerForm, code: int = 200) -> ResponseReturnValue:
    page = render_template(
        "offer_page/offer.html",
        outreach=outreach,
        ask=outreach.discount_request,
        wanted=wish_put_to(outreach),
        product=outreach.discount_request.product,
        currency=_currency(outreach),
        form=form,
        token=token,
        stop_token=stop_token_of(outreach),
        address_form=AddressForm(formdata=None),
        alone=told_to_shop(outreach.discount_request),
    )
    return page, code


def _currency(outreach: "Outreach") -> str | None:
    product = outreach.discount_request.product
    return outreach.currency or (product.currency if product else None)


def stop_token_of(outreach: "Outreach") -> str:
    return issue_token(Purpose.STOP, outreach.id, outreach.created_at)


def _today() -> date:
    return utcnow().astimezone(reader_zone()[0]).date()


def _preselected(outreach: "Outreach") -> dict[str, Any]:
    """What the button in the letter chose: `percent-10`, `price-11500`, `free_delivery`."""
    chosen, _, value = request.args.get("answer", "").partition("-")
    number = read_number(value)
    fields: dict[str, Any] = {"valid_until": _today() + USUAL_TERM}
    if chosen not in {kind.value for kind in AnswerKind}:
        return fields
    if number is not None and (chosen, number) == _wished(outreach):
        return fields | {"answer": "wished"}
    fields["answer"] = chosen
    if number is not None and chosen in ("percent", "price"):
        fields[chosen] = value
    return fields


def answer_of(form: AnswerForm, outreach: "Outreach") -> Answer:
    """What the chosen card says; the fields of the other cards do not count."""
    chosen = form.answer.data
    percent, price = form.percent.number, form.price.number
    if chosen == "wished":
        chosen, value = _wished(outreach)
        percent = price = value
    kind = AnswerKind(chosen)
    return Answer(
        kind=kind,
        percent=_only(kind is AnswerKind.PERCENT, percent),
        price=_only(kind is AnswerKind.PRICE, price),
        text=form.text_for(chosen),
        valid_until=form.valid_until.data or _today() + USUAL_TERM,
        call_by=_call_by(form) if kind is AnswerKind.CALL else None,
    )


def _wished(outreach: "Outreach") -> tuple[str, Decimal]:
    """The answer that gives the buyer all they wish for."""
    wish = wish_put_to(outreach)
    if wish.price is not None:
        return AnswerKind.PRICE.value, wish.price.amount
    assert wish.percent is not None
    return AnswerKind.PERCENT.value, wish.percent


def _answered(outreach: "Outreach") -> str | None:
    """The card of the answer that stands, so that a second press of the same one is no surprise."""
    offer = find_offer_of(outreach.id)
    if offer is None:
        return NO_OFFER.get(outreach.status)
    value = offer.percent if offer.kind is AnswerKind.PERCENT else offer.final_price
    return "wished" if (offer.kind.value, value) == _wished(outreach) else offer.kind.value


def _only(applies: bool, value: Decimal | None) -> Decimal | None:
    return value if applies else None


def _call_by(form: AnswerForm) -> datetime | None:
    if form.call_day.data is None:
        return None
    clock = form.call_time.data or time(18)
    try:
        return datetime.combine(form.call_day.data, clock, reader_zone()[0]).astimezone(UTC)
    except OverflowError:  # the first or the last day of the calendar
        return None
