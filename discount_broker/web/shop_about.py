"""What a shop says of itself: where, when and how often it is reached, and what it sells."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from discount_broker.checks.queries import doors_to_ask
from discount_broker.discovery.queries.catalogue import count_listings
from discount_broker.kernel.business_time import CLOSES, OPENS
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.site import site, zone_for
from discount_broker.outreach.use_cases.correcting import disown_own_door
from discount_broker.shops.extract.opening_hours import DAYS, closed_days_typed, hours_typed
from discount_broker.shops.queries import list_all_doors
from discount_broker.shops.rules import NOT_THEIRS, USABLE, WRITABLE
from discount_broker.shops.status import DoorSource
from discount_broker.shops.use_cases import (
    prefer_own_door,
    set_budget,
    set_feed,
    set_hours,
    tell_door,
    want_checks,
)
from discount_broker.web import desk_shop_words as words
from discount_broker.web.access import shop_required
from discount_broker.web.desk_shop_forms import DoorForm
from discount_broker.web.limits import SUBMIT, limited
from discount_broker.web.sentences import reading_failure
from discount_broker.web.shop_forms import DAY_NAMES, BudgetForm, FeedForm, HoursForm, ShopForm
from discount_broker.web.shop_frame import open_shop

if TYPE_CHECKING:
    from discount_broker.shops.models import ContactPoint, Shop

bp = Blueprint("shop_about", __name__, url_prefix="/shop/about")

FEED_FAILURES = {
    "feed_unreadable": _l("It is no feed that we can read: no YML and no Google Merchant, or it breaks off."),
    "feed_foreign": _l("None of its products lies at a domain of your shop, so none was taken."),
    "feed_empty": _l("It holds no products."),
    "too_large": _l("It is larger than 40 MB. A packed file (.gz) may fit."),
    "robots": _l("Your robots.txt does not let us read it, and we keep to that."),
    "not_web": _l("This is no web address that we can read."),
}
READING = "reading"
Typed = TypeVar("Typed", bound=ShopForm)


class Door(NamedTuple):
    """A contact point as the shop sees it."""

    point: "ContactPoint"
    kind: str
    state: str
    tone: str
    why: str
    is_used: bool
    may_prefer: bool
    told_by_shop: bool


@bp.get("")
@shop_required
def show(member_id: UUID) -> ResponseReturnValue:
    return _page(member_id)


@bp.post("/doors")
@limited(SUBMIT)
@shop_required
def add_door(member_id: UUID) -> ResponseReturnValue:
    open_shop(member_id)
    form = DoorForm()
    if form.validate():
        kind, typed = form.door()
        try:
            point = tell_door(member_id, kind, typed, utcnow(), is_preferred=bool(form.is_preferred.data))
        except Refused as refused:
            form.show_refusal(refused)
        else:
            if point.state == "stopped":
                flash(gettext("Kept, but closed: you have forbidden us to write there."), "warn")
            else:
                flash(
                    gettext("Kept: %(value)s. It stands, whatever we read on your pages.", value=point.value),
                    "good",
                )
            return _back("doors")
    return _page(member_id, 422, door_form=form)


@bp.post("/doors/<uuid:door_id>/not-ours")
@limited(SUBMIT)
@shop_required
def drop_door(member_id: UUID, door_id: UUID) -> ResponseReturnValue:
    open_shop(member_id)
    point = disown_own_door(member_id, door_id, utcnow())
    flash(gettext("Nothing goes to %(value)s any more.", value=point.value), "good")
    return _back("doors")


@bp.post("/doors/<uuid:door_id>/first")
@limited(SUBMIT)
@shop_required
def first_door(member_id: UUID, door_id: UUID) -> ResponseReturnValue:
    open_shop(member_id)
    prefer_own_door(member_id, door_id, utcnow(), is_preferred=True)
    flash(gettext("It is tried before all others now."), "good")
    return _back("doors")


@bp.post("/hours")
@limited(SUBMIT)
@shop_required
def keep_hours(member_id: UUID) -> ResponseReturnValue:
    """Keep when the shop is open; every wait and every letter asks for that from now on."""
    zone = zone_for(open_shop(member_id).country)

    def keep(form: HoursForm, now: datetime) -> str:
        today, days_off = now.astimezone(zone).date(), form.closed_days.data or ""
        set_hours(member_id, hours_typed(form.typed), closed_days_typed(days_off, today), now)
        return str(gettext("Your hours are kept, and count from now on."))

    return _kept("hours", HoursForm(), keep, member_id)


@bp.post("/budget")
@limited(SUBMIT)
@shop_required
def keep_budget(member_id: UUID) -> ResponseReturnValue:
    def keep(form: BudgetForm, now: datetime) -> str:
        set_budget(member_id, form.chosen(), now)
        return str(gettext("Kept. We write no more often than that."))

    return _kept("budget", BudgetForm(), keep, member_id)


@bp.post("/feed")
@limited(SUBMIT)
@shop_required
def keep_feed(member_id: UUID) -> ResponseReturnValue:
    def keep(form: FeedForm, now: datetime) -> str:
        set_feed(member_id, form.link.data or "", now)
        said = gettext("Kept. We read it now, and once a day from then on.")
        return str(said if form.link.data else gettext("Your feed is not read any more."))

    return _kept("feed", FeedForm(), keep, member_id)


def _kept(
    place: str, form: Typed, keep: Callable[[Typed, datetime], str], member_id: UUID
) -> ResponseReturnValue:
    """Keep what was typed in one part of the page, or show that part again with what is wrong beside it."""
    open_shop(member_id)
    if form.validate():
        try:
            said = keep(form, utcnow())
        except Refused as refused:
            form.show_refusal(refused)
        else:
            flash(said, "good")
            return _back(place)
    return _page(member_id, 422, **{f"{place}_form": form})


@bp.post("/checks")
@limited(SUBMIT)
@shop_required
def keep_checks(member_id: UUID) -> ResponseReturnValue:
    open_shop(member_id)
    wants = "checks" in request.form
    want_checks(member_id, utcnow(), wants=wants)
    said = gettext("You are checked from now on.")
    flash(said if wants else gettext("You are not checked any more."), "good")
    return _back("checks")


def _back(place: str) -> ResponseReturnValue:
    return redirect(url_for("shop_about.show", _anchor=place))


def _page(member_id: UUID, code: int = 200, **typed: Any) -> ResponseReturnValue:
    shop = open_shop(member_id)
    doors = [_door(point) for point in list_all_doors(shop.id)]
    forms = {
        "door_form": DoorForm(formdata=None),
        "hours_form": _hours_form(shop),
        "budget_form": BudgetForm(formdata=None, data={"budget": _written(shop.contact_budget)}),
        "feed_form": FeedForm(formdata=None, data={"link": shop.feed_url}),
    }
    page = render_template(
        "shop/about.html",
        shop=shop,
        doors=[door for door in doors if door.is_used],
        closed=[door for door in doors if not door.is_used],
        days=DAY_NAMES,
        usual=(f"{OPENS:%H:%M}", f"{CLOSES:%H:%M}"),
        budget=site().contact_budget,
        feed=_feed_words(shop),
        listings=count_listings(shop.id),
        may_be_checked=bool(doors_to_ask(shop.id)),
        **{**forms, **typed},
    )
    return page, code


def _written(number: int | None) -> str:
    return "" if number is None else str(number)


def _hours_form(shop: "Shop") -> HoursForm:
    """The hours that count, told or usual: whoever adds a Saturday need not type the week."""
    usual = dict.fromkeys(DAYS[:5], (f"{OPENS:%H:%M}", f"{CLOSES:%H:%M}"))
    said = shop.hours or usual
    kept = {day: said.get(day, ("", "")) for day in DAYS}
    data = {f"{day}_opens": span[0] for day, span in kept.items()}
    data |= {f"{day}_closes": span[1] for day, span in kept.items()}
    closed = "\n".join(days.replace("/", " – ") for days in shop.closed_days)
    return HoursForm(formdata=None, data={**data, "closed_days": closed})


def _door(point: "ContactPoint") -> Door:
    is_used = point.state in USABLE
    is_taken_away = point.state_reason == NOT_THEIRS
    return Door(
        point,
        str(words.KINDS[point.kind]),
        str(_l("not ours") if is_taken_away else words.STATES[point.state]),
        words.STATE_TONES.get(point.state.value, ""),
        "" if is_taken_away else str(words.reason_of(point.state, point.state_reason)),
        is_used,
        may_prefer=is_used and point.kind in WRITABLE and point.preferred_at is None,
        told_by_shop=point.source is DoorSource.SHOP,
    )


class FeedState(NamedTuple):
    """How the last reading of the feed went."""

    at: datetime | None
    failure: str
    is_read_now: bool


def _feed_words(shop: "Shop") -> FeedState:
    why = shop.feed_failure
    is_read_now = bool(shop.feed_url) and (shop.feed_read_at is None or why == READING)
    failure = str(FEED_FAILURES.get(why) or reading_failure(why)) if why and why != READING else ""
    return FeedState(shop.feed_read_at, failure, is_read_now)
