"""Forms of known engines, each sent by its own recipe to a shop that behaves as its engine does."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from discount_broker.outreach.form_filling import RECIPES
from tests.contract.form_shops_carts import JoomlaShop, PrestaShopShop, ZenCartShop
from tests.contract.form_shops_engines import (
    BitrixFeedbackShop,
    BitrixWebFormShop,
    ContactForm7Shop,
    EngineShop,
    OpenCart3Shop,
    OpenCart4Shop,
    ShopifyShop,
    boundary_of,
)
from tests.contract.form_shops_scripts import ENGINES
from tests.contract.form_shops_sending import LETTER, Sender


@pytest.fixture(params=["guarded", "fake"])
def send(request: pytest.FixtureRequest) -> Iterator[Sender]:
    with ExitStack() as running:
        yield Sender(running, is_real=request.param == "guarded")


@pytest.mark.parametrize("name", ENGINES)
def test_each_engine_takes_the_letter_by_its_own_recipe(send: Sender, name: str) -> None:
    shop = ENGINES[name]()
    report = send(shop)
    assert report.outcome == "confirmed", report.evidence
    assert report.evidence["recipe"] == name
    assert len(shop.posts) == len(shop.taken) == 1
    said = " ".join(shop.taken[0].values())
    assert LETTER.email in said
    assert LETTER.text.replace("\n", "\r\n") in shop.taken[0].values()


def test_every_recipe_has_a_shop_that_proves_it() -> None:
    names = [recipe.name for recipe in RECIPES]
    assert sorted(names) == sorted([*ENGINES, "plain"])
    assert names[-1] == "plain"
    assert all(recipe.title and recipe.special.endswith(".") for recipe in RECIPES)


def test_contact_form_7_gets_parts_at_its_rest_address(send: Sender) -> None:
    shop = ContactForm7Shop()
    send(shop)
    [asked] = shop.posts
    mark = boundary_of(asked)
    names = (
        ("_wpcf7", "12"),
        ("_wpcf7_version", "5.9"),
        ("_wpcf7_unit_tag", "wpcf7-f12-p3-o1"),
        ("your-name", "Скидка"),
        ("your-email", LETTER.email),
        ("tel-1", LETTER.phone),
        ("your-message", LETTER.text.replace("\n", "\r\n")),
        ("acceptance-1", "1"),
        ("_wpcf7_ak_hp_textarea", ""),
    )
    parts = "".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in names
    )
    assert asked.body.decode() == f"{parts}--{mark}--\r\n"
    assert asked.headers["origin"] == "http://shop.test"
    assert asked.headers["referer"] == "http://shop.test/contact"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("spam", "refused"),
        ("aborted", "refused"),
        ("mail_failed", "unconfirmed"),
        ("acceptance_missing", "refused"),
    ],
)
def test_contact_form_7_says_200_and_means_something_else(send: Sender, status: str, outcome: str) -> None:
    shop = ContactForm7Shop(status)
    report = send(shop)
    assert (report.outcome, report.evidence["status"]) == (outcome, 200)
    assert len(shop.posts) == 1


def test_a_phone_that_contact_form_7_does_not_like_is_written_otherwise_once(send: Sender) -> None:
    shop = ContactForm7Shop(invalid={"tel-1": "The telephone number is invalid."})
    report = send(shop)
    assert report.outcome == "confirmed"
    assert [part["tel-1"] for part in shop.taken] == ["74951234567"]
    assert len(shop.posts) == 2
    assert report.evidence["first try"]["field messages"] == {"tel-1": "The telephone number is invalid."}


def test_an_address_that_contact_form_7_does_not_like_is_not_sent_again(send: Sender) -> None:
    shop = ContactForm7Shop(invalid={"your-email": "The e-mail address entered is invalid."})
    report = send(shop)
    assert report.outcome == "refused"
    assert report.evidence["field messages"] == {"your-email": "The e-mail address entered is invalid."}
    assert len(shop.posts) == 1


def test_a_page_in_windows_1251_gets_its_letter_so(send: Sender) -> None:
    shop = BitrixFeedbackShop()
    report = send(shop)
    assert "success=77aa" in report.evidence["decided by"]
    assert shop.posts[0].body.startswith(
        b"sessid=0123456789abcdef0123456789abcdef&user_name=%D1%EA%E8%E4%EA%E0"
    )
    assert shop.posts[0].body.endswith(b"&PARAMS_HASH=77aa&submit=%CE%F2%EF%F0%E0%E2%E8%F2%FC")


def test_a_session_that_has_ended_is_begun_anew_once(send: Sender) -> None:
    shop = BitrixFeedbackShop()
    shop.stale_first = True
    assert send(shop).outcome == "confirmed"
    assert (len(shop.posts), len(shop.taken)) == (2, 1)


def test_a_stale_sessid_that_nobody_tells_of_is_noticed(send: Sender) -> None:
    shop = BitrixWebFormShop(stale=1)
    report = send(shop)
    assert report.outcome == "confirmed"
    assert report.evidence["first try"]["decided by"].startswith("the form came back with another sessid")
    assert [part["sessid"][0] for part in shop.taken] == ["1"]


def test_a_sessid_that_stays_stale_is_tried_twice_and_no_more(send: Sender) -> None:
    shop = BitrixWebFormShop(stale=9)
    assert send(shop).outcome == "refused"
    assert (len(shop.posts), shop.taken) == (2, [])


def test_a_page_from_the_cache_gets_a_session_of_its_own(send: Sender) -> None:
    shop = BitrixWebFormShop(is_cached=True)
    assert send(shop).outcome == "confirmed"
    assert shop.taken[0]["sessid"] == "0" * 32
    assert len(shop.posts) == 1


@pytest.mark.parametrize(
    "fragment",
    [
        "<script>top.location.href='/contact?WEB_FORM_ID=1&RESULT_ID=9&formresult=addok';</script>",
        '<p><font class="notetext">Спасибо! Ваша заявка № 9 принята к рассмотрению.</font></p>',
    ],
)
def test_a_part_of_a_page_for_the_script_of_bitrix_is_understood(send: Sender, fragment: str) -> None:
    shop = BitrixWebFormShop()
    shop.fragment = fragment
    assert send(shop).outcome == "confirmed"
    assert shop.taken[0]["AJAX_CALL"] == "Y"


def test_a_riddle_of_shopify_is_left_to_a_person_with_the_text_ready(send: Sender) -> None:
    shop = ShopifyShop(is_guarded=True)
    report = send(shop)
    assert report.outcome == "captcha"
    assert report.evidence["to paste"]["text"] == LETTER.text
    assert report.evidence["answer url"] == "http://shop.test/challenge"
    assert len(shop.posts) == 1


@pytest.mark.parametrize("route", ["information/contact|send", "information/contact.send"])
def test_both_spellings_of_opencart_4_are_sent_as_the_page_writes_them(send: Sender, route: str) -> None:
    assert send(OpenCart4Shop(route)).outcome == "confirmed"


def test_opencart_4_tells_what_it_does_not_take(send: Sender) -> None:
    shop = OpenCart4Shop(error={"email": "E-Mail Address does not appear to be valid!"})
    report = send(shop)
    assert report.outcome == "refused"
    assert report.evidence["field messages"] == {"email": "E-Mail Address does not appear to be valid!"}
    assert len(shop.posts) == 1


def test_opencart_4_with_a_captcha_needs_a_person(send: Sender) -> None:
    assert send(OpenCart4Shop(error={"captcha": "Verification code does not match!"})).outcome == "captcha"


def test_what_opencart_would_find_too_long_is_cut_beforehand(send: Sender) -> None:
    shop = OpenCart3Shop()
    letter = replace(
        LETTER, name="A very long name of a very long service", text="Буква. " * 900 + LETTER.link
    )
    assert send(shop, letter).outcome == "confirmed"
    assert len(shop.taken[0]["name"]) <= 32
    assert len(shop.taken[0]["enquiry"]) <= 3000
    assert shop.taken[0]["enquiry"].endswith(LETTER.link)


def test_prestashop_is_understood_in_a_language_nobody_here_speaks(send: Sender) -> None:
    shop = PrestaShopShop()
    assert send(shop).evidence["decided by"] == "Jūsu ziņa nosūtīta."
    assert shop.taken[0]["url"] == ""
    late = PrestaShopShop()
    late.age = 601
    report = send(late)
    assert (report.outcome, report.evidence["decided by"]) == ("refused", "Radās kļūda.")
    assert len(late.posts) == 1


def test_a_trap_with_another_name_in_every_session_stays_empty(send: Sender) -> None:
    for trap in ("should_be_empty", "email2", "x7f3q", "telephone"):
        shop = ZenCartShop()
        shop.trap = trap
        assert send(shop).outcome == "confirmed"
        assert [part[trap] for part in shop.taken] == [""]


def test_joomla_tells_of_failures_in_its_data_too(send: Sender) -> None:
    report = send(JoomlaShop("error", "Ei saanud saata"))
    assert (report.outcome, report.evidence["decided by"]) == ("refused", "Ei saanud saata")


def test_a_letter_to_an_engine_is_never_posted_twice_without_cause(send: Sender) -> None:
    shops: list[EngineShop] = [make() for make in ENGINES.values()]
    for shop in shops:
        send(shop)
    assert [len(shop.posts) for shop in shops] == [1] * len(shops)
