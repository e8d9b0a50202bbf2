import json
from decimal import Decimal

import pytest

from discount_broker.discovery.extract.products.finding import Availability, read_product, why_not_product

URL = "https://teashop.ru/product/kettle-k7"
KETTLE = {
    "@context": "https://schema.org",
    "@type": "Product",
    "name": "Kettle K7",
    "brand": {"@type": "Brand", "name": "Samovar"},
    "mpn": "K-7",
    "sku": "100500",
    "gtin13": "4006381333931",
    "image": ["/img/k7.jpg"],
    "category": "Kitchen > Kettles",
    "offers": {
        "@type": "Offer",
        "price": "12990.00",
        "priceCurrency": "RUB",
        "availability": "https://schema.org/InStock",
    },
}
SHOWN = """
<title>Чайник K7 — Teashop</title>
<nav><a href="/">Главная</a></nav>
<div class="breadcrumb"><a href="/">Главная</a><a href="/k/">Кухня</a><a href="/k/t/">Чайники</a></div>
<h1>Чайник K7</h1>
<div class="gallery"><img src="/img/k7.jpg" alt="Чайник K7"></div>
<div class="price-box"><del class="old">14 990 ₽</del> <span class="price">12 990 ₽</span></div>
<p>Рассрочка от 1 083 ₽/мес</p>
<p>В наличии</p>
<button class="btn">В корзину</button>
<p>Артикул: 100500</p><p>Производитель: Samovar</p><p>Штрихкод: 4006381333931</p>
<h2>Описание</h2><p>Хороший чайник.</p>
<div class="related-products">
  <div class="card"><a>Чайник K8</a><span class="price">990 ₽</span></div>
  <div class="card"><a>Чайник K9</a><span class="price">1 990 ₽</span></div>
</div>
"""
LISTING = "<title>Чайники</title><h1>Чайники</h1><p>Сортировать: по цене</p>" + "".join(
    f'<div class="card"><a href="/p/{n}">Чайник {n}</a><span class="price">{n}90 ₽</span>'
    "<button>В корзину</button></div>"
    for n in range(1, 13)
)


def with_json(*nodes):
    scripts = (node if isinstance(node, str) else json.dumps(node) for node in nodes)
    return "<title>Kettle K7</title><h1>Kettle K7</h1>" + "".join(
        f'<script type="application/ld+json">{script}</script>' for script in scripts
    )


def test_json_ld_tells_everything():
    product = read_product(with_json(KETTLE), URL)
    assert (product.title, product.price, product.currency) == ("Kettle K7", Decimal("12990.00"), "RUB")
    assert (product.brand, product.model, product.sku) == ("Samovar", "K-7", "100500")
    assert product.gtin == "4006381333931"
    assert product.image == "https://teashop.ru/img/k7.jpg"
    assert product.availability == Availability.IN_STOCK
    assert product.category == ("Kitchen", "Kettles")
    assert product.sources["price"] == "jsonld"
    assert product.confidence > 0.6


@pytest.mark.parametrize(
    "block",
    [
        [KETTLE],
        {"@graph": [{"@type": "WebSite", "name": "Teashop"}, KETTLE]},
        KETTLE | {"@type": ["Product", "Thing"]},
        "<!-- " + json.dumps(KETTLE) + " -->",
        json.dumps(KETTLE)[:-1] + ",}",
        json.dumps(KETTLE) + json.dumps({"@type": "Organization"}),
        json.dumps(KETTLE, indent=1).replace("Kettle K7", "Kettle\tK7"),
        KETTLE | {"offers": {"@type": "AggregateOffer", "lowPrice": 12990, "priceCurrency": "RUB"}},
        KETTLE | {"offers": [KETTLE["offers"] | {"price": ""}, KETTLE["offers"]]},
        KETTLE | {"offers": {"priceSpecification": {"price": "12 990", "priceCurrency": "RUB"}}},
        KETTLE | {"@type": "ProductGroup", "offers": None, "hasVariant": [KETTLE, KETTLE | {"name": "Red"}]},
    ],
)
def test_json_ld_is_read_in_all_its_spellings(block):
    product = read_product(with_json(block), URL)
    assert (product.title, product.price, product.currency) == ("Kettle K7", Decimal(12990), "RUB")


