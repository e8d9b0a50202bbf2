"""Buttons of the offer page that say a whole answer each: what the letter chose first, then the likely."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from discount_broker.kernel.money import Money, is_discount, is_sum
from discount_broker.notifications.catalogue import reductions
from discount_broker.offers.status import AnswerKind
from discount_broker.outreach.queries import wish_put_to
from discount_broker.web.answer_reading import WISHED, card_of_code, wished
from discount_broker.web.forms import read_number

if TYPE_CHECKING:
    from discount_broker.outreach.models import Outreach

WITHOUT_NUMBER = (AnswerKind.FREE_DELIVERY, AnswerKind.NOT_NOW)


@dataclass(frozen=True, kw_only=True)
class Press:
    """One button: what it sends, and what it says."""

    code: str
    kind: str
    percent: Decimal | None = None
    price: Money | None = None
    """What the buyer then pays."""
    is_wish: bool = False
    """All that the buyer asks for."""


def presses_for(outreach: "Outreach", chosen_code: str = "") -> list[Press]:
    """What was chosen in the letter, all that is wished for, half of it, free delivery, and no."""
    likely = reductions(wish_put_to(outreach), price_of(outreach))
    codes = [chosen_code, *(answer.code for answer in likely), *WITHOUT_NUMBER]
    wish = wished(outreach)
    presses = (_press(code, wish, outreach) for code in codes)
    return list(dict.fromkeys(press for press in presses if press is not None))


def price_of(outreach: "Outreach") -> Money | None:
    if outreach.price is None or outreach.currency is None:
        return None
    return Money(outreach.price, outreach.currency)


def _press(code: str, wish: tuple[str, Decimal], outreach: "Outreach") -> Press | None:
    """The button for a code; None where the code leaves something to be filled in."""
    fields = card_of_code(code, wish)
    chosen = fields.get("answer")
    if chosen in WITHOUT_NUMBER:
        return Press(code=chosen, kind=chosen)
    kind, value = wish if chosen == WISHED else (chosen, read_number(fields.get(chosen or "", "")))
    if kind == AnswerKind.PERCENT and is_discount(value):
        assert value is not None
        page = price_of(outreach)
        return Press(
            code=f"{kind}-{value.normalize():f}",
            kind=kind,
            percent=value,
            price=page.less(value) if page else None,
            is_wish=chosen == WISHED,
        )
    if kind == AnswerKind.PRICE and value is not None and is_sum(value):
        return Press(
            code=f"{kind}-{value.normalize():f}",
            kind=kind,
            price=Money(value, outreach.currency or ""),
            is_wish=chosen == WISHED,
        )
    return None
