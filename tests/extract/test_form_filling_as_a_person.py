"""What a person with eyes and good sense does with a form, and a robot does not."""

from datetime import date
from urllib.parse import parse_qsl

import pytest

from discount_broker.discovery.extract.forms.finding import find_forms
from discount_broker.outreach.form_filling import (
    CannotFill,
    Circumstances,
    Letter,
    fill_form,
    open_form,
)

LETTER = Letter(
    name="Anna Broker",
    email="reply@in.broker.test",
    phone="+74951234567",
    subject="Price request R-7K2M9",
    text="Hello,\na buyer asks.\nhttps://broker.test/o/abc",
    link="https://broker.test/o/abc",
)
URL = "http://shop.test/contacts"
USUAL = (
    '<label>Your name <input name="name"></label><label>E-mail <input name="email" type="email"></label>'
    '<label>Message <textarea name="message"></textarea></label>'
)


def sent(inside: str, letter: Letter = LETTER, head: str = "") -> dict[str, str]:
    """What is sent of a form as discovery understands it, with what `inside` adds to the usual fields."""
    form = f'<form method="post" action="/send">{USUAL}{inside}<button>Send</button></form>'
    markup = f"{head}<h2>Contact us</h2>{form}"
    [found] = find_forms(markup, URL)
    opened = open_form(markup, URL, "utf-8", found)
    filled = fill_form(opened, letter, Circumstances(today=date(2030, 5, 17)))
    pairs = parse_qsl(filled.body.decode("ascii"), keep_blank_values=True)
    return {name: value for name, value in pairs if name not in ("name", "email", "message")}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ('<input type="date" name="x" required>', "2030-05-17"),
        ('<input type="datetime-local" name="x" required>', "2030-05-17T12:00"),
        ('<input type="month" name="x" required>', "2030-05"),
        ('<input type="week" name="x" required>', "2030-W20"),
        ('<input type="time" name="x" required>', "12:00"),
        ('<input type="number" name="x" min="3" required>', "3"),
        ('<input type="number" name="x" required>', "1"),
        ('<input type="url" name="x" required>', "https://broker.test/o/abc"),
        ('<label>Company* <input name="x"></label>', "Anna Broker"),
        ('<label>Date of visit* <input name="x"></label>', "17.05.2030"),
        ('<label>Loyalty status* <input name="x"></label>', "-"),
        ('<input type="range" name="x" min="0" max="10">', "5"),
        ('<input type="color" name="x">', "#000000"),
        ('<input type="date" name="x">', ""),
    ],
)
def test_demanded_fields_get_something_that_a_browser_would_let_pass(field: str, value: str) -> None:
    assert sent(field)["x"] == value


@pytest.mark.parametrize(
    "trap",
    [
        '<input name="x" style="display:none">',
        '<div style="position:absolute; left:-9999px"><label>Second name* <input name="x"></label></div>',
        '<div aria-hidden="true"><input name="x" aria-hidden="true" required></div>',
        '<input name="x" class="visually-hidden" required>',
        '<p class="k3j9"><label>Subject <input name="x"></label></p>',
        '<div hidden><label>Phone <input type="tel" name="x"></label></div>',
        '<div style="opacity:0"><label>Repeat your e-mail <input type="email" name="x"></label></div>',
    ],
)
def test_fields_that_nobody_sees_stay_as_they_were(trap: str) -> None:
    assert sent(trap, head="<style>.k3j9{position:absolute;left:-5000px}</style>")["x"] == ""


def test_a_later_step_of_the_form_is_no_trap() -> None:
    step = (
        '<div style="display:none"><label>Phone <input type="tel" name="tel"></label>'
        '<label>City* <input name="city"></label><label>Floor* <input name="floor"></label></div>'
    )
    assert sent(step) == {"tel": LETTER.phone, "city": "-", "floor": "-"}


