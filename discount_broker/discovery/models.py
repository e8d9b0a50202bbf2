"""Evidence of each crawl and search, and the public prices of the shops we know."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Amount, Id, Model
from discount_broker.shops.models import Shop


class CrawlStatus(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Crawl(Model):
    """One reading of one shop's site for its contact points."""

    __table_args__ = (
        CheckConstraint("(status = 'running') = (leased_until IS NOT NULL)", name="leased_iff_running"),
        CheckConstraint(
            "(status IN ('done', 'failed')) = (finished_at IS NOT NULL)", name="finished_iff_over"
        ),
        Index(
            "uq_crawl_one_open",
            "shop_id",
            unique=True,
            sqlite_where=text("status IN ('waiting', 'running')"),
            postgresql_where=text("status IN ('waiting', 'running')"),
        ),
    )

    id: Mapped[Id]
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shop.id"))
    start_url: Mapped[str]
    status: Mapped[CrawlStatus] = mapped_column(default=CrawlStatus.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    leased_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    pages: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """`{"url", "status", "bytes", "seconds"}` of each page fetched."""
    refused: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """`{"url", "why"}` of each page that robots.txt, the guard or the site forbade."""

    shop: Mapped[Shop] = relationship()


class SeenPage(Model):
    """A page of a shop as it was last read, so that an unchanged one need not be sent again."""

    __table_args__ = (UniqueConstraint("shop_id", "url"),)

    id: Mapped[Id]
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shop.id"))
    url: Mapped[str]
    etag: Mapped[str] = mapped_column(default="")
    last_modified: Mapped[str] = mapped_column(default="")
    findings: Mapped[dict[str, Any]]
    """What was read from it: doors, links, language, name of the shop."""
    read_at: Mapped[datetime]


class RivalSearch(Model):
    """One search of the web for other shops that sell the product of a request."""

    __table_args__ = (
        CheckConstraint("(status = 'running') = (leased_until IS NOT NULL)", name="leased_iff_running"),
        CheckConstraint(
            "(status IN ('done', 'failed')) = (finished_at IS NOT NULL)", name="finished_iff_over"
        ),
    )

    id: Mapped[Id]
    discount_request_id: Mapped[UUID] = mapped_column(ForeignKey("discount_request.id"), unique=True)
    status: Mapped[CrawlStatus] = mapped_column(default=CrawlStatus.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    leased_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    query: Mapped[str] = mapped_column(default="")
    candidates: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """`{"url", "title", "domain", "same", "score", "why", "price", "availability"}` of each hit judged;
    `why` also says why not."""
    failure: Mapped[str] = mapped_column(default="")
    """Code of the sentence that tells operators why nothing was searched."""

    discount_request: Mapped[DiscountRequest] = relationship()


class ListingSource(StrEnum):
    FEED = "feed"
    PAGE = "page"
    SEARCH = "search"


class Listing(Model):
    """A shop's public price for a product, from its feed or from the product's page."""

    __table_args__ = (
        UniqueConstraint("shop_id", "url"),
        Index(None, "gtin"),
        Index(None, "brand_key", "model_key"),
    )

    id: Mapped[Id]
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shop.id"))
    url: Mapped[str]
    title: Mapped[str]
    title_key: Mapped[str] = mapped_column(index=True)
    """The longest distinctive word of the title, folded; narrows a search before titles are compared."""
    price: Mapped[Decimal | None] = mapped_column(Amount)
    currency: Mapped[str | None]
    brand: Mapped[str | None]
    model: Mapped[str | None]
    gtin: Mapped[str | None]
    brand_key: Mapped[str] = mapped_column(default="")
    model_key: Mapped[str] = mapped_column(default="")
    image: Mapped[str | None]
    is_available: Mapped[bool] = mapped_column(default=True)
    source: Mapped[ListingSource] = mapped_column(default=ListingSource.FEED)
    seen_at: Mapped[datetime] = mapped_column(default=utcnow)

    shop: Mapped[Shop] = relationship()
