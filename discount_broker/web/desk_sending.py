"""What leaves and what does not: holds, messages whose outcome nobody knows, ways that fail, tasks."""

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, Length

from discount_broker.accounts.queries import operator_names
from discount_broker.escalation.queries import count_reviews, list_reviews
from discount_broker.escalation.use_cases import settle_review
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import IllegalTransition
from discount_broker.messaging.queries import (
    count_deliveries,
    count_unknown,
    list_forms_that_failed,
    list_holds,
    list_stuck,
    list_unknown,
    list_ways,
    share_undelivered,
)
from discount_broker.messaging.use_cases import resolve_unknown
from discount_broker.outreach.form_filling.recipes import RECIPES
from discount_broker.outreach.queries import conversations_of
from discount_broker.outreach.use_cases import hold_sending, lift_hold
from discount_broker.shops.queries import find_shop_by_domain
from discount_broker.web import desk_sending_words as words
from discount_broker.web.access import staff_required
from discount_broker.web.forms import PageForm, strip
from discount_broker.web.once import once_a_request

if TYPE_CHECKING:
    from discount_broker.messaging.models import SendingHold
    from discount_broker.shops.models import Shop

bp = Blueprint("sending", __name__, url_prefix="/desk/sending")


class AtWork(NamedTuple):
    """What the other pages of the desk tell of sending."""

    waiting: int
    """Tasks, and messages whose outcome nobody knows."""
    is_held: bool
    is_all_held: bool
    """Not a single shop alone, but a way of sending, or everything."""


ENOUGH = 1000
"""Nobody counts further than this while they turn a page."""


@once_a_request
def _at_work() -> AtWork:
    holds = [hold.key for hold in list_holds(utcnow())]
    return AtWork(
        waiting=count_reviews() + count_unknown(at_most=ENOUGH),
        is_held=bool(holds),
        is_all_held=any(not key.startswith("shop:") for key in holds),
    )


@bp.record_once
def _know(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals["sending_work"] = _at_work
    state.app.jinja_env.filters["fates"] = words.fates_of


LOOKED_BACK = timedelta(days=30)


class HoldForm(PageForm):
    """What is to be held back, and why."""

    own_refusals = words.REFUSALS
    key = SelectField(
        _l("What is held back"), choices=[SelectChoice(key, said) for key, said in words.HOLDS.items()]
    )
    cause = StringField(
        _l("Why"),
        filters=[strip],
        validators=[DataRequired(words.REFUSALS["cause_missing"]), Length(max=300)],
    )


@bp.get("")
@staff_required()
def show(operator_id: UUID) -> ResponseReturnValue:
    del operator_id
    return _page(HoldForm(formdata=None))


@bp.post("/holds")
@staff_required("lead")
def hold(operator_id: UUID) -> ResponseReturnValue:
    """Stop everything, or one channel, until somebody lifts it."""
    form = HoldForm()
    if not form.validate():
        return _page(form, 422)
    hold_sending(form.key.data, operator_id, form.cause.data or "", utcnow())
    flash(gettext("Held back from now on. Nothing is lost: it waits until you lift the hold."), "good")
    return redirect(url_for("sending.show"))


@bp.post("/holds/lift")
@staff_required("lead")
def lift(operator_id: UUID) -> ResponseReturnValue:
    lift_hold(request.form.get("key", ""), operator_id, utcnow())
    flash(gettext("Lifted. What waited leaves within five minutes."), "good")
    return redirect(url_for("sending.show"))


@bp.post("/unknown/<uuid:delivery_id>")
@staff_required()
def resolve(operator_id: UUID, delivery_id: UUID) -> ResponseReturnValue:
    """A person found out whether a message arrived."""
    del operator_id
    try:
        resolve_unknown(delivery_id, utcnow(), arrived=request.form.get("arrived") == "yes")
        flash(gettext("Noted. The request goes on from there."), "good")
    except IllegalTransition:
        flash(gettext("Somebody has found that out meanwhile."), "warn")
    return redirect(url_for("sending.show"))


@bp.post("/tasks/<uuid:review_id>")
@staff_required()
def looked_at(operator_id: UUID, review_id: UUID) -> ResponseReturnValue:
    settle_review(review_id, operator_id, utcnow())
    flash(gettext("Noted as looked at."), "good")
    return redirect(url_for("sending.show"))


def _page(form: HoldForm, code: int = 200) -> ResponseReturnValue:
    now = utcnow()
    holds, unknown, stuck = list_holds(now), list_unknown(), list_stuck(now)
    since = now - LOOKED_BACK
    page = render_template(
        "desk/sending.html",
        hold_form=form,
        holds=holds,
        held_shops={hold.key: _shop_held_by(hold) for hold in holds},
        names=operator_names([hold.operator_id for hold in holds if hold.operator_id]),
        unknown=unknown,
        stuck=stuck,
        conversations=conversations_of([delivery.id for delivery in (*unknown, *stuck)]),
        reviews=list_reviews(),
        ways=list_ways(since),
        failed_forms=list_forms_that_failed(since),
        titles={recipe.name: recipe.title for recipe in RECIPES},
        counts=count_deliveries(),
        texts=share_undelivered(since, now),
        words=words,
    )
    return page, code


def _shop_held_by(hold: "SendingHold") -> "Shop | None":
    kind, _, domain = hold.key.partition(":")
    return find_shop_by_domain(domain) if kind == "shop" else None
