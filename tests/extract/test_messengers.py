"""The shop's own accounts in messengers, told from share buttons, invitations and samples."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discount_broker.discovery.extract.messengers.finding import find_messengers, read_link

URL = "https://teashop.ru/"


def accounts(markup):
    return [f"{found.kind}:{found.handle}" for found in find_messengers(markup, URL)]


@pytest.mark.parametrize(
    ("link", "account"),
    [
        ("https://t.me/tea_shop", "telegram:tea_shop"),
        ("https://t.me/@tea_shop?text=hi", "telegram:tea_shop"),
        ("//telegram.me/tea_shop", "telegram:tea_shop"),
        ("https://tea_shop.t.me", "telegram:tea_shop"),
        ("https://t.me/s/tea_shop", "telegram:tea_shop"),
        ("https://t.me/+79161234568", "telegram:+79161234568"),
        ("https://web.telegram.org/k/#@tea_shop", "telegram:tea_shop"),
        ("tg://resolve?domain=tea_shop&start=1", "telegram:tea_shop"),
        ("tg://resolve?phone=79161234568", "telegram:+79161234568"),
        ("https://wa.me/message/ABCDEF1234567890", "whatsapp:message/ABCDEF1234567890"),
        ("https://wa.me/c/79161234568", "whatsapp:+79161234568"),
        ("https://wa.me/89161234568", "whatsapp:+79161234568"),
        ("https://wa.me/004930901820", "whatsapp:+4930901820"),
        ("https://api.whatsapp.com/send/?text=a&phone=%2B49%2030%20901820", "whatsapp:+4930901820"),
        ("whatsapp://send?phone=+79161234568", "whatsapp:+79161234568"),
        ("intent://send?phone=79161234568#Intent;scheme=whatsapp;end", "whatsapp:+79161234568"),
        ("viber://add?number=79161234568", "viber:+79161234568"),
        ("viber://pa?chatURI=teashop", "viber:teashop"),
        ("https://viber.click/79161234568", "viber:+79161234568"),
        ("https://vk.me/teashop", "vk:teashop"),
        ("https://vk.com/im?sel=-12345", "vk:club12345"),
        ("https://vk.com/write-12345", "vk:club12345"),
        ("https://max.ru/u/f9LHodD0cOK", "max:f9LHodD0cOK"),
        ("skype:tea.shop?chat", "skype:tea.shop"),
        ("callto:tea.shop", "skype:tea.shop"),
    ],
)
def test_a_link_to_an_account_is_read(link, account):
    assert accounts(f'<a href="{link}">x</a>') == [account]


@pytest.mark.parametrize(
    "link",
    [
        "https://t.me/share/url?url=https://teashop.ru",
        "https://t.me/joinchat/AAAAA",
        "https://t.me/+AbCdEfGhIjKl",
        "https://t.me/tea_shop/12",
        "https://t.me/proxy?server=a&port=1",
        "https://t.me/addstickers/tea",
        "https://t.me/username",
        "tg://msg_url?url=https://teashop.ru",
        "tg://join?invite=AAAA",
        "https://wa.me/?text=hi",
        "https://wa.me/71234567890",
        "https://wa.me/70000000000",
        "https://api.whatsapp.com/send?text=hi",
        "https://chat.whatsapp.com/AbCdEf",
        "https://www.whatsapp.com/channel/0029Va",
        "whatsapp://send?text=hi",
        "viber://forward?text=hi",
        "https://vk.com/share.php?url=x",
        "https://vk.com/teashop",
        "https://vk.com/wall-1_2",
        "https://max.ru/join/abc",
        "https://max.ru/:share?text=x",
        "skype:?chat",
        "skype:+74951048386?call",
        "callto:+74951048386",
        "https://not.me/teashop",
        "https://t.me",
        "http://[broken",
        "",
    ],
)
def test_links_that_lead_to_nobody_of_the_shop_are_not_taken(link):
    assert accounts(f'<a href="{link}">x</a>') == []


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            "<p>WhatsApp/ <b>Viber</b>/ Telegram: <i>+7 (985) 776-21-88</i></p>",
            {"whatsapp:+79857762188", "viber:+79857762188", "telegram:+79857762188"},
        ),
        ("<p>+7 (985) 776-21-88 (WhatsApp, Вайбер)</p>", {"whatsapp:+79857762188", "viber:+79857762188"}),
        ("<p>Telegram: @tea_shop</p>", {"telegram:tea_shop"}),
        ("<p>Пишите: t.me/tea_shop</p>", {"telegram:tea_shop"}),
        ("<p>Skype:   tea.shop.msk</p>", {"skype:tea.shop.msk"}),
        ('<a href="https://vk.com/teashop">Написать нам</a>', {"vk:teashop"}),
        ("<button onclick=\"window.open('https://t.me/tea_shop')\">Купить</button>", {"telegram:tea_shop"}),
        ('<div data-href="https://wa.me/79857762188"></div>', {"whatsapp:+79857762188"}),
        (
            '<script type="application/ld+json">{"@type":"Store","sameAs":["https://t.me/tea_shop"]}</script>',
            {"telegram:tea_shop"},
        ),
        ("<!-- <a onclick=\"go('https://t.me/other')\">x</a> -->", set()),
        ("<p>Поделиться в WhatsApp</p><p>+7 (985) 776-21-88</p>", set()),
        ("<p>Telegram</p>", set()),
        ('<a href="https://t.me/Tea_Shop">t.me/tea_shop</a>', {"telegram:Tea_Shop"}),
    ],
)
def test_accounts_stand_in_text_buttons_and_metadata_too(markup, expected):
    assert set(accounts(markup)) == expected


@settings(max_examples=80)
@given(st.text(max_size=200))
def test_any_link_is_read_without_complaint(link):
    for start in ("", "https://t.me/", "https://wa.me/", "viber://", "skype:", "https://vk.com/im?sel="):
        read_link(start + link)


def test_fifty_thousand_links_give_no_more_than_a_page_holds():
    links = "".join(f'<a href="https://t.me/shop{number}">WhatsApp Telegram</a>' for number in range(50_000))
    assert len(accounts(links)) <= 500
    assert accounts("Telegram: " * 200_000) == []
    assert find_messengers("WhatsApp +1 212 " * 120_000, "https://teashop.com/") == []
