"""Rereading watched pages, politely, and telling each buyer once."""

from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from discount_broker.discovery.extract.pages.page import decode_page
from discount_broker.discovery.extract.products.finding import ProductReading, why_not_product
from discount_broker.discovery.extract.products.finding import read_product as read_page
from discount_broker.discovery.ports import Fetcher, FetchRefused, why_status
from discount_broker.kernel.clock import paced
from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.money import Money
from discount_broker.kernel.sweeping import for_each, in_turn
from discount_broker.kernel.transaction import transaction, until_written
from discount_broker.kernel.urls import registrable_domain
from discount_broker.notifications.catalogue import WatchEnded, WatchMet
from discount_broker.notifications.operations import notify
from discount_broker.watches.models import PriceReading, Watch, WatchedPage
from discount_broker.watches.queries import (
    below_of,
    get_page,
    get_watch,
    list_due_pages,
    list_over,
    list_watching,
    page_seen,
    reads_of,
)
from discount_broker.watches.rules import (
    LEASE,
    Read,
    has_come,
    is_gone,
    lowest,
    next_reading_at,
    raised_from,
)
from discount_broker.watches.status import WatchStatus
from discount_broker.watches.use_cases.watching import watch_url


class _Found(NamedTuple):
    """What the page said, or why it said nothing."""

    reading: ProductReading | None
    failure: str = ""


def ring_due_pages(now: datetime) -> None:
    """Ring for pages that are to be reread, and end the watches whose time is over."""
    in_turn(
        lambda: _ring_pages(now),
        lambda: for_each(list_over(now), partial(_end_if_over, now=now)),
    )


def _ring_pages(now: datetime) -> None:
    with transaction():
        for page_id in list_due_pages(now):
            enqueue_after_commit(Job.READ_WATCHED_PAGE, page_id)


def _end_if_over(watch_id: UUID, now: datetime) -> None:
    with transaction():
        watch = get_watch(watch_id, lock=True)
        if watch.status is WatchStatus.WATCHING and watch.expires_at <= now:
            _end(watch, "over" if watch.confirmed_at else "unconfirmed", now)


def read_watched_page(page_id: UUID, fetcher: Fetcher, now: datetime) -> None:
    """Fetch the page once for all who watch it. Claim, fetch, record."""
    url = _claim(page_id, now)
    if url is not None:
        found = _fetch(url, fetcher)  # no transaction is open while it is fetched
        until_written(lambda: _record(page_id, found, now))


def _claim(page_id: UUID, now: datetime) -> str | None:
    """The address to read, for exactly one reader; a page that nobody watches any more is left alone."""
    with transaction():
        page = get_page(page_id, lock=True)
        is_taken = page.reading_until is not None and page.reading_until >= now
        if page.due_at is None or page.due_at > now or is_taken:
            return None
        if not list_watching(page_id):
            page.due_at = page.reading_until = None
            return None
        page.reading_until = now + LEASE
        return page.url


def _fetch(url: str, fetcher: Fetcher) -> _Found:
    try:
        page = fetcher.fetch(url)
    except FetchRefused as refused:
        return _Found(None, refused.why)
    if page.status >= 400:
        return _Found(None, why_status(page.status))
    if registrable_domain(page.url) != registrable_domain(url):
        return _Found(None, "other_site")
    html = decode_page(page.content, page.content_type)
    reading = read_page(html, page.url)
    return _Found(reading, "" if reading else why_not_product(html, page.url))


def _record(page_id: UUID, found: _Found, now: datetime) -> None:
    with transaction():
        page = get_page(page_id, lock=True)
        if page.reading_until != now + LEASE:
            return  # the lease has ended, and the page is in other hands
        page.reading_until = None
        page.failures = page.failures + 1 if found.failure else 0
        if found.reading is not None:
            page.title = found.reading.title
        read = _keep(page, found, now)
        watches = list_watching(page_id)
        if is_gone(page.failures, found.failure):
            for watch in watches:
                _end(watch, "gone", now)
        else:
            for watch in watches:
                _tell_if_come(watch, read, now)
        goes_on = bool(list_watching(page_id))
        page.due_at = paced(next_reading_at(page.failures, now), now) if goes_on else None


def _keep(page: WatchedPage, found: _Found, now: datetime) -> Read:
    reading = found.reading
    has_price = reading is not None and reading.price is not None and bool(reading.currency)
    row = PriceReading(
        watched_page_id=page.id,
        at=now,
        price=reading.price if reading and has_price else None,
        old_price=reading.old_price if reading and has_price else None,
        currency=reading.currency if reading and has_price else None,
        availability=reading.availability if reading else "unknown",
        failure=found.failure,
    )
    db.session.add(row)
    db.session.flush()
    return Read(
        at=now, price=row.price, currency=row.currency, availability=row.availability, failure=row.failure
    )


def _tell_if_come(watch: Watch, read: Read, now: datetime) -> None:
    """Tell it once: a watch that was met is over."""
    if not has_come(watch.kind, watch.below, watch.currency, read):
        return
    watch.status, watch.ended_at, watch.ended_why = WatchStatus.MET, now, "met"
    reads = reads_of(watch.watched_page_id)
    before, least = raised_from(reads, now), lowest(reads, now)
    money = read.currency or ""
    notify(
        WatchMet(
            product=page_seen(watch.watched_page),
            below=below_of(watch),
            raised_from=Money(before, money) if before is not None else None,
            lowest=Money(least, money) if least is not None else None,
            can_repeat=watch.discount_request_id is not None,
            follow_url=watch_url(watch),
        ),
        to=watch.buyer.email,
        language=watch.language,
        purpose=f"watch:{watch.id}:met:{watch.expires_at:%Y%m%d}",
        now=now,
    )


def _end(watch: Watch, why: str, now: datetime) -> None:
    """Nobody waits in silence: the end is told as well; not to an address that was never confirmed."""
    watch.status, watch.ended_at, watch.ended_why = WatchStatus.ENDED, now, why
    if watch.confirmed_at is None or watch.buyer.erased_at is not None:
        return
    notify(
        WatchEnded(product=page_seen(watch.watched_page), is_gone=why == "gone", follow_url=watch_url(watch)),
        to=watch.buyer.email,
        language=watch.language,
        purpose=f"watch:{watch.id}:{why}:{watch.expires_at:%Y%m%d}",
        now=now,
    )
