"""What people say of a shop and its doors."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from discount_broker.kernel.db import add_or_find, db
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.site import site
from discount_broker.messaging.queries.stopping import is_stopped_for_good
from discount_broker.shops.models import ContactPoint, Correction, Shop
from discount_broker.shops.operations.finding import FoundDoor
from discount_broker.shops.queries import door_stop_keys, find_door
from discount_broker.shops.rules import MOST_TOLD_BY_SHOP, NOT_THEIRS
from discount_broker.shops.status import ContactState, DoorSource


def take_correction(
    shop: Shop,
    door: FoundDoor,
    now: datetime,
    *,
    source: DoorSource,
    operator_id: UUID | None = None,
    is_preferred: bool = False,
    most: int = MOST_TOLD_BY_SHOP,
) -> ContactPoint:
    """A person tells a door: it is kept whatever a crawl reads later. A stop stands against it all the same.

    Raises:
        Refused: `own_address`, `too_many_doors`.

    """
    shop = shop.merged_into or shop
    if site().is_own_mailbox(door.value):
        raise Refused("own_address", "value")
    point = find_door(shop.id, door.kind, door.value) or _told_door(shop, door, source, now, most)
    point.found_at = point.found_at or door.found_at
    point.snippet, point.confidence, point.seen_at = door.snippet or point.snippet, door.confidence, now
    point.source, point.corrected_by_id = source, operator_id
    point.preferred_at = now if is_preferred else point.preferred_at
    reopen(point)
    note_correction(shop, "door_added", now, source, operator_id, kind=door.kind, value=door.value)
    return point


def _told_door(shop: Shop, door: FoundDoor, source: DoorSource, now: datetime, most: int) -> ContactPoint:
    """A door nobody knew; a crawl, or the same person in another window, may be adding it just now."""
    told = (ContactPoint.shop_id == shop.id) & (ContactPoint.source == DoorSource.SHOP)
    told &= ContactPoint.state_reason != NOT_THEIRS
    count = db.session.scalar(select(func.count(ContactPoint.id)).where(told)) or 0
    if source is DoorSource.SHOP and count >= most:
        raise Refused("too_many_doors", "value")
    point = ContactPoint(
        shop_id=shop.id,
        kind=door.kind,
        value=door.value,
        found_at="",
        confidence=door.confidence,
        created_at=now,
    )
    return add_or_find(point, lambda: find_door(shop.id, door.kind, door.value))


def reopen(point: ContactPoint) -> None:
    """Let a door be used again, unless it is on the stop list; a pause is over some day by itself."""
    if is_stopped_for_good(door_stop_keys(point.shop, point.kind, point.value)):
        point.state, point.state_reason = ContactState.STOPPED, "stop"
    elif point.state is not ContactState.GOOD:
        point.state, point.state_reason = ContactState.UNVERIFIED, ""


def disown(point: ContactPoint, operator_id: UUID | None, now: datetime) -> None:
    """Somebody else's door, says an operator, or without one the shop: no crawl and no list revives it."""
    if point.state is not ContactState.STOPPED:
        point.state = ContactState.DEAD
    point.state_reason, point.preferred_at = NOT_THEIRS, None
    note_word(point, "door_disowned", operator_id, now)


def note_word(point: ContactPoint, what: str, operator_id: UUID | None, now: datetime) -> None:
    """Write down what an operator, or the shop itself, said of a door, whoever found it."""
    source = DoorSource.SHOP if operator_id is None else DoorSource.OPERATOR
    if operator_id is None:
        point.source = source
    point.corrected_by_id = operator_id
    note_correction(point.shop, what, now, source, operator_id, kind=point.kind, value=point.value)


def note_correction(
    shop: Shop, what: str, now: datetime, source: DoorSource, operator_id: UUID | None, **facts: Any
) -> None:
    """Append a line to the history of the shop."""
    facts = {name: str(fact) for name, fact in facts.items()}
    line = Correction(shop_id=shop.id, what=what, facts=facts, source=source, operator_id=operator_id, at=now)
    db.session.add(line)
    db.session.flush()
