"""Reading what buyers have asked for: where they came from, what they want, what kind of lead they are."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Uuid, exists, literal, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from discount_broker.accounts.models import Buyer
from discount_broker.accounts.queries.buyers import emails_of, find_kept
from discount_broker.accounts.queries.cards import BuyerWishes, wishes_of
from discount_broker.accounts.rules.leads import LeadFacts
from discount_broker.accounts.rules.phones import last_digits
from discount_broker.discount_requests.models import DiscountRequest, Product
from discount_broker.discount_requests.queries.requests import find_request_by_number
from discount_broker.discount_requests.status import Outcome, RequestStatus
from discount_broker.kernel.business_time import ZONE_OF_COUNTRY
from discount_broker.kernel.db import UtcDateTime, db
from discount_broker.kernel.site import site
from discount_broker.messaging.extract.phone_numbers import textable_number
from discount_broker.messaging.models import Delivery
from discount_broker.shops.models import Shop

MOST_READ, FEWEST_DIGITS = 500, 4
"""Requests of one buyer; nobody reads more of them on a page."""
ACCEPTED_ONCE = (Outcome.BOUGHT, Outcome.CALLED, Outcome.NOTHING)
"""Only who has accepted an offer is asked what came of it."""


def wishes_of_buyer(buyer_id: UUID | None) -> BuyerWishes:
    """When a buyer wants to be left alone; by the clock of the shop they last asked about, if by no other."""
    latest = (
        select(Shop.country)
        .join(Product, Product.shop_id == Shop.id)
        .join(DiscountRequest, DiscountRequest.product_id == Product.id)
        .where(DiscountRequest.buyer_id == buyer_id)
        .order_by(DiscountRequest.created_at.desc())
        .limit(1)
    )
    country = db.session.scalar(latest) if buyer_id else None
    return wishes_of(buyer_id, ZONE_OF_COUNTRY.get(country or "", ""))


def list_asked(buyer_id: UUID, limit: int = MOST_READ) -> list[DiscountRequest]:
    """Everything a buyer has signed, confirmed or not, newest first."""
    query = select(DiscountRequest).where(DiscountRequest.buyer_id == buyer_id)
    query = query.options(joinedload(DiscountRequest.product).joinedload(Product.shop))
    return list(db.session.scalars(query.order_by(DiscountRequest.created_at.desc()).limit(limit)))


def list_newest_buyers(limit: int, before: tuple[datetime, UUID] | None = None) -> list[Buyer]:
    """Buyers that are kept, newest first; after the one that `before` names."""
    query = select(Buyer).where(Buyer.merged_into_id.is_(None), Buyer.erased_at.is_(None))
    if before is not None:
        # Compared as a row, which an index answers at once; two conditions joined by OR it does not.
        place = tuple_(literal(before[0], UtcDateTime), literal(before[1], Uuid))
        query = query.where(tuple_(Buyer.created_at, Buyer.id) < place)
    return list(db.session.scalars(query.order_by(Buyer.created_at.desc(), Buyer.id.desc()).limit(limit)))


def list_newest_with_requests(limit: int) -> list[Buyer]:
    """The buyers whose kind of lead is worth telling."""
    has_asked = exists().where(DiscountRequest.buyer_id == Buyer.id)
    query = select(Buyer).where(has_asked, Buyer.merged_into_id.is_(None), Buyer.erased_at.is_(None))
    return list(db.session.scalars(query.order_by(Buyer.created_at.desc(), Buyer.id.desc()).limit(limit)))


def lead_facts_of(buyers: Collection[Buyer]) -> dict[UUID, LeadFacts]:
    """What the rules of the leads look at, by buyer."""
    asked: dict[UUID, list[DiscountRequest]] = defaultdict(list)
    query = select(DiscountRequest).where(DiscountRequest.buyer_id.in_([buyer.id for buyer in buyers]))
    query = query.options(joinedload(DiscountRequest.product).joinedload(Product.shop))
    for request in db.session.scalars(query.order_by(DiscountRequest.created_at)):
        if request.buyer_id is not None:
            asked[request.buyer_id].append(request)
    return {buyer.id: _facts(buyer, asked[buyer.id]) for buyer in buyers}


def _facts(buyer: Buyer, asked: list[DiscountRequest]) -> LeadFacts:
    """Where a buyer came from is what their first request that tells it says."""
    origin = next((request.origin for request in asked if request.origin), {})
    products = [request.product for request in asked if request.product is not None]
    return LeadFacts(
        via=origin.get("via", ""),
        referrer=origin.get("referrer", ""),
        campaign=origin.get("campaign", ""),
        requests=len(asked),
        accepted=sum(was_accepted(request) for request in asked),
        categories=frozenset(name for product in products for name in product.category),
        value=max((product.price for product in products if product.price), default=Decimal(0)),
        country=next((product.shop.country for product in reversed(products) if product.shop.country), ""),
        language=buyer.language,
    )


def was_accepted(request: DiscountRequest) -> bool:
    return request.status is RequestStatus.ACCEPTED or request.outcome in ACCEPTED_ONCE


def categories_of(requests: Iterable[DiscountRequest]) -> list[str]:
    """The categories of the first of these requests whose product has any."""
    return next((list(r.product.category) for r in requests if r.product and r.product.category), [])


def search_buyers(text: str, limit: int) -> list[Buyer]:
    """Buyers whose address or phone begins like this, or who asked under this number; kept ones alone."""
    words = " ".join(text.split())
    if not words:
        return []
    numbered = find_request_by_number(words if words[:2].upper() == "R-" else f"R-{words}")
    if numbered is not None and numbered.buyer is not None:
        return _kept([numbered.buyer])
    known = Buyer.email.startswith(words.lower(), autoescape=True)
    digits = last_digits(words)
    if len(digits) >= FEWEST_DIGITS and not re.search(r"[^\d\s()+.-]", words):
        known = Buyer.phone_digits.startswith(digits)
    # Put in order only when found: the database would look at all that one letter fits.
    found = db.session.scalars(select(Buyer).where(known, Buyer.erased_at.is_(None)).limit(limit))
    return sorted(_kept(found), key=lambda buyer: buyer.email)


def _kept(buyers: Iterable[Buyer]) -> list[Buyer]:
    """The cards that are kept, where some of these were merged into others; each once."""
    kept = (find_kept(buyer.id) for buyer in buyers)
    return list({buyer.id: buyer for buyer in kept if buyer is not None and buyer.erased_at is None}.values())


def list_messages_to(buyer: Buyer, limit: int = MOST_READ) -> list[Delivery]:
    """Every mail and text that was written to a buyer, the latest first."""
    written = select(DiscountRequest.phone).where(DiscountRequest.buyer_id == buyer.id).distinct()
    phones = {buyer.phone, *db.session.scalars(written)}
    numbers = {textable_number(phone, site().time_zone) for phone in phones if phone}
    addresses = [*emails_of(buyer.id), *(number for number in numbers if number)]
    query = select(Delivery).where(Delivery.address.in_(addresses)).order_by(Delivery.created_at.desc())
    return list(db.session.scalars(query.limit(limit).options(selectinload(Delivery.receipts))))
