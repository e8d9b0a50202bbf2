"""One shop: where each of its doors was found and how it fared, and what people correct."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from discount_broker.discovery.use_cases.again import read_again
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.urls import registrable_domain
from discount_broker.outreach.use_cases import hold_sending, lift_hold
from discount_broker.outreach.use_cases.correcting import disown_door
from discount_broker.outreach.use_cases.merging import merge_shops, plan_merge, split_shop
from discount_broker.shops.queries import find_domain, get_shop
from discount_broker.shops.use_cases import add_door, describe_shop, prefer_door, restore_door
from discount_broker.web import desk_shop_words as words
from discount_broker.web.access import staff_required
from discount_broker.web.desk_shop_forms import DescribeForm, DoorForm, MergeForm
from discount_broker.web.desk_shop_page import facts_of
from discount_broker.web.forms import PageForm

bp = Blueprint("shop", __name__, url_prefix="/desk/shops/<uuid:shop_id>")


@bp.get("")
@staff_required()
def show(operator_id: UUID, shop_id: UUID) -> ResponseReturnValue:
    del operator_id
    return _page(shop_id)


@bp.post("/doors")
@staff_required()
def add(operator_id: UUID, shop_id: UUID) -> ResponseReturnValue:
    """Keep a door that an operator has found out."""
    form = DoorForm()
    if not form.validate():
        return _page(shop_id, 422, door_form=form)
    kind, typed = form.door()
    try:
        point = add_door(
            shop_id, kind, typed, operator_id, utcnow(), is_preferred=bool(form.is_preferred.data)
        )
    except Refused as refused:
        form.show_refusal(refused)
        return _page(shop_id, 422, door_form=form)
    if point.state == "stopped":
        flash(gettext("Kept, but it stays closed: the stop list forbids to write there."), "warn")
    else:
        flash(gettext("Kept: %(value)s. No crawl changes it.", value=point.value), "good")
    return _back(shop_id)


@bp.post("/doors/<uuid:door_id>/not-theirs")
@staff_required()
def disown(operator_id: UUID, shop_id: UUID, door_id: UUID) -> ResponseReturnValue:
    point = disown_door(shop_id, door_id, operator_id, utcnow())
    flash(gettext("Noted: %(value)s is somebody else's. Nothing more goes there.", value=point.value), "good")
    return _back(shop_id)


@bp.post("/doors/<uuid:door_id>/theirs")
@staff_required()
def restore(operator_id: UUID, shop_id: UUID, door_id: UUID) -> ResponseReturnValue:
    point = restore_door(shop_id, door_id, operator_id, utcnow())
    if point.state == "stopped":
        flash(gettext("Noted, but it stays closed: the stop list forbids to write there."), "warn")
    else:
        flash(gettext("Noted: %(value)s is theirs and is tried again.", value=point.value), "good")
    return _back(shop_id)


@bp.post("/doors/<uuid:door_id>/first")
@staff_required()
def first(operator_id: UUID, shop_id: UUID, door_id: UUID) -> ResponseReturnValue:
    point = prefer_door(shop_id, door_id, operator_id, utcnow(), is_preferred=True)
    flash(gettext("Noted: %(value)s is tried first from now on.", value=point.value), "good")
    return _back(shop_id)


@bp.post("/doors/<uuid:door_id>/in-turn")
@staff_required()
def in_turn(operator_id: UUID, shop_id: UUID, door_id: UUID) -> ResponseReturnValue:
    point = prefer_door(shop_id, door_id, operator_id, utcnow(), is_preferred=False)
    flash(gettext("Noted: %(value)s is tried in its turn again.", value=point.value), "good")
    return _back(shop_id)


@bp.post("/facts")
@staff_required()
def describe(operator_id: UUID, shop_id: UUID) -> ResponseReturnValue:
    """Set name, country and language."""
    form = DescribeForm()
    form.offer_choices(get_shop(shop_id))
    if not form.validate():
        return _page(shop_id, 422, describe_form=form)
    changed = describe_shop(shop_id, form.said(), operator_id, utcnow())
    flash(gettext("Kept. No crawl changes it.") if changed else gettext("Nothing was changed."), "good")
    return _back(shop_id)


@bp.post("/hold")
@staff_required()
def hold(operator_id: UUID, shop_id: UUID) -> ResponseReturnValue:
    """Let nothing leave to this shop until somebody lifts it; what is written meanwhile waits."""
    cause = request.form.get("cause", "").strip()[:300]
    hold_sending(f"shop:{get_shop(shop_id).domain}", operator_id, cause, utcnow())
    flash(gettext("Held: letters to this shop wait until you let them leave again."), "good")
    return _back(shop_id)


@bp.post("/release")
@staff_required()
def release(operator_id: UUID, shop_id: UUID) -> ResponseReturnValue:
    lift_hold(f"shop:{get_shop(shop_id).domain}", operator_id, utcnow())
    flash(gettext("Lifted. What waited leaves within five minutes."), "good")
    return _back(shop_id)


@bp.post("/read")
@staff_required()
def read(operator_id: UUID, shop_id: UUID) -> ResponseReturnValue:
    del operator_id
    try:
        read_again(shop_id, utcnow())
    except Refused:
        flash(gettext("This shop forbids us to write, so its pages are not read."), "warn")
    else:
        flash(gettext("Its pages are being read. That takes a minute; open this page again then."), "good")
    return _back(shop_id)


@bp.get("/merge")
@staff_required("lead")
def merge_preview(operator_id: UUID, shop_id: UUID) -> ResponseReturnValue:
    """What would happen if the domain asked for became another name of this shop."""
    del operator_id
    form = MergeForm(formdata=None, data={"domain": request.args.get("domain", "")[:300]})
    alias = find_domain(_domain(form.domain.data or ""))
    if alias is None:
        form.unknown()
        return _merge_page(shop_id, form, None, 404)
    try:
        return _merge_page(shop_id, form, plan_merge(alias.id, shop_id))
    except Refused as refused:
        form.show_refusal(refused)
        return _merge_page(shop_id, form, None, 409)


@bp.post("/merge")
@staff_required("lead")
def merge(operator_id: UUID, shop_id: UUID) -> ResponseReturnValue:
    form = MergeForm()
    alias = find_domain(_domain(form.domain.data or ""))
    if alias is None:
        form.unknown()
        return _merge_page(shop_id, form, None, 404)
    domain = alias.domain
    try:
        merge_shops(alias.id, shop_id, operator_id, utcnow())
    except Refused as refused:
        form.show_refusal(refused)
        return _merge_page(shop_id, form, None, 409)
    flash(gettext("Done: %(domain)s is another name of this shop.", domain=domain), "good")
    return _back(shop_id)


@bp.post("/split")
@staff_required("lead")
def split(operator_id: UUID, shop_id: UUID) -> ResponseReturnValue:
    """Part an other name from its shop again."""
    try:
        split_shop(shop_id, operator_id, utcnow())
    except Refused:
        flash(gettext("This domain is no other name of a shop."), "warn")
    else:
        flash(gettext("Done: this is a shop of its own again. The doors stayed with the other one."), "good")
    return _back(shop_id)


def _page(shop_id: UUID, code: int = 200, **filled: PageForm) -> ResponseReturnValue:
    """The whole shop; forms that were filled in keep what was typed."""
    facts = facts_of(shop_id, utcnow())
    shop = facts["shop"]
    fresh: dict[str, Callable[[], Any]] = {
        "door_form": lambda: DoorForm(formdata=None),
        "describe_form": lambda: _describe_form(shop),
    }
    forms = {name: filled.get(name) or make() for name, make in fresh.items()}
    return render_template("desk/shop.html", **facts, **forms, filled=set(filled), words=words), code


def _describe_form(shop: Any) -> DescribeForm:
    said = {"name": shop.name, "country": shop.country or "", "language": shop.language or ""}
    form = DescribeForm(formdata=None, data=said)
    form.offer_choices(shop)
    return form


def _merge_page(shop_id: UUID, form: MergeForm, plan: Any, code: int = 200) -> ResponseReturnValue:
    shop = get_shop(shop_id)
    return render_template("desk/shop_merge.html", shop=shop, form=form, plan=plan, words=words), code


def _domain(typed: str) -> str:
    """The domain in what was typed: a name, or a link to one of its pages."""
    typed = typed.strip().lower()
    return registrable_domain(typed if "//" in typed else f"//{typed.partition('/')[0]}")


def _back(shop_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("shop.show", shop_id=shop_id))