@pytest.mark.parametrize(
    ("box", "is_ticked"),
    [
        ('<label><input type="checkbox" name="x"> I agree to the processing of personal data</label>', True),
        ('<label><input type="checkbox" name="x" required> I accept the privacy policy</label>', True),
        ('<label><input type="checkbox" name="x" checked> Subscribe to our newsletter</label>', False),
        (
            '<input type="checkbox" name="x" id="b" checked><label for="b">Special offers</label>',
            False,
        ),
        (
            '<label><input type="checkbox" name="x" checked> Присылать рекламные рассылки</label>',
            False,
        ),
        ('<label><input type="checkbox" name="x"> Согласен на обработку персональных данных</label>', True),
        ('<label><input type="checkbox" name="x"> Send a copy to me</label>', False),
        ('<label><input type="checkbox" name="x" required> I am over 18</label>', True),
    ],
)
def test_consent_is_given_and_news_are_not_ordered(box: str, is_ticked: bool) -> None:
    assert ("x" in sent(box)) is is_ticked


def test_of_a_demanded_row_of_boxes_one_is_ticked() -> None:
    row = "".join(
        f'<label><input type="checkbox" name="t[]" value="{value}" required> {value}</label>'
        for value in ("Jobs", "Products and prices", "Returns")
    )
    assert sent(row) == {"t[]": "Products and prices"}


def test_a_row_of_buttons_is_answered_by_its_words() -> None:
    ways = "".join(
        f'<label><input type="radio" name="x" value="{way}" required> By {way}</label>'
        for way in ("phone", "e-mail", "post")
    )
    assert sent(ways)["x"] == "e-mail"


def test_a_choice_that_stands_at_somebody_elses_business_is_moved_to_ours() -> None:
    options = "<option value=t>Tech support<option value=s>Sales"
    assert sent(f'<label>Contact <select name="who">{options}</select></label>')["who"] == "s"
    assert sent('<select name="size"><option value="1">Large<option value="2">Small</select>')["size"] == "1"


@pytest.mark.parametrize(
    ("field", "number"),
    [
        ('<input type="tel" name="x" placeholder="+7 (___) ___-__-__">', "+7 (495) 123-45-67"),
        ('<input type="tel" name="x" data-mask="8 999 999 99 99">', "8 495 123 45 67"),
        ('<label>Phone, like 8 800 555-35-35 <input type="tel" name="x"></label>', "8 495 123-45-67"),
        ('<input type="tel" name="x" placeholder="(555) 555-5555">', "(495) 123-4567"),
        ('<input type="tel" name="x" placeholder="+44 7911 123456">', "+74951234567"),
        ('<input type="tel" name="x" maxlength="10">', "4951234567"),
        ('<input type="number" name="x" placeholder="Phone">', "74951234567"),
    ],
)
def test_a_phone_is_written_as_the_field_shows_it(field: str, number: str) -> None:
    assert sent(field)["x"] == number


def test_a_phone_asked_for_in_pieces_is_given_in_pieces() -> None:
    two = '<input type="tel" name="phone[area]"><input type="tel" name="phone[number]">'
    assert sent(two) == {"phone[area]": "495", "phone[number]": "1234567"}
    three = "".join(f'<input type="tel" name="p{n}" maxlength="{size}">' for n, size in enumerate((3, 3, 4)))
    assert sent(three) == {"p0": "495", "p1": "123", "p2": "4567"}


def test_an_address_is_given_once_and_again_only_where_that_is_asked() -> None:
    assert sent('<label>Confirm your e-mail <input type="email" name="x"></label>')["x"] == LETTER.email
    assert sent('<label>Get our news <input type="email" name="x"></label>')["x"] == ""


def test_a_form_for_more_than_we_have_is_not_sent() -> None:
    with pytest.raises(CannotFill):
        sent(
            '<label>Phone <input type="tel" name="x" required></label>',
            Letter(name="A", email="a@b.test", text="T"),
        )
    with pytest.raises(CannotFill):
        sent('<input type="date" name="x" required pattern="never">')
