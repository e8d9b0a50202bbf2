from decimal import Decimal

import pytest

from discount_broker.discovery.extract.products.finding import Availability, read_product


def page(body, title="Kettle K7 | Teashop"):
    return (
        f"<title>{title}</title><h1>Kettle K7</h1>{body}<button>Add to cart</button>"
        "<p>Description</p><p>Quantity</p><p>SKU: 17</p>"
    )


@pytest.mark.parametrize(
    ("body", "price", "old_price"),
    [
        ("<p class=price>$19.99</p>", "19.99", None),
        ("<p class=price><del>$25.00</del> <b>$19.99</b></p>", "19.99", "25.00"),
        ("<p class=old-price>List price: $25</p><p class=special-price>Our price: $19.99</p>", "19.99", "25"),
        ("<p class=price>$19<sup>99</sup></p>", "19.99", None),
        ("<p class=price>$1,299<span>99</span></p>", "1299.99", None),
        ("<p class=price>$<span>19</span>.<span>99</span></p>", "19.99", None),
        ("<p><span class=price>$200</span><span>2 bids</span></p>", "200", None),
        ("<p class=price>$19.99</p><p>or 4 payments of $5.00</p>", "19.99", None),
        ("<p class=price>$19.99</p><p>Save $5.01</p><p>Free shipping over $50</p>", "19.99", None),
        ("<p style='display:none'>$5</p><p class=price>$19.99</p>", "19.99", None),
        ("<p>Price: 1999</p>", "1999", None),
        ("<p class=price>1999</p>", "1999", None),
        (
            "<p class=price>$19.99</p><div class=related><p class=price>$5</p><p class=price>$6</p></div>",
            "19.99",
            None,
        ),
    ],
)
def test_the_price_to_pay_is_told_from_the_other_sums_of_the_page(body, price, old_price):
    product = read_product(page(body), "https://teashop.com/product/k7")
    assert (product.price, product.currency) == (Decimal(price), "USD")
    assert product.old_price == (None if old_price is None else Decimal(old_price))


@pytest.mark.parametrize(
    ("url", "currency"),
    [
        ("https://teashop.ca/product/k7", "CAD"),
        ("https://teashop.com.au/product/k7", "AUD"),
        ("https://teashop.com/product/k7", "USD"),
    ],
)
def test_the_domain_tells_which_dollar_is_meant(url, currency):
    assert read_product(page("<p class=price>$19.99</p>"), url).currency == currency


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("<h1><a href=#>Kettle K7</a> <span>New!</span> <button>Share</button></h1>", "Kettle K7"),
        ("<h1><div>Samovar</div><div>Kettle K7 red</div></h1>", "Samovar Kettle K7 red"),
        ("<h2 class=product-title>Kettle K7</h2>", "Kettle K7"),
        ("<h1>Tea for all</h1><div class=product-name>Kettle K7</div>", "Kettle K7"),
        ("", "Kettle K7"),
    ],
)
def test_the_title_is_the_name_of_the_product_alone(heading, title):
    name = "Samovar Kettle K7 red" if "Samovar" in title else "Kettle K7"
    markup = page("<p class=price>$5</p>", title=f"{name} | Teashop").replace("<h1>Kettle K7</h1>", heading)
    assert read_product(markup, "https://teashop.com/product/k7").title == title


def test_open_graph_gives_way_to_the_heading_that_says_the_same():
    head = (
        '<meta property="og:type" content="product"><meta property="og:title" content="Kettle K7 4711 | Tea">'
    )
    product = read_product(head + page("<p class=price>$5</p>"), "https://teashop.com/product/k7")
    assert (product.title, product.sources["title"]) == ("Kettle K7", "page")


@pytest.mark.parametrize(
    ("words", "availability"),
    [
        ("In stock", Availability.IN_STOCK),
        ("Sold out", Availability.OUT_OF_STOCK),
        ("Rupture de stock", Availability.OUT_OF_STOCK),
        ("Auf Lager", Availability.IN_STOCK),
        ("Предзаказ", Availability.PREORDER),
        ("Ask us anything", Availability.IN_STOCK),
    ],
)
def test_what_is_offered_is_there_unless_the_page_says_otherwise(words, availability):
    product = read_product(page(f"<p class=price>$5</p><p>{words}</p>"), "https://teashop.com/product/k7")
    assert product.availability == availability
