"""What pages say after a form was sent, and what they say to everybody."""

import pytest

from discount_broker.discovery.extract.forms.finding import find_forms
from discount_broker.outreach.form_filling import (
    AnswerPage,
    FilledForm,
    Letter,
    OutcomeKind,
    fill_form,
    open_form,
    read_outcome,
)
from discount_broker.outreach.form_filling.answer_data import read_data
from discount_broker.outreach.form_filling.answer_words import Verdict

URL = "http://shop.test/contacts"
FORM = (
    '<form method="post" action="/send"><label>Phone <input name="phone"></label>'
    '<label>Your e-mail <input name="email"></label><textarea name="message"></textarea>'
    "<button>Send</button></form>"
)
LETTER = Letter(name="Anna", email="a@b.test", phone="+74951234567", text="Hello, a buyer asks for a price.")


def filled_on(page: str) -> FilledForm:
    [found] = find_forms(page, URL)
    return fill_form(open_form(page, URL, "utf-8", found), LETTER)


def answer(after: str, before: str = "", url: str = "http://shop.test/send") -> tuple[OutcomeKind, str]:
    page = f"<h1>Contact</h1>{before}{FORM}"
    outcome = read_outcome(filled_on(page), AnswerPage(url, 200, after.encode(), "text/html"))
    return outcome.kind, outcome.decided_by


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display:none">Your message has been sent</div>',
        "<div hidden><p>Your message has been sent</p></div>",
        '<div class="w-form-done"><div>Your message has been sent</div></div>',
    ],
)
def test_what_a_page_keeps_hidden_says_nothing_until_it_is_shown(hidden: str) -> None:
    assert answer(f"<h1>Contact</h1>{hidden}{FORM}")[0] == OutcomeKind.UNCONFIRMED
    shown = "<div>Your message has been sent</div>"
    assert answer(f"<h1>Contact</h1>{shown}", before=hidden)[0] == OutcomeKind.CONFIRMED


@pytest.mark.parametrize(
    "words",
    [
        "Оставьте свой вопрос, и мы с вами свяжемся!",
        "Complete the form and we'll be in touch.",
        "If your e-mail is sent before noon, you get an answer today.",
        "Thanks to our partners",
        "Благодаря своей мощности чайник закипает быстро",
    ],
)
def test_invitations_and_talk_are_no_thanks(words: str) -> None:
    assert answer(f"<h1>Contact</h1><p>{words}</p>")[0] == OutcomeKind.UNCONFIRMED


@pytest.mark.parametrize(
    "words",
    ["Thank you! If something is wrong, please try again.", "We will reply soon. Please check your inbox."],
)
def test_advice_beside_thanks_is_no_complaint(words: str) -> None:
    assert answer(f"<h1>Contact</h1><p>{words}</p>")[0] == OutcomeKind.CONFIRMED


OTHER = "".join(f"<p>Article number {n}</p>" for n in range(50))


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("<p>Thank you for visiting our shop</p>", OutcomeKind.UNCONFIRMED),
        ('<div class="modal"><p class="message">Thank you!</p></div>', OutcomeKind.UNCONFIRMED),
        ("<p>Invalid prices are a thing of the past</p>", OutcomeKind.UNCONFIRMED),
        ('<div class="alert">Thank you!</div>', OutcomeKind.CONFIRMED),
        ("<h1>Thank you!</h1>", OutcomeKind.CONFIRMED),
        ('<div class="messages status">Your message has been sent.</div>', OutcomeKind.CONFIRMED),
        ('<div role="alert">The message could not be sent</div>', OutcomeKind.REFUSED),
    ],
)
def test_on_another_page_only_a_notice_counts(said: str, kind: OutcomeKind) -> None:
    assert answer(f"{said}{OTHER}", url="http://shop.test/")[0] == kind


@pytest.mark.parametrize(
    ("complaint", "name"),
    [
        (
            '<ul class="errorlist" id="e1"><li>Wrong</li></ul><input name="phone" aria-describedby="h1 e1">',
            "phone",
        ),
        (
            '<input id="p" name="phone"><label for="p" class="error">Wrong</label><input name="email">',
            "phone",
        ),
        (
            '<p class="error">Wrong</p><input name="phone" class="is-invalid"><input name="email">',
            "phone",
        ),
        ('<div><input name="phone"><input name="email"><span class="error">Wrong</span></div>', ""),
    ],
)
def test_a_complaint_is_about_the_field_that_the_page_points_to(complaint: str, name: str) -> None:
    page = f"<h1>Contact</h1><form>{complaint}<textarea name=message></textarea></form>"
    filled = filled_on(f"<h1>Contact</h1>{FORM}")
    outcome = read_outcome(filled, AnswerPage(URL, 200, page.encode(), "text/html"))
    assert outcome.kind == OutcomeKind.REFUSED
    assert outcome.field_messages == {name: "Wrong"}


def test_data_nested_without_end_says_nothing() -> None:
    nested: dict[str, object] = {"success": True}
    for _ in range(900):
        nested = {"inner": nested}
    assert read_data(nested).verdict == Verdict.SILENT
