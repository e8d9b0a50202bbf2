"""What the ask page shows of each product, of the shop that sells it, and of what a shop would see."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import request, session
from flask_babel import format_timedelta

from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.queries.baskets import list_open_together
from discount_broker.discount_requests.rules import (
    FARTHEST_ANSWERS,
    LONGEST_CITY,
    MOST_IN_BASKET,
    ProductSaid,
    WishKind,
    is_for_rivals_alone,
)
from discount_broker.discount_requests.status import ReadingStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.money import Money, is_discount, is_sum, percent_off
from discount_broker.scorecards.queries import forecast_of
from discount_broker.web.ask_consents import WORDS, hint_of
from discount_broker.web.ask_form import PRESETS, AskForm, ProductForm
from discount_broker.web.forms import read_number
from discount_broker.web.language import reader_zone
from discount_broker.web.sentences import may_ask_anyway, may_pass, reading_failure

if TYPE_CHECKING:
    from discount_broker.discount_requests.models import DiscountRequest
    from discount_broker.scorecards.rules import Forecast


@dataclass(frozen=True, kw_only=True)
class Card:
    """One product of the page: how far its reading has got, and what the buyer says of it."""

    draft: "DiscountRequest"
    form: ProductForm
    said: ProductSaid
    price: Money | None
    """By the buyer's word, where there is one."""
    is_price_said: bool
    forecast: "Forecast | None"

    @property
    def product(self) -> Any:
        return self.draft.product

    @property
    def title(self) -> str:
        return self.said.title or (self.product.title if self.product else "")

    @property
    def is_reading(self) -> bool:
        return self.draft.reading in (ReadingStatus.WAITING, ReadingStatus.READING)

    @property
    def has_failed(self) -> bool:
        return self.draft.reading is ReadingStatus.FAILED

    @property
    def failure(self) -> str:
        return str(reading_failure(self.draft.reading_failure)) if self.has_failed else ""

    @property
    def may_pass(self) -> bool:
        return may_pass(self.draft.reading_failure)

    @property
    def half_within(self) -> str:
        known = self.forecast.half_within if self.forecast else None
        return format_timedelta(known) if known is not None else ""

    @property
    def is_askable(self) -> bool:
        return not self.has_failed or may_ask_anyway(self.draft.reading_failure)

    @property
    def is_for_rivals(self) -> bool:
        return self.has_failed and is_for_rivals_alone(self.draft.reading_failure)

    def never_gave(self, percent: Decimal | None) -> bool:
        """Whether the wish is above the best that this shop ever gave."""
        known = self.forecast
        if percent is None or known is None or not known.is_enough or known.best is None:
            return False
        return percent > known.best


def cards_of(draft: "DiscountRequest") -> list[Card]:
    return [_card(each) for each in list_open_together(draft) or [draft]]


def _card(draft: "DiscountRequest") -> Card:
    kept = {name: session.get("typed", {}).get(f"{draft.number}-{name}") for name in ProductForm.KEPT}
    form = ProductForm(request.form if request.method == "POST" else None, prefix=draft.number, data=kept)
    if request.method != "POST":
        form.price.number = read_number(form.price.data or "")
    said, seen = form.said(), draft.product
    currency = said.currency if said.price is not None and said.currency else seen.currency if seen else None
    amount = said.price if said.price is not None and is_sum(said.price) else seen.price if seen else None
    return Card(
        draft=draft,
        form=form,
        said=said,
        price=Money(amount, currency) if amount and currency else None,
        is_price_said=said.price is not None,
        forecast=forecast_of(seen.shop_id) if seen else None,
    )


def page_facts(
    draft_id: UUID, token: str, form: AskForm, cards: list[Card] | None = None
) -> dict[str, object]:
    """Everything the templates of the page ask for."""
    draft = get_request(draft_id)
    cards = cards_of(draft) if cards is None else cards
    price = cards[0].price if len(cards) == 1 else None
    reduced = {preset: price.less(Decimal(preset)) for preset in PRESETS} if price else {}
    today = today_there()
    return {
        "draft": draft,
        "token": token,
        "form": form,
        "cards": cards,
        "price": price,
        "presets": PRESETS,
        "reduced": reduced,
        "is_reading": any(card.is_reading for card in cards),
        "is_askable": all(card.is_askable for card in cards),
        "wished": _wished(form, price),
        "wish_percent": wish_percent(form, price),
        "may_add": len(cards) < MOST_IN_BASKET,
        "city": (form.city.data or "")[:LONGEST_CITY],
        "hints": {kind.value: hint_of(kind) for kind in WORDS},
        "today": today,
        "farthest": today + FARTHEST_ANSWERS,
    }


def today_there(now: datetime | None = None) -> date:
    """The day by the reader's own clock."""
    return (now or utcnow()).astimezone(reader_zone()[0]).date()


def wish_percent(form: AskForm, price: Money | None) -> Decimal | None:
    """The wish in per cent, where it can be reckoned."""
    value = form.wish_value()
    if value is None or form.wish_kind() is WishKind.PERCENT:
        return value if value is not None and is_discount(value) else None
    return percent_off(price.amount, value) if price and is_sum(value) and value < price.amount else None


def _wished(form: AskForm, price: Money | None) -> Money | None:
    """What would be paid in the end."""
    value = form.wish_value()
    if price is None or value is None:
        return None
    if form.wish_kind() is WishKind.PERCENT:
        return price.less(value) if is_discount(value) else None
    return Money(value, price.currency) if is_sum(value) and value < price.amount else None
