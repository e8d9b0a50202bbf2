"""Reading offers, one by one and side by side."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.rules import WishKind
from discount_broker.discount_requests.status import Outcome
from discount_broker.kernel.db import db, find_row
from discount_broker.kernel.errors import NotFound
from discount_broker.kernel.money import Money
from discount_broker.notifications.catalogue import Terms
from discount_broker.offers.models import Offer
from discount_broker.offers.rules import Compared, closest, lowest
from discount_broker.offers.status import DeclineReason, NotTaken, OfferStatus
from discount_broker.outreach.models import Outreach


def get_offer(offer_id: UUID, *, lock: bool = False) -> Offer:
    offer = find_row(Offer, offer_id, lock=lock)
    if offer is None:
        raise NotFound("offer")
    return offer


def find_offer_of(outreach_id: UUID) -> Offer | None:
    """What the shop offers as its answer stands now, if it offers anything."""
    stands = (Offer.outreach_id == outreach_id, Offer.status != OfferStatus.REPLACED)
    return db.session.scalar(select(Offer).where(*stands))


def list_offers(request_id: UUID) -> list[Offer]:
    """The offers for one request, cheapest first; then those in another currency or without a price.

    What a shop has replaced since is left out.
    """
    stands = (Outreach.discount_request_id == request_id, Offer.status != OfferStatus.REPLACED)
    offers = db.session.scalars(select(Offer).join(Outreach).where(*stands).order_by(Offer.made_at))
    return sorted(offers, key=_from_cheap_to_dear)


def why_not_taken(offer: Offer) -> DeclineReason | NotTaken | None:
    """What became of an offer that was declined; None where the buyer did not say why.

    Taking another one and withdrawing decline the others in the same moment.
    """
    request = offer.outreach.discount_request
    if offer.decline_reason is not None:
        return offer.decline_reason
    taken = find_accepted(request.id)
    if taken is not None and taken.settled_at == offer.settled_at:
        return NotTaken.ANOTHER
    is_withdrawn = request.outcome is Outcome.WITHDRAWN and request.closed_at == offer.settled_at
    return NotTaken.WITHDRAWN if is_withdrawn else None


def find_accepted(request_id: UUID) -> Offer | None:
    """The one offer that the buyer took."""
    taken = (Outreach.discount_request_id == request_id, Offer.status == OfferStatus.ACCEPTED)
    return db.session.scalar(select(Offer).join(Outreach).where(*taken))


def list_replaced(request_id: UUID) -> dict[UUID, Offer]:
    """What shops offered before they changed their answer, the last of it, by outreach."""
    was = (Outreach.discount_request_id == request_id, Offer.status == OfferStatus.REPLACED)
    offers = db.session.scalars(select(Offer).join(Outreach).where(*was).order_by(Offer.made_at))
    return {offer.outreach_id: offer for offer in offers}


def _from_cheap_to_dear(offer: Offer) -> tuple[bool, bool, str, Decimal]:
    currency, product = currency_of(offer), offer.outreach.discount_request.product
    is_foreign = product is not None and currency != product.currency
    return offer.final_price is None, is_foreign, currency or "", offer.final_price or Decimal(0)


def marks(request: DiscountRequest, offers: Iterable[Offer]) -> dict[UUID, set[str]]:
    """`closest` and `lowest`, for those of a request's open offers that earn them."""
    compared = [
        Compared(offer.id, terms_of(offer).final_price)
        for offer in offers
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
