"""Offers beside each other: which is the lowest, which is nearest to the wish. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from discount_broker.kernel.money import Money


@dataclass(frozen=True)
class Compared:
    """An offer as it is weighed against the others."""

    id: UUID
    final_price: Money | None


def lowest(offers: Sequence[Compared]) -> UUID | None:
    """The offer with which the buyer pays least; None where fewer than two prices can be compared."""
    prices = _comparable(offers)
    return min(prices, key=lambda offer_id: prices[offer_id].amount) if prices else None


def closest(offers: Sequence[Compared], wished_price: Money | None) -> UUID | None:
    """The offer nearest to the wished price; None where fewer than two prices can be compared."""
    prices = _comparable(offers)
    if wished_price is None or any(price.currency != wished_price.currency for price in prices.values()):
        return None
    wish = wished_price.amount
    return min(prices, key=lambda offer_id: abs(prices[offer_id].amount - wish), default=None)


def _comparable(offers: Sequence[Compared]) -> dict[UUID, Money]:
    """Two prices or more, all in one currency: what euros are in roubles is not ours to say."""
    prices = {offer.id: offer.final_price for offer in offers if offer.final_price is not None}
    currencies = {price.currency for price in prices.values()}
    return prices if len(prices) > 1 and len(currencies) == 1 else {}
