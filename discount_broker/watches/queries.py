"""Reading who waits for what, and what the pages said meanwhile."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, or_, select

from discount_broker.accounts.models import Buyer
from discount_broker.kernel.db import db, find_row
from discount_broker.kernel.errors import NotFound
from discount_broker.kernel.money import Money
from discount_broker.notifications.catalogue import ProductSeen
from discount_broker.watches.models import PriceReading, Watch, WatchedPage
from discount_broker.watches.rules import Read
from discount_broker.watches.status import WatchKind, WatchStatus

MOST_AT_ONCE = 20
MOST_READINGS = 400


def get_watch(watch_id: UUID, *, lock: bool = False) -> Watch:
    """A watch; locked behind its page, in the order in which the reader of the page takes them."""
    watch = find_row(Watch, watch_id)
    if watch is None:
        raise NotFound("watch")
    if not lock:
        return watch
    get_page(watch.watched_page_id, lock=True)
    return find_row(Watch, watch_id, lock=True) or watch


def get_page(page_id: UUID, *, lock: bool = False) -> WatchedPage:
    page = find_row(WatchedPage, page_id, lock=lock)
    if page is None:
        raise NotFound("watched page")
    return page


def find_page(url: str) -> WatchedPage | None:
    return db.session.scalar(select(WatchedPage).where(WatchedPage.url == url))


def list_readings(page_id: UUID) -> list[PriceReading]:
    """What the page said, oldest first; the latest of them where there are very many."""
    query = select(PriceReading).where(PriceReading.watched_page_id == page_id)
    latest = db.session.scalars(query.order_by(PriceReading.at.desc()).limit(MOST_READINGS))
    return list(latest)[::-1]


def reads_of(page_id: UUID) -> list[Read]:
    """The same as the rules look at it."""
    return [
        Read(
            at=each.at,
            price=each.price,
            currency=each.currency,
            availability=each.availability,
            failure=each.failure,
        )
        for each in list_readings(page_id)
    ]


def list_watching(page_id: UUID) -> list[Watch]:
    """Confirmed watches of a page that go on; who was forgotten, or is leaving, waits for nothing."""
    query = select(Watch).join(Buyer)
    query = query.where(
        Buyer.erased_at.is_(None),
        Buyer.deletion_due_at.is_(None),
        Watch.watched_page_id == page_id,
        Watch.status == WatchStatus.WATCHING,
        Watch.confirmed_at.is_not(None),
    )
    return list(db.session.scalars(query.order_by(Watch.created_at)))


def find_same_watch(buyer_id: UUID, page_id: UUID, kind: WatchKind) -> Watch | None:
    """The buyer waits for this already."""
    query = select(Watch).where(
        Watch.buyer_id == buyer_id,
        Watch.watched_page_id == page_id,
        Watch.kind == kind,
        Watch.status == WatchStatus.WATCHING,
    )
    return db.session.scalar(query.limit(1))


def count_watching(buyer_id: UUID) -> int:
    query = select(func.count()).select_from(Watch)
    watching = (
        Watch.buyer_id == buyer_id,
        Watch.status == WatchStatus.WATCHING,
        Watch.confirmed_at.is_not(None),
    )
    return db.session.scalar(query.where(*watching)) or 0


def list_due_pages(now: datetime, limit: int = MOST_AT_ONCE) -> list[UUID]:
    """Pages that somebody watches and nobody is reading."""
    is_watched = exists().where(
        Watch.watched_page_id == WatchedPage.id,
        Watch.status == WatchStatus.WATCHING,
        Watch.confirmed_at.is_not(None),
    )
    is_free = or_(WatchedPage.reading_until.is_(None), WatchedPage.reading_until < now)
    due = select(WatchedPage.id).where(WatchedPage.due_at <= now, is_free, is_watched)
    return list(db.session.scalars(due.order_by(WatchedPage.due_at).limit(limit)))


def list_over(now: datetime) -> list[UUID]:
    """Watches whose time is over."""
    query = select(Watch.id).where(Watch.status == WatchStatus.WATCHING, Watch.expires_at <= now)
    return list(db.session.scalars(query.limit(MOST_AT_ONCE)))


def latest_reading(page_id: UUID) -> PriceReading | None:
    query = select(PriceReading).where(PriceReading.watched_page_id == page_id)
    return db.session.scalar(query.order_by(PriceReading.at.desc()).limit(1))


def latest_readings(page_ids: Collection[UUID]) -> dict[UUID, PriceReading]:
    """The last reading of each of these pages, whatever it brought."""
    last = (
        select(PriceReading.watched_page_id, func.max(PriceReading.at).label("at"))
        .where(PriceReading.watched_page_id.in_(page_ids))
        .group_by(PriceReading.watched_page_id)
        .subquery()
    )
    same = (PriceReading.watched_page_id == last.c.watched_page_id) & (PriceReading.at == last.c.at)
    return {each.watched_page_id: each for each in db.session.scalars(select(PriceReading).join(last, same))}


def last_price(page: WatchedPage) -> PriceReading | None:
    """The last reading that named a price."""
    query = select(PriceReading).where(
        PriceReading.watched_page_id == page.id, PriceReading.price.is_not(None)
    )
    return db.session.scalar(query.order_by(PriceReading.at.desc()).limit(1))


def page_seen(page: WatchedPage) -> ProductSeen:
    """The product as messages tell it, with the price that was read last."""
    last = last_price(page)
    price = Money(last.price, last.currency) if last and last.price and last.currency else None
    seen_at = last.at if last else page.created_at
    return ProductSeen(title=page.title, url=page.url, price=price, seen_at=seen_at)


def below_of(watch: Watch) -> Money | None:
    """The price a buyer waits for."""
    return Money(watch.below, watch.currency) if watch.below is not None and watch.currency else None
