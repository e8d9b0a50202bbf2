"""Links as people paste them."""

import pytest

from discount_broker.kernel.errors import Refused
from discount_broker.kernel.urls import (
    find_link,
    find_links,
    host_of,
    page_key,
    readable,
    readable_address,
    registrable_domain,
)

TOOLS = "https://tools.ru/p/1"


@pytest.mark.parametrize(
    ("why", "pasted", "link"),
    [
        ("as it is", TOOLS, TOOLS),
        ("with blanks around", f" \t{TOOLS}\n", TOOLS),
        ("in quotes", f"«{TOOLS}»", TOOLS),
        ("in angle brackets", f"<{TOOLS}>", TOOLS),
        ("in a sentence", f"Смотрите, {TOOLS}, нравится!", TOOLS),
        ("at the end of a sentence", f"Хочу эту: {TOOLS}.", TOOLS),
        ("in brackets", f"(вот она: {TOOLS})", TOOLS),
        ("the first of several", f"{TOOLS} или https://other.ru/p/2", TOOLS),
        ("with tracking", f"{TOOLS}?utm_source=vk&utm_medium=cpc&yclid=17#reviews", TOOLS),
        ("what tells the product stays", f"{TOOLS}?sku=7&gclid=x", f"{TOOLS}?sku=7"),
        ("in capitals", "HTTPS://Tools.RU/P/1", "https://tools.ru/P/1"),
        ("bare", "tools.ru/p/1", TOOLS),
        ("bare with www", "www.tools.ru/p/1", "https://www.tools.ru/p/1"),
        ("bare with a port", "tools.ru:8080/p/1", "https://tools.ru:8080/p/1"),
        ("with the usual port", "https://tools.ru:443/p/1", TOOLS),
        ("without a path", "https://tools.ru", "https://tools.ru/"),
        ("with a name in Cyrillic", "https://магазин.рф/товар", "https://xn--80aairftm.xn--p1ai/%D1%82%D0%BE%D0%B2%D0%B0%D1%80"),
        ("bare in Cyrillic", "магазин.рф", "https://xn--80aairftm.xn--p1ai/"),
        ("with a user before the host", "https://admin:pw@tools.ru/p/1", TOOLS),
        ("an address of IPv6", "http://[2001:db8::1]/p", "http://[2001:db8::1]/p"),
        ("a link hidden in a script", "javascript:location='https://tools.ru/p/1'", TOOLS),
    ],
)  # fmt: skip
def test_the_link_is_found(why: str, pasted: str, link: str) -> None:
    assert find_link(pasted) == link, why


@pytest.mark.parametrize(
    ("pasted", "code"),
    [
        ("", "link_missing"),
        ("   ", "link_missing"),
        ("дрель", "link_missing"),
        ("хочу дрель подешевле, tools.ru есть", "link_missing"),
        ("https://", "link_not_web"),
        ("http:///p/1", "link_missing"),
        ("https://[::1/p", "link_missing"),
        ("https://tools.ru:port/", "link_missing"),
        ("https://" + "a" * 64 + ".ru/", "link_missing"),
        ("javascript:alert(1)", "link_not_web"),
        ("JavaScript:alert(1)", "link_not_web"),
        ("data:text/html,<b>x</b>", "link_not_web"),
        ("file:///etc/passwd", "link_not_web"),
        ("ftp://tools.ru/price.xls", "link_not_web"),
        ("mailto:sales@tools.ru", "link_not_web"),
        ("tel:+74951234567", "link_not_web"),
        ("https://tools.ru/" + "a" * 2000, "link_too_long"),
    ],
)
def test_what_is_no_link_is_refused_with_its_reason(pasted: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        find_link(pasted)
    assert (refused.value.code, refused.value.field) == (code, "link")


def test_a_link_found_is_found_again_unchanged() -> None:
    for pasted in (TOOLS, "магазин.рф/товар?b=2&a=1", "https://tools.ru/p%2F1?q=%D1%8F+x"):
        assert find_link(find_link(pasted)) == find_link(pasted)


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://m.shop.co.uk/x", "shop.co.uk"),
        ("https://www.tools.ru/", "tools.ru"),
        ("spb.tools.ru", "tools.ru"),
        ("https://seller.myshopify.com/", "seller.myshopify.com"),
        ("http://127.0.0.1:8101/", "127.0.0.1"),
        ("http://[::1]/", "::1"),
        ("http://localhost/", "localhost"),
        ("Tools.RU.", "tools.ru"),
        ("https://tools.ru./p/1", "tools.ru"),
        ("https://www.Магазин.рф:8443/p", "xn--80aairftm.xn--p1ai"),
        ("https://xn--80aairftm.xn--p1ai/p", "xn--80aairftm.xn--p1ai"),
    ],
)
def test_a_shop_is_known_by_its_registrable_domain(url: str, domain: str) -> None:
    assert registrable_domain(url) == domain


