"""What strangers can put on a page: read in bounded time, without an error, and nothing made up."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discount_broker.discovery.extract.products.finding import read_product, why_not_product
from discount_broker.discovery.extract.vocabulary import words

URL = "https://teashop.ru/product/kettle-1234"
END = "<p>100 ₽</p><button>Купить</button>"


def told(text: str) -> str:
    return f'<title>K7</title><h1>K7</h1><script type="application/ld+json">{text}</script>{END}'


OFFERS = [{"@type": "Offer", "price": number, "priceCurrency": "RUB"} for number in range(1, 10_000)]
FLOODS = {
    "deep lists": told("[" * 100_000 + "]" * 100_000),
    "deep objects": told('{"@type":"Product","name":"K7","offers":' * 20_000 + "1" + "}" * 20_000),
    "offers": told(json.dumps({"@type": "Product", "name": "K7", "offers": OFFERS})),
    "products": told(json.dumps([{"@type": "Product", "name": f"K{number}"} for number in range(30_000)])),
    "braces": told("{" * 900_000),
    "line breaks": told("\n" * 900_000),
    "digits in metadata": told('{"@type":"Product","name":"K7","offers":{"price":' + "9" * 10_000 + "}}"),
    "prices": "<h1>K7</h1>" + "".join(f"<p>{number} ₽</p>" for number in range(100_000)),
    "prices on one line": "<h1>K7</h1><p>" + "".join(f"{number} ₽ купить " for number in range(80_000)),
    "boxes called prices": "<h1>K7</h1>" + "".join(f"<b class=price>{one}</b>" for one in range(60_000)),
    "digits": "<h1>K7</h1>" + "9" * 1_500_000 + " ₽",
    "groups of digits": "<h1>K7</h1>" + "999 " * 400_000 + "₽",
    "nested prices": "<h1>K7</h1>" + "<div class=price>" * 100_000 + "5 ₽",
    "nested items": '<div itemscope itemtype="http://schema.org/Product"><i itemprop=name>K</i>' * 20_000,
    "properties": '<div itemscope itemtype="http://schema.org/Product">' + "<i itemprop=name>K</i>" * 60_000,
    "headings": "<h1 class=product-title>K7</h1>" * 40_000 + END,
    "a long heading": "<title>K</title><h1>" + "K <b>7</b>" * 100_000 + "</h1>" + END,
    "buttons": "<h1>K7</h1><p>5 ₽</p>" + "<button>Купить</button>" * 60_000,
    "labels": "<h1>K7</h1>" + END + "<p>Артикул</p>" * 100_000,
    "a long class": '<h1>K7</h1><b class="' + "price old " * 150_000 + '">5 ₽</b>' + END,
    "paths": '<div class="breadcrumb"><a>x</a></div>' * 40_000 + "<h1>K7</h1>" + END,
    "a long title": "<title>" + " - K |" * 250_000 + "</title><h1>K7</h1>" + END,
}


@pytest.mark.parametrize("flood", FLOODS)
def test_a_flood_is_read_like_any_page(flood):
    product = read_product(FLOODS[flood], URL)
    assert product is None or len(product.title) <= 5_000
    assert why_not_product(FLOODS[flood], URL) in ("listing", "not_product", "needs_script")


def test_a_long_address_is_read_like_any_other():
    assert read_product("<h1>K7</h1>" + END, "https://teashop.ru/" + "a-b/1234." * 100_000) is None


KEYS = st.sampled_from(
    sorted(
        words(
            "@type @graph name offers price priceCurrency hasVariant brand image sku gtin availability "
            "category itemListElement position priceSpecification priceType"
        )
    )
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


@settings(max_examples=150)
@given(JSON)
def test_no_metadata_breaks_the_reading(value):
    product = json.dumps({"@type": "Product", "name": "K7", "offers": value, "brand": value, "image": value})
    read_product(told(product), URL)
    read_product(told(json.dumps(value)), URL)


MARKUP = words(
    "<h1> </h1> <p_class=price> <del> </del> 12_990 _₽ $ 19 ,99 <sup> </sup> <div_class=related> </div> "
    "Купить <button> <br> Артикул: \ufeff \x00 % &nbsp; İ <table><td> <!-- <b_itemprop=price> "
    "<i_itemscope_itemtype='http://schema.org/Product'>"
)
PIECES = st.sampled_from(sorted(MARKUP)).map(lambda piece: piece.replace("_", " "))


@settings(max_examples=200)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_no_markup_breaks_the_reading_and_no_price_is_made_up(markup):
    product = read_product("<title>K7</title>" + markup, URL)
    why_not_product(markup, URL)
    if product is not None and product.price is not None:
        digits = "".join(filter(str.isdigit, f"{product.price:f}"))
        assert set(digits) <= set(markup)
