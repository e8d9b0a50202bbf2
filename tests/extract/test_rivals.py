from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discount_broker.discovery.extract.products.gtin import read_gtin
from discount_broker.discovery.extract.rivals.matching import (
    Goods,
    brand_key,
    match_products,
    model_key,
    title_key,
)


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
        ("Велосипед Stels Navigator 500 рама 18", 'Stels Navigator-500 26" рама 18"'),
        ("Кроссовки Nike Pegasus белые", "Nike Pegasus running shoes white"),
        ("Диван угловой Марсель", "Угловой диван «Марсель» серый"),
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


SAME = [
    ("Смартфон Xiaomi Redmi Note 13 Pro 8/256GB Black", "Xiaomi Redmi Note 13 Pro 256 ГБ чёрный"),
    ("Стиральная машина Bosch WAN28290", "Стиральная машина Бош WAN 28290 8 кг"),
    ("Беспроводной пылесос Дайсон V15 Detect Absolute", "Dyson V15 Detect Absolute"),
    ("Минимойка Керхер K3 Full Control", "KÄRCHER Hochdruckreiniger »K 3 Full Control«"),
    ("Чайник Taller TR-1047", "Чайник Таллер ТР-1047"),
    ("Дрель Makita DF333DWYE", "Makita DF333DWYE аккумуляторная дрель 12V"),
    ("GoPro HERO12 Black", "Экшн-камера GoPro Hero 12 Black"),
    ("Велосипед Stels Navigator 500 26 рама 18", 'Stels Navigator-500 26" рама 18"'),
    ("Шина Michelin X-Ice North 4 205/55 R16 94T", "Michelin X-Ice North 4 205/55R16 94T шипованная"),
    ("Canon EOS R6 Mark II body", "Фотоаппарат Canon EOS R6 Mark II Body"),
    ("Bose QuietComfort 35 II", "Bose QuietComfort 35 Series 2 headphones"),
    ("Duracell CR2032 3V, 4 шт", "4x Duracell CR2032 Lithium"),
    ("Whiskyglas Hamilton (2-tlg) Eisch", "Eisch Whisky Glas Hamilton 2 Stück"),
    ("Wüsthof Classic Ikon Brotmesser 23 cm", "Wusthof Classic Ikon bread knife 23cm"),
    ("Thule Chariot Sport 2 Fahrradanhänger", "Thule Chariot Sport 2 double bike trailer"),
    ('Dell E2016HV 49.5 cm (19.5") Monitor', "Dell E2016HV 19.5 Zoll 1600 x 900"),
    ("Туалетная вода Montblanc Legend 200 мл", "Mont Blanc Legend EDT 200ml"),
    ("Корм для собак Royal Canin Maxi Adult 15 кг", "Royal Canin Maxi Adult 15 kg"),
    ("Acer CB242YE Monitor", "Acer CB2 CB242YEbmiprx"),
    ("Смеситель для кухни Grohe Eurosmart 33281003", "Grohe Eurosmart 33281003 смеситель для мойки хром"),
    ("Масляный фильтр Bosch 0451103316", "Bosch 0 451 103 316 фильтр масляный"),
    ("Kingston Fury Beast 16GB 3200MHz", "Оперативная память Kingston FURY Beast 16Gb 3200 МГц"),
]
OTHERS = [
    ("Смартфон Apple iPhone 15 128GB чёрный", "Apple iPhone 15 Plus 128GB Black"),
    ("Смартфон Apple iPhone 15 128GB чёрный", "Apple iPhone 14 128GB Black"),
    ("Смартфон Apple iPhone 15 128GB чёрный", "Apple iPhone 15 128GB Pink"),
    ("Смартфон Apple iPhone 15 128GB чёрный", "Чехол для Apple iPhone 15 чёрный"),
    ("Смартфон Apple iPhone 15 128GB чёрный", "Apple iPhone 15 128GB Black refurbished"),
    ("Смартфон Apple iPhone 15 128GB чёрный", "Apple iPhone 15 128GB чёрный б/у"),
    ("Телевизор LG 55UR78006LK", "Кронштейн для телевизора LG 55UR78006LK"),
    ("Матрас Аскона Balance 160x200", "Матрас Аскона Balance 140x200"),
    ("Шампунь Loreal Elseve 400 мл", "Шампунь Loreal Elseve 250 мл"),
    ("Duracell CR2032 3V, 4 шт", "Duracell CR2032 3V, 2 шт"),
    ("4x Duracell CR2032 3V", "4x Panasonic CR2032 3V"),
    ("GoPro HERO12 Black", "GoPro HERO12 Black Creator Edition"),
    ("Garmin Fenix 7 Pro Solar", "Garmin Fenix 7S Pro Solar"),
    ("Картридж HP 912XL чёрный", "Картридж HP 912 чёрный"),
    ("Canon EOS R6 Mark II body", "Canon EOS R6 body"),
    ("Диван угловой Марсель", "Диван угловой Ницца"),
    ("Staub Cocotte rund 24 cm", "Staub Cocotte oval 24 cm"),
    ("Масло моторное Shell Helix Ultra 5W-40 4л", "Shell Helix Ultra 5W-30 4 л"),
    ("LEGO Technic 42115 Lamborghini", "LEGO Technic 42161 Lamborghini"),
    ("iiyama GB2470HSU-W5", "iiyama GB2470HSU-B1"),
    ("Lindt Excellence 85% 100g", "Lindt Excellence 70% 100g"),
    ("MSI GeForce RTX 4060 8GB", "ASUS Dual GeForce RTX 4060 8GB"),
    ("Focusrite Scarlett 4i4 4th Gen", "Focusrite Scarlett 4i4 3rd Gen"),
    ("Аккумулятор BL-44JN для LG E460, L7", "Аккумулятор BL-53QH для LG E460, L7"),
    ("AMD Ryzen 5 5600X", "AMD Ryzen 5 5600"),
    ("Ламинат Kronospan Дуб Тоскана 8 мм", "Ламинат Kronospan Дуб Севилья 8 мм"),
    ("Kärcher K 3 Full Control", "Kärcher Sprühlanze für K 3 Full Control"),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_one_product_is_known_however_shops_word_it(first: str, second: str) -> None:
    assert judge(goods(first), goods(second)).same
    assert judge(goods(second), goods(first)).same


@pytest.mark.parametrize(("first", "second"), OTHERS)
def test_near_misses_are_told_apart(first: str, second: str) -> None:
    assert not judge(goods(first), goods(second)).same
    assert not judge(goods(second), goods(first)).same


def test_numbers_given_out_by_a_shop_itself_never_match() -> None:
    inside = "2000000000008"
    assert judge(goods("Kettle", gtin=inside), goods("Armchair", gtin=inside)).why != "gtin"
    assert not judge(goods("Kettle", gtin=inside), goods("Armchair", gtin=inside)).same


def test_the_same_model_does_not_make_a_part_or_a_used_one_the_same() -> None:
    product = goods("Наушники Sony WH-1000XM4", brand="Sony", model="WH-1000XM4")
    for title in ("Sony WH-1000XM4 refurbished", "Амбушюры для Sony WH-1000XM4"):
        assert not judge(product, goods(title, brand="Sony", model="WH-1000XM4")).same


def test_another_brand_is_another_product() -> None:
    assert judge(goods("Kettle K7", brand="Bosch"), goods("Kettle K7", brand="Braun")).score == 0
    assert judge(goods("Чайник K7 1.7 л", brand="Бош"), goods("Чайник K7 1.7 л", brand="Bosch")).same


ODD = [
    "Bosch",
    "Бош",
    "12V-15",
    "2x",
    "4шт",
    "160x200",
    "II",
    "б/у",
    "для",
    "for",
    '27"',
    "128GB",
    "set",
    "+",
]
TITLES = st.text(max_size=60) | st.lists(st.sampled_from([*ODD, "½", "²", "٣"]), max_size=12).map(" ".join)


@given(TITLES, TITLES, st.none() | TITLES, st.none() | TITLES)
def test_no_title_is_too_strange_to_be_compared(
    first: str, second: str, brand: str | None, model: str | None
) -> None:
    product, candidate = goods(first, brand=brand, model=model), goods(second, brand=brand)
    one, other = judge(product, candidate), judge(candidate, product)
    assert 0 <= one.score <= 1
    assert one.same == other.same
    assert len(title_key(first)) <= 80


@pytest.mark.parametrize("piece", ["a", "1", "1x", "в ", "12 mm ", "-", "для ", "\u0301", '"', "2nd gen "])
def test_a_title_of_two_megabytes_is_cut(piece: str) -> None:
    endless = piece * (2_000_000 // len(piece))
    match = judge(goods(endless, brand=endless, model=endless), goods("Kettle", brand="Bosch"))
    assert not match.same
