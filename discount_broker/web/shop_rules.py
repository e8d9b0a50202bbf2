"""Standing rules of a shop: what it gives to every buyer who asks for no more."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.site import zone_for
from discount_broker.offers.queries import list_rules
from discount_broker.offers.use_cases.standing import end_rule, make_rule
from discount_broker.web.access import shop_required
from discount_broker.web.forms import read_number
from discount_broker.web.limits import SUBMIT, limited
from discount_broker.web.shop_forms import RuleForm
from discount_broker.web.shop_frame import open_shop

if TYPE_CHECKING:
    from discount_broker.shops.models import Shop

bp = Blueprint("shop_rules", __name__, url_prefix="/shop/rules")


@bp.get("")
@shop_required
def show(member_id: UUID) -> ResponseReturnValue:
    """The rules, and a form for the next; an answer just given may fill in its percentage."""
    percent = read_number(request.args.get("rule_percent", "")[:20])
    filled = {"percent": f"{percent:f}"} if percent is not None and percent > Decimal(0) else {}
    return _page(member_id, RuleForm(formdata=None, data=filled))


@bp.post("")
@limited(SUBMIT)
@shop_required
def make(member_id: UUID) -> ResponseReturnValue:
    form, today = RuleForm(), _today(open_shop(member_id))
    if form.check(today):
        try:
            make_rule(member_id, form.terms(), utcnow())
        except Refused as refused:
            form.show_refusal(refused)
        else:
            flash(gettext("From now on this is answered by itself. You can end it here at any time."), "good")
            return redirect(url_for("shop_rules.show"))
    return _page(member_id, form, 422)


@bp.post("/<uuid:rule_id>/end")
@limited(SUBMIT)
@shop_required
def end(member_id: UUID, rule_id: UUID) -> ResponseReturnValue:
    open_shop(member_id)
    end_rule(member_id, rule_id, utcnow())
    flash(gettext("This rule answers no more. What it gave stands."), "good")
    return redirect(url_for("shop_rules.show"))


def _today(shop: "Shop") -> date:
    return utcnow().astimezone(zone_for(shop.country)).date()


def _page(member_id: UUID, form: RuleForm, code: int = 200) -> ResponseReturnValue:
    shop = open_shop(member_id)
    today = _today(shop)
    rules = [(rule, rule.until is not None and rule.until < today) for rule in list_rules(shop.id)]
    return render_template("shop/rules.html", shop=shop, rules=rules, form=form), code
