"""What other slices do to shops."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from discount_broker.kernel.db import add_or_find, db
from discount_broker.kernel.urls import registrable_domain
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.queries import find_shop_by_domain
from discount_broker.shops.rules import country_of
from discount_broker.shops.status import ContactKind, ContactState


@dataclass(frozen=True)
class FoundDoor:
    """A contact point as a crawl, a person or the shop itself tells it."""

    kind: ContactKind
    value: str
    found_at: str
    confidence: float
    snippet: str = ""
    form: dict[str, Any] | None = None


def shop_of_url(url: str, now: datetime, name: str = "") -> Shop:
    """The shop a page belongs to, known or new."""
    domain = registrable_domain(url)
    shop = find_shop_by_domain(domain)
    if shop is None:
        scheme, _, rest = url.partition("://")
        home_url = f"{scheme}://{rest.partition('/')[0]}/"
        new = Shop(
            domain=domain, home_url=home_url, name=name or domain, country=country_of(domain), created_at=now
        )
        shop = add_or_find(new, lambda: find_shop_by_domain(domain))
    call_by_name(shop, name)
    return shop


def call_by_name(shop: Shop, name: str) -> None:
    """Call a shop that was known by its domain alone as it calls itself."""
    if name and shop.name == shop.domain:
        shop.name = name


def note_doors(shop: Shop, doors: Iterable[FoundDoor], now: datetime) -> None:
    """Add what was found. A door that is known keeps its state: a crawl does not revive what is dead."""
    known = {
        (point.kind, point.value): point
        for point in db.session.scalars(select(ContactPoint).where(ContactPoint.shop_id == shop.id))
    }
    for door in doors:
        point = known.get((door.kind, door.value))
        if point is None:
            point = ContactPoint(shop_id=shop.id, kind=door.kind, value=door.value, created_at=now)
            db.session.add(point)
            known[door.kind, door.value] = point
        point.found_at, point.snippet = door.found_at, door.snippet
        point.confidence, point.form = door.confidence, door.form
    shop.contacts_read_at = now
    db.session.flush()


def mark_dead(contact_point_id: UUID, why: str) -> None:
    point = db.session.get_one(ContactPoint, contact_point_id)
    if point.state is not ContactState.STOPPED:
        point.state, point.state_reason = ContactState.DEAD, why


def note_captcha(point: ContactPoint) -> None:
    """The form turned out to ask for a captcha: it is for people from now on."""
    point.form = {**(point.form or {}), "captcha": "other"}


def mark_answering(contact_point_id: UUID, now: datetime) -> None:
    """A person answered at this door: it is tried first next time."""
    point = db.session.get_one(ContactPoint, contact_point_id)
    point.last_answer_at = now
    if point.state is ContactState.UNVERIFIED:
        point.state, point.state_reason = ContactState.GOOD, ""


def mark_stopped(shop: Shop) -> None:
    for point in shop.contact_points:
        point.state, point.state_reason = ContactState.STOPPED, "stop"
