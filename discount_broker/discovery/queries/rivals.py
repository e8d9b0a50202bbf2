"""Finding who else sells a product, among the listings we know."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from discount_broker.discount_requests.models import Product
from discount_broker.discovery.extract.rivals import Goods, brand_key, match_products, model_key, title_key
from discount_broker.discovery.models import Listing
from discount_broker.kernel.db import db

MOST_CANDIDATES = 300


@dataclass(frozen=True)
class Rival:
    """Another shop's listing of the same product."""

    listing: Listing
    score: float
    why: str


def list_rivals(product: Product) -> list[Rival]:
    """The best listings of this product in other shops, one a shop: surest match first, then cheapest."""
    listings = {str(listing.id): listing for listing in _candidates(product)}
    wanted = Goods(
        id=str(product.id),
        title=product.title,
        brand=product.brand,
        model=product.model,
        gtin=product.gtin,
        price=product.price,
        currency=product.currency,
    )
    matches = match_products(wanted, [_as_goods(listing) for listing in listings.values()])
    rivals = [Rival(listings[m.id], m.score, m.why) for m in matches if m.same]
    rivals.sort(key=lambda r: (-round(r.score, 1), r.listing.price is None, r.listing.price or 0))
    best: dict[UUID, Rival] = {}
    for rival in rivals:
        best.setdefault(rival.listing.shop_id, rival)
    return list(best.values())


def _candidates(product: Product) -> list[Listing]:
    """Listings that share an identifying trait with the product; matching them decides."""
    traits = [Listing.title_key == title_key(product.title)]
    if product.gtin:
        traits.append(Listing.gtin == product.gtin)
    brand, model = brand_key(product.brand), model_key(product.model)
    if brand and model:
        traits.append((Listing.brand_key == brand) & (Listing.model_key == model))
    query = select(Listing).where(or_(*traits), Listing.shop_id != product.shop_id, Listing.is_available)
    return list(db.session.scalars(query.limit(MOST_CANDIDATES)))


def _as_goods(listing: Listing) -> Goods:
    return Goods(
        id=str(listing.id),
        title=listing.title,
        brand=listing.brand,
        model=listing.model,
        gtin=listing.gtin,
        price=listing.price,
        currency=listing.currency,
    )
