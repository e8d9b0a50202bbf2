"""A shop's own page: the buyers who wait for its answer, one by one or several at once."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from discount_broker.escalation.queries.promises import calls_promised
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import IllegalTransition, Refused
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.offers.queries import find_offer_of
from discount_broker.offers.rules import Answer
from discount_broker.offers.status import AnswerKind
from discount_broker.offers.use_cases import submit_answer
from discount_broker.outreach.queries import wish_put_to
from discount_broker.outreach.queries.shop_page import (
    count_other_answers,
    count_waiting_for,
    list_answered_by,
    list_waiting_for,
)
from discount_broker.shops.queries import is_stopped
from discount_broker.web.access import shop_required
from discount_broker.web.filters import moment, percent
from discount_broker.web.language import reader_zone
from discount_broker.web.limits import SUBMIT, limited
from discount_broker.web.sentences import refusal
from discount_broker.web.shop_forms import BulkForm
from discount_broker.web.shop_frame import open_shop

if TYPE_CHECKING:
    from discount_broker.notifications.catalogue import Wish
    from discount_broker.outreach.models import Outreach
    from discount_broker.shops.models import Shop

bp = Blueprint("shop_page", __name__, url_prefix="/shop")

USUAL_TERM = timedelta(days=3)
LATELY = timedelta(days=14)
EARLIER = lazy_gettext("Answered meanwhile, or the buyer wants no more answers. Nothing was changed.")


class Waiting(NamedTuple):
    """One buyer as the list tells it."""

    outreach: "Outreach"
    wanted: "Wish"
    offer_token: str
    others: int
    """Other shops that have made an offer already."""
    call_by: datetime | None
    """When the shop said it would call, at the latest."""


class Result(NamedTuple):
    """What came of one line of a bulk answer."""

    outreach: "Outreach"
    is_taken: bool
    sentence: str


@bp.get("")
@shop_required
def show(member_id: UUID) -> ResponseReturnValue:
    return _page(open_shop(member_id), BulkForm(formdata=None))


@bp.post("")
@limited(SUBMIT)
@shop_required
def answer(member_id: UUID) -> ResponseReturnValue:
    """Give one answer to all ticked buyers; each is told on its own line what came of it."""
    shop, form = open_shop(member_id), BulkForm()
    waiting = {str(outreach.id): outreach for outreach in list_waiting_for(shop.id)}
    ticked = set(waiting if form.everyone.data else request.form.getlist("outreach"))
    is_whole = form.validate() and form.check()
    if not ticked:
        form.act.errors = [*form.act.errors, gettext("Tick the buyers whom you answer.")]
    if not ticked or not is_whole:
        return _page(shop, form, ticked=ticked, code=422)
    results = [_give(waiting[each], form) for each in waiting if each in ticked]
    gone = len(ticked - waiting.keys())
    code = 200 if any(result.is_taken for result in results) else 409 if not results else 422
    missed = {str(result.outreach.id) for result in results if not result.is_taken}
    kept = BulkForm(formdata=None) if code == 200 and not missed else form
    return _page(shop, kept, ticked=missed, code=code, results=results, gone=gone)


def _give(outreach: "Outreach", form: BulkForm) -> Result:
    try:
        given = _answer_to(outreach, form)
        submit_answer(outreach.id, given, utcnow())
    except Refused as refused:
        return Result(outreach, is_taken=False, sentence=str(refusal(refused.code)))
    except IllegalTransition:
        return Result(outreach, is_taken=False, sentence=str(EARLIER))
    return Result(outreach, is_taken=True, sentence=_said(given))


def _answer_to(outreach: "Outreach", form: BulkForm) -> Answer:
    words, wanted = (form.words.data or "").strip(), wish_put_to(outreach)
    until = utcnow().astimezone(reader_zone()[0]).date() + USUAL_TERM
    if form.act.data == "call":
        return Answer(kind=AnswerKind.CALL, text=words, call_by=_call_by(form))
    if form.act.data == "percent" or wanted.price is None:
        off: Decimal | None = form.percent.number if form.act.data == "percent" else wanted.percent
        return Answer(kind=AnswerKind.PERCENT, percent=off, text=words, valid_until=until)
    return Answer(kind=AnswerKind.PRICE, price=wanted.price.amount, text=words, valid_until=until)


def _call_by(form: BulkForm) -> datetime | None:
    if form.call_day.data is None:
        return None
    at = form.call_time.data or time(18)
    try:
        return datetime.combine(form.call_day.data, at, reader_zone()[0]).astimezone(UTC)
    except OverflowError:  # the first or the last day of the calendar
        return None


def _said(given: Answer) -> str:
    if given.kind is AnswerKind.CALL and given.call_by is not None:
        return str(gettext("Promised a call by %(time)s.", time=moment(given.call_by)))
    if given.kind is AnswerKind.PERCENT:
        return str(gettext("Gave %(percent)s off.", percent=percent(given.percent)))
    return str(gettext("Gave the price that the buyer asks for."))


def _page(
    shop: "Shop",
    form: BulkForm,
    *,
    ticked: set[str] | None = None,
    code: int = 200,
    results: list[Result] | None = None,
    gone: int = 0,
) -> ResponseReturnValue:
    waiting = list_waiting_for(shop.id)
    answered = list_answered_by(shop.id, utcnow() - LATELY)
    page = render_template(
        "shop/waiting.html",
        shop=shop,
        form=form,
        ticked=ticked or set(),
        results=results or [],
        gone=gone,
        waiting=_lines(shop, waiting),
        hidden=count_waiting_for(shop.id) - len(waiting),
        answered=[(outreach, find_offer_of(outreach.id), _token(outreach)) for outreach in answered],
        is_stopped=is_stopped(shop),
    )
    return page, code


def _lines(shop: "Shop", outreaches: "list[Outreach]") -> list[Waiting]:
    others = count_other_answers(shop.id, [outreach.discount_request_id for outreach in outreaches])
    calls = calls_promised([outreach.id for outreach in outreaches])
    return [
        Waiting(
            each, wish_put_to(each), _token(each), others.get(each.discount_request_id, 0), calls.get(each.id)
        )
        for each in outreaches
    ]


def _token(outreach: "Outreach") -> str:
    return issue_token(Purpose.OFFER, outreach.id, outreach.created_at)
