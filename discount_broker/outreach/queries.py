"""Reading outreaches, their steps and what came back."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from discount_broker.discount_requests.models import DiscountRequest, TimelineEntry
from discount_broker.discount_requests.queries import product_seen, wish_of
from discount_broker.discount_requests.rules import percent_in_its_place
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.discovery.models import RivalSearch
from discount_broker.kernel.db import db, find_row
from discount_broker.kernel.errors import NotFound
from discount_broker.kernel.money import Money
from discount_broker.kernel.tokens import Purpose, read_token
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.queries import find_delivery_for
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.notifications.catalogue import Attempt, Door, Wish
from discount_broker.outreach.models import InboundMail, Outreach, Step
from discount_broker.outreach.rules import AnswerRecord
from discount_broker.outreach.status import OPEN, OutreachStatus

RIVALS_TOLD = ("rivals_chosen", "no_rivals")
"""How the story of a request says that its search for rivals is over."""
ENDED_BADLY = (
    DeliveryStatus.FAILED,
    DeliveryStatus.BOUNCED,
    DeliveryStatus.STOPPED,
    DeliveryStatus.UNKNOWN,
)


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


def list_silent_requests(confirmed_before: datetime) -> list[UUID]:
    """Requests that nobody has answered for long, and whose buyers have not been told so."""
    has_answer = exists().where(
        Outreach.discount_request_id == DiscountRequest.id, Outreach.answered_at.is_not(None)
    )
    query = select(DiscountRequest.id).where(
        DiscountRequest.status == RequestStatus.ASKED,
        DiscountRequest.confirmed_at < confirmed_before,
        ~has_answer,
    )
    return [
        request_id
        for request_id in db.session.scalars(query)
        if find_delivery_for(silence_purpose(request_id)) is None
    ]


def attempts_of(outreaches: Iterable[Outreach]) -> tuple[Attempt, ...]:
    """What was tried, as messages to the buyer tell it."""
    steps = [step for outreach in outreaches for step in outreach.steps]
    return tuple(
        Attempt(shop=step.outreach.shop.name, door=Door(step.contact_point.kind), at=step.taken_at)
        for step in sorted(steps, key=lambda step: step.taken_at)
    )


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


def list_due_steps(now: datetime) -> list[UUID]:
    return list(
        db.session.scalars(
            select(Outreach.id).where(Outreach.status == OutreachStatus.ASKED, Outreach.next_step_at <= now)
        )
    )


def find_step_of(delivery_id: UUID) -> Step | None:
    return db.session.scalar(select(Step).where(Step.delivery_id == delivery_id))


def count_messages(shop_id: UUID, since: datetime) -> int:
    """How many requests the shop was sent lately or is going to be sent, over all buyers."""
    is_to_come = Delivery.status.in_((DeliveryStatus.QUEUED, DeliveryStatus.SENDING))
    may_have_come = (Delivery.status == DeliveryStatus.UNKNOWN) & (Step.taken_at > since)
    query = (
        select(func.count(Step.id))
        .join(Outreach, Step.outreach_id == Outreach.id)
        .join(Delivery, Step.delivery_id == Delivery.id)
        .where(Outreach.shop_id == shop_id, or_(is_to_come, may_have_come, Delivery.sent_at > since))
    )
    return db.session.scalar(query) or 0


def list_addresses_written_to(shop_id: UUID) -> list[str]:
    """E-mail addresses at which the shop got a request: whoever forbids more of them reads there."""
    query = (
        select(Delivery.address)
        .join(Step, Step.delivery_id == Delivery.id)
        .join(Outreach, Step.outreach_id == Outreach.id)
        .where(Outreach.shop_id == shop_id, Delivery.channel == ChannelKind.EMAIL)
    )
    return list(db.session.scalars(query.distinct()))


def list_unsettled() -> list[UUID]:
    """Deliveries that ended badly while their outreach still waits for them: a bell was lost."""
    query = (
        select(Step.delivery_id)
        .join(Outreach, Step.outreach_id == Outreach.id)
        .join(Delivery, Step.delivery_id == Delivery.id)
        .where(
            Outreach.status == OutreachStatus.ASKED,
            Step.number == Outreach.steps_taken,
            Delivery.status.in_(ENDED_BADLY),
        )
    )
    return list(db.session.scalars(query))


def list_unread_mail() -> list[UUID]:
    return list(db.session.scalars(select(InboundMail.id).where(InboundMail.read_at.is_(None))))


def is_own_address(address: str, now: datetime) -> bool:
    """Whether we have given out this `reply+<token>@` or `bounce+<token>@` address."""
    kind, _, token = address.partition("@")[0].partition("+")
    try:
        read_token(Purpose.REPLY if kind.lower() == "reply" else Purpose.BOUNCE, token, now)
    except NotFound:
        return False
    return True


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
