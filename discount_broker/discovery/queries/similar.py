"""What could be asked for instead: the same product in other shops, and products like it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from discount_broker.discount_requests.models import Product
from discount_broker.discovery.extract.rivals.matching import brand_key
from discount_broker.discovery.extract.rivals.similar import choose_similar
from discount_broker.discovery.models import Listing, ListingSource
from discount_broker.discovery.queries.rivals import STAYS_TRUE, goods_of, list_rivals
from discount_broker.kernel.db import db
from discount_broker.kernel.money import Money
from discount_broker.notifications.catalogue import ProductSeen
from discount_broker.shops.queries import is_stopped

MOST_SAME, MOST_SIMILAR = 3, 3
MOST_LOOKED_AT = 300


@dataclass(frozen=True)
class Similar:
    """A listing that could be asked for instead."""

    listing: Listing
    is_same: bool
    """The very product; else one like it."""

    @property
    def seen(self) -> ProductSeen:
        """It, as messages tell it."""
        listing = self.listing
        price = Money(listing.price, listing.currency) if listing.price and listing.currency else None
        return ProductSeen(title=listing.title, url=listing.url, price=price, seen_at=listing.seen_at)


def list_similar(product: Product, but_shops: Collection[UUID]) -> list[Similar]:
    """At most three shops with the same product, then three products of its brand and kind.

    Not of the shops that were asked, nor of one that forbids it.
    """
    asked = {product.shop_id, *but_shops}
    same = [r.listing for r in list_rivals(product) if r.listing.shop_id not in asked]
    known = {listing.id for listing in same}
    like = [listing for listing in _like(product) if listing.id not in known]
    return [
        *(Similar(listing, is_same=True) for listing in _of_willing_shops(same, MOST_SAME)),
        *(Similar(listing, is_same=False) for listing in _of_willing_shops(like, MOST_SIMILAR)),
    ]


def find_offered_here(listing_id: UUID) -> Listing | None:
    """A listing of a shop that may still be asked."""
    listing = db.session.get(Listing, listing_id)
    return None if listing is None or is_stopped(listing.shop) else listing


def _of_willing_shops(listings: list[Listing], most: int) -> list[Listing]:
    found: list[Listing] = []
    for listing in listings:
        if len(found) == most:
            break
        if not is_stopped(listing.shop):
            found.append(listing)
    return found


def _like(product: Product) -> list[Listing]:
    brand = brand_key(product.brand)
    if not brand or not product.price:
        return []
    is_current = or_(Listing.source == ListingSource.FEED, Listing.seen_at > _oldest(product))
    query = (
        select(Listing)
        .where(Listing.brand_key == brand, Listing.is_available, Listing.url != product.url, is_current)
        .order_by(Listing.seen_at.desc(), Listing.id)
        .limit(MOST_LOOKED_AT)
        .options(joinedload(Listing.shop))
    )
    listings = {str(listing.id): listing for listing in db.session.scalars(query)}
    candidates = [goods_of(listing) for listing in listings.values()]
    chosen = choose_similar(goods_of(product), product.category or [], candidates, MOST_SIMILAR * 3)
    return [listings[listing_id] for listing_id in chosen]


def _oldest(product: Product) -> datetime:
    return product.read_at - STAYS_TRUE