def test_broken_json_ld_does_not_hide_the_page():
    product = read_product('<script type="application/ld+json">{"@type": "Prod</script>' + SHOWN, URL)
    assert product.price == Decimal(12990)
    assert product.sources["price"] == "page"


def test_microdata_is_read():
    markup = """
    <h1>Kettle K7</h1>
    <div itemscope itemtype="http://schema.org/Product">
      <span itemprop="name">Kettle K7</span>
      <div itemprop="brand" itemscope itemtype="http://schema.org/Brand">
        <meta itemprop="name" content="Samovar">
      </div>
      <div itemprop="offers" itemscope itemtype="http://schema.org/Offer">
        <meta itemprop="price" content="12990"><meta itemprop="priceCurrency" content="RUB">
        <link itemprop="availability" href="http://schema.org/OutOfStock">
      </div>
    </div>"""
    product = read_product(markup, URL)
    assert (product.price, product.currency, product.brand) == (Decimal(12990), "RUB", "Samovar")
    assert product.availability == Availability.OUT_OF_STOCK
    assert product.sources["title"] == "microdata"


def test_open_graph_is_read():
    markup = """
    <meta property="og:type" content="product"><meta property="og:title" content="Kettle K7">
    <meta property="product:price:amount" content="99.90">
    <meta property="product:price:currency" content="EUR">
    <h1>Kettle K7</h1><p>€ 99,90</p><button>Add to cart</button>"""
    product = read_product(markup, "https://teashop.de/p/1")
    assert (product.title, product.price, product.currency) == ("Kettle K7", Decimal("99.90"), "EUR")


@pytest.mark.parametrize("ignore_metadata", [False, True])
def test_the_page_itself_tells_what_is_sold(ignore_metadata):
    product = read_product(SHOWN, URL, ignore_metadata=ignore_metadata)
    assert (product.title, product.price, product.currency) == ("Чайник K7", Decimal(12990), "RUB")
    assert product.old_price == Decimal(14990)
    assert (product.brand, product.sku, product.gtin) == ("Samovar", "100500", "4006381333931")
    assert product.availability == Availability.IN_STOCK
    assert product.category == ("Кухня", "Чайники")
    assert product.image == "https://teashop.ru/img/k7.jpg"


def test_ignored_metadata_says_nothing():
    markup = with_json(KETTLE | {"name": "Something else"}) + SHOWN.replace("<title>", "<b>").replace(
        "</title>", "</b>"
    )
    assert read_product(markup, URL, ignore_metadata=True).price == Decimal(12990)
    assert read_product(with_json(KETTLE), URL, ignore_metadata=True) is None


def test_goods_sold_out_are_still_a_product():
    product = read_product(SHOWN.replace("В наличии", "Нет в наличии"), URL)
    assert product.availability == Availability.OUT_OF_STOCK


def test_a_product_without_a_price_is_read_without_one():
    product = read_product(with_json({key: KETTLE[key] for key in ("@type", "name", "brand", "sku")}), URL)
    assert product.title == "Kettle K7"
    assert product.price is None
    assert product.currency is None


@pytest.mark.parametrize(
    ("markup", "url", "why"),
    [
        (LISTING, "https://teashop.ru/catalog/kettles/", "listing"),
        (
            "<title>News</title><h1>We moved</h1><p>" + "Long article. " * 60 + "</p>",
            "https://teashop.ru/news/1",
            "not_product",
        ),
        (
            "<title>App</title><div id=root></div><script src=/app.js></script>",
            "https://teashop.ru/p/1",
            "needs_script",
        ),
        ("<h1>x</h1>", "https://www.ozon.ru/product/1", "marketplace"),
        (SHOWN, "https://www.idealo.de/preisvergleich/1", "aggregator"),
        ("", "https://teashop.ru/", "not_product"),
    ],
)
def test_other_pages_are_no_product_and_say_why(markup, url, why):
    assert why in ("marketplace", "aggregator") or read_product(markup, url) is None
    assert why_not_product(markup, url) == why


