"""What people of a shop say of it themselves, once they have proved an address of it."""

from datetime import datetime
from uuid import UUID

from discount_broker.kernel.errors import NotAllowed, Refused
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.transaction import transaction
from discount_broker.kernel.urls import find_link
from discount_broker.shops.extract.spelling import normal_value
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.operations import FoundDoor, note_correction, reopen, take_correction
from discount_broker.shops.queries import find_acting_member, get_door_of, get_shop, shop_of_member
from discount_broker.shops.rules import MOST_BUDGET, MOST_TOLD_BY_MEMBERS
from discount_broker.shops.status import ContactKind, DoorSource

SURE = 1.0


def tell_door(
    member_id: UUID, kind: ContactKind, text: str, now: datetime, *, is_preferred: bool
) -> ContactPoint:
    """Keep a door that the shop names itself; one it took away before is theirs again.

    Raises:
        Refused: it cannot be right, it is ours, or one too many.

    """
    with transaction():
        shop = _own_shop(member_id)
        value = normal_value(kind, text, shop.country)
        found_at = value if kind is ContactKind.FORM else ""
        return take_correction(
            shop,
            FoundDoor(kind, value, found_at, SURE),
            now,
            source=DoorSource.SHOP,
            is_preferred=is_preferred,
            most=MOST_TOLD_BY_MEMBERS,
        )


def prefer_own_door(member_id: UUID, door_id: UUID, now: datetime, *, is_preferred: bool) -> None:
    """Have a door of theirs tried first, or in its turn again; it is theirs whatever a crawl says."""
    with transaction():
        shop = _own_shop(member_id)
        point = get_door_of(shop.id, door_id)
        reopen(point)
        point.preferred_at, point.source = now if is_preferred else None, DoorSource.SHOP
        what = "door_preferred" if is_preferred else "door_in_turn"
        note_correction(shop, what, now, DoorSource.SHOP, None, kind=point.kind, value=point.value)


def set_hours(member_id: UUID, hours: dict[str, list[str]], closed_days: list[str], now: datetime) -> None:
    """From now on the shop is written to, called and held to its word in these hours."""
    with transaction():
        shop = _own_shop(member_id)
        if (shop.hours, shop.closed_days) != (hours, closed_days):
            shop.hours, shop.closed_days = hours, closed_days
            note_correction(shop, "hours_set", now, DoorSource.SHOP, None)


def set_budget(member_id: UUID, budget: int | None, now: datetime) -> None:
    """How many letters a day it wants; none at all means its page alone, and None what is usual.

    Raises:
        Refused: `budget_out_of_range`.

    """
    if budget is not None and not 0 <= budget <= MOST_BUDGET:
        raise Refused("budget_out_of_range", "budget")
    with transaction():
        shop = _own_shop(member_id)
        if shop.contact_budget != budget:
            shop.contact_budget = budget
            told = "" if budget is None else budget
            note_correction(shop, "budget_set", now, DoorSource.SHOP, None, budget=told)


def set_feed(member_id: UUID, link: str, now: datetime) -> None:
    """Where the shop's catalogue lies; it is read at once, and daily from then on. Empty for none any more.

    Raises:
        Refused: `link_missing`, `link_not_web`, `link_too_long`.

    """
    url = find_link(link) if link.strip() else ""
    with transaction():
        shop = _own_shop(member_id)
        if shop.feed_url != url:
            shop.feed_url, shop.feed_read_at, shop.feed_failure = url, None, ""
            note_correction(shop, "feed_set", now, DoorSource.SHOP, None, value=url)
            if url:
                enqueue_after_commit(Job.READ_FEED, shop.id)


def want_checks(member_id: UUID, now: datetime, *, wants: bool) -> None:
    """Ask to be checked for how it responds, or not any more."""
    with transaction():
        shop = _own_shop(member_id)
        if wants != (shop.wants_checks_since is not None):
            shop.wants_checks_since = now if wants else None
            what = "checks_wanted" if wants else "checks_unwanted"
            note_correction(shop, what, now, DoorSource.SHOP, None)


def _own_shop(member_id: UUID) -> Shop:
    if find_acting_member(member_id) is None:
        raise NotAllowed("shop member")
    return get_shop(shop_of_member(member_id).id, lock=True)
