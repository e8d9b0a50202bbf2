"""Reading shops and their doors."""

from uuid import UUID

from sqlalchemy import select

from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.rules import USABLE, WRITABLE, door_order
from discount_broker.shops.status import ContactKind


def get_shop(shop_id: UUID) -> Shop:
    shop = db.session.get(Shop, shop_id)
    if shop is None:
        raise NotFound("shop")
    return shop


def find_shop_by_domain(domain: str) -> Shop | None:
    return db.session.scalar(select(Shop).where(Shop.domain == domain))


def get_contact_point(contact_point_id: UUID) -> ContactPoint:
    point = db.session.get(ContactPoint, contact_point_id)
    if point is None:
        raise NotFound("contact point")
    return point


def list_doors(shop_id: UUID) -> list[ContactPoint]:
    """The doors a machine may try, best first."""
    points = db.session.scalars(
        select(ContactPoint).where(
            ContactPoint.shop_id == shop_id, ContactPoint.kind.in_(WRITABLE), ContactPoint.state.in_(USABLE)
        )
    )
    return sorted(
        points, key=lambda p: (*door_order(p.kind, p.state, p.confidence, p.last_answer_at), p.value)
    )


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