SOLD = "<title>Kettle K7</title><h1>Kettle K7</h1>{}<button>Add to cart</button>"
ARTICLE = "<title>{0}</title><h1>{0}</h1>" + "<p>" + "We have worked for our customers. " * 30 + "</p>"


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        (ARTICLE.format("We have worked since 1999"), "https://teashop.ru/about"),
        (ARTICLE.format("A kettle for 990 ₽?") + "<p>990 ₽</p>", "https://teashop.ru/blog/kettles"),
        (
            ARTICLE.format("Delivery") + "<p>Courier: 300 ₽</p><p>Post: 200 ₽</p>",
            "https://teashop.ru/delivery",
        ),
        (SHOWN.replace("<h1>Чайник K7", "<h1>Корзина"), "https://teashop.ru/cart/"),
        ("<h1>Kettle</h1>", "https://teashop.ru/"),
        (
            ARTICLE.format("Our kettles in the news"),
            "https://teashop.ru/2024/our-kettles-in-the-news-12345.html",
        ),
        (
            '<meta property="article:published_time" content="2024-01-01">'
            + ARTICLE.format("All about kettles")
            + "<p>Details and reviews follow when we have used ours, that cost 990 ₽, for a year.</p>",
            "https://teashop.ru/all-our-kettles-12345.html",
        ),
    ],
)
def test_a_page_about_something_else_is_no_product(markup, url):
    assert read_product(markup, url) is None


def test_parts_of_a_page_that_agree_make_a_reading_surer():
    told = f'<script type="application/ld+json">{json.dumps(KETTLE)}</script>'
    agreed = read_product(SOLD.format("<p class=price>12 990 ₽</p>") + told, URL)
    differing = read_product(SOLD.format("<p class=price>11 000 ₽</p>") + told, URL)
    assert agreed.disagreements == {}
    assert differing.disagreements["price"] == {"jsonld": "12990.00", "page": "11000"}
    assert differing.price == Decimal(12990)
    assert differing.confidence < agreed.confidence


def test_metadata_that_gives_the_crossed_out_price_is_behind_the_page():
    told = f'<script type="application/ld+json">{json.dumps(KETTLE)}</script>'
    product = read_product(SOLD.format("<p class=price><del>12 990 ₽</del> <b>9 990 ₽</b></p>") + told, URL)
    assert (product.price, product.old_price) == (Decimal(9990), Decimal("12990.00"))
    assert product.sources["price"] == "page"


def test_rdfa_is_read():
    markup = """<h1>Kettle K7</h1><div vocab="https://schema.org/" typeof="Product">
      <span property="name">Kettle K7</span>
      <div property="offers" typeof="Offer"><span property="price" content="12990">12 990</span>
      <meta property="priceCurrency" content="RUB"></div></div>"""
    product = read_product(markup, URL)
    assert (product.price, product.currency, product.sources["price"]) == (Decimal(12990), "RUB", "microdata")


@pytest.mark.parametrize(
    ("price", "read"),
    [
        (12990, "12990"),
        (210.852, "210.852"),
        (210.852001, "210.85"),
        ("1.299,00", "1299.00"),
        (-1, None),
        (0, None),
        (float("nan"), None),
        (float("inf"), None),
        (10**400, None),
        ("9" * 10_000, None),
        (True, None),
    ],
)
def test_prices_of_metadata_are_what_they_are(price, read):
    offers = {"@type": "Offer", "price": price, "priceCurrency": "RUB"}
    product = read_product(with_json(KETTLE | {"offers": offers}), URL)
    assert product.price == (None if read is None else Decimal(read))


def test_a_page_that_only_its_script_writes_is_read_from_its_metadata():
    offer = '{"@type": "Offer", "price": "129.90", "priceCurrency": "EUR"}'
    node = f'{{"@type": "Product", "name": "Bosch GSR 12V-15", "offers": {offer}}}'
    html = f'<title>Bosch</title><script type="application/ld+json">{node}</script><div id="root"></div>'
    reading = read_product(html, "https://tools.example/bosch-gsr")
    assert reading is not None
    assert (reading.title, str(reading.price), reading.currency) == ("Bosch GSR 12V-15", "129.90", "EUR")
    assert read_product(html, "https://tools.example/") is None
