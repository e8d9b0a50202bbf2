"""Reading the catalogues that shops give of themselves, so that they can be asked as rivals."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from discount_broker.discovery.extract.feeds.reading import FeedError
from discount_broker.discovery.extract.feeds.reading import read_feed as items_of
from discount_broker.discovery.ports import Fetcher, FetchRefused, why_status
from discount_broker.discovery.use_cases.feeds import load_items, with_clean_link
from discount_broker.kernel.clock import paced
from discount_broker.kernel.db import find_row
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.transaction import transaction
from discount_broker.kernel.urls import registrable_domain
from discount_broker.shops.models import Shop
from discount_broker.shops.queries import domains_of

EVERY = timedelta(days=1)
LEASE = timedelta(minutes=15)
"""A reading of which nothing was heard for so long broke off."""
READING = "reading"
LARGEST_UNPACKED = 150_000_000
AT_ONCE = 20


def read_feed(shop_id: UUID, fetcher: Fetcher, now: datetime) -> None:
    """Fetch what the shop gave and put its products into the catalogue. Claim, fetch, record."""
    claimed = _claim(shop_id, now)
    if claimed is None:
        return
    url, domains = claimed
    failure = _take_in(shop_id, url, domains, fetcher, now)
    with transaction():
        shop = find_row(Shop, shop_id, lock=True)
        if shop is not None and shop.feed_url == url:
            shop.feed_failure = failure


def ring_for_feeds(now: datetime) -> None:
    """Ring for the feeds whose day has come, a few at a time."""
    with transaction() as session:
        day = paced(now + EVERY, now) - now
        is_due = or_(
            Shop.feed_read_at.is_(None),
            Shop.feed_read_at <= now - day,
            (Shop.feed_failure == READING) & (Shop.feed_read_at <= now - LEASE),
        )
        query = select(Shop.id).where(Shop.feed_url != "", Shop.merged_into_id.is_(None), is_due)
        for shop_id in session.scalars(query.order_by(Shop.feed_read_at, Shop.id).limit(AT_ONCE)):
            enqueue_after_commit(Job.READ_FEED, shop_id)


def _claim(shop_id: UUID, now: datetime) -> tuple[str, set[str]] | None:
    """What to read and which domains count, for exactly one reader a day."""
    with transaction():
        shop = find_row(Shop, shop_id, lock=True)
        if shop is None or not shop.feed_url or not _is_due(shop, now):
            return None
        shop.feed_read_at, shop.feed_failure = now, READING
        return shop.feed_url, set(domains_of(shop))


def _is_due(shop: Shop, now: datetime) -> bool:
    if shop.feed_read_at is None:
        return True
    wait = LEASE if shop.feed_failure == READING else paced(now + EVERY, now) - now
    return shop.feed_read_at <= now - wait


def _take_in(shop_id: UUID, url: str, domains: set[str], fetcher: Fetcher, now: datetime) -> str:
    """Why nothing came of it; empty where something did."""
    try:
        page = fetcher.fetch_feed(url)  # no transaction is open here
    except FetchRefused as refused:
        return refused.why
    if page.status >= 400:
        return why_status(page.status)
    try:
        feed = items_of(page.content, page.url, LARGEST_UNPACKED)
    except FeedError:
        return "feed_unreadable"
    clean = {item.url: item for item in map(with_clean_link, feed.items) if item is not None}
    own = [item for link, item in clean.items() if registrable_domain(link) in domains]
    if not own:
        return "feed_foreign" if clean else "feed_empty"
    load_items(shop_id, own, now)
    return ""
