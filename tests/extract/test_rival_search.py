import pytest

from discount_broker.discovery.extract.rivals.matching import Goods
from discount_broker.discovery.extract.rivals.search import (
    judge_hits,
    queries_for,
    why_no_rival,
    worth_reading,
)
from discount_broker.kernel.urls import registrable_domain

DRILL = Goods("1", "Дрель-шуруповёрт Bosch GSR 12V-15 (06019F6001), кейс", brand="Bosch", model="GSR 12V-15")


def test_brand_and_model_are_asked_for_before_the_article_number() -> None:
    drill = Goods("1", DRILL.title, brand="Bosch", model="GSR 12V-15", gtin="3165140846639")
    assert queries_for(drill, "ru") == ["Bosch GSR 12V-15 купить", "3165140846639"]
    assert queries_for(DRILL, "en") == [
        "Bosch GSR 12V-15 buy",
        "Дрель-шуруповёрт Bosch GSR 12V-15 06019F6001 кейс buy",
    ]


def test_a_model_that_holds_its_brand_is_not_named_twice() -> None:
    named = Goods("1", "x", brand="Canon", model="Canon EOS R6")
    assert queries_for(named, "en")[0] == "Canon EOS R6 buy"


@pytest.mark.parametrize(
    ("brand", "model"), [(None, "X100"), ("Stolvik", "Flex"), ("Tonhall", "H7"), ("", "")]
)
def test_a_model_that_tells_little_gives_way_to_the_title(brand: str | None, model: str) -> None:
    chair = Goods("1", "Рабочее кресло «Stolvik Flex»; сетка", brand=brand, model=model)
    assert queries_for(chair, "ru") == ["Рабочее кресло Stolvik Flex сетка купить"]


def test_an_in_store_number_is_not_asked_for() -> None:
    assert queries_for(Goods("1", "Kettle K7", gtin="2000000000008"), "en") == ["Kettle K7 buy"]


def test_a_long_title_is_cut_between_words() -> None:
    (query,) = queries_for(Goods("1", "очень " * 40 + "х" * 500), "ru")
    assert query == " ".join(["очень"] * 12) + " купить"
    assert len(queries_for(Goods("1", "х" * 5000), "ru")[0]) < 200


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://drills.ru/p/1", ""),
        ("https://drills.ru/?product=1", ""),
        ("https://drills.ru/", "home_page"),
        ("https://drills.ru", "home_page"),
        ("https://own.ru/p/1", "own_shop"),
        ("https://m.own.ru/p/1", "own_shop"),
        ("https://own.com/p/1", "own_shop"),
        ("https://www.ozon.ru/product/1", "marketplace"),
        ("https://www.amazon.co.jp/dp/1", "marketplace"),
        ("https://www.idealo.fr/prix/1", "comparison"),
        ("https://www.kleinanzeigen.de/s-anzeige/1", "classifieds"),
        ("https://auto.ru/cars/1", "classifieds"),
        ("https://m.vk.com/wall-1", "social"),
        ("https://www.youtube.com/watch?v=1", "social"),
        ("https://ru.wikipedia.org/wiki/Drill", "media"),
        ("https://forum.drills.ru/t/1", "social"),
        ("https://market.yandex.ru/product/1", "marketplace"),
        ("https://drills.ru/blog/best-drills", "media"),
        ("https://drills.ru/manual.pdf", "file"),
        ("https://www.google.com/search?q=drill", "search"),
        ("https://xn--d1acjlx.xn--p1ai/p/1", ""),
    ],
)
def test_a_hit_that_can_be_no_rival_says_why(url: str, why: str) -> None:
    assert why_no_rival(url, registrable_domain(url), ["own.ru", "own.com"]) == why


def test_each_domain_comes_once_with_its_most_likely_page_and_the_likeliest_first() -> None:
    hits = [
        ("https://a.ru/catalog/dreli", "Дрели в ассортименте"),
        ("https://other.ru/gsr-18", "Дрель Bosch GSR 18V-50"),
        ("https://a.ru/gsr", "Дрель Bosch GSR 12V-15"),
        ("https://m.a.ru/gsr", "Дрель Bosch GSR 12V-15"),
        ("https://front.ru/", "Bosch GSR 12V-15"),
        ("https://front.ru/gsr", "Bosch GSR 12V-15 – магазин"),
    ]
    prospects = judge_hits(DRILL, hits, ["own.ru", "own.com"])
    assert [(one.domain, one.url) for one in worth_reading(prospects, 8)] == [
        ("a.ru", "https://a.ru/gsr"),
        ("front.ru", "https://front.ru/gsr"),
        ("other.ru", "https://other.ru/gsr-18"),
    ]
    assert len(worth_reading(prospects, 2)) == 2


def test_of_hits_alike_the_engines_order_counts() -> None:
    hits = [(f"https://shop{n}.ru/p", "Дрель Bosch GSR 12V-15") for n in (3, 1, 2)]
    assert [one.domain for one in judge_hits(DRILL, hits, ["own.ru", "own.com"])] == [
        "shop3.ru",
        "shop1.ru",
        "shop2.ru",
    ]
