"""What was read of a product, and from where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Availability(StrEnum):
    IN_STOCK = "in_stock"
    OUT_OF_STOCK = "out_of_stock"
    PREORDER = "preorder"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ProductReading:
    """A product as its page shows it at this moment."""

    title: str
    price: Decimal | None = None
    currency: str | None = None
    """ISO 4217."""
    old_price: Decimal | None = None
    brand: str | None = None
    model: str | None = None
    sku: str | None = None
    gtin: str | None = None
    """Digits with a right check digit."""
    image: str | None = None
    availability: Availability = Availability.UNKNOWN
    category: tuple[str, ...] = ()
    confidence: float = 0.0
    sources: Mapping[str, str] = field(default_factory=dict)
    """Which part of the page each field was taken from: jsonld, microdata, opengraph or page."""
    disagreements: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Field, then part of the page and what it says, wherever the parts say different things."""


@dataclass(frozen=True)
class Facts:
    """What one part of a page says of the product; None where it says nothing."""

    source: str
    title: str | None = None
    price: Decimal | None = None
    currency: str | None = None
    old_price: Decimal | None = None
    brand: str | None = None
    model: str | None = None
    sku: str | None = None
    gtin: str | None = None
    image: str | None = None
    availability: Availability | None = None
    category: tuple[str, ...] | None = None
