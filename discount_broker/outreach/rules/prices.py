"""What has become of a price since the shop was asked, and whether the wish came true by itself. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from discount_broker.kernel.money import Money, percent_off


@dataclass(frozen=True)
class PriceMove:
    """A price then and now, in one currency."""

    then: Decimal
    now: Decimal

    @property
    def percent(self) -> Decimal:
        """By how many per cent it has changed, whichever way; rounded as people say it."""
        off = abs(percent_off(self.then, self.now))
        return off.quantize(Decimal(1)) if off >= 1 else off

    @property
    def is_cheaper(self) -> bool:
        return self.now < self.then

    @property
    def is_dearer(self) -> bool:
        return self.now > self.then


def move_of(then: Decimal | None, now: Decimal | None) -> PriceMove | None:
    """What has become of a price; None where one of the two is not known."""
    return PriceMove(then, now) if then and now is not None else None


def price_wished(then: Money, percent: Decimal | None, price: Money | None) -> Decimal | None:
    """What the buyer wanted to pay at this shop; None where that cannot be said in its currency."""
    if percent is not None:
        return then.less(percent).amount
    return price.amount if price is not None and price.currency == then.currency else None


def has_come_true(now: Decimal | None, wished: Decimal | None) -> bool:
    """Whether the shop's page asks no more than the buyer wished to pay."""
    return now is not None and wished is not None and now <= wished
