"""Reading shops and their doors."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from discount_broker.kernel.db import begins_with, db, find_row
from discount_broker.kernel.errors import NotFound
from discount_broker.messaging.models import Suppression
from discount_broker.messaging.queries import is_suppressed
from discount_broker.shops.models import ContactPoint, Correction, Shop, ShopMember, ShopPerson
from discount_broker.shops.rules import (
    DOUBTFUL,
    NOT_THEIRS,
    USABLE,
    WRITABLE,
    domain_begun,
    door_order,
    in_ascii,
    name_spellings,
    stop_keys,
)
from discount_broker.shops.status import ContactKind, ContactState, DoorSource


def get_shop(shop_id: UUID, *, lock: bool = False) -> Shop:
    """One shop, an alias as it is; `lock` makes others wait who want to change it too (PostgreSQL)."""
    shop = find_row(Shop, shop_id, lock=lock)
    if shop is None:
        raise NotFound("shop")
    return shop


def list_shops(shop_ids: Collection[UUID]) -> list[Shop]:
    """These shops, by name."""
    return list(db.session.scalars(select(Shop).where(Shop.id.in_(shop_ids)).order_by(Shop.name, Shop.id)))


def find_shop_by_domain(domain: str) -> Shop | None:
    """The shop that is known by this domain; where it was merged, the shop it was merged into."""
    shop = find_domain(domain)
    return shop and (shop.merged_into or shop)


def find_domain(domain: str) -> Shop | None:
    """The row of this very domain, be it another name of a shop."""
    return db.session.scalar(select(Shop).where(Shop.domain == domain))


def is_called(begins: str) -> ColumnElement[bool]:
    """Whether a shop's name or domain begins so, by the indices of both."""
    names = (begins_with(Shop.name, spelling) for spelling in name_spellings(begins))
    return or_(begins_with(Shop.domain, domain_begun(begins)), *names)


def list_aliases(shop_id: UUID) -> list[Shop]:
    """The domains that turned out to be other names of this shop."""
    return list(db.session.scalars(select(Shop).where(Shop.merged_into_id == shop_id).order_by(Shop.domain)))


def domains_of(shop: Shop) -> list[str]:
    """Every domain by which the shop is known, its own first."""
    whole = shop.merged_into or shop
    return [whole.domain, *(alias.domain for alias in list_aliases(whole.id))]


def is_stopped(shop: Shop) -> bool:
    """Whether the shop forbids all requests, under whichever of its domains."""
    return is_suppressed([f"shop:{domain}" for domain in domains_of(shop)])


def door_stop_keys(shop: Shop, kind: ContactKind, value: str) -> list[str]:
    """Entries of the stop list that close a door of this shop, under whichever of its domains."""
    return [*dict.fromkeys(key for domain in domains_of(shop) for key in stop_keys(domain, kind, value))]


def list_stopped_domains(domains: Collection[str]) -> set[str]:
    """Those of the domains that stand on the stop list for good."""
    keys = [f"shop:{domain}" for domain in domains]
    found = db.session.scalars(
        select(Suppression.key).where(Suppression.key.in_(keys), Suppression.until.is_(None))
    )
    return {key.removeprefix("shop:") for key in found}


def list_all_doors(shop_id: UUID) -> list[ContactPoint]:
    """Every door in every state: those in use first, each lot in the order in which they are tried."""
    points = db.session.scalars(select(ContactPoint).where(ContactPoint.shop_id == shop_id))
    return sorted(points, key=lambda p: (p.state not in USABLE, p.kind not in WRITABLE, *_order(p)))


def find_door(shop_id: UUID, kind: ContactKind, value: str) -> ContactPoint | None:
    return db.session.scalar(
        select(ContactPoint).where(
            ContactPoint.shop_id == shop_id, ContactPoint.kind == kind, ContactPoint.value == value
        )
    )


