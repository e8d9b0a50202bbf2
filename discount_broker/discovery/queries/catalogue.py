"""Finding shops, doors and products among all that was ever seen."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from discount_broker.discovery.extract.rivals.matching import brand_key, model_key
from discount_broker.discovery.models import CrawlStatus, Listing, RivalSearch
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Suppression
from discount_broker.messaging.queries.stopping import forbids
from discount_broker.shops.extract.spelling import phone_digits
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.rules import USABLE, WRITABLE
from discount_broker.shops.status import ContactKind, ContactState

PAGE = 50
MOST_WORDS = 6
MOST_MATCHES = 3
"""Doors and products that a row shows as the reason for which it was found."""
SEARCHES_LOOKED_AT = 200


class ShopView(StrEnum):
    """A way to look at the catalogue."""

    ALL = "all"
    NO_DOORS = "no_doors"
    STOPPED = "stopped"
    ANSWERING = "answering"
    ALIASES = "aliases"


@dataclass
class FoundShop:
    """A shop, and what of it matches the search."""

    shop: Shop
    doors: list[ContactPoint] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    counts: dict[ContactKind, int] = field(default_factory=dict)
    """Doors in use, by kind."""
    is_stopped: bool = False
    is_answering: bool = False


@dataclass(frozen=True)
class ShopsPage:
    rows: list[FoundShop]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def search_shops(text: str, view: ShopView, page: int = 1) -> ShopsPage:
    """One page of the shops that match by domain, name, door or product, in the order of their domains."""
    text = " ".join(text.split())
    wanted = and_(*_of_view(view, is_search=bool(text)), *([_matches(text)] if text else []))
    total = db.session.scalar(select(func.count(Shop.id)).where(wanted)) or 0
    page = min(max(page, 1), max(1, -(-total // PAGE)))
    # Whoever types a domain wants that shop first.
    exact = case((Shop.domain == text.lower(), 0), else_=1)
    query = select(Shop).where(wanted).order_by(exact, Shop.domain).options(joinedload(Shop.merged_into))
    shops = list(db.session.scalars(query.offset((page - 1) * PAGE).limit(PAGE)))
    return ShopsPage(_with_reasons(shops, text), total, page)


def count_shops() -> int:
    return db.session.scalar(select(func.count(Shop.id)).where(Shop.merged_into_id.is_(None))) or 0


def _of_view(view: ShopView, *, is_search: bool) -> list[ColumnElement[bool]]:
    of_shop = ContactPoint.shop_id == Shop.id
    stop = exists().where(Suppression.key == "shop:" + Shop.domain, forbids())
    writable = exists().where(of_shop, ContactPoint.kind.in_(WRITABLE), ContactPoint.state.in_(USABLE))
    if view is ShopView.ALIASES:
        return [Shop.merged_into_id.is_not(None)]
    own: list[ColumnElement[bool]] = [Shop.merged_into_id.is_(None)]
    per_view: dict[ShopView, list[ColumnElement[bool]]] = {
        # A search for the other name of a shop shows that name, and where it leads.
        ShopView.ALL: [] if is_search else own,
        ShopView.NO_DOORS: [*own, ~writable, ~stop],
        ShopView.STOPPED: [*own, stop],
        ShopView.ANSWERING: [*own, exists().where(of_shop, ContactPoint.last_answer_at.is_not(None))],
    }
    return per_view[view]


def _matches(text: str) -> ColumnElement[bool]:
    return or_(
        _holds(Shop.domain, text),
        _holds(Shop.name, text),
        Shop.id.in_(select(ContactPoint.shop_id).where(_is_door(text))),
        Shop.id.in_(select(Listing.shop_id).where(_is_product(text))),
    )


def _is_door(text: str) -> ColumnElement[bool]:
    """An address, a handle, a page; a number by its digits, however they are parted."""
    digits = [ContactPoint.value.contains(part) for part in phone_digits(text)]
    is_number = ContactPoint.kind.in_((ContactKind.PHONE, ContactKind.MESSENGER)) & or_(false(), *digits)
    return or_(is_number, _holds(ContactPoint.value, text))


def _is_product(text: str) -> ColumnElement[bool]:
    """Every word stands in its title, brand or model; or it is its GTIN."""
    words = text.split()[:MOST_WORDS]
    named = and_(*(_names_product(word) for word in words))
    digits = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"\d{8}|\d{12,14}", digits):
        return named
    # Of one product some write 12 digits, some 13 or 14, with noughts before them.
    return or_(named, Listing.gtin.in_({digits, *(digits.lstrip("0").zfill(n) for n in (8, 12, 13, 14))}))


def _names_product(word: str) -> ColumnElement[bool]:
    keys = [(Listing.brand_key, brand_key(word)), (Listing.model_key, model_key(word))]
    return or_(_holds(Listing.title, word), *(column == key for column, key in keys if key))


def _holds(column: InstrumentedAttribute[Any], text: str) -> ColumnElement[bool]:
    """The column holds the text, in capitals or not: SQLite knows capitals of ASCII only."""
    spellings = {text, *((text.lower(), text.upper(), text.capitalize()) if not text.isascii() else ())}
    return or_(*(column.icontains(spelling, autoescape=True) for spelling in sorted(spellings)))


def _with_reasons(shops: Sequence[Shop], text: str) -> list[FoundShop]:
    found = {shop.id: FoundShop(shop) for shop in shops}
    query = (
        select(ContactPoint.shop_id, ContactPoint.kind, func.count())
        .where(ContactPoint.shop_id.in_(found), ContactPoint.state.in_(USABLE))
        .group_by(ContactPoint.shop_id, ContactPoint.kind)
    )
    for shop_id, kind, count in db.session.execute(query):
        found[shop_id].counts[kind] = count
    _mark_standing(found)
    if text:
        _add_matches(found, text)
    return list(found.values())


def _mark_standing(found: dict[UUID, FoundShop]) -> None:
    keys = {f"shop:{row.shop.domain}": row for row in found.values()}
    for key in db.session.scalars(select(Suppression.key).where(Suppression.key.in_(keys), forbids())):
        keys[key].is_stopped = True
    answered = select(ContactPoint.shop_id).where(
        ContactPoint.shop_id.in_(found), ContactPoint.last_answer_at.is_not(None)
    )
    for shop_id in db.session.scalars(answered.distinct()):
        found[shop_id].is_answering = True


def _add_matches(found: dict[UUID, FoundShop], text: str) -> None:
    doors = select(ContactPoint).where(ContactPoint.shop_id.in_(found), _is_door(text))
    dead_last = case((ContactPoint.state == ContactState.DEAD, 1), else_=0)
    for point in db.session.scalars(doors.order_by(dead_last, ContactPoint.confidence.desc())):
        if len(found[point.shop_id].doors) < MOST_MATCHES:
            found[point.shop_id].doors.append(point)
    listings = select(Listing).where(Listing.shop_id.in_(found), _is_product(text))
    for listing in db.session.scalars(listings.order_by(Listing.seen_at.desc()).limit(PAGE * 20)):
        if len(found[listing.shop_id].listings) < MOST_MATCHES:
            found[listing.shop_id].listings.append(listing)


def list_listings(shop_id: UUID, limit: int = 20) -> list[Listing]:
    """The products of a shop that were seen last."""
    query = select(Listing).where(Listing.shop_id == shop_id)
    return list(db.session.scalars(query.order_by(Listing.seen_at.desc(), Listing.title).limit(limit)))


def count_listings(shop_id: UUID) -> int:
    return db.session.scalar(select(func.count(Listing.id)).where(Listing.shop_id == shop_id)) or 0


@dataclass(frozen=True)
class Named:
    """A search of the web that came upon a page of the shop."""

    search: RivalSearch
    url: str
    same: bool
    why: str


def list_searches_naming(domain: str) -> list[Named]:
    """Late searches among whose candidates this shop was, and how it was judged."""
    query = (
        select(RivalSearch)
        .where(RivalSearch.status == CrawlStatus.DONE)
        .order_by(RivalSearch.created_at.desc())
        .limit(SEARCHES_LOOKED_AT)
        .options(joinedload(RivalSearch.discount_request))
    )
    return [
        Named(search, str(one.get("url", "")), bool(one.get("same")), str(one.get("why", "")))
        for search in db.session.scalars(query)
        for one in search.candidates
        if one.get("domain") == domain and str(one.get("url")).startswith(("http://", "https://"))
    ][:10]
