"""Whether two shops sell the same thing: by article number, by brand and model, by title."""

from collections.abc import Sequence
from dataclasses import dataclass

from discount_broker.discovery.extract.rivals.doubts import doubts_about
from discount_broker.discovery.extract.rivals.goods import (
    Goods,
    Side,
    brand_key,
    brands_differ,
    model_key,
    side_of,
    title_key,
)
from discount_broker.discovery.extract.rivals.likeness import have_nothing_in_common, likeness_of, models_of
from discount_broker.discovery.extract.rivals.spelling import fold

__all__ = ["Goods", "Match", "brand_key", "fold", "match_products", "model_key", "title_key"]

SAME_FROM = 0.62


@dataclass(frozen=True)
class Match:
    id: str
    same: bool
    score: float
    why: str
    """gtin, brand+model or title: what decided."""


def match_products(product: Goods, candidates: Sequence[Goods]) -> list[Match]:
    """Each candidate judged, in the order given."""
    own = side_of(product)
    return [_match(own, side_of(candidate)) for candidate in candidates]


def _match(own: Side, other: Side) -> Match:
    identity = other.goods.id
    if own.gtin and other.gtin:
        same = own.gtin.zfill(14) == other.gtin.zfill(14)
        return Match(identity, same, 1.0 if same else 0.02, "gtin")
    shared, torn = models_of(own, other)
    if (not shared and have_nothing_in_common(own, other)) or brands_differ(own, other):
        return Match(identity, same=False, score=0.0, why="title")
    score, why = likeness_of(own, other, shared, torn)
    score = round(
        min(score * doubts_about(own, other, shared) * _price_factor(own.goods, other.goods), 0.99), 2
    )
    return Match(identity, score >= SAME_FROM, score, why)


def _price_factor(product: Goods, candidate: Goods) -> float:
    """The same thing seldom costs three times as much next door."""
    if not product.price or not candidate.price or product.currency != candidate.currency:
        return 1.0
    ratio = max(product.price, candidate.price) / min(product.price, candidate.price)
    return 1.0 if ratio < 2 else 0.85 if ratio < 3 else 0.6
