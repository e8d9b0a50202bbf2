"""Which listings are something like a product, when the product itself cannot be had for less. Pure."""

from collections.abc import Sequence
from decimal import Decimal

from discount_broker.discovery.extract.rivals.goods import Goods, brand_key
from discount_broker.discovery.extract.rivals.titles import read_title

LEAST_OF_PRICE, MOST_OF_PRICE = Decimal("0.5"), Decimal("1.3")
"""Something for half the price is another thing, and dearer is not what was asked for."""


def choose_similar(
    product: Goods, categories: Sequence[str], candidates: Sequence[Goods], most: int
) -> list[str]:
    """Ids of the candidates most like the product: of its brand and kind, nearest in price first.

    Its kind are the words of its narrowest category; where the shop names none, a title must share
    two telling words with it.
    """
    kind = read_title(categories[-1]).words if categories else frozenset()
    own = read_title(product.title).words
    brand = brand_key(product.brand)
    found = [
        (_distance(product, each), each.id)
        for each in candidates
        if brand
        and brand_key(each.brand) == brand
        and _is_of_kind(read_title(each.title).words, kind, own)
        and _is_in_reach(product, each)
    ]
    return [candidate_id for _distance_, candidate_id in sorted(found)[:most]]


def _is_of_kind(words: frozenset[str], kind: frozenset[str], own: frozenset[str]) -> bool:
    return bool(words & kind) or len(words & own) >= 2


def _is_in_reach(product: Goods, candidate: Goods) -> bool:
    if not product.price or not candidate.price or product.currency != candidate.currency:
        return False
    return LEAST_OF_PRICE <= candidate.price / product.price <= MOST_OF_PRICE


def _distance(product: Goods, candidate: Goods) -> Decimal:
    return abs((candidate.price or Decimal(0)) - (product.price or Decimal(0)))
