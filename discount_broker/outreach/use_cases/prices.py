"""Reading again what a shop asks for the product, long after it was asked for a discount."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from discount_broker.accounts.operations import note_change
from discount_broker.discovery.extract.pages.page import decode_page
from discount_broker.discovery.extract.products.finding import read_product as read_page
from discount_broker.discovery.extract.products.finding import why_not_product
from discount_broker.discovery.ports import Fetcher, FetchRefused, why_status
from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.transaction import transaction
from discount_broker.kernel.urls import registrable_domain
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.operations.prices import ring_for_price
from discount_broker.outreach.queries import get_outreach

LEASE = timedelta(minutes=3)
PRESSED_TWICE = timedelta(minutes=1)
"""A shop's page is not asked more often than this, whoever presses."""
MOST_AT_ONCE = 20
OTHER_CURRENCY = "other_currency"
NO_PRICE = "no_price"


class Found(NamedTuple):
    """What the page said, or why it said nothing."""

    price: Decimal | None
    currency: str | None
    failure: str = ""


def ask_price_again(outreach_id: UUID, operator_id: UUID, now: datetime, case_id: UUID | None = None) -> bool:
    """Somebody at the desk wants to know the price as it is now; False where it was read just now."""
    with transaction():
        outreach = get_outreach(outreach_id, lock=True)
        read_at = outreach.price_read_at
        is_at_it = outreach.price_due_at is not None and outreach.price_due_at > now - LEASE
        if is_at_it or (read_at is not None and now - read_at < PRESSED_TWICE):
            return False
        ring_for_price(outreach, now)
        note_change("price_asked", now, operator_id, case_id=case_id, shop_id=outreach.shop_id)
        return True


def read_price(outreach_id: UUID, fetcher: Fetcher, now: datetime) -> None:
    """Fetch the page of the product once more and keep its price. Claim, fetch, record."""
    url = _claim(outreach_id, now)
    if url is not None:
        _record(outreach_id, _fetch(url, fetcher), now)  # no transaction is open while it is fetched


def _claim(outreach_id: UUID, now: datetime) -> str | None:
    """The address to read, for exactly one reader."""
    with transaction():
        outreach = get_outreach(outreach_id, lock=True)
        if outreach.price_due_at is None or outreach.price_due_at > now:
            return None
        outreach.price_due_at = now + LEASE
        return outreach.product_url


def _fetch(url: str, fetcher: Fetcher) -> Found:
    try:
        page = fetcher.fetch(url)
    except FetchRefused as refused:
        return Found(None, None, refused.why)
    if page.status >= 400:
        return Found(None, None, why_status(page.status))
    if registrable_domain(page.url) != registrable_domain(url):
        return Found(None, None, "other_site")
    html = decode_page(page.content, page.content_type)
    reading = read_page(html, page.url)
    if reading is None:
        return Found(None, None, why_not_product(html, page.url))
    return Found(reading.price, reading.currency, "" if reading.price and reading.currency else NO_PRICE)


def _record(outreach_id: UUID, found: Found, now: datetime) -> None:
    with transaction():
        outreach = get_outreach(outreach_id, lock=True)
        outreach.price_due_at, outreach.price_read_at = None, now
        outreach.price_failure = found.failure or _why_incomparable(outreach, found)
        if not outreach.price_failure:
            outreach.price_now, outreach.currency = found.price, found.currency


def _why_incomparable(outreach: Outreach, found: Found) -> str:
    """A price in another currency says nothing of whether it fell."""
    return OTHER_CURRENCY if outreach.currency not in (None, found.currency) else ""


def requeue_lost_prices(now: datetime) -> None:
    """Ring again for prices whose bell was lost, or whose reader never came back."""
    with transaction():
        due = select(Outreach.id).where(Outreach.price_due_at <= now).order_by(Outreach.price_due_at)
        for outreach_id in db.session.scalars(due.limit(MOST_AT_ONCE)):
            enqueue_after_commit(Job.READ_PRICE, outreach_id)
