"""All requests of one letter on one page: staff answer each with its own button, or all of them at once."""

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from discount_broker.escalation.queries.promises import calls_promised
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import NotFound, Refused
from discount_broker.kernel.money import is_discount
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.offers.rules import Answer, check_answer
from discount_broker.offers.status import AnswerKind
from discount_broker.offers.use_cases import submit_answers
from discount_broker.outreach.queries import list_outreaches_in, wish_put_to
from discount_broker.outreach.status import OPEN
from discount_broker.web.access import token_page
from discount_broker.web.answer_form import BulkForm
from discount_broker.web.answer_reading import answer_of, form_of_code
from discount_broker.web.filters import day
from discount_broker.web.language import reader_zone
from discount_broker.web.limits import SUBMIT, limited, spares_tokens
from discount_broker.web.offer_page import WANTED, open_outreach, stop_token_of

if TYPE_CHECKING:
    from discount_broker.outreach.models import Outreach

bp = Blueprint("waiting", __name__)


@bp.get("/w/<token>")
@spares_tokens()
@token_page(Purpose.WAITING)
def show(delivery_id: UUID, token: str) -> ResponseReturnValue:
    """The requests that still wait, each with the way to its answer; how many are answered already."""
    return _page(_open_all(delivery_id), token, BulkForm(formdata=None))


@bp.post("/w/<token>")
@limited(SUBMIT)
@spares_tokens()
@token_page(Purpose.WAITING)
def answer_all(delivery_id: UUID, token: str) -> ResponseReturnValue:
    """Give every buyer who still waits what they ask, the same percentage, or another day."""
    outreaches, form = _open_all(delivery_id), BulkForm()
    if not _is_whole(form):
        return _page(outreaches, token, form, 422)
    waiting = [outreach for outreach in outreaches if _waits(outreach)]
    answers = {outreach.id: _answer(form, outreach) for outreach in waiting}
    _tell(submit_answers(answers, utcnow()), form)
    return redirect(url_for("waiting.show", token=token))


def _is_whole(form: BulkForm) -> bool:
    """Whether the button pressed is one of ours, and what stands beside it could be meant."""
    if form.all.data == "percent":
        return is_discount(form.percent.number) or form.wrong("percent", "percent_out_of_range")
    if form.all.data != "later":
        return str(form.all.data) == "wished"
    try:
        check_answer(_later(form), None, utcnow().astimezone(reader_zone()[0]))
    except Refused as refused:
        return form.wrong("later_day", refused.code)
    return True


def _later(form: BulkForm) -> Answer:
    return Answer(kind=AnswerKind.LATER, ask_again_on=form.later_day.data)


def _answer(form: BulkForm, outreach: "Outreach") -> Answer:
    if form.all.data == "later":
        return _later(form)
    code = "wished" if form.all.data == "wished" else f"percent-{form.percent.number}"
    return answer_of(form_of_code(code, outreach), outreach)


def _open_all(delivery_id: UUID) -> "list[Outreach]":
    outreaches = list_outreaches_in(delivery_id)
    if not outreaches:
        raise NotFound("digest")
    open_outreach(outreaches[0].id)
    return outreaches


def _waits(outreach: "Outreach") -> bool:
    return outreach.status in OPEN and outreach.discount_request.status in WANTED


def _tell(taken: dict[UUID, bool], form: BulkForm) -> None:
    done = sum(taken.values())
    if done and form.all.data == "later":
        flash(gettext("Thank you. We ask you again on %(day)s", day=day(form.later_day.data)), "good")
    elif done:
        said = ngettext("Done: %(num)d buyer has your offer.", "Done: %(num)d buyers have your offer.", done)
        flash(said, "good")
    if done < len(taken):
        flash(gettext("Those below could not be answered this way. Please answer them one by one."), "warn")


def _page(outreaches: "list[Outreach]", token: str, form: BulkForm, code: int = 200) -> ResponseReturnValue:
    asks = [
        (outreach, wish_put_to(outreach), issue_token(Purpose.OFFER, outreach.id, outreach.created_at))
        for outreach in outreaches
        if _waits(outreach)
    ]
    page = render_template(
        "offer_page/waiting.html",
        asks=asks,
        calls=calls_promised([outreach.id for outreach, *_ in asks]),
        form=form,
        over=len(outreaches) - len(asks),
        shop=outreaches[0].shop,
        token=token,
        stop_token=stop_token_of(outreaches[0]),
    )
    return page, code
