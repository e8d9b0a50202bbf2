from decimal import Decimal

import pytest

from discount_broker.discovery.extract.gtin import read_gtin
from discount_broker.discovery.extract.rivals import Goods, brand_key, match_products, model_key, title_key


def judge(product, candidate):
    (match,) = match_products(product, [candidate])
    return match


def goods(title, identity="1", **more):
    return Goods(identity, title, **more)


@pytest.mark.parametrize(
    ("text", "gtin"),
    [
        ("4006381333931", "4006381333931"),
        ("4 006381 333931", "4006381333931"),
        ("036000291452", "036000291452"),
        ("4006381333932", None),
        ("2000000000008", None),
        ("12345", None),
        ("00000000", None),
        ("x", None),
        (None, None),
    ],
)
def test_a_gtin_is_believed_when_its_check_digit_is_right(text, gtin):
    assert read_gtin(text) == gtin


def test_the_same_article_number_is_the_same_product_whatever_the_titles_say():
    match = judge(goods("Kettle", gtin="4006381333931"), goods("Чайник", gtin="04006381333931"))
    assert (match.same, match.score, match.why) == (True, 1.0, "gtin")


def test_another_article_number_is_another_product_whatever_the_titles_say():
    assert not judge(goods("Kettle K7", gtin="4006381333931"), goods("Kettle K7", gtin="5901234123457")).same


def test_brand_and_model_decide_without_an_article_number():
    product = goods("Headphones", brand="Sony", model="WH-1000XM4")
    assert judge(product, goods("Наушники Sony WH 1000XM4 чёрные", brand="SONY")).why == "brand+model"
    assert judge(product, goods("Наушники Sony WH 1000XM4 чёрные", brand="SONY")).same
    assert not judge(product, goods("Наушники Sony WH-1000XM5", brand="Sony", model="WH-1000XM5")).same
    assert not judge(product, goods("Case", brand="Bosch", model="WH-1000XM4")).same


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Смартфон Apple iPhone 15 128GB чёрный", "Apple iPhone 15 128 ГБ Black смартфон", True),
        ("Смартфон Apple iPhone 15 128GB", "Смартфон Apple iPhone 15 256GB", False),
        ("Чайник Bosch TWK3A011", "Чайник электрический Bosch TWK3A011 1.7 л", True),
        ("Чайник Bosch TWK3A011", "Чайник Bosch TWK3A013", False),
        ("Чайник Bosch TWK3A011", "Монитор Dell U2723QE", False),
    ],
)
def test_titles_are_compared_by_their_telling_words(first, second, same):
    assert judge(goods(first), goods(second)).same is same


def test_a_price_far_off_makes_the_same_title_doubtful():
    first = goods("Набор чашек фарфор", price=Decimal(5000), currency="RUB")
    near = judge(first, goods("Набор чашек фарфоровый", price=Decimal(4500), currency="RUB"))
    far = judge(first, goods("Набор чашек фарфоровый", price=Decimal(300), currency="RUB"))
    assert far.score < near.score


def test_matches_come_in_the_order_of_the_candidates():
    matches = match_products(goods("Tea"), [goods("Tea", "b"), goods("Coffee", "a")])
    assert [match.id for match in matches] == ["b", "a"]


@pytest.mark.parametrize(
    "titles",
    [
        ("Sony WH-1000XM4 headphones black", "Наушники Sony WH 1000XM4", "SONY WH‑1000XM4 (чёрный)"),
        ("Чайник Bosch TWK3A011, 1.7 л", "Электрочайник BOSCH TWK3A011 2400 Вт"),
        ("Дрель Makita DF333DWYE", "Makita DF333DWYE дрель-шуруповёрт 12V"),
    ],
)
def test_titles_of_one_product_have_one_key(titles):
    assert len({title_key(title) for title in titles}) == 1


def test_keys_are_folded():
    assert brand_key("BOSCH® GmbH") == brand_key("Bosch") == "bosch"
    assert model_key("WH-1000 XM4") == model_key("wh1000xm4") == "wh1000xm4"
    assert model_key("ТWК3А011") == model_key("TWK3A011")
    assert (brand_key(None), model_key(None), title_key("")) == ("", "", "")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Bosch GSR 12V-15", "Дрель Bosch GSR12V-15", True),
        ("Sony WH 1000 XM4", "Sony WH1000XM4", True),
        ("Apple iPhone 15 Pro 128 GB", "Apple iPhone 15 Pro 256GB", False),
        ("Makita DHR 202 Z", "Makita DHR 242 Z", False),
    ],
)
def test_a_model_may_be_written_apart_or_together(one: str, other: str, same: bool) -> None:
    (match,) = match_products(Goods("p", one, brand=None), [Goods("c", other, brand=None)])
    assert match.same is same, match
