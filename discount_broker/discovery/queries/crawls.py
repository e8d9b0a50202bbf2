"""Reading crawls."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from discount_broker.discovery.models import Crawl, CrawlStatus
from discount_broker.kernel.db import db

OPEN = (CrawlStatus.WAITING, CrawlStatus.RUNNING)


def is_being_crawled(shop_id: UUID) -> bool:
    return find_open_crawl(shop_id) is not None


def find_open_crawl(shop_id: UUID, *, lock: bool = False) -> Crawl | None:
    query = select(Crawl).where(Crawl.shop_id == shop_id, Crawl.status.in_(OPEN))
    return db.session.scalar(query.with_for_update() if lock else query)


def latest_crawl(shop_id: UUID) -> Crawl | None:
    return db.session.scalar(
        select(Crawl).where(Crawl.shop_id == shop_id).order_by(Crawl.created_at.desc()).limit(1)
    )


def list_waiting_crawls(now: datetime) -> list[UUID]:
    """Shops whose crawl waits, or whose crawler never came back; not those that asked for more time."""
    abandoned = (Crawl.status == CrawlStatus.RUNNING) & (Crawl.leased_until < now)
    waiting = db.session.scalars(select(Crawl).where(or_(Crawl.status == CrawlStatus.WAITING, abandoned)))
    return [crawl.shop_id for crawl in waiting if (waits_until(crawl) or now) <= now]


def waits_until(crawl: Crawl) -> datetime | None:
    """When the site may be asked again, where it said so at the last attempt."""
    told = [datetime.fromisoformat(refusal["until"]) for refusal in crawl.refused or () if "until" in refusal]
    return max(told, default=None)