def test_a_broken_link_has_no_host() -> None:
    assert host_of("https://[::1") == ""
    assert host_of("https://www.Tools.ru:8080/") == "tools.ru"


@pytest.mark.parametrize(
    ("why", "pasted", "links"),
    [
        ("one", f"look: {TOOLS}!", [TOOLS]),
        ("two with words between", f"{TOOLS} or https://other.ru/p/2", [TOOLS, "https://other.ru/p/2"]),
        ("one a line", f"{TOOLS}\n{TOOLS}?sku=2\n", [TOOLS, f"{TOOLS}?sku=2"]),
        ("a list without blanks", f"{TOOLS},https://other.ru/p/2", [TOOLS, "https://other.ru/p/2"]),
        ("the same twice", f"{TOOLS}?utm_source=a {TOOLS}#b", [TOOLS]),
        ("without their beginnings", "tools.ru/p/1, other.ru/p/2", [TOOLS, "https://other.ru/p/2"]),
        ("bare in the middle of words", "смотрите tools.ru/p/1 нравится", [TOOLS]),
        ("of a phone", "m.tools.ru/p/1", ["https://m.tools.ru/p/1"]),
        ("passed on", f"https://www.google.com/url?q={TOOLS}%3Fsku%3D7&sa=D", [f"{TOOLS}?sku=7"]),
    ],
)  # fmt: skip
def test_every_link_in_what_was_pasted_is_found(why: str, pasted: str, links: list[str]) -> None:
    assert find_links(pasted) == links, why


@pytest.mark.parametrize(
    "other", ["https://m.tools.ru/p/1", "http://www.tools.ru/p/1/", "https://TOOLS.ru/p/1"]
)
def test_a_page_for_phones_is_the_same_page(other: str) -> None:
    assert page_key(other) == page_key(TOOLS)


def test_another_product_of_the_shop_is_another_page() -> None:
    assert page_key(f"{TOOLS}?sku=1") != page_key(f"{TOOLS}?sku=2")
    assert page_key("https://m.ru/p") == "m.ru/p", "a short name is no mobile host"


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("https://shop.example/p/1?size=38", "https://shop.example/p/1?size=38"),
        ("http://xn--80aairftm.xn--p1ai:8080/%D1%82%D0%BE%D0%B2%D0%B0%D1%80", "http://магазин.рф:8080/товар"),
        ("https://shop.example/a%20b/%D1", "https://shop.example/a%20b/%D1"),
        ("https://shop.example/?q=%E2%80%AEcod.exe", "https://shop.example/?q=%E2%80%AEcod.exe"),
        ("http://[", "http://["),
    ],
)
def test_a_link_is_shown_in_the_letters_of_its_shop_and_leads_where_it_led(link: str, shown: str) -> None:
    assert readable(link) == shown
    if "://[" not in link:
        assert find_link(shown) == find_link(link)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("anna@xn--80a1acny.xn--p1ai", "anna@почта.рф"),
        ("anna@mail.example", "anna@mail.example"),
        ("", ""),
        ("no address", "no address"),
    ],
)
def test_an_address_is_shown_as_its_owner_writes_it(address: str, shown: str) -> None:
    assert readable_address(address) == shown
