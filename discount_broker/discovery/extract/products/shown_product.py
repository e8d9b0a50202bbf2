"""The product that a page shows to people: heading, price, stock, and the words of its table."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from discount_broker.discovery.extract.pages.page import Document, squeeze
from discount_broker.discovery.extract.products.gtin import read_gtin
from discount_broker.discovery.extract.products.reading import Availability, Facts
from discount_broker.discovery.extract.products.shown_prices import PriceReader, ShownPrice
from discount_broker.discovery.extract.products.shown_stock import (
    Button,
    find_availability,
    find_buttons,
    find_words_to_buy,
)
from discount_broker.discovery.extract.products.shown_table import (
    find_breadcrumbs,
    find_image,
    find_labels,
    read_labels,
)
from discount_broker.discovery.extract.products.shown_title import (
    Heading,
    find_heading,
    name_before_facts,
    title_without_shop,
)

NEAR = 90
"""Lines after the heading that may speak of the product's stock."""
REACH = 250
"""Lines after the heading in which its table stands."""


@dataclass(frozen=True, eq=False)
class Shown:
    """What a reader sees of a page, as far as it tells a product."""

    document: Document

    @cached_property
    def reader(self) -> PriceReader:
        return PriceReader(self.document)

    @cached_property
    def words_to_buy(self) -> list[int]:
        return find_words_to_buy(self.reader.text)

    @cached_property
    def buttons(self) -> list[Button]:
        return find_buttons(self.document, self.reader, self.words_to_buy)

    @cached_property
    def heading(self) -> Heading | None:
        return find_heading(self.document)

    @cached_property
    def title(self) -> str | None:
        if self.heading is not None:
            return self.heading.text
        return title_without_shop(self.document) or self._name_before_facts()

    def _name_before_facts(self) -> str | None:
        places = (start for field, start, *_ in find_labels(self.reader.text) if field in ("sku", "gtin"))
        place = next(places, None)
        if place is None:
            return None
        lines = [line.text for line in self.document.lines]
        return name_before_facts(lines, self.reader.line_of(place))

    @cached_property
    def line(self) -> int:
        """The number of the line in which the heading stands."""
        if self.heading is None:
            return 0
        wanted, lines = squeeze(self.heading.text), self.document.lines
        numbers = [number for number, line in enumerate(lines) if line.text == wanted]
        numbers = numbers or [number for number, line in enumerate(lines) if wanted in line.text]
        if len(numbers) < 2:
            return next(iter(numbers), 0)
        within = set(self.heading.element.iter())
        return next((one for one in numbers[:20] if lines[one].element in within), numbers[0])

    @cached_property
    def prices(self) -> list[ShownPrice]:
        return self.reader.prices(self.line)

    @cached_property
    def price(self) -> ShownPrice | None:
        """The price to pay, if the page shows one."""
        best = max(self.prices, key=self.weight, default=None)
        return best if best is not None and self.weight(best) > 1.5 else None

    def weight(self, price: ShownPrice) -> float:
        """How much a price looks like that of this page's product."""
        distance = price.place - self.line
        weight = 2.0 * (price.currency is not None) + 1.5 * price.is_named + 0.7 * price.is_now
        weight += 4.0 * math.exp(-distance / 40) if distance >= 0 else 1.6 * math.exp(distance / 25) - 0.6
        weight += 1.2 * max(
            (math.exp(-abs(line - price.place) / 15) for line in self._button_lines),
            default=0.0,
        )
        weight -= 3.0 * price.is_former + 2.5 * price.is_aside + 3.0 * price.is_elsewhere
        weight += (
            0.3 * min(3, self._mentions[price.amount] - 1)
            - 0.8 * (price.chatter > 6)
            - 1.0 * (price.chatter > 14)
        )
        return weight - min(2.5, 0.5 * max(0, price.twins - 2))

    @cached_property
    def _button_lines(self) -> list[int]:
        return [one.line for one in self.buttons if one.line is not None and not one.is_elsewhere]

    @cached_property
    def _mentions(self) -> Counter[Decimal]:
        return Counter(one.amount for one in self.reader.sums)

    @cached_property
    def currency(self) -> str | None:
        """The currency most of the page's prices are in."""
        counts = Counter(one.currency for one in self.reader.sums if one.currency)
        return counts.most_common(1)[0][0] if counts else None

    @cached_property
    def old_price(self) -> Decimal | None:
        if self.price is None:
            return None
        own = self.price
        near = [
            other.amount
            for other in self.prices
            if other.is_former and abs(other.place - own.place) < 7 and other.amount > own.amount
        ]
        return min(near, default=None)

    @cached_property
    def _begin(self) -> int:
        return max(0, self.line - 3)

    @cached_property
    def near_lines(self) -> list[str]:
        """What stands from the heading on, in lower case."""
        first, last = self.reader.start_of(self._begin), self.reader.start_of(self.line + NEAR)
        return self.reader.text[first:last].split("\n")

    @cached_property
    def availability(self) -> Availability | None:
        price = self.price
        is_near = price is not None and not price.is_elsewhere and 0 <= price.place - self.line < NEAR
        has_button = any(not one.is_elsewhere for one in self.buttons)
        return find_availability(self.near_lines, is_offered=is_near or (price is not None and has_button))

    @cached_property
    def labels(self) -> dict[str, str]:
        """What the page says behind `Article:` and the like."""
        first, last = self.reader.start_of(self._begin), self.reader.start_of(self.line + REACH)
        return read_labels(self.document.text[first:last], self.reader.text[first:last])

    def facts(self, told: Sequence[Facts] = ()) -> Facts:
        """All of it; what nobody compares is looked for only where the metadata does not tell it."""
        price = self.price
        has_image, has_path = any(one.image for one in told), any(one.category for one in told)
        return Facts(
            source="page",
            title=self.title,
            price=price.amount if price else None,
            currency=(price.currency or self.currency) if price else None,
            old_price=self.old_price,
            brand=self.labels.get("brand"),
            model=self.labels.get("model"),
            sku=self.labels.get("sku"),
            gtin=read_gtin(self.labels.get("gtin")),
            image=None if has_image else self._image(),
            availability=self.availability,
            category=None if has_path else find_breadcrumbs(self.document),
        )

    def _image(self) -> str | None:
        anchor: Any = self.heading.element if self.heading else next(self.document.tree.iter("body"), None)
        return None if anchor is None else find_image(self.document, anchor, self.title or "")
