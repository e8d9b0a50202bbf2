"""A refusal that names what is wrong gets one second try, and nothing is ever posted more often."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from tests.contract.form_shops import FormShop
from tests.contract.form_shops_engines import page
from tests.contract.form_shops_fussy import FussyShop
from tests.contract.form_shops_sending import LETTER, Sender


@pytest.fixture(params=["guarded", "fake"])
def send(request: pytest.FixtureRequest) -> Iterator[Sender]:
    with ExitStack() as running:
        yield Sender(running, is_real=request.param == "guarded")


PHONE = '<div><label>Phone <input name="phone"></label>{}</div>'


def test_another_shape_of_the_phone_is_tried_once_with_a_fresh_token(send: Sender) -> None:
    shop = FussyShop(
        lambda fields: "" if fields["phone"].isdigit() else "<p class=error>Phone: the format is invalid</p>",
        PHONE.format(""),
    )
    report = send(shop)
    assert report.outcome == "confirmed"
    assert [(sent["once"], sent["phone"]) for sent in shop.posts] == [
        ("1", "+74951234567"),
        ("2", "74951234567"),
    ]
    assert report.evidence["first try"]["decided by"] == "Phone: the format is invalid"


def test_a_shop_that_goes_on_complaining_is_left_after_the_second_try(send: Sender) -> None:
    shop = FussyShop(lambda _: "<p class=error>Phone: the format is invalid</p>", PHONE.format(""))
    report = send(shop)
    assert report.outcome == "refused"
    assert len(shop.posts) == 2


def test_a_message_that_is_too_long_is_shortened_once(send: Sender) -> None:
    shop = FussyShop(
        lambda sent: "<p class=error>Message: at most 90 characters</p>" if len(sent["message"]) > 90 else ""
    )
    letter = replace(LETTER, text=f"Good day. A buyer wants a kettle. {LETTER.link}\n" + "More words. " * 20)
    assert send(shop, letter).outcome == "confirmed"
    assert shop.taken[0]["message"].startswith("Good day.")
    assert LETTER.link in shop.taken[0]["message"]
    assert len(shop.posts) == 2


def test_a_choice_that_the_shop_misses_is_made_once(send: Sender) -> None:
    choice = (
        '<div><label>How did you hear of us <select name="heard"><option value="">Anyhow</option>'
        '<option value="f">Friends</option></select></label>{}</div>'
    )

    def complain(sent: dict[str, str]) -> str:
        shop.more = choice.format(
            "" if sent["heard"] else '<span class="error">This field is required</span>'
        )
        return "" if sent["heard"] else " "

    shop = FussyShop(complain, choice.format(""))
    assert send(shop).outcome == "confirmed"
    assert [sent["heard"] for sent in shop.posts] == ["", "f"]


def test_a_box_that_turns_out_to_be_consent_is_ticked_once(send: Sender) -> None:
    shop = FussyShop(
        lambda sent: "" if sent.get("ok") else "<p class=error>You must accept our terms before sending</p>",
        '<label><input type="checkbox" name="ok" value="1"> Everything read</label>',
    )
    assert send(shop).outcome == "confirmed"
    assert [sent.get("ok") for sent in shop.posts] == [None, "1"]


@pytest.mark.parametrize(
    "complaint",
    [
        "<p class=error>Your message looks like spam</p>",
        "<p class=error>Phone: too many messages, try again later</p>",
        "<p class=error>Something went wrong</p>",
        "<p class=error>The e-mail address is invalid</p>",
    ],
)
def test_what_no_second_try_would_mend_gets_none(send: Sender, complaint: str) -> None:
    shop = FussyShop(lambda _: complaint, PHONE.format(""))
    assert send(shop).outcome == "refused"
    assert len(shop.posts) == 1


def test_a_page_of_thanks_with_a_warning_is_not_mended(send: Sender) -> None:
    warning = "<p>Received. With an invalid phone number nobody can reach you.</p>"
    shop = FormShop(answer=page(warning))
    assert send(shop, path="/contacts").outcome == "refused"
    assert len(shop.taken) == 1


def test_a_captcha_that_comes_after_the_first_post_is_left_to_a_person(send: Sender) -> None:
    riddle = '<div class="g-recaptcha" data-sitekey="k"></div>'

    def complain(_: dict[str, str]) -> str:
        shop.more = riddle
        return "<p class=error>Please confirm that you are no robot</p>"

    shop = FussyShop(complain)
    report = send(shop)
    assert report.outcome == "captcha"
    assert report.evidence["to paste"]["email"] == LETTER.email
    assert len(shop.posts) == 1
