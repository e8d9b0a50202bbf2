"""Shops and doors as a crawl finds them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from discount_broker.kernel.db import add_or_find, db
from discount_broker.kernel.urls import readable_host, registrable_domain
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.queries import domains_of, find_shop_by_domain, list_stopped_domains
from discount_broker.shops.rules import country_of
from discount_broker.shops.status import ContactKind, ContactState, DoorSource

WORD_OF_PEOPLE = (DoorSource.OPERATOR, DoorSource.SHOP)
NO_MAIL_ROUTE = ("null_mx", "no_domain", "no_host")
"""Why letters to an address have nowhere to go; a later look may find that they have."""
TRUST_LEFT = 0.5
"""What remains of the confidence in a door that its page no longer shows."""
LEAST_TRUST = 0.05
UNSEEN_ROLES = ("token", "submit", "captcha", "honeypot")


@dataclass(frozen=True)
class FoundDoor:
    """A contact point as a crawl, a person or the shop itself tells it."""

    kind: ContactKind
    value: str
    found_at: str
    confidence: float
    snippet: str = ""
    form: dict[str, Any] | None = None
    written: str = ""
    """How it stands on the page: mailto, text, jsonld, …"""
    why: tuple[str, ...] = ()
    """What speaks for it and against it."""
    mail_route: str = ""
    """What name servers say of an address, as `discovery.ports.MailRoute`; empty where nobody asked."""


def shop_of_url(url: str, now: datetime, name: str = "") -> Shop:
    """The shop a page belongs to, known or new."""
    domain = registrable_domain(url)
    shop = find_shop_by_domain(domain)
    if shop is None:
        scheme, _, rest = url.partition("://")
        home_url = f"{scheme}://{rest.partition('/')[0]}/"
        new = Shop(
            domain=domain,
            home_url=home_url,
            name=name or readable_host(domain),
            country=country_of(domain),
            created_at=now,
        )
        shop = add_or_find(new, lambda: find_shop_by_domain(domain))
    call_by_name(shop, name)
    return shop


def call_by_name(shop: Shop, name: str) -> None:
    """Call a shop that was known by its domain alone as it calls itself, unless a person has named it."""
    if name and shop.name in (shop.domain, readable_host(shop.domain)) and "name" not in shop.corrected:
        shop.name = name


def note_doors(shop: Shop, doors: Iterable[FoundDoor], now: datetime, answered: Collection[str] = ()) -> None:
    """Add what was found. A door that is known keeps its state: a crawl does not revive what is dead.

    What people said of a door stands. `answered` are the pages that were read: a door that stood on one
    of them, and was found nowhere now, is trusted less.
    """
    known = list(db.session.scalars(select(ContactPoint).where(ContactPoint.shop_id == shop.id)))
    found_before = [p for p in known if p.source is DoorSource.CRAWL and not _is_persons_word(p)]
    missing = {point for point in found_before if point.found_at in answered}
    state = ContactState.STOPPED if list_stopped_domains(domains_of(shop)) else ContactState.UNVERIFIED
    for door in doors:
        point = _known_as(door, known)
        if point is None:
            point = ContactPoint(
                shop_id=shop.id, kind=door.kind, value=door.value, state=state, created_at=now
            )
            db.session.add(point)
            known.append(point)
        _note_sighting(point, door, now, answered)
        missing.discard(point)
    for point in missing:
        point.confidence = max(round(point.confidence * TRUST_LEFT, 2), LEAST_TRUST)
    shop.contacts_read_at = now
    db.session.flush()


def _is_persons_word(point: ContactPoint) -> bool:
    """A person has told of the door, or judged it."""
    return point.source in WORD_OF_PEOPLE or point.corrected_by_id is not None


def _known_as(door: FoundDoor, known: list[ContactPoint]) -> ContactPoint | None:
    """The same door noted before; a form is the same on whichever page of the shop it stands."""
    exact = (point for point in known if (point.kind, point.value) == (door.kind, door.value))
    alike = (point for point in known if is_same_form(point.form, door.form))
    return next(exact, None) or next(alike, None)


def _note_sighting(point: ContactPoint, door: FoundDoor, now: datetime, answered: Collection[str]) -> None:
    point.seen_at = now
    if _is_persons_word(point):
        # It stands; the crawl only adds where it can be seen, and as what.
        point.found_at = point.found_at or door.found_at
        point.form, point.evidence = door.form or point.form, evidence_of(door)
        return
    point.source = DoorSource.CRAWL
    if point.value != door.value and point.value not in answered:
        return  # a form whose known page was not looked at, so it is taken to be there still
    point.value, point.found_at, point.snippet = door.value, door.found_at, door.snippet
    point.confidence, point.form = door.confidence, door.form
    point.evidence = evidence_of(door)
    if door.mail_route in NO_MAIL_ROUTE and point.state not in (ContactState.DEAD, ContactState.STOPPED):
        point.state, point.state_reason = ContactState.DEAD, door.mail_route
    elif door.mail_route == "open" and point.state_reason in NO_MAIL_ROUTE:
        point.state, point.state_reason = ContactState.UNVERIFIED, ""


def evidence_of(door: FoundDoor) -> dict[str, Any]:
    return {"written": door.written, "why": list(door.why)}


def is_same_form(one: dict[str, Any] | None, other: dict[str, Any] | None) -> bool:
    """Whether a letter through both would arrive twice: they go to one place, or ask for the same."""
    if not one or not other:
        return False
    if "service" in one or "service" in other:  # no form of the page: a script puts it there
        return bool(one.get("service") == other.get("service"))
    asked = _asked_for(one)
    return bool(one.get("action") and one["action"] == other.get("action")) or bool(
        asked and asked == _asked_for(other)
    )


def _asked_for(form: dict[str, Any]) -> set[str]:
    return {name for name, role in form.get("fields", {}).items() if role not in UNSEEN_ROLES}
