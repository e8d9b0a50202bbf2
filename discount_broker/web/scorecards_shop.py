"""The score-card as the shop itself sees it: all of it, the cases counted, and its right of reply."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from discount_broker.checks.queries import list_checks_of, list_not_put
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.scorecards.queries import list_replies
from discount_broker.scorecards.rules import LONGEST_REPLY
from discount_broker.scorecards.use_cases import say_to_card
from discount_broker.web.access import shop_required
from discount_broker.web.checks import report_token
from discount_broker.web.desk_checks_words import why_not
from discount_broker.web.forms import PageForm, strip
from discount_broker.web.limits import SUBMIT, limited
from discount_broker.web.scorecards_csv import cases_as_csv
from discount_broker.web.scorecards_page import as_file, dealings_behind, picture, shown_card
from discount_broker.web.shop_frame import open_shop

bp = Blueprint("shop_card", __name__, url_prefix="/shop/card")

REFUSALS = {
    "nothing_said": _l("Please write what you want to say."),
    "reply_too_long": _l("Please be shorter: at most 2,000 characters are read."),
    "replies_wait": _l("Three of your replies are still to be read. Please wait for our answer."),
}


class SayForm(PageForm):
    """What a shop says to its own card."""

    own_refusals = REFUSALS
    words = TextAreaField(
        _l("What do you want to say to these figures?"),
        filters=[strip],
        validators=[
            InputRequired(REFUSALS["nothing_said"]),
            Length(max=LONGEST_REPLY, message=REFUSALS["reply_too_long"]),
        ],
    )


@bp.get("")
@shop_required
def show(member_id: UUID) -> ResponseReturnValue:
    return _page(member_id, SayForm(formdata=None))


@bp.post("")
@limited(SUBMIT)
@shop_required
def say(member_id: UUID) -> ResponseReturnValue:
    """Say something to the card; a lead reads it before anybody else does."""
    open_shop(member_id)
    form = SayForm()
    if not form.validate():
        return _page(member_id, form), 422
    try:
        say_to_card(member_id, form.words.data or "", utcnow())
    except Refused as refused:
        form.show_refusal(refused)
        return _page(member_id, form), 409 if refused.code == "replies_wait" else 422
    flash(gettext("Thank you. One of our people reads it, and answers here."), "good")
    return redirect(url_for(".show"))


def _page(member_id: UUID, form: SayForm) -> str:
    shop = open_shop(member_id)
    return render_template(
        "scorecards/own.html",
        shop=shop,
        score=shown_card(shop, lambda name, size: url_for(".plot", name=name, size=size), sees_all=True),
        cases=dealings_behind(shop.id),
        not_put=[(check, why_not(check)) for check in list_not_put(shop.id)],
        checks=[(check, report_token(check.id)) for check in list_checks_of(shop.id)],
        replies=list_replies(shop.id),
        form=form,
    )


@bp.get("/plots/<name>.svg")
@shop_required
def plot(member_id: UUID, name: str) -> Response:
    return picture(open_shop(member_id), name)


@bp.get("/cases.csv")
@shop_required
def table(member_id: UUID) -> Response:
    shop = open_shop(member_id)
    return as_file(cases_as_csv(dealings_behind(shop.id), for_everybody=False), f"card-{shop.domain}")
