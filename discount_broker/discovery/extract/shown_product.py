"""The product that a page shows to people: heading, price, stock, and the words of its table."""

import math
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cached_property
from itertools import zip_longest
from typing import Any

from discount_broker.discovery.extract.currencies import code_of
from discount_broker.discovery.extract.gtin import read_gtin
from discount_broker.discovery.extract.page import Document, Line, inner_text, is_hidden, lines_of
from discount_broker.discovery.extract.reading import Availability, Facts
from discount_broker.discovery.extract.shown_prices import (
    ELSEWHERE,
    ShownPrice,
    classes_of,
    says,
    shown_prices,
    stands_in,
)
from discount_broker.discovery.extract.shown_words import (
    BUY,
    BUY_CODE,
    GONE,
    LABELS,
    LATER,
    MARKS,
    THERE,
    TITLE_CLASS,
)

TRIMMING = re.compile(r"logo|icon|sprite|pixel|flag|blank", re.IGNORECASE)
GALLERY = re.compile(r"product|gallery|main|zoom|catalog|iblock", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Shown:
    """What a reader sees of a page, as far as it tells a product."""

    document: Document

    @cached_property
    def prices(self) -> list[ShownPrice]:
        return shown_prices(self.document)

    @cached_property
    def buttons(self) -> list[tuple[int, bool]]:
        """Place of each control that buys, and whether it stands among other products."""
        elements = self.document.tree.iter("button", "a", "input", "span", "div")
        return [
            (self.document.order[one], stands_in(ELSEWHERE, one, 9)) for one in elements if self._buys(one)
        ]

    @staticmethod
    def _buys(element: Any) -> bool:
        if element.tag in ("span", "div"):
            return (
                bool(element.get("role") == "button" or "btn" in (element.get("class") or ""))
                and len(element) < 4
                and bool(BUY.search(inner_text(element)[:60]))
            )
        if element.tag == "input" and element.get("type") not in ("submit", "button", "image"):
            return False
        code = f"{classes_of(element)} {element.get('name') or ''}"
        said = f"{element.get('value') or ''} {element.get('title') or ''} {inner_text(element)[:60]}"
        return bool(BUY.search(said) and len(said) < 90) or (element.tag != "a" and says(BUY_CODE, code))

    @cached_property
    def heading(self) -> Any | None:
        """The element that names the product."""
        candidates = [element for element in self.document.tree.iter("h1") if _names(element)]
        candidates += [
            element
            for element in self.document.tree.iter("h2", "h3", "div", "span", "p", "td")
            if self._is_titled(element)
        ]
        return max(candidates, key=self._heading_weight, default=None)

    def _is_titled(self, element: Any) -> bool:
        """Not a heading by its tag, but by its class or because the page's own title begins with it."""
        if says(TITLE_CLASS, classes_of(element)):
            return len(element) < 6 and _names(element)
        return (
            element.tag in ("h2", "h3")
            and _names(element)
            and len(text := name_in(element, self.document.title).lower()) > 8
            and (self.document.title.lower().startswith(text[:60]))
        )

    def _heading_weight(self, element: Any) -> float:
        text, title = name_in(element, self.document.title).lower(), self.document.title.lower()
        alike = (
            1.0 if text in title else SequenceMatcher(None, text[:150], title[:150], autojunk=False).ratio()
        )
        weight: float = alike * (0.5 + min(len(text), 40) / 80) + 0.3 * (element.tag == "h1")
        return weight + 0.3 * stands_in(TITLE_CLASS, element, 5) - 0.4 * stands_in(ELSEWHERE, element, 5)

    @cached_property
    def title(self) -> str | None:
        if self.heading is not None:
            return name_in(self.heading, self.document.title)[:300]
        return self.named_title

    @cached_property
    def named_title(self) -> str | None:
        """The page's title without the name of the shop."""
        parts = [part for part in re.split(r"\s+[|–—»:·•]\s+|\s+-\s+", self.document.title) if part.strip()]
        return max(parts, key=len)[:300] if parts else None

    @cached_property
    def title_place(self) -> int:
        return self.document.order[self.heading] if self.heading is not None else 0

    @cached_property
    def price(self) -> ShownPrice | None:
        """The price to pay, if the page shows one."""
        best = max(self.prices, key=self.weight, default=None)
        return best if best is not None and self.weight(best) > 1.5 else None

    def weight(self, price: ShownPrice) -> float:
        """How much a price looks like that of this page's product."""
        distance = price.place - self.title_place
        weight = 2.0 * (price.currency is not None) + 1.5 * price.is_named + 0.7 * price.is_current
        weight += 4.0 * math.exp(-distance / 160) if distance >= 0 else 1.6 * math.exp(distance / 100) - 0.6
        weight += 1.2 * max(
            (math.exp(-abs(place - price.place) / 60) for place, elsewhere in self.buttons if not elsewhere),
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
    def _mentions(self) -> Counter[Decimal]:
        return Counter(price.amount for price in self.prices)

    @cached_property
    def currency(self) -> str | None:
        """The currency most of the page's prices are in."""
        counts = Counter(price.currency for price in self.prices if price.currency)
        counts.update(code for sign in MARKS.findall(self.document.text[:50_000]) if (code := code_of(sign)))
        return counts.most_common(1)[0][0] if counts else None

    @cached_property
    def old_price(self) -> Decimal | None:
        if self.price is None:
            return None
        own = self.price
        near = [
            other.amount for other in self.prices if other.is_former and abs(other.place - own.place) < 25
        ]
        near = [amount for amount in near if amount > own.amount]
        return min(near, default=None)

    @cached_property
    def lines(self) -> list[Line]:
        """What stands from the heading on, as far as the product's own box may reach."""
        order = self.document.order
        here = [line for line in self.document.lines if order.get(line.element, 0) >= self.title_place - 60]
        return [line for line in here if not _is_elsewhere(line.element)][:250]

    @cached_property
    def availability(self) -> Availability | None:
        short = [line.text for line in self.lines[:90] if len(line.text) < 90]
        for text in short:
            if GONE.search(text):
                return Availability.OUT_OF_STOCK
            if THERE.search(text):
                return Availability.IN_STOCK
            if LATER.search(text) and len(text) < 40:
                return Availability.PREORDER
        own = [
            place
            for place, elsewhere in self.buttons
            if not elsewhere and abs(place - self.title_place) < 600
        ]
        return Availability.IN_STOCK if own else None

    def labelled(self, field: str) -> str | None:
        """The value that stands behind a label, on its line or on the next."""
        for line, following in zip_longest(self.lines, self.lines[1:]):
            if len(line.text) > 120 or not (found := LABELS[field].match(line.text)):
                continue
            value = line.text[found.end() :].strip() or (following.text if following else "")
            if value and len(value) <= 60 and not value.endswith(":"):
                return value
        return None

    @cached_property
    def breadcrumbs(self) -> tuple[str, ...] | None:
        boxes = self.document.tree.xpath("//*[contains(@class, 'readcrumb') or contains(@id, 'readcrumb')]")
        for box in boxes[:5]:
            names = tuple(text for anchor in box.iter("a") if (text := inner_text(anchor)) and len(text) < 80)
            if len(names) > 1:
                return names[1:9]
        return None

    @cached_property
    def image(self) -> str | None:
        """The first sizable picture after the heading, or right before it."""
        best: tuple[float, str] | None = None
        for picture in self.document.tree.iter("img"):
            source = picture.get("data-src") or picture.get("src") or ""
            place = self.document.order[picture] - self.title_place
            marks = source + (picture.get("class") or "")
            if not source or source.startswith("data:") or not -250 < place < 400 or TRIMMING.search(marks):
                continue
            alike = _shared_words(picture.get("alt") or "", self.title or "")
            weight = 2 * alike - abs(place) / 400 + 0.5 * bool(GALLERY.search(marks))
            if best is None or weight > best[0]:
                best = weight, source
        return self.document.resolve(best[1]) if best else None

    def facts(self) -> Facts:
        price = self.price
        return Facts(
            source="page",
            title=self.title,
            price=price.amount if price else None,
            currency=(price.currency or self.currency) if price else None,
            old_price=self.old_price,
            brand=self.labelled("brand"),
            model=self.labelled("model"),
            sku=self.labelled("sku"),
            gtin=read_gtin(self.labelled("gtin")),
            image=self.image,
            availability=self.availability,
            category=self.breadcrumbs,
        )


def name_in(element: Any, title: str) -> str:
    """The words of a heading; only its first line where the others are buttons and badges."""
    lines = [line.text for line in lines_of(element)]
    first, whole = lines[0] if lines else "", " ".join(lines)
    return (
        first
        if len(lines) > 1
        and len(first) > 3
        and first.lower() in title.lower()
        and whole.lower() not in title.lower()
        else whole
    )


def _names(element: Any) -> bool:
    text = inner_text(element)
    return 2 < len(text) < 300 and not is_hidden(element)


def _is_elsewhere(element: Any) -> bool:
    return stands_in(ELSEWHERE, element, 7) or any(
        up.tag in ("footer", "nav") for up in element.iterancestors()
    )


def _shared_words(first: str, second: str) -> float:
    """The share of words of the shorter text that stand in the other."""
    one, other = (set(re.findall(r"\w{2,}", text.lower())) for text in (first, second))
    return len(one & other) / max(1, min(len(one), len(other)))
