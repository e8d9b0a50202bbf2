"""What a shop's answer asks for or offers: suggestions, each with the words that prove it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from discount_broker.kernel.money import Money
from discount_broker.outreach.inbound.sentences import Doubt, Sentence


class IntentKind(StrEnum):
    OFFER = "offer"
    """A percentage off or a price: `percent` or `price` says which."""
    DECLINE = "decline"
    LOWEST_PRICE = "lowest_price"
    """The price is said to be the lowest already."""
    PROMO_CODE = "promo_code"
    FREE_DELIVERY = "free_delivery"
    OUT_OF_STOCK = "out_of_stock"
    CALL_US = "call_us"
    WHO_ARE_YOU = "who_are_you"
    OPT_OUT = "opt_out"
    NEW_ADDRESS = "new_address"
    OUT_UNTIL = "out_until"
    QUESTION = "question"


@dataclass(frozen=True)
class Intent:
    """Something the letter says. It is a suggestion for a person, unless it `is_certain`."""

    kind: IntentKind
    value: str | None
    """`10%`, `11500 RUB`, a phone number, an address, an ISO date, a code; None where the kind says all."""
    evidence: str
    """The sentence that says it, exactly as it stands in the letter."""
    start: int = 0
    """Where the evidence begins in the letter."""
    doubts: tuple[Doubt, ...] = ()
    percent: Decimal | None = None
    price: Money | None = None
    until: date | None = None

    @property
    def is_certain(self) -> bool:
        """Said plainly, once, and nothing in the letter speaks against it."""
        return not self.doubts

    def doubted(self, *doubts: Doubt) -> "Intent":
        return replace(self, doubts=tuple(dict.fromkeys((*self.doubts, *doubts))))


def said(
    kind: IntentKind, value: str | None, sentence: Sentence, doubts: tuple[Doubt, ...] | None = None
) -> Intent:
    """An intent proved by a sentence, with the doubts that the sentence itself raises, or these."""
    own = sentence.doubts if doubts is None else doubts
    return Intent(kind, value, sentence.words, sentence.start, own)


def settled(intents: Iterator[Intent]) -> list[Intent]:
    """Every thing said once, and what speaks against another told as such."""
    once: dict[tuple[IntentKind, str | None], Intent] = {}
    for intent in intents:
        key = intent.kind, intent.value
        # Said twice, once plainly: the plain word counts.
        if key not in once or (intent.is_certain and not once[key].is_certain):
            once[key] = intent
    found = list(once.values())
    found = _without_outdone(found)
    return [intent.doubted(*_against(intent, found)) for intent in found]


def _without_outdone(found: list[Intent]) -> list[Intent]:
    """Offer what answers a refusal: in "not 15 %, but 10 % we can give" the offer alone counts."""
    offered = [intent for intent in found if intent.kind is IntentKind.OFFER]
    if not offered:
        return found
    return [intent for intent in found if not (intent.kind is IntentKind.DECLINE and intent.value)]


OPPOSITES = {
    IntentKind.OFFER: {IntentKind.DECLINE, IntentKind.OPT_OUT},
    IntentKind.DECLINE: {IntentKind.OFFER},
    # "Do not write here, write there": that is no farewell.
    IntentKind.OPT_OUT: {IntentKind.OFFER, IntentKind.NEW_ADDRESS, IntentKind.CALL_US},
}


def _against(intent: Intent, found: list[Intent]) -> Iterator[Doubt]:
    if intent.kind in (IntentKind.OFFER, IntentKind.NEW_ADDRESS, IntentKind.OUT_UNTIL):
        alike = [other for other in found if _is_same_sort(other, intent)]
        if len(alike) > 1:
            yield Doubt.SEVERAL
    if any(other.kind in OPPOSITES.get(intent.kind, ()) for other in found):
        yield Doubt.CONTRADICTED


def _is_same_sort(one: Intent, other: Intent) -> bool:
    return one.kind is other.kind and (one.percent is None) == (other.percent is None)
