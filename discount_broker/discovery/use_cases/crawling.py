"""Looking for the doors of a shop, once for all requests that wait for them."""

from datetime import datetime, timedelta
from uuid import UUID

from discount_broker.discount_requests.queries import list_unread
from discount_broker.discovery.models import Crawl, CrawlStatus
from discount_broker.discovery.ports import Fetcher
from discount_broker.discovery.queries import find_open_crawl, list_waiting_crawls
from discount_broker.discovery.use_cases.surveying import Survey, survey
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.site import site
from discount_broker.kernel.transaction import transaction
from discount_broker.shops.operations import call_by_name, note_doors

LEASE = timedelta(minutes=12)
MOST_ATTEMPTS = 3


def discover_contacts(shop_id: UUID, fetcher: Fetcher, now: datetime) -> None:
    """Read the shop's site and keep the contact points found. Claim, walk, record."""
    claimed = _claim(shop_id, now)
    if claimed is None:
        return
    crawl_id, start_url = claimed
    found = survey(fetcher, start_url, site().pages_per_shop)  # no transaction is open here
    _record(crawl_id, found, now)


def requeue_lost(now: datetime) -> None:
    """Ring again for product pages and shops that wait to be read."""
    with transaction():
        for request_id in list_unread(now):
            enqueue_after_commit(Job.READ_PRODUCT, request_id)
        for shop_id in list_waiting_crawls(now):
            enqueue_after_commit(Job.DISCOVER_CONTACTS, shop_id)


def _claim(shop_id: UUID, now: datetime) -> tuple[UUID, str] | None:
    """The open crawl of the shop, for exactly one crawler; one that never comes to an end is given up."""
    with transaction():
        crawl = find_open_crawl(shop_id, lock=True)
        if crawl is None or (crawl.leased_until is not None and crawl.leased_until >= now):
            return None
        if crawl.attempts >= MOST_ATTEMPTS:
            crawl.status, crawl.leased_until, crawl.finished_at = CrawlStatus.FAILED, None, now
            enqueue_after_commit(Job.ASK_SHOP, shop_id)
            return None
        crawl.status, crawl.leased_until = CrawlStatus.RUNNING, now + LEASE
        crawl.attempts += 1
        return crawl.id, crawl.start_url


def _record(crawl_id: UUID, found: Survey, now: datetime) -> None:
    """Keep what was found; where nothing could be fetched for a passing reason, try again later."""
    with transaction() as session:
        crawl = session.get_one(Crawl, crawl_id, with_for_update=True)
        if crawl.status is not CrawlStatus.RUNNING:
            return  # another crawler took over meanwhile
        crawl.pages, crawl.refused, crawl.leased_until = found.pages, found.refused, None
        if found.is_retryable and crawl.attempts < MOST_ATTEMPTS:
            crawl.status = CrawlStatus.WAITING  # the sweep rings again
            return
        crawl.status = CrawlStatus.DONE if found.pages else CrawlStatus.FAILED
        crawl.finished_at = now
        shop = crawl.shop
        shop.language = shop.language or found.language or None
        call_by_name(shop, found.shop_name)
        if found.pages:
            # A page may show the reply address of a letter of ours: we would write to ourselves.
            doors = [door for door in found.doors.values() if not site().is_own_mailbox(door.value)]
            note_doors(shop, doors, now)
        enqueue_after_commit(Job.ASK_SHOP, shop.id)
