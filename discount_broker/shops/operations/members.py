"""People of a shop who answer for it."""

from datetime import datetime
from uuid import UUID

from discount_broker.kernel.db import add_or_find
from discount_broker.kernel.errors import Refused
from discount_broker.shops.models import Shop, ShopMember
from discount_broker.shops.operations.correcting import note_correction, reopen
from discount_broker.shops.queries import find_door, find_member, list_members
from discount_broker.shops.rules import MOST_MEMBERS, NOT_THEIRS
from discount_broker.shops.status import ContactKind, ContactState, DoorSource


def member_at(
    shop: Shop, email: str, language: str, now: datetime, invited_by_id: UUID | None = None
) -> ShopMember:
    """The member with this address, known or new; nothing is proved yet."""
    found = find_member(shop.id, email)
    if found is not None:
        return found
    new = ShopMember(
        shop_id=shop.id, email=email, language=language, invited_by_id=invited_by_id, created_at=now
    )
    return add_or_find(new, lambda: find_member(shop.id, email))


def let_in(member: ShopMember, language: str, now: datetime) -> bool:
    """They have followed the link in a mail to their address; whether that was for the first time."""
    is_first = member.proved_at is None
    member.proved_at = member.proved_at or now
    member.last_login_at, member.language = now, language
    if is_first:
        note_correction(member.shop, "member_proved", now, DoorSource.SHOP, None, value=member.email)
        _note_that_it_is_read(member)
    return is_first


def _note_that_it_is_read(member: ShopMember) -> None:
    """Somebody reads there: the door works, whatever was thought of it."""
    door = find_door(member.shop_id, ContactKind.EMAIL, member.email)
    if door is None or door.state_reason == NOT_THEIRS:
        return
    reopen(door)
    if door.state is ContactState.UNVERIFIED:
        door.state = ContactState.GOOD


def check_room(shop_id: UUID) -> None:
    """Refuse one address too many.

    Raises:
        Refused: `too_many_members`.

    """
    if len(list_members(shop_id)) >= MOST_MEMBERS:
        raise Refused("too_many_members", "email")
