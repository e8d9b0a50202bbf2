"""Reading what is due of offers: terms that are over, acceptances nobody heard of, outcomes to ask for."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import contains_eager

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db
from discount_broker.messaging.queries.outbox import statuses_for
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.notifications.queries import was_told
from discount_broker.notifications.queries.news import told_of
from discount_broker.offers.models import Offer
from discount_broker.offers.status import OfferStatus
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.queries import awaits_rivals
from discount_broker.outreach.status import OPEN as AWAITED

IN_VAIN = (DeliveryStatus.FAILED, DeliveryStatus.BOUNCED, DeliveryStatus.STOPPED)


def list_expired(now: datetime) -> list[UUID]:
    return list(
        db.session.scalars(select(Offer.id).where(Offer.status == OfferStatus.OPEN, Offer.valid_until <= now))
    )


def list_hopeless(now: datetime) -> list[UUID]:
    """Requests without an offer to accept whose time is over, or whose shops have all had their say."""
    is_awaited = exists().where(
        Outreach.discount_request_id == DiscountRequest.id, Outreach.status.in_(AWAITED)
    )
    return list(
        db.session.scalars(
            select(DiscountRequest.id).where(
                DiscountRequest.status == RequestStatus.ASKED,
                or_(DiscountRequest.expires_at <= now, ~is_awaited & ~awaits_rivals()),
            )
        )
    )


def acceptance_purpose(outreach_id: UUID) -> str:
    """Purpose of the letter that tells a shop that its offer was accepted."""
    return f"answer:{outreach_id}:accepted"


def list_untold_acceptances() -> list[Offer]:
    """Accepted offers whose shops were written to about it in vain."""
    query = (
        select(Offer)
        .join(Offer.outreach)
        .join(Outreach.discount_request)
        .where(Offer.status == OfferStatus.ACCEPTED, DiscountRequest.status == RequestStatus.ACCEPTED)
        .options(contains_eager(Offer.outreach).contains_eager(Outreach.discount_request))
    )
    purposes = {offer: acceptance_purpose(offer.outreach_id) for offer in db.session.scalars(query)}
    in_vain = sent_in_vain(purposes.values())
    return [offer for offer, purpose in purposes.items() if purpose in in_vain]


def sent_in_vain(purposes: Collection[str]) -> set[str]:
    """Those whose letters were written and did not arrive."""
    return {purpose for purpose, status in statuses_for(purposes).items() if status in IN_VAIN}


def outcome_purposes(request_id: UUID) -> tuple[str, str]:
    """Purposes of the two messages that ask what came of an accepted offer."""
    return f"request:{request_id}:outcome", f"request:{request_id}:outcome-again"


def list_outcomes_to_ask(settled_before: datetime, number: int = 0) -> list[Offer]:
    """Accepted offers whose buyers have not been asked yet, or once more, what came of them."""
    query = (
        select(Offer)
        .join(Offer.outreach)
        .join(Outreach.discount_request)
        .where(
            Offer.status == OfferStatus.ACCEPTED,
            Offer.settled_at < settled_before,
            DiscountRequest.status == RequestStatus.ACCEPTED,
        )
        .options(contains_eager(Offer.outreach))
    )
    purposes = {
        offer: outcome_purposes(offer.outreach.discount_request_id) for offer in db.session.scalars(query)
    }
    asked = told_of([purpose for both in purposes.values() for purpose in both])
    return [offer for offer, both in purposes.items() if _is_next(number, [each in asked for each in both])]


def is_outcome_asked(request_id: UUID) -> bool:
    """Whether the buyer was asked what came of it: the newest text to their phone says so."""
    return was_told(outcome_purposes(request_id)[0])


def _is_next(number: int, was_asked: Sequence[bool]) -> bool:
    return all(was_asked[:number]) and not was_asked[number]
