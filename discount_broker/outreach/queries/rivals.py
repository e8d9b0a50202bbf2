"""Reading which rivals are still to be chosen, and how shops have answered."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute

from discount_broker.discount_requests.models import DiscountRequest, TimelineEntry
from discount_broker.discount_requests.queries.baskets import RUNNING
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.discovery.models import RivalSearch
from discount_broker.kernel.db import db
from discount_broker.kernel.urls import page_key
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.rules import AnswerRecord
from discount_broker.outreach.status import OutreachStatus

RIVALS_TOLD = ("rivals_chosen", "no_rivals")
"""How the story of a request says that its search for rivals is over."""


def are_rivals_told(request_id: UUID) -> bool:
    """Whether rivals were chosen after a search of the web, or none was found."""
    return bool(db.session.scalar(select(_rivals_told(request_id))))


def _rivals_told(request_id: UUID | InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    return exists().where(
        TimelineEntry.discount_request_id == request_id, TimelineEntry.event.in_(RIVALS_TOLD)
    )


def awaits_rivals() -> ColumnElement[bool]:
    """Of a discount request: the web is being searched for rivals, and none was chosen yet."""
    is_sought = exists().where(RivalSearch.discount_request_id == DiscountRequest.id)
    return is_sought & ~_rivals_told(DiscountRequest.id)


def list_awaiting_rivals() -> list[UUID]:
    """Running requests whose rivals are still to be chosen."""
    is_running = DiscountRequest.status.in_((RequestStatus.ASKED, RequestStatus.OFFERED))
    return list(db.session.scalars(select(DiscountRequest.id).where(is_running, awaits_rivals())))


def pages_asked_meanwhile(request: DiscountRequest) -> set[str]:
    """Product pages about which other running requests of the same buyer ask, their own or a rival's."""
    others = select(DiscountRequest.id).where(
        DiscountRequest.buyer_id == request.buyer_id,
        DiscountRequest.id != request.id,
        DiscountRequest.status.in_(RUNNING),
    )
    own = select(DiscountRequest.product_url).where(DiscountRequest.id.in_(others))
    asked = select(Outreach.product_url).where(Outreach.discount_request_id.in_(others))
    return {page_key(url) for url in db.session.scalars(own.union(asked))}


def answer_records(shop_ids: Collection[UUID]) -> dict[UUID, AnswerRecord]:
    """How these shops have answered; those with no ladder that has ended are missing."""
    answered = (OutreachStatus.ANSWERED, OutreachStatus.DECLINED)
    has_answered = func.sum(case((Outreach.status.in_(answered), 1), else_=0))
    query = (
        select(Outreach.shop_id, func.count(Outreach.id), has_answered)
        .where(Outreach.shop_id.in_(shop_ids), Outreach.status.in_((*answered, OutreachStatus.EXHAUSTED)))
        .group_by(Outreach.shop_id)
    )
    return {shop_id: AnswerRecord(asked, int(count)) for shop_id, asked, count in db.session.execute(query)}
