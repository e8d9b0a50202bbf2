"""Phones, messengers and links to contact pages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discount_broker.discovery.extract.emails.finding import find_emails
from discount_broker.discovery.extract.messengers.finding import find_messengers
from discount_broker.discovery.extract.pages.links import find_contact_links
from discount_broker.discovery.extract.phones.finding import find_phones

RU, DE, US = "https://teashop.ru/", "https://teeladen.de/", "https://teashop.com/"


def numbers(markup, url=RU):
    return [found.number for found in find_phones(markup, url)]


@pytest.mark.parametrize(
    ("markup", "url", "number"),
    [
        ('<a href="tel:84951234567">call</a>', RU, "+74951234567"),
        ('<a href="tel:+7%20(495)%20123-45-67">call</a>', RU, "+74951234567"),
        ("<p>8 (495) 123-45-67</p>", RU, "+74951234567"),
        ("<p>+7 495 123‑45‑67</p>", US, "+74951234567"),
        ("<p>Телефон: <b>8-800</b> <i>100-20-30</i></p>", RU, "+78001002030"),
        ("<p>Tel. 030 12345678</p>", DE, "+493012345678"),
        ("<p>Call us: (212) 736-5000</p>", US, "+12127365000"),
        ('<meta itemprop="telephone" content="+7 495 123 45 67">', RU, "+74951234567"),
        ('<script type="application/ld+json">{"telephone": "+7 495 123 45 67"}</script>', RU, "+74951234567"),
    ],
)
def test_a_number_is_found_and_written_in_one_way(markup, url, number):
    assert numbers(markup, url) == [number]


@pytest.mark.parametrize(
    "markup",
    [
        "<p>ИНН 7707083893</p>",
        "<p>ОГРН 1027700132195</p>",
        "<p>Артикул: 84951234567</p>",
        "<p>01.02.2024 – 03.04.2025</p>",
        "<p>100 x 200 x 300 mm</p>",
        "<p>12 990 000 ₽</p>",
        "<p>8 (000) 000-00-00</p>",
    ],
)
def test_other_numbers_are_no_phones(markup):
    assert numbers(markup) == []


def test_messengers_are_found_and_share_links_are_not():
    markup = """
      <a href="https://wa.me/79161234567">1</a>
      <a href="https://api.whatsapp.com/send?phone=7 (916) 123-45-67&text=hi">2</a>
      <a href="https://t.me/tea_shop">3</a> <a href="tg://resolve?domain=tea_help">4</a>
      <a href="viber://chat?number=%2B79161234567">5</a>
      <a href="https://vk.me/teashop">6</a> <a href="https://vk.com/teashop">our group</a>
      <a href="https://t.me/share/url?url=x">share</a>
      <a href="https://vk.com/share.php?url=x">share</a>
      <a href="https://api.whatsapp.com/send?text=x">share</a>"""
    found = [(one.kind, one.handle) for one in find_messengers(markup, RU)]
    assert found == [
        ("whatsapp", "+79161234567"),
        ("telegram", "tea_shop"),
        ("telegram", "tea_help"),
        ("viber", "+79161234567"),
        ("vk", "teashop"),
    ]


def test_contact_links_stay_on_the_shop_and_the_likeliest_comes_first():
    markup = """
      <a href="/cart">Корзина</a> <a href="/tea">Чай</a> <a href="/dostavka">Доставка</a>
      <a href="https://help.teashop.ru/about">О компании</a>
      <a href="https://other.ru/contacts">Контакты</a>
      <footer><a href="/contacts#map">Контакты</a></footer>
      <a href="mailto:a@teashop.ru">Контакты</a>"""
    links = find_contact_links(markup, "https://www.teashop.ru/product/1")
    assert [link.url for link in links] == [
        "https://www.teashop.ru/contacts",
        "https://help.teashop.ru/about",
        "https://www.teashop.ru/dostavka",
    ]
    assert links[0].score > 0.9


@pytest.mark.parametrize("said", ["Impressum", "Contact us", "Nous contacter", "Contacto", "Обратная связь"])
def test_the_word_for_contact_is_known_in_many_languages(said):
    (link,) = find_contact_links(f'<a href="/x">{said}</a>', "https://shop.example/")
    assert link.score > 0.8


READERS = [find_emails, find_phones, find_messengers, find_contact_links]
HOSTILE = {
    "one line": "<p>" + "tea +7 495 info (at) t.me/ contact " * 140_000,
    "nested": "<div>" * 100_000 + "info@teashop.ru",
    "nested links": "<a href=/contact>" * 50_000,
    "forms": '<form action="mailto:a@teashop.ru"></form>' * 10_000,
    "links": "".join(f'<a href="/contact/{number}">Contact us</a>' for number in range(50_000)),
    "long link": f'<a href="/contact{"/a" * 900_000}">Contact us</a>',
    "long text": f'<a href="/contact">{"Контакты " * 200_000}</a>',
    "zero bytes": "<p>info@tea\x00shop.ru\x00</p>" * 1_000,
    "entities": "&#64;" * 400_000,
    "quotes": "<script>document.write('@')" + "'\"`" * 6_000 + "</script>",
    "endless words": "<p>" + "call " * 400_000,
    "hidden": '<p><b style="display:none">x</b>a@' * 40_000,
    "no script": "<noscript>a (at) b.de</noscript>" * 60_000,
    "attributes": "<p " + " ".join(f"data-mail{number}='x'" for number in range(20_000)) + ">",
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("page", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_page_is_read_to_its_end_and_gives_little(reader, page):
    assert len(reader(page, RU)) <= 2_000


@settings(max_examples=60)
@given(st.text(max_size=300), st.text(max_size=80))
def test_any_page_at_any_address_is_read_without_complaint(markup, url):
    for reader in READERS:
        reader(f"{markup}<a href='{url}'>Контакты {markup}</a>", f"https://{url}")
