"""What the parts of a page say of its product, brought together: one value a field, and who disagrees."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from discount_broker.discovery.extract.products.gtin import same_gtin
from discount_broker.discovery.extract.products.reading import Facts
from discount_broker.discovery.extract.products.shown_prices import ShownPrice
from discount_broker.discovery.extract.products.shown_title import alike, without_shop, words_of

FIELDS = (
    *("title", "price", "currency", "old_price", "brand", "model", "sku", "gtin"),
    *("image", "availability", "category"),
)
COMPARED = ("title", "price", "currency", "brand", "gtin", "availability")
SAME_TITLE = 0.5

Disagreements = dict[str, dict[str, str]]


def merged(facts: Sequence[Facts]) -> tuple[dict[str, Any], dict[str, str]]:
    """Each field from the first part of the page that gives it, and the name of that part."""
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name in FIELDS:
        for part in facts:
            value = getattr(part, name)
            if value and not (name == "old_price" and value <= values.get("price", value)):
                values[name], sources[name] = value, part.source
                break
    return values, sources


def with_price_of_now(told: list[Facts], shown: Facts, prices: Sequence[ShownPrice]) -> list[Facts]:
    """Metadata that gives the crossed-out price is behind the page, which shows both."""
    former = {price.amount for price in prices if price.is_former}
    return [
        replace(part, price=None, old_price=part.price)
        if part.price and shown.price and part.price in former and shown.price < part.price
        else part
        for part in told
    ]


def with_title_of_heading(told: list[Facts], shown: Facts, host: str) -> list[Facts]:
    """Open Graph names pages rather than products: where the heading says the same, it says it better."""
    return [
        _renamed(part, shown, host) if part.source == "opengraph" and part.title else part for part in told
    ]


def _renamed(part: Facts, shown: Facts, host: str) -> Facts:
    title = part.title or ""
    is_said = shown.title is not None and _is_name(shown.title, title)
    return replace(part, title=None if is_said else without_shop(title, host))


def _is_name(heading: str, title: str) -> bool:
    return alike(heading, title) >= SAME_TITLE and len(words_of(heading) & words_of(title)) > 1


def disagreements(facts: Sequence[Facts]) -> Disagreements:
    """What each part says of a field on which they do not agree."""
    found: Disagreements = {}
    for name in COMPARED:
        said = {part.source: value for part in facts if (value := getattr(part, name))}
        values = list(said.values())
        if any(not _agree(name, values[0], other) for other in values[1:]):
            found[name] = {source: _as_text(value) for source, value in said.items()}
    return found


def _agree(name: str, one: Any, other: Any) -> bool:
    if name in ("title", "brand"):
        return alike(one, other) >= SAME_TITLE
    if name == "gtin":
        return same_gtin(one, other)
    return bool(one == other)


def _as_text(value: Any) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def confidence(sureness: float, facts: Sequence[Facts], differ: Disagreements) -> float:
    """Parts that agree on name and price make a reading surer, parts that differ on the price less sure."""
    priced = [part for part in facts if part.price]
    doubt = 1 - sureness
    if "price" in differ or "currency" in differ:
        doubt = min(1.0, doubt + 0.2)
    elif len(priced) > 1:
        doubt *= 0.5
    if "title" in differ:
        doubt = min(1.0, doubt + 0.1)
    return round(max(0.05, min(1 - doubt, 0.99)), 2)
