"""What all pages of a shop's own people share: whose shop it is, its language and its clock."""

from typing import TYPE_CHECKING
from uuid import UUID

from discount_broker.kernel.site import zone_for
from discount_broker.shops.queries import get_member, shop_of_member
from discount_broker.web.language import speak, tell_time_of

if TYPE_CHECKING:
    from discount_broker.shops.models import Shop


def open_shop(member_id: UUID) -> "Shop":
    """The shop of a member, with the page set to the member's language and the shop's clock.

    Every view begins with it: what is said of an act is said in the member's language too.
    """
    member, shop = get_member(member_id), shop_of_member(member_id)
    speak(member.language)
    tell_time_of(zone_for(shop.country))
    return shop
