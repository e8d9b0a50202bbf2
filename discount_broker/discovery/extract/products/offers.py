"""What the offers of a product in the metadata say: price, list price, stock."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from discount_broker.discovery.extract.products.json_ld import Node, text_of
from discount_broker.discovery.extract.products.prices import parse_price, read_hint
from discount_broker.discovery.extract.products.reading import Availability

LARGEST = 10**12
CENT = Decimal("0.01")
MOST_OFFERS = 200
LISTED = re.compile(r"list|strike|srp|regular", re.IGNORECASE)
NO_PRICE_TO_PAY = re.compile(r"list|strike|srp|msrp|unit", re.IGNORECASE)
TERMS = (
    (
        re.compile(
            r"outofstock|soldout|discontinued|out of stock|oos|нет в наличии|unavailable", re.IGNORECASE
        ),
        Availability.OUT_OF_STOCK,
    ),
    (
        re.compile(r"preorder|backorder|presale|pending|под заказ|madetoorder", re.IGNORECASE),
        Availability.PREORDER,
    ),
    (
        re.compile(
            r"instock|in stock|limitedavailability|onlineonly|instoreonly|available|в наличии|^stock$",
            re.IGNORECASE,
        ),
        Availability.IN_STOCK,
    ),
)


def listed(value: Any) -> list[Node]:
    """The objects that stand where one or several may stand."""
    return [
        one for one in (value[:MOST_OFFERS] if isinstance(value, list) else [value]) if isinstance(one, dict)
    ]


def best_offer(node: Node) -> Node:
    """The offer that is for sale now; of several the first with a price."""
    offers = listed(node.get("offers"))
    for variant in listed(node.get("hasVariant")):
        offers += listed(variant.get("offers"))[:20]
    offers = offers[:MOST_OFFERS]
    inner = [deep for offer in offers for deep in listed(offer.get("offers"))[:20]][:MOST_OFFERS]
    priced = [offer for offer in (*offers, *inner) if offer_price(offer)[0] is not None]
    for_sale = [offer for offer in priced if stock_of(offer) != Availability.OUT_OF_STOCK]
    return next(iter(for_sale or priced or offers), {} if node.get("price") is None else node)


def stock_of(offer: Node) -> Availability | None:
    return read_availability(text_of(offer.get("availability")))


def read_availability(text: str | None) -> Availability | None:
    """What a schema.org term, or its like, says."""
    if not text:
        return None
    term = text[:200].rstrip("/").rpartition("/")[2]
    return next((availability for pattern, availability in TERMS if pattern.search(term)), None)


def offer_price(offer: Node) -> tuple[Decimal | None, str | None]:
    """The sum to pay, and its currency."""
    specified = _specified(offer)
    currency = text_of(offer.get("priceCurrency")) or text_of(specified.get("priceCurrency"))
    for value in (offer.get("price"), specified.get("price"), offer.get("lowPrice"), offer.get("highPrice")):
        amount, named = read_amount(value, currency)
        if amount:
            return amount, read_hint(currency) or named
    return None, read_hint(currency)


def read_amount(value: Any, currency: str | None) -> tuple[Decimal | None, str | None]:
    """An amount as metadata gives it; a number is what it is, a text is read as people write prices."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        return (_rounded(Decimal(str(value))), None) if 0 < value < LARGEST else (None, None)
    text = text_of(value)
    found, named = parse_price(text, currency) if text else (None, None)
    return (_rounded(found), named) if found else (None, None)


def _rounded(amount: Decimal) -> Decimal:
    """To the cent where a shop's arithmetic shows: 210.852001."""
    exponent = amount.as_tuple().exponent
    return amount.quantize(CENT, ROUND_HALF_UP) if isinstance(exponent, int) and exponent < -3 else amount


def _specified(offer: Node) -> Node:
    """The price specification that is neither a list price nor one per unit."""
    parts = listed(offer.get("priceSpecification"))
    plain = [part for part in parts if not NO_PRICE_TO_PAY.search(_kind(part))]
    return next(iter(plain or parts), {})


def _kind(part: Node) -> str:
    return f"{text_of(part.get('priceType')) or ''}{text_of(part.get('@type')) or ''}"


def list_price(offer: Node, price: Decimal | None) -> Decimal | None:
    """The price before the reduction, where the metadata names one."""
    for part in listed(offer.get("priceSpecification")):
        if price and LISTED.search(text_of(part.get("priceType")) or ""):
            amount = read_amount(part.get("price"), None)[0]
            if amount and amount > price:
                return amount
    return None
