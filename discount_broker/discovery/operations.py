"""What other slices ask of discovery."""

from datetime import datetime

from sqlalchemy import select

from discount_broker.discovery.models import Crawl, CrawlStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.shops.models import Shop


def begin_crawl(shop: Shop, start_url: str, now: datetime) -> None:
    """Have the shop's pages read for contact points, unless that is under way already."""
    under_way = select(Crawl.id).where(
        Crawl.shop_id == shop.id, Crawl.status.in_((CrawlStatus.WAITING, CrawlStatus.RUNNING))
    )
    if db.session.scalar(under_way) is None:
        db.session.add(Crawl(shop_id=shop.id, start_url=start_url, created_at=now))
        db.session.flush()
    enqueue_after_commit(Job.DISCOVER_CONTACTS, shop.id)
