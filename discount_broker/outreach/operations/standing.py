"""What a shop itself says of its doors: never again, or write there instead."""

from datetime import datetime

from discount_broker.discount_requests.operations import tell
from discount_broker.messaging.operations import suppress
from discount_broker.outreach.operations.climbing import end
from discount_broker.outreach.queries import list_addresses_written_to, list_open_of_shop
from discount_broker.outreach.status import OutreachEvent
from discount_broker.shops.extract.spelling import normal_value
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.operations import FoundDoor, mark_stopped, stop_all_domains, take_correction
from discount_broker.shops.queries import get_shop
from discount_broker.shops.status import ContactKind, DoorSource

TOLD_BY_SHOP = 0.95
"""Confidence in what the shop itself says; an operator who has looked is surer."""


def forbid(shop: Shop, *, reason: str, cause: str, now: datetime) -> None:
    """Nothing leaves to the shop any more, nor to a mailbox of its that another shop names as its own."""
    stop_all_domains(shop, reason=reason, cause=cause, now=now)
    for address in list_addresses_written_to(shop.id):
        suppress(f"email:{address.lower()}", reason=reason, cause=cause, now=now)
    mark_stopped(shop)


def close_shop(shop: Shop, *, reason: str, cause: str, now: datetime) -> None:
    """The shop wants none of our letters any more: what runs there ends, and the buyers are told why."""
    forbid(shop, reason=reason, cause=cause, now=now)
    for outreach in list_open_of_shop(shop.id):
        end(outreach, OutreachEvent.STOPPED, now)
        tell(outreach.discount_request, "shop_forbids", now, shop=shop.name)


def take_told_address(shop: Shop, text: str, evidence: str, now: datetime) -> ContactPoint:
    """The shop wants our letters at this address: the next one goes there, and none is sent for it.

    Raises:
        Refused: it is no address, or ours, or one too many.

    """
    shop = get_shop(shop.id, lock=True)  # one address told twice at once is one door
    value = normal_value(ContactKind.EMAIL, text, shop.country)
    told = FoundDoor(ContactKind.EMAIL, value, "", TOLD_BY_SHOP, evidence)
    return take_correction(shop, told, now, source=DoorSource.SHOP, is_preferred=True)
