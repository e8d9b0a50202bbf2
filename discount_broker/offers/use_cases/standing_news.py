"""Whoever set a standing rule hears in one line a day what it gave."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import UUID

from discount_broker.kernel.site import site, zone_for
from discount_broker.kernel.sweeping import for_each
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.queries import find_delivery_for
from discount_broker.notifications.catalogue import RulesGave
from discount_broker.notifications.operations import notify
from discount_broker.offers.queries.standing import list_given_by, list_setters_to_tell
from discount_broker.outreach.operations import in_their_hours
from discount_broker.shops.models import ShopMember

TWO_DAYS = timedelta(days=2)
"""Whatever the clock of a shop, its yesterday lies within."""


def tell_what_rules_gave(now: datetime) -> int:
    """Tell each member what their rules gave on the day before, by the shop's calendar; how many."""
    return for_each(list_setters_to_tell(now - TWO_DAYS), partial(_tell_setter, now=now))


def _tell_setter(member_id: UUID, now: datetime) -> bool:
    with transaction() as session:
        return _tell(session.get_one(ShopMember, member_id), now)


def _tell(member: ShopMember, now: datetime) -> bool:
    day = now.astimezone(zone_for(member.shop.country)).date() - timedelta(days=1)
    purpose = f"rules:{member.id}:{day.isoformat()}"
    numbers = _given_on(member, day)
    if not numbers or find_delivery_for(purpose) is not None:
        return False
    notify(
        _message(member, day, numbers),
        to=member.email,
        language=member.language,
        purpose=purpose,
        now=now,
        due_at=in_their_hours(member.shop, now),
    )
    return True


def _given_on(member: ShopMember, day: date) -> list[str]:
    zone = zone_for(member.shop.country)
    begins, ends = (datetime.combine(each, time(), zone) for each in (day, day + timedelta(days=1)))
    return list_given_by(member.id, begins, ends)


def _message(member: ShopMember, day: date, numbers: Sequence[str]) -> RulesGave:
    return RulesGave(
        shop=member.shop.name,
        day=datetime.combine(day, time(12), zone_for(member.shop.country)),
        numbers=tuple(numbers),
        rules_url=f"{site().base_url}/shop/rules",
    )
