"""What is kept of the pages of a shop from one crawl to the next. Inside the caller's transaction."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select

from discount_broker.discovery.models import SeenPage
from discount_broker.discovery.ports import Validators
from discount_broker.discovery.use_cases.findings import Findings
from discount_broker.discovery.use_cases.surveying import NOTHING_KNOWN, KnownPage, Memory
from discount_broker.kernel.db import add_or_find, db
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.operations import NO_MAIL_ROUTE
from discount_broker.shops.rules import USABLE, WRITABLE
from discount_broker.shops.status import DoorSource

READ_ANEW_AFTER = timedelta(days=90)
"""A page that never changes is read once more after so long: we may have learnt to read better."""
STAYS_CURRENT = timedelta(hours=1)
MOST_KEPT = 30
"""Pages of one shop; every product asked for begins a crawl at a page of its own."""
MOST_PLACES = 3


def recall(shop: Shop, now: datetime) -> Memory:
    """What earlier crawls of the shop left."""
    rows = db.session.scalars(
        select(SeenPage).where(SeenPage.shop_id == shop.id, SeenPage.read_at > now - READ_ANEW_AFTER)
    )
    known = {row.url: page for row in rows if (page := _known(row, now)) is not None}
    return Memory(shop.domain, _places_of_doors(shop.id), known, _closed_doors(shop.id))


def _known(row: SeenPage, now: datetime) -> KnownPage | None:
    """The page as it was read; None when a version of this program read it that told it otherwise."""
    try:
        findings = Findings.from_json(row.findings)
    except (KeyError, TypeError, ValueError):
        return None
    is_current = now - row.read_at < STAYS_CURRENT
    return KnownPage(findings, Validators(row.etag, row.last_modified), is_current)


def _places_of_doors(shop_id: UUID) -> list[str]:
    """Pages where doors for letters stood, the surest first."""
    points = db.session.scalars(
        select(ContactPoint)
        .where(
            ContactPoint.shop_id == shop_id,
            ContactPoint.kind.in_(WRITABLE),
            ContactPoint.state.in_(USABLE),
            ContactPoint.source == DoorSource.CRAWL,
        )
        .order_by(ContactPoint.confidence.desc())
    )
    return list(dict.fromkeys(point.found_at for point in points))[:MOST_PLACES]


def _closed_doors(shop_id: UUID) -> frozenset[str]:
    """Doors that no letter may or can go to, unless only name servers said so: they are asked anew."""
    values = select(ContactPoint.value).where(
        ContactPoint.shop_id == shop_id,
        ContactPoint.state.not_in(USABLE),
        ContactPoint.state_reason.not_in(NO_MAIL_ROUTE),
    )
    return frozenset(db.session.scalars(values))


def remember(
    shop_id: UUID, read: dict[str, KnownPage], now: datetime, memory: Memory = NOTHING_KNOWN
) -> None:
    """Keep what was read for the next crawl; what was known already keeps its age."""
    for url, page in read.items():
        if memory.pages.get(url) is not page:
            _keep(shop_id, url, page, now)
    db.session.flush()
    by_age = select(SeenPage.id).where(SeenPage.shop_id == shop_id).order_by(SeenPage.read_at.desc())
    stale = db.session.scalars(by_age.offset(MOST_KEPT)).all()
    if stale:
        db.session.execute(delete(SeenPage).where(SeenPage.id.in_(stale)))


def _keep(shop_id: UUID, url: str, page: KnownPage, now: datetime) -> None:
    row = _find(shop_id, url)
    if row is None:
        new = SeenPage(shop_id=shop_id, url=url, findings={}, read_at=now)
        row = add_or_find(new, lambda: _find(shop_id, url))
    row.etag, row.last_modified = page.validators.etag, page.validators.last_modified
    row.findings, row.read_at = page.findings.as_json(), now


def _find(shop_id: UUID, url: str) -> SeenPage | None:
    return db.session.scalar(select(SeenPage).where(SeenPage.shop_id == shop_id, SeenPage.url == url))
