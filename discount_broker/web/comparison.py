"""Offers side by side: what each costs in the end, and which comes nearest to the wish."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from discount_broker.discount_requests.rules import WishKind
from discount_broker.kernel.money import Money, percent_off
from discount_broker.offers.queries import list_replaced, marks, terms_of, wished_price
from discount_broker.offers.queries.countering import list_counters
from discount_broker.offers.status import OfferStatus
from discount_broker.scorecards.queries.cards import list_cards

if TYPE_CHECKING:
    from discount_broker.discount_requests.models import DiscountRequest
    from discount_broker.offers.models import CounterOffer, Offer
    from discount_broker.scorecards.models import ScoreCard


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
    record: "ScoreCard | None"
    """How its shop has answered so far."""
    counter: "CounterOffer | None"
    """What the buyer asked of the shop instead."""
    earlier: "Offer | None"
    """What the shop had offered before it changed its answer."""

    @property
    def counter_state(self) -> str:
        """Empty, `waiting`, or what the shop said to the counter-offer."""
        if self.counter is None:
            return ""
        return str(self.counter.answer or "waiting")

    @property
    def may_counter(self) -> bool:
        return self.is_open and self.counter is None


def compare(ask: "DiscountRequest", offers: "Sequence[Offer]", now: datetime) -> list[Compared]:
    """Every offer with its marks; those that can be accepted first."""
    if not offers:
        return []
    beside = _Beside(
        marks=marks(ask, offers),
        cards=list_cards({offer.outreach.shop_id for offer in offers}),
        counters=list_counters(ask.id),
        earlier=list_replaced(ask.id),
    )
    found = [_compared(ask, offer, beside, now) for offer in offers]
    return sorted(found, key=lambda one: not one.is_open)


class _Beside(NamedTuple):
    """What is known beside the offers themselves."""

    marks: dict[UUID, set[str]]
    cards: "dict[UUID, ScoreCard]"
    counters: "dict[UUID, CounterOffer]"
    earlier: "dict[UUID, Offer]"


def _compared(ask: "DiscountRequest", offer: "Offer", beside: _Beside, now: datetime) -> Compared:
    terms, earned = terms_of(offer), beside.marks.get(offer.id, set())
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
        record=beside.cards.get(offer.outreach.shop_id),
        counter=beside.counters.get(offer.outreach_id),
        earlier=beside.earlier.get(offer.outreach_id),
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
