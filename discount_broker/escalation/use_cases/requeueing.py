"""What becomes of the queue when two shops turn out to be one."""

from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import update

from discount_broker.accounts.operations import note_change
from discount_broker.escalation.models import Call, PhoneCall, QueueEntry
from discount_broker.escalation.operations import free, requeue
from discount_broker.escalation.queries import find_entry
from discount_broker.escalation.queries.queue import list_merged_away
from discount_broker.kernel.db import db
from discount_broker.kernel.sweeping import for_each
from discount_broker.kernel.transaction import transaction
from discount_broker.shops.models import Shop
from discount_broker.shops.queries import get_shop, list_aliases


def requeue_shop(shop_id: UUID, now: datetime) -> None:
    """Reckon the rows of a shop and of its other names anew: cases of theirs have become cases of it.

    Whoever had one of them in hand has the shop in hand now; where somebody else has that, they are told.
    """
    with transaction():
        _gather(get_shop(shop_id), now)


def requeue_merged(now: datetime) -> None:
    """The same for every shop of which the bell was lost."""
    for_each(list_merged_away(), partial(_requeue_merged, now=now))


def _requeue_merged(shop_id: UUID, now: datetime) -> None:
    with transaction():
        _gather(get_shop(shop_id), now)


def _gather(shop: Shop, now: datetime) -> None:
    shop = shop.merged_into or shop
    aliases = list_aliases(shop.id)
    for locked in sorted(each.id for each in (shop, *aliases)):  # in one order, or two wait for each other
        find_entry(locked, lock=True)
    for alias in aliases:
        for table in (Call, PhoneCall):
            db.session.execute(update(table).where(table.shop_id == alias.id).values(shop_id=shop.id))
        _take_over(alias, shop, now)
    requeue(shop.id, now)


def _take_over(alias: Shop, shop: Shop, now: datetime) -> None:
    left = find_entry(alias.id)
    if left is None or not left.open_cases:
        return
    holder_id, until = left.held_by(now), left.claimed_until
    free(left)
    requeue(alias.id, now)
    kept = requeue(shop.id, now)
    if holder_id is not None and kept.open_cases:
        _hand_over(kept, holder_id, until, alias, now)


def _hand_over(kept: QueueEntry, holder_id: UUID, until: datetime | None, alias: Shop, now: datetime) -> None:
    """The claim goes with the cases, unless another one stands in its way."""
    has_it = kept.held_by(now)
    if has_it is None:
        kept.operator_id, kept.claimed_until = holder_id, until
        note_change("claim_moved", now, shop_id=kept.shop_id, domain=alias.domain)
    elif has_it != holder_id:
        note_change(
            "claim_lost", now, shop_id=kept.shop_id, subject=f"operator:{holder_id}", domain=alias.domain
        )
