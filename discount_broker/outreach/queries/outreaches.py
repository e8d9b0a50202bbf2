"""Reading outreaches."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import selectinload

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries import product_seen, wish_of
from discount_broker.discount_requests.rules import percent_in_its_place
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db, find_row
from discount_broker.kernel.errors import NotFound
from discount_broker.kernel.money import Money
from discount_broker.notifications.catalogue import Wish
from discount_broker.notifications.queries.news import told_of
from discount_broker.outreach.models import Outreach, Reply
from discount_broker.outreach.status import OPEN, OutreachStatus, ReplyKind


def get_outreach(outreach_id: UUID, *, lock: bool = False) -> Outreach:
    """One outreach; `lock` makes others wait who want to change it too (PostgreSQL)."""
    outreach = find_row(Outreach, outreach_id, lock=lock)
    if outreach is None:
        raise NotFound("outreach")
    return outreach


def wish_put_to(outreach: Outreach) -> Wish:
    """The buyer's wish, in words this shop can do something with."""
    request = outreach.discount_request
    wish, page = wish_of(request), product_seen(request).price
    asked = Money(outreach.price, outreach.currency) if outreach.price and outreach.currency else None
    percent = percent_in_its_place(wish.price, page, asked) if wish.price else None
    return wish if percent is None else Wish(percent=percent)


def list_outreaches(request_id: UUID) -> list[Outreach]:
    """The shops asked for one request: the buyer's own choice first."""
    return list(
        db.session.scalars(
            select(Outreach)
            .where(Outreach.discount_request_id == request_id)
            .options(selectinload(Outreach.replies))
            .order_by(Outreach.is_rival, Outreach.created_at, Outreach.id)
        )
    )


def list_planned(shop_id: UUID) -> list[Outreach]:
    """Outreaches that wait for the shop's contact points, locked: two workers may ask at once."""
    return list(
        db.session.scalars(
            select(Outreach)
            .where(Outreach.shop_id == shop_id, Outreach.status == OutreachStatus.PLANNED)
            .order_by(Outreach.created_at, Outreach.id)
            .with_for_update(key_share=True)
        )
    )


def list_shops_with_planned() -> list[UUID]:
    return list(
        db.session.scalars(
            select(Outreach.shop_id).where(Outreach.status == OutreachStatus.PLANNED).distinct()
        )
    )


def silence_purpose(request_id: UUID) -> str:
    """Purpose of the one message that tells a buyer of the silence."""
    return f"request:{request_id}:silence"


def list_silent_requests(confirmed_before: datetime, only: Collection[UUID] | None = None) -> list[UUID]:
    """Requests that nobody has answered for long, and whose buyers have not been told so; all, or of `only`.

    A letter in a shop's own words was passed on to the buyer: that is no silence.
    """
    has_answer = exists().where(
        Outreach.discount_request_id == DiscountRequest.id, Outreach.answered_at.is_not(None)
    )
    has_letter = (
        exists()
        .where(Outreach.discount_request_id == DiscountRequest.id)
        .where(Reply.outreach_id == Outreach.id, Reply.kind == ReplyKind.HUMAN)
    )
    query = select(DiscountRequest.id).where(
        DiscountRequest.status == RequestStatus.ASKED,
        DiscountRequest.confirmed_at < confirmed_before,
        ~has_answer,
        ~has_letter,
    )
    if only is not None:
        query = query.where(DiscountRequest.id.in_(only))
    purposes = {request_id: silence_purpose(request_id) for request_id in db.session.scalars(query)}
    told = told_of(purposes.values())
    return [request_id for request_id, purpose in purposes.items() if purpose not in told]


def list_open_of_shop(shop_id: UUID) -> list[Outreach]:
    """Outreaches of a shop that could still get a message, locked."""
    return list(
        db.session.scalars(
            select(Outreach)
            .where(Outreach.shop_id == shop_id, Outreach.status.in_(OPEN))
            .order_by(Outreach.created_at, Outreach.id)
            .with_for_update(key_share=True)
        )
    )