def list_corrections(shop_id: UUID) -> list[Correction]:
    """What people said of the shop, newest first."""
    query = select(Correction).where(Correction.shop_id == shop_id)
    return list(db.session.scalars(query.order_by(Correction.at.desc(), Correction.id)))


SHARED = (ContactKind.EMAIL, ContactKind.PHONE)
"""Doors that two shops have in common only if they are one, or of one owner."""


def list_twins_of(shop_id: UUID) -> list[tuple[Shop, str]]:
    """Other shops with an address or a number of this one, and what they share."""
    mine, theirs = aliased(ContactPoint), aliased(ContactPoint)
    query = (
        select(Shop, theirs.value)
        .join(theirs, theirs.shop_id == Shop.id)
        .join(mine, (mine.value == theirs.value) & (mine.kind == theirs.kind))
        .where(
            mine.shop_id == shop_id,
            theirs.shop_id != shop_id,
            theirs.kind.in_(SHARED),
            Shop.merged_into_id.is_(None),
            mine.state_reason != NOT_THEIRS,
            theirs.state_reason != NOT_THEIRS,
        )
        .order_by(Shop.domain, theirs.value)
        .limit(20)
    )
    return [(shop, value) for shop, value in db.session.execute(query)]


def list_shared_doors(limit: int = 100) -> list[tuple[str, list[Shop]]]:
    """Addresses and numbers that several shops have, with these shops: they may be one."""
    shared = (
        select(ContactPoint.kind, ContactPoint.value)
        .join(Shop, ContactPoint.shop_id == Shop.id)
        .where(
            ContactPoint.kind.in_(SHARED),
            ContactPoint.state_reason != NOT_THEIRS,
            Shop.merged_into_id.is_(None),
        )
        .group_by(ContactPoint.kind, ContactPoint.value)
        .having(func.count() > 1)
        .order_by(ContactPoint.value)
        .limit(limit)
        .subquery()
    )
    query = (
        select(ContactPoint.value, Shop)
        .join(Shop, ContactPoint.shop_id == Shop.id)
        .join(shared, (shared.c.value == ContactPoint.value) & (shared.c.kind == ContactPoint.kind))
        .where(ContactPoint.state_reason != NOT_THEIRS, Shop.merged_into_id.is_(None))
        .order_by(ContactPoint.value, Shop.domain)
    )
    found: dict[str, list[Shop]] = {}
    for value, shop in db.session.execute(query):
        found.setdefault(value, []).append(shop)
    return list(found.items())


def get_contact_point(contact_point_id: UUID) -> ContactPoint:
    point = db.session.get(ContactPoint, contact_point_id)
    if point is None:
        raise NotFound("contact point")
    return point


def get_door_of(shop_id: UUID, door_id: UUID) -> ContactPoint:
    """A door of this very shop."""
    point = get_contact_point(door_id)
    if point.shop_id != shop_id:
        raise NotFound("contact point")
    return point


def list_doors(shop_id: UUID) -> list[ContactPoint]:
    """The doors a machine may try, best first."""
    points = db.session.scalars(
        select(ContactPoint).where(
            ContactPoint.shop_id == shop_id, ContactPoint.kind.in_(WRITABLE), ContactPoint.state.in_(USABLE)
        )
    )
    return sorted(points, key=_order)


def _order(point: ContactPoint) -> tuple[float, int, int, float, str]:
    place = door_order(
        point.kind,
        point.state,
        point.confidence,
        last_answer_at=point.last_answer_at,
        preferred_at=point.preferred_at,
    )
    return (*place, point.value)


def list_phones(shop_id: UUID) -> list[ContactPoint]:
    """Numbers and messengers an operator may use, surest first."""
    points = db.session.scalars(
        select(ContactPoint).where(
            ContactPoint.shop_id == shop_id,
            ContactPoint.kind.in_((ContactKind.PHONE, ContactKind.MESSENGER)),
            ContactPoint.state.in_(USABLE),
        )
    )
    return sorted(points, key=lambda p: (p.kind is not ContactKind.PHONE, -p.confidence, p.value))


