"""Reading what was sent to shops."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, union

from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery, DeliveryReceipt
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.status import DeliveryStatus, ReceiptKind
from discount_broker.notifications.catalogue import Attempt, Door
from discount_broker.outreach.models import Letter, Outreach, Step
from discount_broker.outreach.queries.thread import TO_BUYER
from discount_broker.outreach.status import OPEN, OutreachStatus

ENDED_BADLY = (
    DeliveryStatus.FAILED,
    DeliveryStatus.BOUNCED,
    DeliveryStatus.STOPPED,
    DeliveryStatus.UNKNOWN,
)


def attempts_of(outreaches: Iterable[Outreach]) -> tuple[Attempt, ...]:
    """What was tried, as messages to the buyer tell it."""
    steps = [step for outreach in outreaches for step in outreach.steps]
    return tuple(
        Attempt(shop=step.outreach.shop.name, door=Door(step.contact_point.kind), at=step.taken_at)
        for step in sorted(steps, key=lambda step: step.taken_at)
    )


def list_due_steps(now: datetime) -> list[UUID]:
    return list(
        db.session.scalars(
            select(Outreach.id).where(Outreach.status == OutreachStatus.ASKED, Outreach.next_step_at <= now)
        )
    )


def list_steps_of(delivery_id: UUID) -> list[Step]:
    """The steps a message is for: one, or all those of a digest; in an order in which they can be locked."""
    query = select(Step).where(Step.delivery_id == delivery_id).order_by(Step.outreach_id, Step.number)
    return list(db.session.scalars(query))


def list_outreaches_in(delivery_id: UUID) -> list[Outreach]:
    """The outreaches a digest tells of, the first one first."""
    query = (
        select(Outreach).join(Step, Step.outreach_id == Outreach.id).where(Step.delivery_id == delivery_id)
    )
    return list(db.session.scalars(query.order_by(Step.taken_at, Outreach.id)))


def conversations_of(delivery_ids: Collection[UUID]) -> dict[UUID, Outreach]:
    """The conversation each message belongs to, if any; of a digest the one with which it began."""
    found: dict[UUID, Outreach] = {}
    for by in (Letter, Step):
        query = select(by.delivery_id, Outreach).join(Outreach, by.outreach_id == Outreach.id)
        written = query.where(by.delivery_id.in_(delivery_ids)).order_by(Outreach.created_at.desc())
        for delivery_id, outreach in db.session.execute(written):
            assert delivery_id is not None
            found[delivery_id] = outreach
    return found


def count_messages(shop_id: UUID, since: datetime) -> int:
    """How many messages the shop was sent lately or is going to be sent, over all buyers."""
    is_to_come = Delivery.status.in_((DeliveryStatus.QUEUED, DeliveryStatus.SENDING))
    may_have_come = (Delivery.status == DeliveryStatus.UNKNOWN) & (Delivery.created_at > since)
    asked = select(Step.delivery_id).join(Outreach).where(Outreach.shop_id == shop_id)
    written = select(Letter.delivery_id).join(Outreach).where(Outreach.shop_id == shop_id)
    checks = or_(*(Delivery.purpose.startswith(f"{each}:{shop_id}:") for each in ("check", "check-report")))
    is_to_shop = or_(Delivery.id.in_(union(asked, written)) & Delivery.template.not_in(TO_BUYER), checks)
    is_lately = or_(is_to_come, may_have_come, Delivery.sent_at > since)
    return db.session.scalar(select(func.count(Delivery.id)).where(is_to_shop, is_lately)) or 0


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
    """Deliveries that ended badly, or annoyed somebody, while their outreach still runs: a bell was lost."""
    of_running = select(Step.delivery_id).join(Outreach, Step.outreach_id == Outreach.id)
    ended = of_running.join(Delivery, Step.delivery_id == Delivery.id).where(
        Outreach.status == OutreachStatus.ASKED,
        Step.number == Outreach.steps_taken,
        Delivery.status.in_(ENDED_BADLY),
    )
    annoyed = of_running.join(DeliveryReceipt, DeliveryReceipt.delivery_id == Step.delivery_id).where(
        Outreach.status.in_(OPEN), DeliveryReceipt.kind == ReceiptKind.COMPLAINT
    )
    return list(db.session.scalars(union(ended, annoyed)))
