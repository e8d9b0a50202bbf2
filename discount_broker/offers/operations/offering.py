"""Writing down what a shop gives, in place of what it gave before, and telling the buyer."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.operations import advance as advance_request
from discount_broker.discount_requests.operations import tell, text_news
from discount_broker.discount_requests.status import RequestEvent
from discount_broker.escalation.operations import settle_case, settle_promises_of
from discount_broker.escalation.status import Ending
from discount_broker.kernel.clock import paced_for_hands
from discount_broker.kernel.db import db
from discount_broker.kernel.site import zone_for
from discount_broker.messaging.operations import cancel_queued
from discount_broker.notifications.catalogue import BuyerMessage, ChangeReason, OfferChanged, OfferMade
from discount_broker.notifications.operations import notify
from discount_broker.offers.models import Offer
from discount_broker.offers.queries import terms_of
from discount_broker.offers.queries.countering import counter_purpose
from discount_broker.offers.rules import LONGEST_TEXT, Answer, final_price, offer_ends_at
from discount_broker.offers.status import OfferEvent, next_status
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.operations import end, news_from
from discount_broker.outreach.status import OPEN, OutreachEvent, OutreachStatus
from discount_broker.outreach.status import next_status as next_outreach_status


@dataclass(frozen=True)
class GivenBy:
    """Who gave an answer where the shop's staff did not press themselves."""

    operator_id: UUID | None = None
    rule_id: UUID | None = None


BY_THE_SHOP = GivenBy()


def offer_of(answer: Answer, outreach: Outreach, now: datetime, given_by: GivenBy = BY_THE_SHOP) -> Offer:
    """The answer as an offer keeps it; nothing is added to the database yet."""
    ends_at = offer_ends_at(answer.valid_until, zone_for(outreach.shop.country), now)
    percent, price, text = terms_given(answer, outreach)
    return Offer(
        outreach_id=outreach.id,
        kind=answer.kind,
        percent=percent,
        final_price=price,
        text=text,
        delivery=answer.delivery.strip(),
        condition=answer.condition.strip(),
        valid_until=ends_at if answer.valid_until else paced_for_hands(ends_at, now),
        operator_id=given_by.operator_id,
        rule_id=given_by.rule_id,
        made_at=now,
    )


def terms_given(answer: Answer, outreach: Outreach) -> tuple[Decimal | None, Decimal | None, str]:
    """Per cent, price and words of an answer, as an offer keeps them."""
    percent = answer.percent if answer.kind == "percent" else None
    return percent, final_price(answer, outreach.price), answer.text.strip()[:LONGEST_TEXT]


def make_offer(
    outreach: Outreach,
    request: DiscountRequest,
    answer: Answer,
    now: datetime,
    given_by: GivenBy = BY_THE_SHOP,
) -> None:
    """The first offer of a shop on this request."""
    offer = _add(offer_of(answer, outreach, now, given_by), outreach)
    _settle_the_asking(outreach, now)
    advance_request(request, RequestEvent.OFFER_MADE)
    event = "shop_answered" if given_by.rule_id is None else "rule_answered"
    tell(request, event, now, shop=outreach.shop.name, kind=answer.kind)
    made = OfferMade(**news_from(outreach), shop=outreach.shop.name, terms=terms_of(offer))
    inform(request, made, offer_purpose(offer), now)


def replace_offer(old: Offer, new: Offer, request: DiscountRequest, why: ChangeReason, now: datetime) -> None:
    """The new offer stands from now on; the buyer is told once, whether or not the old news has left."""
    outreach = old.outreach
    old.status, old.settled_at = next_status(old.status, OfferEvent.REPLACED), now
    cancel_queued(counter_purpose(outreach.id))
    db.session.flush()  # one stands at a time: the old one goes before the new one comes
    offer = _add(new, outreach)
    advance_request(request, RequestEvent.OFFER_MADE)
    tell(request, "offer_changed", now, shop=outreach.shop.name, why=why)
    changed = OfferChanged(**news_from(outreach), shop=outreach.shop.name, terms=terms_of(offer), why=why)
    inform(request, changed, offer_purpose(offer), now)


def offer_purpose(offer: Offer) -> str:
    """Purpose of the one message that tells the buyer of an offer."""
    return f"offer:{offer.id}"


def inform(request: DiscountRequest, message: BuyerMessage, purpose: str, now: datetime) -> None:
    """Tell the buyer by mail, and by text where it may ring for this."""
    assert request.buyer is not None
    notify(message, to=request.buyer.email, language=request.language, purpose=purpose, now=now)
    text_news(request, message, purpose, now)


def _add(offer: Offer, outreach: Outreach) -> Offer:
    offer.outreach = outreach
    db.session.add(offer)
    db.session.flush()
    return offer


def _settle_the_asking(outreach: Outreach, now: datetime) -> None:
    if outreach.status is OutreachStatus.DECLINED:  # it said no, and thinks better of it
        outreach.status = next_outreach_status(outreach.status, OutreachEvent.RECONSIDERED)
        outreach.answered_at = now
    assert outreach.status in OPEN or outreach.status is OutreachStatus.ANSWERED
    end(outreach, OutreachEvent.ANSWERED, now)
    settle_case(outreach, Ending.OFFERED, now)
    settle_promises_of(outreach, kept=True, evidence="offer", now=now)
