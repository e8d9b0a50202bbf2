"""Finding who else sells a product: among the listings we know, and what became of a search of the web."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from discount_broker.discount_requests.models import Product
from discount_broker.discovery.extract.rivals.matching import (
    Goods,
    brand_key,
    match_products,
    model_key,
    title_key,
)
from discount_broker.discovery.models import CrawlStatus, Listing, ListingSource, RivalSearch
from discount_broker.kernel.db import db

MOST_CANDIDATES = 300
STAYS_TRUE = timedelta(days=60)
"""A feed says what is gone; a page read once is believed for so long."""


@dataclass(frozen=True)
class Rival:
    """Another shop's listing of the same product."""

    listing: Listing
    score: float
    why: str


def list_rivals(product: Product) -> list[Rival]:
    """The best listings of this product in other shops, one a shop: surest match first, then cheapest."""
    listings = {str(listing.id): listing for listing in _candidates(product)}
    matches = match_products(goods_of(product), [goods_of(listing) for listing in listings.values()])
    rivals = [Rival(listings[m.id], m.score, m.why) for m in matches if m.same]
    rivals.sort(key=lambda r: (-round(r.score, 1), r.listing.price is None, r.listing.price or 0))
    best: dict[UUID, Rival] = {}
    for rival in rivals:
        best.setdefault(rival.listing.shop_id, rival)
    return list(best.values())


def _candidates(product: Product) -> list[Listing]:
    """Listings that could be the product, by the keys of the catalogue."""
    traits = [Listing.title_key == title_key(product.title)]
    if product.gtin:
        traits.append(Listing.gtin == product.gtin)
    brand, model = brand_key(product.brand), model_key(product.model)
    if brand and model:
        traits.append((Listing.brand_key == brand) & (Listing.model_key == model))
    is_current = or_(Listing.source == ListingSource.FEED, Listing.seen_at > product.read_at - STAYS_TRUE)
    query = select(Listing).where(
        or_(*traits), Listing.shop_id != product.shop_id, Listing.is_available, is_current
    )
    return list(db.session.scalars(query.limit(MOST_CANDIDATES)))


def goods_of(sold: Product | Listing) -> Goods:
    """A row as the matching of products sees it."""
    return Goods(
        id=str(sold.id),
        title=sold.title,
        brand=sold.brand,
        model=sold.model,
        gtin=sold.gtin,
        price=sold.price,
        currency=sold.currency,
    )


def find_rival_search(request_id: UUID, *, lock: bool = False) -> RivalSearch | None:
    """The search of the web for one request, where there was one."""
    query = select(RivalSearch).where(RivalSearch.discount_request_id == request_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def list_waiting_searches(now: datetime) -> list[UUID]:
    """Requests whose search waits, or whose searcher never came back."""
    abandoned = (RivalSearch.status == CrawlStatus.RUNNING) & (RivalSearch.leased_until < now)
    query = select(RivalSearch.discount_request_id)
    return list(db.session.scalars(query.where(or_(RivalSearch.status == CrawlStatus.WAITING, abandoned))))
