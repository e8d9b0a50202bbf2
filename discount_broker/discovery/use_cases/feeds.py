"""Loading the products of known shops from their feeds."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from discount_broker.discovery.extract.feeds.reading import FeedError, FeedItem, read_feed
from discount_broker.discovery.extract.rivals.matching import brand_key, model_key, title_key
from discount_broker.discovery.models import Listing, ListingSource
from discount_broker.kernel.db import db, find_row
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.transaction import transaction
from discount_broker.kernel.urls import find_link
from discount_broker.shops.models import Shop
from discount_broker.shops.operations import shop_of_url

AT_ONCE = 500
LONGEST_TITLE = 300


@dataclass(frozen=True)
class FeedReport:
    shop: str
    added: int
    updated: int
    skipped: int
    """Entries without a usable link or title."""


def load_feed(content: bytes, now: datetime, source: str = "") -> FeedReport:
    """Put the products of a feed into the catalogue; what is gone from it is no longer available.

    `source` is where the feed lies, for those that name no shop.

    Raises:
        FeedError: no feed, or one without products.

    """
    feed = read_feed(content, source)
    items = {item.url: item for item in map(with_clean_link, feed.items) if item is not None}
    if not items:
        raise FeedError("the feed holds no products")
    with transaction():
        first = next(iter(items))
        shop = shop_of_url(feed.shop_url if "://" in feed.shop_url else first, now, feed.shop_name)
        shop_id, name = shop.id, shop.name
    added = load_items(shop_id, list(items.values()), now)
    skipped = feed.skipped + len(feed.items) - len(items)
    return FeedReport(name, added, len(items) - added, skipped)


def load_items(shop_id: UUID, items: list[FeedItem], now: datetime) -> int:
    """Put what one shop sells into the catalogue, batch by batch; how many products were not known."""
    added = sum(_load(shop_id, batch, now) for batch in _batches(items))
    _withdraw(shop_id, now)
    return added


def with_clean_link(item: FeedItem) -> FeedItem | None:
    try:
        return replace(item, url=find_link(item.url))
    except Refused:
        return None


def _batches(items: list[FeedItem]) -> Iterator[list[FeedItem]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]


def _load(shop_id: UUID, items: list[FeedItem], now: datetime) -> int:
    """How many of these were not known before."""
    with transaction():
        find_row(Shop, shop_id, lock=True)  # the same feed may be loaded twice at once
        urls = [item.url for item in items]
        known = {
            listing.url: listing
            for listing in db.session.scalars(
                select(Listing).where(Listing.shop_id == shop_id, Listing.url.in_(urls))
            )
        }
        for item in items:
            listing = known.get(item.url) or Listing(shop_id=shop_id, url=item.url)
            _write_down(listing, item, now)
            db.session.add(listing)
        return len(items) - len(known)


def _write_down(listing: Listing, item: FeedItem, now: datetime) -> None:
    listing.title, listing.title_key = item.title[:LONGEST_TITLE], title_key(item.title)[:80]
    listing.price, listing.currency = item.price, item.currency
    listing.brand, listing.brand_key = item.brand, brand_key(item.brand)
    listing.model, listing.model_key = item.model, model_key(item.model)
    listing.gtin, listing.image = item.gtin, item.image
    listing.is_available, listing.seen_at = item.is_available, now
    listing.source = ListingSource.FEED


def _withdraw(shop_id: UUID, now: datetime) -> None:
    """What this feed no longer holds is no longer sold; of pages that were read it says nothing."""
    with transaction() as session:
        session.execute(
            update(Listing)
            .where(
                Listing.shop_id == shop_id,
                Listing.seen_at < now,
                Listing.source == ListingSource.FEED,
            )
            .values(is_available=False)
        )
