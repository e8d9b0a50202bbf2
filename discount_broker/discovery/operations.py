"""What other slices ask of discovery, and what its own use cases share."""

from datetime import datetime

from sqlalchemy import select

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discovery.extract.products.reading import Availability, ProductReading
from discount_broker.discovery.extract.rivals.matching import brand_key, model_key, title_key
from discount_broker.discovery.models import Crawl, CrawlStatus, Listing, ListingSource, RivalSearch
from discount_broker.discovery.queries import find_open_crawl, find_rival_search
from discount_broker.kernel.db import add_or_find, db
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.urls import clean
from discount_broker.shops.models import Shop

LONGEST_TITLE = 300


def begin_crawl(shop: Shop, start_url: str, now: datetime) -> None:
    """Have the shop's pages read for contact points, unless that is under way already."""
    if find_open_crawl(shop.id) is None:
        crawl = Crawl(shop_id=shop.id, start_url=start_url, created_at=now)
        add_or_find(crawl, lambda: find_open_crawl(shop.id))
    enqueue_after_commit(Job.DISCOVER_CONTACTS, shop.id)


def begin_rival_search(request: DiscountRequest, now: datetime) -> None:
    """Have the web searched for other shops that sell the product of this request, once."""
    search = RivalSearch(discount_request_id=request.id, created_at=now)
    add_or_find(search, lambda: find_rival_search(request.id))
    enqueue_after_commit(Job.FIND_RIVALS, request.id)


def end_rival_search(search: RivalSearch, failure: str, now: datetime) -> None:
    """The search is over, with what it found so far or for a reason; whoever waits for it goes on."""
    search.status = CrawlStatus.FAILED if failure else CrawlStatus.DONE
    search.failure, search.leased_until, search.finished_at = failure, None, now
    enqueue_after_commit(Job.PLAN_RIVALS, search.discount_request_id)


def note_listing(
    shop: Shop, url: str, reading: ProductReading, source: ListingSource, now: datetime
) -> Listing:
    """What a product page said of a public price, so that later requests find this shop."""
    url = _one_spelling(url)
    listing = _find_listing(shop, url)
    if listing is None:
        new = Listing(shop_id=shop.id, url=url, source=source, title=reading.title, title_key="")
        listing = add_or_find(new, lambda: _find_listing(shop, url))
    listing.title, listing.title_key = reading.title[:LONGEST_TITLE], title_key(reading.title)
    # A sum without a currency tells nobody what to pay.
    listing.price = reading.price if reading.currency else None
    listing.currency = reading.currency
    listing.brand, listing.brand_key = reading.brand, brand_key(reading.brand)
    listing.model, listing.model_key = reading.model, model_key(reading.model)
    listing.gtin, listing.image = reading.gtin, reading.image
    listing.is_available = reading.availability is not Availability.OUT_OF_STOCK
    listing.seen_at = now
    return listing


def _find_listing(shop: Shop, url: str) -> Listing | None:
    return db.session.scalar(select(Listing).where(Listing.shop_id == shop.id, Listing.url == url))


def _one_spelling(url: str) -> str:
    try:
        return clean(url)
    except Refused:
        return url