def list_people(shop_id: UUID, limit: int = 50) -> list[ShopPerson]:
    """Whom we have met at the shop: those who still work there first, whom we met last before others."""
    query = select(ShopPerson).where(ShopPerson.shop_id == shop_id)
    order = (ShopPerson.left_at.is_not(None), ShopPerson.met_at.desc(), ShopPerson.name)
    return list(db.session.scalars(query.order_by(*order).limit(limit)))


def get_person_of(shop_id: UUID, person_id: UUID) -> ShopPerson:
    """Somebody at this very shop.

    Raises:
        NotFound

    """
    person = db.session.get(ShopPerson, person_id)
    if person is None or person.shop_id != shop_id:
        raise NotFound("person")
    return person


def get_member(member_id: UUID, *, lock: bool = False) -> ShopMember:
    """Somebody who answers for a shop, or was asked to.

    Raises:
        NotFound

    """
    member = find_row(ShopMember, member_id, lock=lock)
    if member is None:
        raise NotFound("shop member")
    return member


def shop_of_member(member_id: UUID) -> Shop:
    """The shop they answer for, under whichever of its names they came in."""
    shop = get_member(member_id).shop
    return shop.merged_into or shop


def names_of(shop_id: UUID) -> Select[UUID]:
    """The shop and whatever was merged into it: what its people said under another name is theirs still."""
    return select(Shop.id).where((Shop.id == shop_id) | (Shop.merged_into_id == shop_id))


def find_member(shop_id: UUID, email: str) -> ShopMember | None:
    """Whoever has this address, under whichever name of the shop; who may still answer comes first."""
    query = select(ShopMember).where(ShopMember.shop_id.in_(names_of(shop_id)), ShopMember.email == email)
    return db.session.scalar(query.order_by(ShopMember.ended_at.is_not(None), ShopMember.id).limit(1))


def find_acting_member(member_id: UUID) -> ShopMember | None:
    """A member who has proved their address and may still answer for the shop."""
    member = db.session.get(ShopMember, member_id)
    return member if member and member.proved_at and not member.ended_at else None


def list_members(shop_id: UUID) -> list[ShopMember]:
    """Who may answer for the shop: those who proved their address, then those who were invited."""
    may = ShopMember.proved_at.is_not(None) | ShopMember.invited_by_id.is_not(None)
    is_theirs = ShopMember.shop_id.in_(names_of(shop_id))
    query = select(ShopMember).where(is_theirs, ShopMember.ended_at.is_(None), may)
    return list(db.session.scalars(query.order_by(ShopMember.proved_at.is_(None), ShopMember.email)))


def lock_members(shop_id: UUID) -> None:
    """Let nobody else change who answers for the shop until the commit: two could each leave the other."""
    theirs = select(ShopMember).where(ShopMember.shop_id.in_(names_of(shop_id))).order_by(ShopMember.id)
    db.session.scalars(
        theirs.with_for_update(key_share=True), execution_options={"populate_existing": True}
    ).all()


def addresses_that_speak(shop_id: UUID) -> set[str]:
    """E-mail addresses that are doors of the shop beyond doubt: whoever reads there may answer for it.

    One on the stop list is read all the same; one that somebody called another's is no proof, nor is one
    that stands on no page and that only whoever held a letter has named.
    """
    doors = db.session.scalars(
        select(ContactPoint).where(
            ContactPoint.shop_id == shop_id,
            ContactPoint.kind == ContactKind.EMAIL,
            ContactPoint.state_reason != NOT_THEIRS,
            or_(ContactPoint.source != DoorSource.SHOP, ContactPoint.found_at != ""),
        )
    )
    sure = (door for door in doors if door.confidence >= DOUBTFUL or door.state is ContactState.GOOD)
    return {spelling for door in sure for spelling in (door.value, in_ascii(door.value))}
