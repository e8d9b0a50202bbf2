"""Looking for the doors of a shop, once for all requests that wait for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from discount_broker.discount_requests.queries import list_unread
from discount_broker.discovery.models import Crawl, CrawlStatus
from discount_broker.discovery.ports import Fetcher, MailRoutes
from discount_broker.discovery.queries import find_open_crawl, list_waiting_crawls
from discount_broker.discovery.queries.crawls import waits_until
from discount_broker.discovery.use_cases.remembering import recall, remember
from discount_broker.discovery.use_cases.surveying import Memory, Survey, survey
from discount_broker.kernel.clock import paced
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.site import site
from discount_broker.kernel.transaction import transaction
from discount_broker.shops.models import Shop
from discount_broker.shops.operations import call_by_name, note_doors

LEASE = timedelta(minutes=12)
MOST_ATTEMPTS = 3
RESPITE = timedelta(minutes=2)
"""How long a site that could not be reached is left alone; longer after the second attempt."""
LONGEST_WAIT = timedelta(hours=6)
"""A site that wants to be left alone for longer is given up for this time: requests wait for it."""


@dataclass(frozen=True)
class _Claimed:
    crawl_id: UUID
    start_url: str
    memory: Memory


def discover_contacts(shop_id: UUID, fetcher: Fetcher, routes: MailRoutes, now: datetime) -> None:
    """Read the shop's site and keep the contact points found. Claim, walk, record."""
    claimed = _claim(shop_id, now)
    if claimed is None:
        return
    # No transaction is open here.
    found = survey(fetcher, routes, claimed.start_url, site().pages_per_shop, claimed.memory)
    _record(claimed, found, now)


def requeue_lost(now: datetime) -> None:
    """Ring again for product pages and shops that wait to be read."""
    with transaction():
        for request_id in list_unread(now):
            enqueue_after_commit(Job.READ_PRODUCT, request_id)
        for shop_id in list_waiting_crawls(now):
            enqueue_after_commit(Job.DISCOVER_CONTACTS, shop_id)


def _claim(shop_id: UUID, now: datetime) -> _Claimed | None:
    """The open crawl of the shop, for exactly one crawler; one that never comes to an end is given up."""
    with transaction():
        crawl = find_open_crawl(shop_id, lock=True)
        if crawl is None or not _may_begin(crawl, now):
            return None
        if crawl.attempts >= MOST_ATTEMPTS:
            crawl.status, crawl.leased_until, crawl.finished_at = CrawlStatus.FAILED, None, now
            enqueue_after_commit(Job.ASK_SHOP, shop_id)
            return None
        crawl.status, crawl.leased_until = CrawlStatus.RUNNING, now + LEASE
        crawl.attempts += 1
        return _Claimed(crawl.id, crawl.start_url, recall(crawl.shop, now))


def _may_begin(crawl: Crawl, now: datetime) -> bool:
    is_taken = crawl.leased_until is not None and crawl.leased_until >= now
    until = waits_until(crawl)
    return not is_taken and (until is None or until <= now)


def _record(claimed: _Claimed, found: Survey, now: datetime) -> None:
    """Keep what was found; where nothing could be fetched for a passing reason, try again later."""
    with transaction() as session:
        crawl = session.get_one(Crawl, claimed.crawl_id, with_for_update=True)
        if crawl.status is not CrawlStatus.RUNNING:
            return  # another crawler took over meanwhile
        crawl.pages, crawl.refused, crawl.leased_until = found.pages, found.refused, None
        wait = timedelta(seconds=found.wait) or RESPITE * crawl.attempts
        if found.is_retryable and crawl.attempts < MOST_ATTEMPTS and wait <= LONGEST_WAIT:
            crawl.status = CrawlStatus.WAITING  # the sweep rings again
            crawl.refused = _with_moment(found, paced(now + wait, now))
            return
        crawl.status = CrawlStatus.DONE if found.read else CrawlStatus.FAILED
        crawl.finished_at = now
        _keep(crawl.shop, claimed.memory, found, now)
        enqueue_after_commit(Job.ASK_SHOP, crawl.shop_id)


def _with_moment(found: Survey, until: datetime) -> list[dict[str, object]]:
    """What was refused; the last of it tells when the site is asked again."""
    *others, last = found.refused or [{"url": found.start_url, "why": "unreachable"}]
    return [*others, {**last, "until": until.isoformat()}]


def _keep(alias: Shop, memory: Memory, found: Survey, now: datetime) -> None:
    """Write down what the shop's pages said."""
    shop = alias.merged_into or alias
    if "language" not in shop.corrected:
        shop.language = shop.language or found.language or None
    call_by_name(shop, found.shop_name)
    if found.read:
        # A page may show the reply address of a letter of ours: we would write to ourselves.
        doors = [door for door in found.doors.values() if not site().is_own_mailbox(door.value)]
        note_doors(shop, doors, now, found.answered)
        remember(alias.id, found.read, now, memory)
        alias.contacts_read_at = now
