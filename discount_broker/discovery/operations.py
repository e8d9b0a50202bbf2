"""What other slices ask of discovery."""

from datetime import datetime

from discount_broker.discovery.models import Crawl
from discount_broker.discovery.queries import find_open_crawl
from discount_broker.kernel.db import add_or_find
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.shops.models import Shop


def begin_crawl(shop: Shop, start_url: str, now: datetime) -> None:
    """Have the shop's pages read for contact points, unless that is under way already."""
    if find_open_crawl(shop.id) is None:
        crawl = Crawl(shop_id=shop.id, start_url=start_url, created_at=now)
        add_or_find(crawl, lambda: find_open_crawl(shop.id))
    enqueue_after_commit(Job.DISCOVER_CONTACTS, shop.id)
