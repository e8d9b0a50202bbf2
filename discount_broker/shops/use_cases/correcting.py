"""What an operator says of a shop stands against whatever is read on its pages later."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from discount_broker.kernel.errors import Refused
from discount_broker.kernel.transaction import transaction
from discount_broker.shops.extract.spelling import normal_value
from discount_broker.shops.models import ContactPoint
from discount_broker.shops.operations import FoundDoor, note_correction, note_word, reopen, take_correction
from discount_broker.shops.queries import get_door_of, get_shop
from discount_broker.shops.status import ContactKind, DoorSource

SURE = 1.0


@dataclass(frozen=True)
class Description:
    """What an operator knows of a shop."""

    name: str
    country: str | None
    language: str | None


def add_door(
    shop_id: UUID, kind: ContactKind, text: str, operator_id: UUID, now: datetime, *, is_preferred: bool
) -> ContactPoint:
    """Keep a door that an operator has found out.

    Raises:
        Refused: it cannot be right, or it is ours.

    """
    with transaction():
        shop = get_shop(shop_id, lock=True)
        value = normal_value(kind, text, shop.country)
        found_at = value if kind is ContactKind.FORM else ""
        return take_correction(
            shop,
            FoundDoor(kind, value, found_at, SURE),
            now,
            source=DoorSource.OPERATOR,
            operator_id=operator_id,
            is_preferred=is_preferred,
        )


def restore_door(shop_id: UUID, door_id: UUID, operator_id: UUID, now: datetime) -> ContactPoint:
    """The shop's door after all; what is on the stop list stays closed."""
    with transaction():
        point = get_door_of(shop_id, door_id)
        reopen(point)
        point.source = DoorSource.OPERATOR  # the operator has looked: no crawl knows better
        note_word(point, "door_restored", operator_id, now)
        return point


def prefer_door(
    shop_id: UUID, door_id: UUID, operator_id: UUID, now: datetime, *, is_preferred: bool
) -> ContactPoint:
    """Have a door tried before all others, or in its turn again."""
    with transaction():
        point = get_door_of(shop_id, door_id)
        point.preferred_at = now if is_preferred else None
        note_word(point, "door_preferred" if is_preferred else "door_in_turn", operator_id, now)
        return point


def describe_shop(shop_id: UUID, said: Description, operator_id: UUID, now: datetime) -> list[str]:
    """Set what differs, and keep it from crawls; the names of what was set.

    Raises:
        Refused: `name_missing`.

    """
    if not said.name:
        raise Refused("name_missing", "name")
    with transaction():
        shop = get_shop(shop_id, lock=True)
        changed = [
            column
            for column in ("name", "country", "language")
            if getattr(shop, column) != getattr(said, column)
        ]
        for column in changed:
            old, new = getattr(shop, column), getattr(said, column)
            setattr(shop, column, new)
            source = DoorSource.OPERATOR
            note_correction(shop, f"{column}_set", now, source, operator_id, old=old or "", new=new or "")
        shop.corrected = sorted({*shop.corrected, *changed})
        return changed
