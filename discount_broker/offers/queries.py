"""Reading offers."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import joinedload

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.rules import WishKind
from discount_broker.discount_requests.status import Outcome, RequestStatus
from discount_broker.kernel.db import db, find_row
from discount_broker.kernel.errors import NotFound
from discount_broker.kernel.money import Money
from discount_broker.messaging.queries import find_delivery_for
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.notifications.catalogue import Terms
from discount_broker.offers.models import Offer, OfferDraft
from discount_broker.offers.rules import Compared, closest, lowest
from discount_broker.offers.status import OfferStatus
from discount_broker.outreach.inbound import IntentKind
from discount_broker.outreach.models import Outreach, Reply, Suggestion
from discount_broker.outreach.queries import awaits_rivals
from discount_broker.outreach.status import OPEN as AWAITED
from discount_broker.outreach.status import ReplyKind


def get_offer(offer_id: UUID, *, lock: bool = False) -> Offer:
    offer = find_row(Offer, offer_id, lock=lock)
    if offer is None:
        raise NotFound("offer")
    return offer


def find_offer_of(outreach_id: UUID) -> Offer | None:
    return db.session.scalar(select(Offer).where(Offer.outreach_id == outreach_id))


def list_offers(request_id: UUID) -> list[Offer]:
    """The offers made for one request, cheapest first; then those in another currency or without a price."""
    offers = db.session.scalars(
        select(Offer).join(Outreach).where(Outreach.discount_request_id == request_id).order_by(Offer.made_at)
    )
    return sorted(offers, key=_from_cheap_to_dear)


def _from_cheap_to_dear(offer: Offer) -> tuple[bool, bool, str, Decimal]:
    currency, product = currency_of(offer), offer.outreach.discount_request.product
    is_foreign = product is not None and currency != product.currency
    return offer.final_price is None, is_foreign, currency or "", offer.final_price or Decimal(0)


def marks(request: DiscountRequest) -> dict[UUID, set[str]]:
    """`closest` and `lowest`, for the open offers that earn them."""
    compared = [
        Compared(offer.id, terms_of(offer).final_price)
        for offer in list_offers(request.id)
        if offer.status is OfferStatus.OPEN
    ]
    found = {"lowest": lowest(compared), "closest": closest(compared, wished_price(request))}
    earned: dict[UUID, set[str]] = {}
    for mark, offer_id in found.items():
        if offer_id is not None:
            earned.setdefault(offer_id, set()).add(mark)
    return earned


def wished_price(request: DiscountRequest) -> Money | None:
    """What the buyer would like to pay, where that can be reckoned."""
    product = request.product
    if product is None or product.currency is None or request.wish_value is None:
        return None
    if request.wish_kind is WishKind.PRICE:
        return Money(request.wish_value, product.currency)
    return Money(product.price, product.currency).less(request.wish_value) if product.price else None


def currency_of(offer: Offer) -> str | None:
    """The currency the shop sells in; where its page named none, that of the product asked for."""
    product = offer.outreach.discount_request.product
    return offer.outreach.currency or (product.currency if product else None)


def terms_of(offer: Offer) -> Terms:
    """The offer as messages tell it."""
    outreach = offer.outreach
    currency = currency_of(offer)
    final = Money(offer.final_price, currency) if offer.final_price is not None and currency else None
    saving = None
    if final is not None and outreach.price is not None and outreach.price > final.amount:
        saving = Money(outreach.price - final.amount, final.currency)
    return Terms(
        kind=offer.kind,
        valid_until=offer.valid_until,
        percent=offer.percent,
        final_price=final,
        saving=saving,
        text=offer.text,
    )


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
    offers = db.session.scalars(
        select(Offer)
        .join(Outreach)
        .join(DiscountRequest)
        .where(Offer.status == OfferStatus.ACCEPTED, DiscountRequest.status == RequestStatus.ACCEPTED)
    )
    return [offer for offer in offers if _was_told_in_vain(offer)]


def _was_told_in_vain(offer: Offer) -> bool:
    letter = find_delivery_for(acceptance_purpose(offer.outreach_id))
    return letter is not None and letter.status in IN_VAIN


IN_VAIN = (DeliveryStatus.FAILED, DeliveryStatus.BOUNCED, DeliveryStatus.STOPPED)


def outcome_purpose(request_id: UUID) -> str:
    """Purpose of the one message that asks what came of an accepted offer."""
    return f"request:{request_id}:outcome"


def list_outcomes_to_ask(settled_before: datetime) -> list[Offer]:
    """Accepted offers whose buyers have not been asked yet what came of them."""
    offers = db.session.scalars(
        select(Offer)
        .join(Outreach)
        .join(DiscountRequest)
        .where(
            Offer.status == OfferStatus.ACCEPTED,
            Offer.settled_at < settled_before,
            DiscountRequest.status == RequestStatus.ACCEPTED,
        )
    )
    return [o for o in offers if find_delivery_for(outcome_purpose(o.outreach.discount_request_id)) is None]


def get_draft(draft_id: UUID, outreach_id: UUID) -> OfferDraft:
    """What was read out of a letter of this very shop.

    Raises:
        NotFound

    """
    draft = db.session.get(OfferDraft, draft_id)
    if draft is None or draft.outreach_id != outreach_id:
        raise NotFound("draft")
    return draft


def list_drafts(outreach_id: UUID) -> list[OfferDraft]:
    """What was read out of the letters of one shop, the oldest first."""
    query = select(OfferDraft).where(OfferDraft.outreach_id == outreach_id).order_by(OfferDraft.created_at)
    return list(db.session.scalars(query))


def list_open_drafts(outreach_id: UUID) -> list[OfferDraft]:
    """Those that the shop may still confirm."""
    return [draft for draft in list_drafts(outreach_id) if draft.settled_at is None]


def draft_purpose(draft_id: UUID) -> str:
    """Purpose of the one letter that asks a shop whether we understood it."""
    return f"draft:{draft_id}"


def terms_of_draft(draft: OfferDraft, ends_at: datetime) -> Terms:
    """The draft as messages tell it; `ends_at` is its term, or the usual one."""
    outreach, currency = draft.outreach, draft.outreach.currency
    price = Money(draft.final_price, currency) if draft.final_price is not None and currency else None
    is_less = price is not None and outreach.price is not None and outreach.price > price.amount
    saving = (
        Money(outreach.price - price.amount, price.currency) if is_less and price and outreach.price else None
    )
    return Terms(
        kind=draft.kind,
        valid_until=ends_at,
        percent=draft.percent,
        final_price=price,
        saving=saving,
        text=draft.text,
    )


def list_letters_with_an_offer(since: datetime) -> list[UUID]:
    """Letters of people that plainly offer something and of which nobody has made anything yet."""
    is_drafted = exists().where(OfferDraft.reply_id == Reply.id)
    offers = exists().where(
        Suggestion.reply_id == Reply.id,
        Suggestion.kind == IntentKind.OFFER,
        Suggestion.is_certain.is_(True),
        Suggestion.settled_at.is_(None),
    )
    query = (
        select(Reply.id)
        .join(Reply.outreach)
        .where(
            offers,
            Reply.kind == ReplyKind.HUMAN,
            Reply.received_at > since,
            Outreach.status.in_(AWAITED),
            ~is_drafted,
        )
        .order_by(Reply.received_at)
    )
    return list(db.session.scalars(query))


def list_offers_to(buyer_id: UUID, limit: int = 300) -> list[Offer]:
    """Everything that shops have offered one buyer, the latest first."""
    query = (
        select(Offer)
        .join(Offer.outreach)
        .join(Outreach.discount_request)
        .where(DiscountRequest.buyer_id == buyer_id)
        .options(joinedload(Offer.outreach).joinedload(Outreach.shop))
    )
    return list(db.session.scalars(query.order_by(Offer.made_at.desc()).limit(limit)))


def savings_of(offers: Iterable[Offer]) -> dict[str, Decimal]:
    """What buyers have saved by offers they accepted and bought by, in each currency."""
    saved: dict[str, Decimal] = {}
    for offer in offers:
        is_bought = offer.outreach.discount_request.outcome is Outcome.BOUGHT
        saving = terms_of(offer).saving if offer.status is OfferStatus.ACCEPTED and is_bought else None
        if saving is not None:
            saved[saving.currency] = saved.get(saving.currency, Decimal(0)) + saving.amount
    return saved
