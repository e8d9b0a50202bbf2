"""Who answers for a shop: its people let colleagues in, and take addresses away."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.outreach.use_cases.members import end_member, invite_member
from discount_broker.shops.queries import list_members
from discount_broker.web.access import shop_required
from discount_broker.web.language import spoken_language
from discount_broker.web.limits import LOGIN_LINK, SUBMIT, limited
from discount_broker.web.mail_limits import spares_mailboxes
from discount_broker.web.shop_forms import InviteForm
from discount_broker.web.shop_frame import open_shop

bp = Blueprint("shop_people", __name__, url_prefix="/shop/people")


@bp.get("")
@shop_required
def show(member_id: UUID) -> ResponseReturnValue:
    return _page(member_id, InviteForm(formdata=None))


@bp.post("")
@limited(LOGIN_LINK)
@spares_mailboxes()
@shop_required
def invite(member_id: UUID) -> ResponseReturnValue:
    open_shop(member_id)
    form = InviteForm()
    if form.validate():
        try:
            invite_member(member_id, form.email.data or "", spoken_language(), utcnow())
        except Refused as refused:
            is_empty = refused.code == "email_invalid" and not form.email.data
            form.show_refusal(Refused("email_missing", "email") if is_empty else refused)
        else:
            flash(gettext("An invitation is on its way to %(address)s.", address=form.email.data), "good")
            return redirect(url_for("shop_people.show"))
    return _page(member_id, form, 422)


@bp.post("/<uuid:colleague_id>/end")
@limited(SUBMIT)
@shop_required
def end(member_id: UUID, colleague_id: UUID) -> ResponseReturnValue:
    open_shop(member_id)
    try:
        end_member(member_id, colleague_id, utcnow())
    except Refused:
        flash(gettext("You are the last who answers for the shop. Let somebody else in first."), "warn")
        return _page(member_id, InviteForm(formdata=None), 409)
    flash(gettext("This address answers for the shop no more."), "good")
    return redirect(url_for("shop_people.show"))


def _page(member_id: UUID, form: InviteForm, code: int = 200) -> ResponseReturnValue:
    shop = open_shop(member_id)
    page = render_template(
        "shop/people.html", shop=shop, members=list_members(shop.id), me=member_id, form=form
    )
    return page, code
