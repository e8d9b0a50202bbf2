"""What other slices do to shops."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from discount_broker.kernel.db import add_or_find, db
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.site import site
from discount_broker.kernel.urls import registrable_domain
from discount_broker.messaging.operations import suppress
from discount_broker.messaging.queries import is_suppressed
from discount_broker.shops.models import ContactPoint, Correction, Shop
from discount_broker.shops.queries import (
    domains_of,
    door_stop_keys,
    find_door,
    find_shop_by_domain,
    is_stopped,
)
from discount_broker.shops.rules import MOST_TOLD_BY_SHOP, NOT_THEIRS, country_of, state_of_both
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
            domain=domain, home_url=home_url, name=name or domain, country=country_of(domain), created_at=now
        )
        shop = add_or_find(new, lambda: find_shop_by_domain(domain))
    call_by_name(shop, name)
    return shop


def call_by_name(shop: Shop, name: str) -> None:
    """Call a shop that was known by its domain alone as it calls itself, unless a person has named it."""
    if name and shop.name == shop.domain and "name" not in shop.corrected:
        shop.name = name


def note_doors(shop: Shop, doors: Iterable[FoundDoor], now: datetime, answered: Collection[str] = ()) -> None:
    """Add what was found. A door that is known keeps its state: a crawl does not revive what is dead.

    What people said of a door stands. `answered` are the pages that were read: a door that stood on one
    of them, and was found nowhere now, is trusted less.
    """
    known = list(db.session.scalars(select(ContactPoint).where(ContactPoint.shop_id == shop.id)))
    found_before = [p for p in known if p.source is DoorSource.CRAWL and not _is_persons_word(p)]
    missing = {point for point in found_before if point.found_at in answered}
    state = ContactState.STOPPED if is_stopped(shop) else ContactState.UNVERIFIED
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
    asked = _asked_for(one)
    return bool(one.get("action") and one["action"] == other.get("action")) or bool(
        asked and asked == _asked_for(other)
    )


def _asked_for(form: dict[str, Any]) -> set[str]:
    return {name for name, role in form.get("fields", {}).items() if role not in UNSEEN_ROLES}


def take_correction(
    shop: Shop,
    door: FoundDoor,
    now: datetime,
    *,
    source: DoorSource,
    operator_id: UUID | None = None,
    is_preferred: bool = False,
) -> ContactPoint:
    """A person tells a door: it is kept whatever a crawl reads later. A stop stands against it all the same.

    Raises:
        Refused: `own_address`, `too_many_doors`.

    """
    shop = shop.merged_into or shop
    if site().is_own_mailbox(door.value):
        raise Refused("own_address", "value")
    point = find_door(shop.id, door.kind, door.value) or _told_door(shop, door, source, now)
    point.found_at = point.found_at or door.found_at
    point.snippet, point.confidence, point.seen_at = door.snippet or point.snippet, door.confidence, now
    point.source, point.corrected_by_id = source, operator_id
    point.preferred_at = now if is_preferred else point.preferred_at
    reopen(point)
    note_correction(shop, "door_added", now, source, operator_id, kind=door.kind, value=door.value)
    return point


def _told_door(shop: Shop, door: FoundDoor, source: DoorSource, now: datetime) -> ContactPoint:
    """A door nobody knew; a crawl, or the same person in another window, may be adding it just now."""
    told = (ContactPoint.shop_id == shop.id) & (ContactPoint.source == DoorSource.SHOP)
    count = db.session.scalar(select(func.count(ContactPoint.id)).where(told)) or 0
    if source is DoorSource.SHOP and count >= MOST_TOLD_BY_SHOP:
        raise Refused("too_many_doors", "value")
    point = ContactPoint(
        shop_id=shop.id,
        kind=door.kind,
        value=door.value,
        found_at="",
        confidence=door.confidence,
        created_at=now,
    )
    return add_or_find(point, lambda: find_door(shop.id, door.kind, door.value))


def reopen(point: ContactPoint) -> None:
    """Let a door be used again, unless it is on the stop list."""
    if is_suppressed(door_stop_keys(point.shop, point.kind, point.value)):
        point.state, point.state_reason = ContactState.STOPPED, "stop"
    elif point.state is not ContactState.GOOD:
        point.state, point.state_reason = ContactState.UNVERIFIED, ""


def disown(point: ContactPoint, operator_id: UUID, now: datetime) -> None:
    """Somebody else's door: no crawl and no list revives it."""
    if point.state is not ContactState.STOPPED:
        point.state = ContactState.DEAD
    point.state_reason, point.preferred_at = NOT_THEIRS, None
    note_word(point, "door_disowned", operator_id, now)


def note_word(point: ContactPoint, what: str, operator_id: UUID, now: datetime) -> None:
    """Write down what an operator said of a door, whoever found it."""
    point.corrected_by_id = operator_id
    note_correction(
        point.shop, what, now, DoorSource.OPERATOR, operator_id, kind=point.kind, value=point.value
    )


def note_correction(
    shop: Shop, what: str, now: datetime, source: DoorSource, operator_id: UUID | None, **facts: Any
) -> None:
    """Append a line to the history of the shop."""
    facts = {name: str(fact) for name, fact in facts.items()}
    line = Correction(shop_id=shop.id, what=what, facts=facts, source=source, operator_id=operator_id, at=now)
    db.session.add(line)
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
    """Close every door, also where the shop is another name of one that has the doors."""
    for point in [*shop.contact_points, *(shop.merged_into.contact_points if shop.merged_into else [])]:
        point.state, point.state_reason = ContactState.STOPPED, "stop"


def merge_doors(alias: Shop, shop: Shop, now: datetime) -> dict[UUID, UUID]:
    """Make `alias` another name of `shop`: its doors move there, and the stops of either bind both.

    A door that both had is kept once; the answer says which one stands for which.
    """
    stopped = is_stopped(alias) or is_stopped(shop)
    kept = {(point.kind, point.value): point for point in shop.contact_points}
    replaced = {}
    for point in [*alias.contact_points]:
        twin = kept.get((point.kind, point.value))
        if twin is None:
            point.shop = shop
        else:
            _unite(twin, point)
            replaced[point.id] = twin.id
    # Another name of the alias is another name of the shop: no chains, and no circles.
    db.session.execute(update(Shop).where(Shop.merged_into_id == alias.id).values(merged_into_id=shop.id))
    alias.merged_into = shop
    shop.language, shop.country = shop.language or alias.language, shop.country or alias.country
    db.session.flush()
    if stopped:
        stop_all_domains(shop, reason="merged", cause=f"{alias.domain} = {shop.domain}", now=now)
        mark_stopped(shop)
    return replaced


def _unite(kept: ContactPoint, other: ContactPoint) -> None:
    """What was learnt at either of two doors that are one."""
    state = state_of_both(kept.state, other.state)
    if state is not kept.state:
        kept.state, kept.state_reason = state, other.state_reason
    kept.last_answer_at = max(filter(None, (kept.last_answer_at, other.last_answer_at)), default=None)
    kept.preferred_at = kept.preferred_at or other.preferred_at


def stop_all_domains(shop: Shop, *, reason: str, cause: str, now: datetime) -> None:
    """Put the shop on the stop list under every domain it is known by."""
    for domain in domains_of(shop):
        suppress(f"shop:{domain}", reason=reason, cause=cause, now=now)


def split_off(alias: Shop) -> None:
    """Make a domain a shop of its own again; its doors stay where they are, and it is read anew."""
    alias.merged_into, alias.contacts_read_at = None, None
    db.session.flush()
