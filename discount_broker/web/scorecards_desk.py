"""Score-cards at the desk: the cases behind each, what shops say to them, and a file of all."""

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length

from discount_broker.accounts.queries import operator_names
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.scorecards.queries import all_cards, count_unread, get_reply, list_unread
from discount_broker.scorecards.rules import LONGEST_REPLY
from discount_broker.scorecards.use_cases import settle_reply
from discount_broker.shops.queries import get_shop
from discount_broker.web.access import staff_required
from discount_broker.web.forms import PageForm, strip
from discount_broker.web.scorecards_csv import cards_as_csv, cases_as_csv
from discount_broker.web.scorecards_page import ShownCard, as_file, dealings_behind, picture, shown_card

if TYPE_CHECKING:
    from discount_broker.shops.models import Shop

bp = Blueprint("desk_cards", __name__, url_prefix="/desk/cards")


@bp.record_once
def _know(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals["unread_replies"] = count_unread


REFUSALS = {
    "say_why": _l("Please publish it, or tell the shop why not."),
    "reply_too_long": _l("Please be shorter: at most 2,000 characters are kept."),
}


class SettleForm(PageForm):
    """What a lead makes of a reply."""

    own_refusals = REFUSALS
    is_public = BooleanField(_l("Show it beside the card, to everybody who sees the card"))
    answer = TextAreaField(
        _l("Our answer"),
        filters=[strip],
        validators=[Length(max=LONGEST_REPLY, message=REFUSALS["reply_too_long"])],
    )


def card_at_desk(shop: "Shop") -> ShownCard | None:
    """The card of a shop with pictures that our team may see."""
    return shown_card(
        shop,
        lambda name, size: url_for("desk_cards.plot", shop_id=shop.id, name=name, size=size),
        sees_all=True,
    )


@bp.get("")
@staff_required()
def replies(operator_id: UUID) -> ResponseReturnValue:
    """What shops say to their cards and nobody has read yet."""
    del operator_id
    return render_template("scorecards/replies.html", waiting=list_unread())


@bp.get("/all.csv")
@staff_required("lead")
def export(operator_id: UUID) -> Response:
    del operator_id
    return as_file(cards_as_csv(all_cards()), "cards")


@bp.get("/<uuid:shop_id>")
@staff_required()
def show(operator_id: UUID, shop_id: UUID) -> ResponseReturnValue:
    """The card of one shop, with every case that was counted and its clocks."""
    del operator_id
    shop = get_shop(shop_id)
    score = card_at_desk(shop)
    readers = {each.operator_id for each in score.replies if each.operator_id} if score else set()
    return render_template(
        "scorecards/cases.html",
        shop=shop,
        score=score,
        cases=dealings_behind(shop_id),
        names=operator_names(readers),
    )


@bp.get("/<uuid:shop_id>/plots/<name>.svg")
@staff_required()
def plot(operator_id: UUID, shop_id: UUID, name: str) -> Response:
    del operator_id
    return picture(get_shop(shop_id), name)


@bp.get("/<uuid:shop_id>/cases.csv")
@staff_required()
def table(operator_id: UUID, shop_id: UUID) -> Response:
    del operator_id
    shop = get_shop(shop_id)
    return as_file(cases_as_csv(dealings_behind(shop_id), for_everybody=False), f"card-{shop.domain}")


@bp.get("/replies/<uuid:reply_id>")
@staff_required("lead")
def reply(operator_id: UUID, reply_id: UUID) -> ResponseReturnValue:
    del operator_id
    told = get_reply(reply_id)
    form = SettleForm(formdata=None, is_public=told.is_public, answer=told.answer)
    return _reply_page(reply_id, form)


@bp.post("/replies/<uuid:reply_id>")
@staff_required("lead")
def settle(operator_id: UUID, reply_id: UUID) -> ResponseReturnValue:
    """Publish a reply, or answer why not."""
    form = SettleForm()
    if not form.validate():
        return _reply_page(reply_id, form), 422
    try:
        settle_reply(
            reply_id, operator_id, form.answer.data or "", utcnow(), is_public=bool(form.is_public.data)
        )
    except Refused as refused:
        form.show_refusal(refused)
        return _reply_page(reply_id, form), 422
    flash(gettext("Kept. The shop reads it on its own page."), "good")
    return redirect(url_for(".replies"))


def _reply_page(reply_id: UUID, form: SettleForm) -> str:
    told = get_reply(reply_id)
    return render_template("scorecards/reply.html", reply=told, shop=get_shop(told.shop_id), form=form)
