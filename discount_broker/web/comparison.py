"""Offers side by side: what each costs in the end, and which comes nearest to the wish."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from discount_broker.discount_requests.rules import WishKind
from discount_broker.kernel.money import Money, percent_off
from discount_broker.offers.queries import marks, terms_of, wished_price
from discount_broker.offers.status import OfferStatus

if TYPE_CHECKING:
    from discount_broker.discount_requests.models import DiscountRequest
    from discount_broker.offers.models import Offer


@dataclass(frozen=True)
class Compared:
    """An offer beside the others."""

    offer: "Offer"
    final: Money | None
    saving: Money | None
    saved_percent: Decimal | None
    is_open: bool
    meets_wish: bool
    is_closest: bool
    is_lowest: bool


def compare(ask: "DiscountRequest", offers: "Sequence[Offer]", now: datetime) -> list[Compared]:
    """Every offer with its marks; those that can be accepted first."""
    earned = marks(ask)
    found = [_beside(ask, offer, earned.get(offer.id, set()), now) for offer in offers]
    return sorted(found, key=lambda one: not one.is_open)


def _beside(ask: "DiscountRequest", offer: "Offer", earned: set[str], now: datetime) -> Compared:
    terms = terms_of(offer)
    final, saving = terms.final_price, terms.saving
    full = final.amount + saving.amount if final and saving else None
    saved_percent = percent_off(full, final.amount) if full and final else None
    return Compared(
        offer=offer,
        final=final,
        saving=saving,
        saved_percent=saved_percent,
        is_open=offer.status is OfferStatus.OPEN and offer.valid_until > now,
        meets_wish=_meets(ask, offer, final, saved_percent),
        is_closest="closest" in earned,
        is_lowest="lowest" in earned,
    )


def _meets(
    ask: "DiscountRequest", offer: "Offer", final: Money | None, saved_percent: Decimal | None
) -> bool:
    """By what the buyer pays in the end; in another currency by the per cent that shop takes off."""
    wish = wished_price(ask)
    if wish is not None and final is not None and wish.currency == final.currency:
        return final.amount <= wish.amount
    given = offer.percent or saved_percent
    if ask.wish_kind != WishKind.PERCENT or ask.wish_value is None or given is None:
        return False
    return given >= ask.wish_value
