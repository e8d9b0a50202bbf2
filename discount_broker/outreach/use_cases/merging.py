"""Two domains of one shop become one shop, and can be parted again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import aliased

from discount_broker.discount_requests.models import Product
from discount_broker.discovery.models import Crawl, CrawlStatus, Listing, SeenPage
from discount_broker.discovery.queries.crawls import find_open_crawl
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.outreach.models import Outreach, Pool
from discount_broker.outreach.operations import end
from discount_broker.outreach.status import OPEN, OutreachEvent
from discount_broker.shops.models import ContactPoint, Shop, ShopPerson
from discount_broker.shops.operations import merge_doors, note_correction, split_off
from discount_broker.shops.queries import get_shop, is_stopped, list_aliases
from discount_broker.shops.status import DoorSource

OfShop = Outreach | Pool | Listing | SeenPage | Crawl | Product | ShopPerson
"""What belongs to a shop and goes with it."""


@dataclass(frozen=True)
class MergePlan:
    """What a merge would do; nothing of it has happened yet."""

    alias: Shop
    """Stays as another name of the shop."""
    shop: Shop
    doors: int
    shared_doors: int
    """Doors that both have: they are kept once."""
    listings: int
    outreaches: int
    ended: int
    """Open outreaches of the alias that end, because the shop has been asked for the same request."""
    is_stopped: bool
    """Either of the two forbids us: then both do."""
    other_names: tuple[str, ...]
    """Further names of the alias that come along."""


def plan_merge(alias_id: UUID, shop_id: UUID) -> MergePlan:
    """Look at what a merge would do.

    Raises:
        Refused: `merge_itself`, `merge_alias`.

    """
    alias, shop = get_shop(alias_id), get_shop(shop_id)
    _check(alias, shop)
    theirs = {(point.kind, point.value) for point in shop.contact_points}
    shared = sum((point.kind, point.value) in theirs for point in alias.contact_points)
    twice = _asked_twice(alias, shop)
    return MergePlan(
        alias,
        shop,
        doors=len(alias.contact_points) - shared,
        shared_doors=shared,
        listings=_count(Listing, alias),
        outreaches=_count(Outreach, alias) - len(twice),
        ended=sum(outreach.status in OPEN for outreach in twice),
        is_stopped=is_stopped(alias) or is_stopped(shop),
        other_names=tuple(other.domain for other in list_aliases(alias.id)),
    )


@again_if_deadlocked
def merge_shops(alias_id: UUID, shop_id: UUID, operator_id: UUID, now: datetime) -> None:
    """Make one shop of two; the first becomes another name of the second.

    Raises:
        Refused: `merge_itself`, `merge_alias`.

    """
    with transaction():
        for locked in sorted((alias_id, shop_id)):  # in one order, or two merges wait for each other
            get_shop(locked, lock=True)
        alias, shop = get_shop(alias_id), get_shop(shop_id)
        _check(alias, shop)
        for outreach in _asked_twice(alias, shop):
            if outreach.status in OPEN:
                end(outreach, OutreachEvent.STOPPED, now)
        for door_id, twin_id in merge_doors(alias, shop, now).items():
            _replace_door(door_id, twin_id)
        _end_crawl(alias, shop, now)
        for model, unique in ((Outreach, "discount_request_id"), (Listing, "url"), (SeenPage, "url")):
            _move(model, unique, alias, shop)
        for whole in (Pool, Crawl, Product, ShopPerson):
            _move(whole, None, alias, shop)
        source = DoorSource.OPERATOR
        note_correction(shop, "merged", now, source, operator_id, domain=alias.domain)
        note_correction(alias, "merged_into", now, source, operator_id, domain=shop.domain)
        enqueue_after_commit(Job.ASK_SHOP, shop.id)
        enqueue_after_commit(Job.REQUEUE_SHOP, shop.id)


def split_shop(alias_id: UUID, operator_id: UUID, now: datetime) -> UUID:
    """Make a domain a shop of its own again; the shop it was merged into. Doors and stops stay with that.

    Raises:
        Refused: `not_merged`.

    """
    with transaction():
        alias = get_shop(alias_id, lock=True)
        shop = alias.merged_into
        if shop is None:
            raise Refused("not_merged")
        split_off(alias)
        source = DoorSource.OPERATOR
        note_correction(shop, "split", now, source, operator_id, domain=alias.domain)
        note_correction(alias, "split_from", now, source, operator_id, domain=shop.domain)
        return shop.id


def _check(alias: Shop, shop: Shop) -> None:
    if alias.id == shop.id:
        raise Refused("merge_itself", "domain")
    if alias.merged_into_id or shop.merged_into_id:
        raise Refused("merge_alias", "domain")


def _asked_twice(alias: Shop, shop: Shop) -> list[Outreach]:
    """Outreaches of the alias for requests for which the shop has one of its own."""
    own = select(Outreach.discount_request_id).where(Outreach.shop_id == shop.id)
    query = select(Outreach).where(Outreach.shop_id == alias.id, Outreach.discount_request_id.in_(own))
    return list(db.session.scalars(query))


def _count(model: type[Listing] | type[Outreach], shop: Shop) -> int:
    return db.session.scalar(select(func.count(model.id)).where(model.shop_id == shop.id)) or 0


def _move(model: type[OfShop], unique: str | None, alias: Shop, shop: Shop) -> None:
    """Give the rows of the alias to the shop, where it has none of its own for the same thing."""
    moved = update(model).where(model.shop_id == alias.id)
    if unique is not None:
        own = aliased(model)
        same = getattr(own, unique) == getattr(model, unique)
        moved = moved.where(~exists().where(own.shop_id == shop.id, same))
    db.session.execute(moved.values(shop_id=shop.id), execution_options={"synchronize_session": False})


def _replace_door(door_id: UUID, twin_id: UUID) -> None:
    """Whatever names a door that both had, a step or a task of the desk, names the one that stays."""
    of_door = ContactPoint.__table__.c.id
    for table in ContactPoint.metadata.sorted_tables:
        for column in (key.parent for key in table.foreign_keys if key.column is of_door):
            db.session.execute(update(table).where(column == door_id).values({column: twin_id}))
    db.session.delete(db.session.get_one(ContactPoint, door_id))


def _end_crawl(alias: Shop, shop: Shop, now: datetime) -> None:
    """One shop is read once at a time."""
    crawl = find_open_crawl(alias.id)
    if crawl is not None and find_open_crawl(shop.id) is not None:
        crawl.status, crawl.leased_until, crawl.finished_at = CrawlStatus.FAILED, None, now
        db.session.flush()
