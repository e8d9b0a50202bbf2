"""Everything the page of a shop shows, gathered from the slices that know it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from flask_babel import LazyString, get_locale, gettext

from discount_broker.accounts.queries import operator_names
from discount_broker.discovery.queries.catalogue import count_listings, list_listings, list_searches_naming
from discount_broker.discovery.queries.crawls import is_being_crawled, latest_crawl
from discount_broker.messaging.queries import find_hold
from discount_broker.outreach.queries import cases_of_doors, doors_of
from discount_broker.scorecards.queries import (
    DoorRecord,
    find_scorecard,
    list_door_records,
    list_requests_put_to,
)
from discount_broker.shops.queries import (
    get_shop,
    is_stopped,
    list_aliases,
    list_all_doors,
    list_corrections,
    list_members,
    list_twins_of,
)
from discount_broker.shops.rules import CONTACTS_STAY_FRESH, NOT_THEIRS, USABLE, WRITABLE, is_fresh
from discount_broker.shops.status import ContactKind, ContactState, DoorSource
from discount_broker.web import desk_shop_words as words
from discount_broker.web.desk_page_lines import line_of
from discount_broker.web.sentences import reading_failure

if TYPE_CHECKING:
    from discount_broker.shops.models import ContactPoint, Correction, Shop


class ShownDoor(NamedTuple):
    """A door as the page tells it."""

    point: "ContactPoint"
    shown: str
    href: str
    kind: str
    record: DoorRecord
    told_by: str
    """The operator whose word it is."""
    why: list[str]
    """What spoke for it and against it when it was found."""
    fields: list[tuple[str, str]]
    """Fields of a form, and what each is."""
    may_disown: bool
    may_restore: bool
    may_prefer: bool


class Line(NamedTuple):
    """One correction in words."""

    at: datetime
    who: str
    what: str


def facts_of(shop_id: UUID, now: datetime) -> dict[str, Any]:
    """What the page of a shop is made of, its forms apart."""
    shop = get_shop(shop_id)
    points, corrections = list_all_doors(shop.id), list_corrections(shop.id)
    names = operator_names(
        {p.corrected_by_id for p in points if p.corrected_by_id}
        | {line.operator_id for line in corrections if line.operator_id}
    )
    records = list_door_records(shop.id)
    doors = [_shown(point, records.get(point.id, DoorRecord()), names) for point in points]
    used = [door for door in doors if door.point.state in USABLE]
    return {
        "shop": shop,
        "stopped": is_stopped(shop),
        "doors": used,
        "closed_doors": [door for door in doors if door.point.state not in USABLE],
        "writable": sum(door.point.kind in WRITABLE for door in used),
        "aliases": list_aliases(shop.id),
        "twins": _twins(shop),
        "history": [_line_of_history(line, names) for line in corrections],
        "asked": list_requests_put_to(shop.id),
        "listings": list_listings(shop.id),
        "listings_known": count_listings(shop.id),
        "searches": list_searches_naming(shop.domain),
        "card": find_scorecard(shop.id),
        "members": list_members(shop.id),
        "hold": find_hold(f"shop:{shop.domain}"),
        **_learnt(shop, points),
        **_crawl_facts(shop, now),
    }


def _learnt(shop: "Shop", points: list["ContactPoint"]) -> dict[str, Any]:
    """How likely each door answers, and the cases behind it."""
    writable = [point for point in points if point.kind in WRITABLE and point.state in USABLE]
    chances = {door.id: door.chance for door in doors_of(shop, writable)}
    return {"cases": cases_of_doors(writable), "chances": chances}


class NotRead(NamedTuple):
    """A page that was not read, and why."""

    url: str
    why: LazyString
    until: datetime | None
    """When it is asked for again."""


def _crawl_facts(shop: "Shop", now: datetime) -> dict[str, Any]:
    read_at, crawl = shop.contacts_read_at, latest_crawl(shop.id)
    return {
        "crawl": crawl,
        "not_read": [_not_read(page) for page in crawl.refused] if crawl else [],
        "is_read_now": is_being_crawled(shop.id),
        "is_fresh": is_fresh(read_at, now),
        "stays_fresh_until": read_at + CONTACTS_STAY_FRESH if read_at else None,
    }


def _not_read(page: dict[str, Any]) -> NotRead:
    until = page.get("until")
    moment = datetime.fromisoformat(until) if until else None
    return NotRead(str(page.get("url", "")), reading_failure(page.get("why")), moment)


def _shown(point: "ContactPoint", record: DoorRecord, names: dict[UUID, str]) -> ShownDoor:
    form = point.form or {}
    shown, href = _way(point)
    is_used, is_stopped_here = point.state in USABLE, point.state is ContactState.STOPPED
    return ShownDoor(
        point,
        shown,
        href,
        _kind(point),
        record,
        names.get(point.corrected_by_id, "") if point.corrected_by_id else "",
        [str(why) for why in form.get("why") or []],
        [(str(name), str(role)) for name, role in (form.get("fields") or {}).items()],
        may_disown=point.state_reason != NOT_THEIRS,
        may_restore=not is_used and not is_stopped_here,
        may_prefer=is_used and point.kind in WRITABLE,
    )


def _way(point: "ContactPoint") -> tuple[str, str]:
    """How a door is written, and a link where it leads; only plain web links become one."""
    if point.kind is ContactKind.EMAIL:
        return point.value, ""
    if point.kind is ContactKind.FORM:
        is_web = point.value.startswith(("http://", "https://"))
        return point.value.partition("://")[2] or point.value, point.value if is_web else ""
    line = line_of(point.kind, point.value, point.found_at)
    return line.shown, line.href


def _kind(point: "ContactPoint") -> str:
    service = point.value.partition(":")[0]
    if point.kind is ContactKind.MESSENGER and service in words.SERVICES:
        return words.SERVICES[service]
    return str(words.KINDS[point.kind])


def _twins(shop: "Shop") -> list[tuple["Shop", list[str]]]:
    """Other shops that may be this one, each with what the two have in common."""
    shared: dict[UUID, tuple[Shop, list[str]]] = {}
    for twin, value in list_twins_of(shop.id):
        shared.setdefault(twin.id, (twin, []))[1].append(value)
    return list(shared.values())


def _line_of_history(line: "Correction", names: dict[UUID, str]) -> Line:
    facts = {name: _spoken(line.what, str(fact)) for name, fact in line.facts.items()}
    sentence: LazyString | str = words.CORRECTIONS.get(line.what, line.what)
    if line.operator_id is not None:
        who = names.get(line.operator_id, "")
    else:
        who = gettext("the shop") if line.source is DoorSource.SHOP else ""
    return Line(line.at, who, str(sentence) % facts)


def _spoken(what: str, fact: str) -> str:
    """A country or a language by its name."""
    locale = get_locale()
    if not fact:
        return str(gettext("nothing"))
    if locale is not None and what == "country_set":
        return str(locale.territories.get(fact, fact))
    if locale is not None and what == "language_set":
        return str(locale.languages.get(fact, fact))
    return fact
