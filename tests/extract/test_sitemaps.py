"""Which pages of a sitemap, and which paths of well-known software, lead to the contacts."""

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discount_broker.discovery.extract.pages.platforms import usual_paths
from discount_broker.discovery.extract.pages.sitemaps import read_sitemap

HOME = "https://tools.ru/sitemap.xml"


def urlset(*places: str) -> bytes:
    entries = "".join(f"<url><loc>{place}</loc></url>" for place in places)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'.encode()


def index(*places: str) -> bytes:
    entries = "".join(f"<sitemap><loc>{place}</loc></sitemap>" for place in places)
    return f"<sitemapindex>{entries}</sitemapindex>".encode()


def links_of(content: bytes) -> list[str]:
    return [link.url for link in read_sitemap(content, "application/xml", HOME).links]


def test_the_contact_page_is_found_among_thousands_the_likeliest_first() -> None:
    goods = [f"https://tools.ru/goods/{n}" for n in range(5000)]
    places = [*goods, "https://tools.ru/about", "https://tools.ru/contacts?a=1&amp;b=2", *goods]
    assert links_of(urlset(*places)) == ["https://tools.ru/contacts?a=1&b=2", "https://tools.ru/about"]


def test_a_packed_sitemap_is_unpacked_and_one_cut_short_is_read_as_far_as_it_goes() -> None:
    whole = gzip.compress(
        urlset("https://tools.ru/kontakty/", *[f"https://tools.ru/{n * 7919}" for n in range(9999)])
    )
    assert links_of(whole) == ["https://tools.ru/kontakty/"]
    assert links_of(whole[: len(whole) // 2]) == ["https://tools.ru/kontakty/"]
    assert links_of(whole[:12]) == []


def test_places_in_quotation_sections_and_with_blanks_around_are_read() -> None:
    assert links_of(urlset(" \n https://tools.ru/contact \n", "<![CDATA[https://tools.ru/feedback]]>")) == [
        "https://tools.ru/contact",
        "https://tools.ru/feedback",
    ]


def test_pages_of_other_sites_are_no_pages_of_the_shop() -> None:
    assert links_of(
        urlset("https://else.ru/contacts", "https://m.tools.ru/contacts", "javascript:contact")
    ) == ["https://m.tools.ru/contacts"]


def test_of_the_parts_of_a_sitemap_those_of_pages_come_before_those_of_goods() -> None:
    parts = read_sitemap(
        index(
            "https://tools.ru/sitemap-products-1.xml",
            "https://tools.ru/sitemap-7.xml",
            "https://else.ru/sitemap-pages.xml",
            "https://tools.ru/sitemap-pages.xml.gz",
            *[f"https://tools.ru/sitemap-images-{n}.xml" for n in range(90)],
        ),
        "text/xml",
        HOME,
    ).parts
    assert parts[:2] == ("https://tools.ru/sitemap-pages.xml.gz", "https://tools.ru/sitemap-7.xml")
    assert len(parts) == 5


def test_a_sitemap_that_unpacks_without_end_is_left_in_time() -> None:
    assert links_of(gzip.compress(b" " * 50_000_000 + urlset("https://tools.ru/contacts"))) == []


def test_blanks_without_end_are_passed_over_once() -> None:
    assert links_of(b"<loc>" + b" " * 1_000_000 + urlset("https://tools.ru/contacts")) == [
        "https://tools.ru/contacts"
    ]


@settings(max_examples=200)
@given(
    st.binary(max_size=300)
    | st.binary(max_size=200).map(gzip.compress)
    | st.text(max_size=200).map(lambda s: f"<loc>{s}</loc>".encode())
)
def test_no_bytes_make_the_reading_of_a_sitemap_fail(content: bytes) -> None:
    read_sitemap(content, "", HOME)


@pytest.mark.parametrize(
    ("sign", "path"),
    [
        ('<script src="//cdn.shopify.com/s/x.js">', "/pages/contact"),
        ('<a href="/index.php?route=product/product&product_id=1">', "/index.php?route=information/contact"),
        ('<link href="/bitrix/js/main.css">', "/contacts/"),
    ],
)
def test_software_that_is_known_tells_where_contacts_usually_are(sign: str, path: str) -> None:
    assert path in usual_paths(f"<html>{sign}</html>")


def test_of_other_shops_nothing_is_presumed() -> None:
    assert usual_paths('<html><img src="/image/drill.png"><p>Drill</p></html>') == ()
