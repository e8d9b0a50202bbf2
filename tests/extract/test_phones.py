"""Phone numbers as shops of many countries write them, and what only looks like one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discount_broker.discovery.extract.phones.finding import find_phones

ANY = "https://teashop.com/"


def numbers(markup, url=ANY):
    return [found.number for found in find_phones(markup, url)]


@pytest.mark.parametrize(
    ("markup", "url", "number"),
    [
        ("<p>Customer service 212-736-5000</p>", ANY, "+12127365000"),
        ("<p>Houston<br>(212)-736-5000. 3-1-1</p>", ANY, "+12127365000"),
        ("<p>+1 212.736.5000 x410</p>", ANY, "+12127365000"),
        ("<p>Tel: 020 7183 8750</p>", ANY, "+442071838750"),
        ("<p>01452 300 222</p>", "https://teashop.co.uk/", "+441452300222"),
        ("<p>Tel ( 44 ) 20 7183 8750</p>", ANY, "+442071838750"),
        ("<p>Phone: 86 21 6391 6887</p>", ANY, "+862163916887"),
        ('<p lang="de">Rufen Sie uns an und wir helfen: +49 (0) 30 901820</p>', ANY, "+4930901820"),
        ("<p>Berlin: +49 30 901820</p><p>Hotline 040 428280</p>", ANY, "+4930901820"),
        ("<p>Kontakt: 01/360 277-2062</p>", "https://teeladen.at/", "+4313602772062"),
        ("<p>01 42 68 53 00</p>", "https://the.fr/", "+33142685300"),
        ("<p>Llámenos 912 345 678</p>", "https://tetera.es/", "+34912345678"),
        ("<p>Zadzwoń: 22 621 02 51</p>", "https://herbata.pl/", "+48226210251"),
        ("<p>Tlf.: 3123 6110</p>", "https://te.dk/", "+4531236110"),
        ("<p>+ 375 17 205-40-21</p>", "https://chai.by/", "+375172054021"),
        ("<p>(061) 220-12-13</p>", "https://teashop.ru/", "+380612201213"),
        ("<p>ИНН 7707083893, тел. 8 (495) 104-83-86</p>", "https://teashop.ru/", "+74951048386"),
        ("<p>Телефон № 8 (495) 104-83-86</p>", "https://teashop.ru/", "+74951048386"),
        ('<a href="tel:0049-30-901820">call</a>', ANY, "+4930901820"),
        ('<a href="TEL:+4930901820">call</a>', ANY, "+4930901820"),
        ('<span property="schema:telephone">+49 30 901820</span>', ANY, "+4930901820"),
    ],
)
def test_a_number_is_read_as_its_country_writes_it(markup, url, number):
    assert number in numbers(markup, url)


def test_numbers_in_a_row_are_told_apart():
    found = numbers("<p>8 (495) 104-83-86 8 800 100-20-30</p>", "https://teashop.ru/")
    assert found == ["+74951048386", "+78001002030"]


@pytest.mark.parametrize(
    "markup",
    [
        "<p>12-29-2015 02:01 AM</p>",
        "<p>2014-12-09 07:00</p>",
        "<p>30.11.2014 00:09</p>",
        "<p>Fort Collins CO 80521 - 80528</p>",
        "<p>Branchburg, NJ 08876-3440</p>",
        "<p>Prev 1 2 3 4 5 6 7 8 9 10 Next</p>",
        "<p>Your address is 5.167.214.238</p>",
        "<p>Size: 35-70-125-250 grams</p>",
        "<p>36 53 73 75 38</p>",
        "<p>IBAN DE89 3704 0044 0532 0130 00</p>",
        "<p>ISBN 978-3-16-148410-0</p>",
        "<p>VAT 0453 365 132</p>",
        "<p>8 916 123 45 ₽</p>",
        "<p>(555) 123-4567</p>",
        "<p>+1 212-555-0123</p>",
        "<p>+7 (123) 456-78-90</p>",
        "<p>+7 (999) 999-99-99</p>",
        '<a href="tel:1234567890">call</a>',
    ],
)
@pytest.mark.parametrize("url", [ANY, "https://teashop.ru/"])
def test_dates_codes_prices_and_samples_are_no_phones(markup, url):
    assert numbers(markup, url) == []


@settings(max_examples=60)
@given(st.text(alphabet="0123456789+-()./ \nтелx", max_size=400))
def test_any_text_is_read_without_complaint(text):
    for found in find_phones(f"<p>{text}</p>", "https://teashop.ru/"):
        assert found.number.startswith("+")


@pytest.mark.parametrize(
    "page",
    [
        "8 495 104 83 86 " * 120_000,
        "<p>" + "1" * 2_000_000,
        "<br>".join(
            f"8 (495) {number % 1000:03}-{number % 97:02}-{number % 89:02}" for number in range(80_000)
        ),
        "<a href='tel:+74951048386'>x</a>" * 50_000,
        "( + " * 500_000,
    ],
)
def test_a_page_of_nothing_but_numbers_gives_no_more_than_a_page_holds(page):
    assert len(numbers(page, "https://teashop.ru/")) <= 300
