from decimal import Decimal

import pytest

from discount_broker.discovery.extract.rivals.matching import Goods
from discount_broker.discovery.extract.rivals.similar import choose_similar

DRILL = Goods(
    id="own", title="Bosch GSR 12V-15 cordless drill", brand="Bosch", price=Decimal(10000), currency="RUB"
)


def other(title: str, price: int | None, brand: str = "BOSCH®", currency: str = "RUB") -> Goods:
    return Goods(
        id=title, title=title, brand=brand, price=Decimal(price) if price else None, currency=currency
    )


def test_the_nearest_in_price_of_the_same_brand_and_kind_come_first() -> None:
    candidates = [
        other("Bosch EasyDrill drill", 7000),
        other("Bosch GSB drill", 11000),
        other("Bosch drill", 9500),
    ]
    assert choose_similar(DRILL, ["Tools", "Drills"], candidates, 2) == ["Bosch drill", "Bosch GSB drill"]


@pytest.mark.parametrize(
    "stranger",
    [
        other("Bosch washing machine", 9900),
        other("Makita drill", 9900, brand="Makita"),
        other("Bosch drill bit", 400),
        other("Bosch drill of gold", 13001),
        other("Bosch drill abroad", 9900, currency="EUR"),
        other("Bosch drill without a price", None),
    ],
    ids=lambda goods: goods.title,
)
def test_another_kind_brand_currency_or_reach_is_not_similar(stranger: Goods) -> None:
    assert choose_similar(DRILL, ["Tools", "Drills"], [stranger], 3) == []


def test_without_a_category_two_words_of_the_title_must_be_shared() -> None:
    candidates = [other("Bosch cordless drill 18V", 9900), other("Bosch drill", 9900, brand="")]
    assert choose_similar(DRILL, [], candidates, 3) == ["Bosch cordless drill 18V"]
