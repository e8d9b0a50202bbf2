"""The way of a shop's people to its own page: a link to an address of the shop, and a press."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.tokens import Purpose
from discount_broker.kernel.urls import readable_host
from discount_broker.outreach.use_cases.members import enter_shop, send_claim_link
from discount_broker.shops.queries import domains_of, get_member, shop_of_member
from discount_broker.web.access import GOING_TO, log_in, public, token_page, visitor
from discount_broker.web.language import speak, spoken_language
from discount_broker.web.limits import LOGIN_LINK, limited
from discount_broker.web.mail_limits import spares_mailboxes
from discount_broker.web.public import own_path
from discount_broker.web.shop_forms import ClaimForm

bp = Blueprint("shop_claim", __name__, url_prefix="/shop")


@bp.get("/claim")
@public
def show() -> ResponseReturnValue:
    who, going_to = visitor(), _rule_to_make()
    if who and who.kind == "shop" and _is_theirs(who.id, request.args.get("shop")):
        return redirect(going_to or url_for("shop_page.show"))
    if going_to:
        session[GOING_TO] = going_to
    form = ClaimForm(formdata=None, data={"shop": readable_host(request.args.get("shop", "")[:253])})
    return render_template("shop/claim.html", form=form)


def _is_theirs(member_id: UUID, domain: str | None) -> bool:
    """Whether they are in already, and ask for no other shop."""
    return not domain or domain in domains_of(shop_of_member(member_id))


def _rule_to_make() -> str:
    """Where somebody is led who answered a request and wants to give the same always."""
    percent = request.args.get("rule_percent", "")[:20]
    return url_for("shop_rules.show", rule_percent=percent) if percent else ""


@bp.post("/claim")
@limited(LOGIN_LINK)
@spares_mailboxes()
@public
def send_link() -> ResponseReturnValue:
    """Send the link, if the address is the shop's; the answer is the same in any case."""
    form = ClaimForm()
    if form.validate():
        try:
            send_claim_link(form.shop.data or "", form.email.data or "", spoken_language(), utcnow())
        except Refused as refused:
            is_empty = refused.field == "email" and not form.email.data
            form.show_refusal(Refused("email_missing", "email") if is_empty else refused)
        else:
            return render_template("shop/claim_sent.html", address=form.email.data, shop=form.shop.data)
    return render_template("shop/claim.html", form=form), 422


@bp.get("/enter/<token>")
@token_page(Purpose.SHOP_CLAIM)
def open_link(member_id: UUID, token: str) -> ResponseReturnValue:
    return _door(member_id, url_for("shop_claim.use_link", token=token))


@bp.post("/enter/<token>")
@token_page(Purpose.SHOP_CLAIM)
def use_link(member_id: UUID, **_token: str) -> ResponseReturnValue:
    return _let_in(member_id)


@bp.get("/invited/<token>")
@token_page(Purpose.SHOP_INVITE)
def open_invitation(member_id: UUID, token: str) -> ResponseReturnValue:
    return _door(member_id, url_for("shop_claim.take_invitation", token=token))


@bp.post("/invited/<token>")
@token_page(Purpose.SHOP_INVITE)
def take_invitation(member_id: UUID, **_token: str) -> ResponseReturnValue:
    return _let_in(member_id, is_invitation=True)


def _door(member_id: UUID, press_url: str) -> ResponseReturnValue:
    """A button: mail programs open links by themselves, and a look changes nothing."""
    member = get_member(member_id)
    speak(member.language)
    return render_template("shop/enter.html", shop=shop_of_member(member_id), press_url=press_url)


def _let_in(member_id: UUID, *, is_invitation: bool = False) -> ResponseReturnValue:
    speak(get_member(member_id).language)
    target = session.get(GOING_TO) or url_for("shop_page.show")
    log_in("shop", enter_shop(member_id, spoken_language(), utcnow(), is_invitation=is_invitation))
    return redirect(own_path(target))
