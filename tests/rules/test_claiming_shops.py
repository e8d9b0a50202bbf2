"""Who may answer for a shop, and which shop somebody means."""

import pytest

from discount_broker.kernel.errors import Refused
from discount_broker.shops.rules import domain_typed, in_ascii, speaks_for

DOMAINS = ["tools.ru", "xn--e1aybc.xn--p1ai"]
DOORS = {"tools.shop@gmail.com", "info@owner.com"}


@pytest.mark.parametrize(
    "address",
    ["a@tools.ru", "a@mail.tools.ru", "a@xn--e1aybc.xn--p1ai", "tools.shop@gmail.com", "info@owner.com"],
)
def test_a_door_of_the_shop_and_its_own_domains_speak_for_it(address: str) -> None:
    assert speaks_for(address, DOMAINS, DOORS)


@pytest.mark.parametrize(
    "address",
    [
        "other@gmail.com",
        "sales@owner.com",
        "a@tools.ru.evil.com",
        "a@eviltools.ru",
        "tools.ru@evil.com",
        "a@tools.com",
        "",
        "tools.ru",
    ],
)
def test_nobody_else_does(address: str) -> None:
    assert not speaks_for(address, DOMAINS, DOORS)


@pytest.mark.parametrize("domain", ["mail.ru", "gmail.com", "yandex.ru"])
def test_a_mailbox_at_a_free_service_speaks_for_nobody_but_whom_it_is_a_door_of(domain: str) -> None:
    assert not speaks_for(f"anybody@{domain}", [domain], set())
    assert speaks_for(f"press@{domain}", [domain], {f"press@{domain}"})


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("tools.ru", "tools.ru"),
        ("  HTTPS://www.Tools.ru/p/1?utm_source=x ", "tools.ru"),
        ("look: https://m.shop.co.uk/x", "shop.co.uk"),
        ("магазин.рф", "xn--80aairftm.xn--p1ai"),
        ("veter", "veter"),
    ],
)
def test_a_shop_is_named_as_people_name_it(typed: str, domain: str) -> None:
    assert domain_typed(typed) == domain


@pytest.mark.parametrize("typed", ["", "   ", "my shop", "???", "mailto:a@tools.ru", "x" * 300])
def test_what_names_no_shop_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        domain_typed(typed)
    assert (refused.value.code, refused.value.field) == ("shop_missing", "shop")


def test_an_address_in_letters_of_its_own_is_known_in_both_spellings() -> None:
    assert in_ascii("a@тест.рф") == "a@xn--e1aybc.xn--p1ai"
    assert in_ascii("zakaz@veter") == "zakaz@veter"
