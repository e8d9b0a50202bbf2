"""Reading the page of the product a buyer wants."""

from datetime import datetime, timedelta
from uuid import UUID

from discount_broker.discount_requests.models import DiscountRequest, Product
from discount_broker.discount_requests.operations import tell
from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.status import ReadingStatus, RequestStatus
from discount_broker.discovery.extract.pages.page import decode_page
from discount_broker.discovery.extract.products.finding import ProductReading, why_no_shop, why_not_product
from discount_broker.discovery.extract.products.finding import read_product as read_page
from discount_broker.discovery.models import ListingSource
from discount_broker.discovery.operations import note_listing
from discount_broker.discovery.ports import Fetcher, FetchRefused, RefusedWhy, why_status
from discount_broker.discovery.use_cases.remembering import remember
from discount_broker.discovery.use_cases.surveying import KnownPage, read_known
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.transaction import transaction
from discount_broker.shops.models import Shop
from discount_broker.shops.operations import shop_of_url

LEASE = timedelta(minutes=3)
PATIENCE = timedelta(minutes=10)
"""How long after the link was given a reading that broke off is begun again."""
LONGEST_TITLE = 300


def read_product(request_id: UUID, fetcher: Fetcher, now: datetime) -> None:
    """Fetch the product page and keep what it says. Claim, fetch, record."""
    url = _claim(request_id, now)
    if url is None:
        return
    try:
        page = fetcher.fetch(url)  # no transaction is open here
    except FetchRefused as refused:
        # A marketplace that shuts out programs is a marketplace first: its rivals can be asked.
        _record_failure(request_id, why_no_shop(url) or refused.why, now)
        return
    if page.status >= 400:
        _record_failure(request_id, why_no_shop(url) or why_status(page.status), now)
        return
    html = decode_page(page.content, page.content_type)
    reading = read_page(html, page.url)
    if reading is None or why_no_shop(page.url):
        _record_failure(request_id, why_not_product(html, page.url), now)
    else:
        _record(request_id, reading, read_known(page, html), now)


def _claim(request_id: UUID, now: datetime) -> str | None:
    """The address to read, for exactly one reader; a page no reader comes back from is given up."""
    with transaction():
        request = get_request(request_id, lock=True)
        is_abandoned = request.reading_until is not None and request.reading_until < now
        if request.reading is not ReadingStatus.WAITING and not is_abandoned:
            return None
        if is_abandoned and now - request.created_at > PATIENCE:
            _fail(request, RefusedWhy.TOO_SLOW, now)
            return None
        request.reading, request.reading_until = ReadingStatus.READING, now + LEASE
        return request.product_url


def _record_failure(request_id: UUID, code: str, now: datetime) -> None:
    with transaction():
        request = get_request(request_id, lock=True)
        if request.reading is ReadingStatus.READING:
            _fail(request, code, now)


def _fail(request: DiscountRequest, code: str, now: datetime) -> None:
    request.reading, request.reading_until = ReadingStatus.FAILED, None
    request.reading_failure = code
    tell(request, "reading_failed", now, why=code)
    _go_on(request)


def _record(request_id: UUID, reading: ProductReading, page: KnownPage, now: datetime) -> None:
    url, language, name = page.findings.url, page.findings.language, page.findings.shop_name
    with transaction():
        request = get_request(request_id, lock=True)
        if request.reading is not ReadingStatus.READING:
            return  # another reader took over meanwhile
        shop = shop_of_url(url, now, name)
        request.product = _snapshot(shop, url, reading, language, now)
        note_listing(shop, url, reading, ListingSource.PAGE, now)
        if "language" not in shop.corrected:
            shop.language = shop.language or language or None
        remember(shop.id, {url: page}, now)  # the crawl of the shop begins at this page
        request.reading, request.reading_until = ReadingStatus.READ, None
        request.reading_failure = None
        tell(request, "product_read", now, shop=shop.name)
        _go_on(request)


def _snapshot(shop: Shop, url: str, reading: ProductReading, language: str, now: datetime) -> Product:
    return Product(
        shop=shop,
        url=url,
        title=reading.title[:LONGEST_TITLE],
        # A sum without a currency tells nobody what to pay.
        price=reading.price if reading.currency else None,
        currency=reading.currency,
        old_price=reading.old_price if reading.currency else None,
        brand=reading.brand,
        model=reading.model,
        sku=reading.sku,
        gtin=reading.gtin,
        image=reading.image,
        availability=reading.availability,
        category=list(reading.category),
        language=language or None,
        confidence=reading.confidence,
        read_at=now,
    )


def _go_on(request: DiscountRequest) -> None:
    """Shops can be chosen now, if the buyer confirmed while the page was being read.

    What a program asked is sent on for confirmation only when it is known what is sold there.
    """
    if request.status is RequestStatus.DRAFT and request.api_client_id is not None:
        enqueue_after_commit(Job.SUBMIT_ASK, request.id)
    if request.status is RequestStatus.CONFIRMED:
        enqueue_after_commit(Job.PLAN_OUTREACH, request.id)
