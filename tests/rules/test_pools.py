"""When several buyers are one stronger request."""

from uuid import UUID

from discount_broker.outreach.rules.pools import MINIMUM, people_in, product_key

PEOPLE = [UUID(int=n) for n in range(1, 6)]


def test_a_group_is_counted_from_its_minimum_on() -> None:
    assert people_in(PEOPLE[: MINIMUM - 1]) == 0
    assert people_in(PEOPLE[:MINIMUM]) == MINIMUM


def test_a_buyer_is_counted_once_and_nobody_not_at_all() -> None:
    assert people_in([PEOPLE[0]] * 9) == 0
    assert people_in([*PEOPLE[:2], None, None]) == 0


def test_products_are_the_same_by_their_number_else_by_their_page() -> None:
    assert product_key("4006381333931", "https://a.ru/1") == product_key("4006381333931", "https://a.ru/2")
    assert product_key(None, "https://m.a.ru/p/") == product_key(None, "https://a.ru/p")
    assert product_key(None, "https://a.ru/p?id=1") != product_key(None, "https://a.ru/p?id=2")
