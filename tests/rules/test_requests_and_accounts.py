"""What a buyer may wish for, how a request is named, which addresses can be right."""

from decimal import Decimal

import pytest

from discount_broker.accounts.rules import normal_email, suggested_email
from discount_broker.discount_requests.rules import (
    NUMBER_LETTERS,
    WishKind,
    check_wish,
    may_ask_unread,
    percent_in_its_place,
    request_number,
    wished_percent,
)
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.money import Money

PERCENT, PRICE = WishKind.PERCENT, WishKind.PRICE


@pytest.mark.parametrize(
    ("kind", "value", "price"),
    [
        (PERCENT, "1", None),
        (PERCENT, "90", "100"),
        (PERCENT, "12.5", "100"),
        (PRICE, "99.99", "100"),
        (PRICE, "10", "100"),
    ],
)
def test_a_wish_a_shop_can_read(kind: WishKind, value: str, price: str | None) -> None:
    check_wish(kind, Decimal(value), Decimal(price) if price else None)


@pytest.mark.parametrize(
    ("kind", "value", "price", "code"),
    [
        (PERCENT, "0", "100", "percent_out_of_range"),
        (PERCENT, "91", "100", "percent_out_of_range"),
        (PERCENT, "-10", "100", "percent_out_of_range"),
        (PERCENT, "NaN", "100", "percent_out_of_range"),
        (PERCENT, "Infinity", "100", "percent_out_of_range"),
        (PRICE, "0", "100", "price_not_positive"),
        (PRICE, "-1", None, "price_not_positive"),
        (PRICE, "NaN", "100", "price_not_positive"),
        (PRICE, "50", None, "price_unknown"),
        (PRICE, "100", "100", "price_not_lower"),
        (PRICE, "101", "100", "price_not_lower"),
        (PRICE, "9.99", "100", "price_too_low"),
    ],
)
def test_a_wish_no_shop_could_read(kind: WishKind, value: str, price: str | None, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_wish(kind, Decimal(value), Decimal(price) if price else None)
    assert (refused.value.code, refused.value.field) == (code, kind)


def test_a_wished_price_is_told_as_per_cent_where_the_page_names_one() -> None:
    assert wished_percent(PERCENT, Decimal(7), None) == 7
    assert wished_percent(PRICE, Decimal(90), Decimal(100)) == 10
    assert wished_percent(PRICE, Decimal(90), None) is None


@pytest.mark.parametrize(
    ("asked", "percent"),
    [
        (Money(Decimal(48990), "RUB"), None),
        (Money(Decimal(39000), "RUB"), 18),
        (Money(Decimal(40000), "RUB"), 18),
        (Money(Decimal(559), "EUR"), 18),
        (None, None),
    ],
)
def test_a_price_no_rival_can_read_becomes_per_cent(asked: Money | None, percent: int | None) -> None:
    page, wished = Money(Decimal(48990), "RUB"), Money(Decimal(40000), "RUB")
    assert percent_in_its_place(wished, page, asked) == percent
    assert percent_in_its_place(wished, None, asked) is None


def test_a_wish_of_a_few_roubles_is_still_one_per_cent() -> None:
    page, wished = Money(Decimal(48990), "RUB"), Money(Decimal(48900), "RUB")
    assert percent_in_its_place(wished, page, Money(Decimal(559), "EUR")) == 1


def test_a_number_can_be_told_over_the_phone() -> None:
    assert request_number([0, 1, 2, 28, 29]) == "R-234YZ"
    assert not set("01OILU") & set(NUMBER_LETTERS)


@pytest.mark.parametrize(
    "failure", ["not_product", "robots", "http_403", "http_500", "too_slow", "needs_script"]
)
def test_a_shop_that_is_there_can_be_asked_although_its_page_was_not_read(failure: str) -> None:
    assert may_ask_unread(failure)


@pytest.mark.parametrize(
    "failure", ["name_unknown", "private_address", "port", "not_web", "http_404", "http_400", None]
)
def test_nobody_is_asked_where_there_is_no_page(failure: str | None) -> None:
    assert not may_ask_unread(failure)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" Anna@Mail.Example ", "anna@mail.example"),
        ("anna+drill@mail.ru", "anna+drill@mail.ru"),
        ("anna@почта.рф", "anna@xn--80a1acny.xn--p1ai"),
    ],
)
def test_an_address_has_one_spelling(typed: str, address: str) -> None:
    assert normal_email(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "anna",
        "anna@",
        "@mail.ru",
        "anna@mail",
        "a b@mail.ru",
        "anna@mail..ru",
        "anna@mail.ru, b@mail.ru",
        "anna@mail.ru\nBcc: all@mail.ru",
        "Anna <anna@mail.ru>",
        "a" * 65 + "@mail.ru",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        normal_email(typed)
    assert (refused.value.code, refused.value.field) == ("email_invalid", "email")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("anna@gmial.com", "anna@gmail.com"),
        ("anna@gmail.con", "anna@gmail.com"),
        ("anna@yandeks.ru", "anna@yandex.ru"),
        ("anna@mial.ru", "anna@mail.ru"),
        ("anna@gmail.com", None),
        ("anna@mail.ru", None),
        ("anna@tools.ru", None),
        ("anna@company.example", None),
    ],
)
def test_a_slip_in_a_common_domain_is_noticed(typed: str, meant: str | None) -> None:
    assert suggested_email(typed) == meant
