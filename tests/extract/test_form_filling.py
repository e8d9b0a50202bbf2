"""Forms filled as a browser would, and answers understood."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import parse_qsl

import pytest

from discount_broker.discovery.extract.forms.descriptions import (
    Captcha,
    FieldRole,
    FormField,
    FormKind,
    FoundForm,
)
from discount_broker.discovery.extract.forms.finding import find_forms
from discount_broker.messaging.ports import FailureReason
from discount_broker.outreach.form_filling import (
    AnswerPage,
    CannotFill,
    Circumstances,
    FilledForm,
    Letter,
    OutcomeKind,
    fill_form,
    open_form,
    page_charset,
    read_outcome,
)
from discount_broker.outreach.form_filling.typing_in import shorten

LETTER = Letter(
    name="Anna Broker",
    email="reply@in.broker.test",
    phone="+74951234567",
    subject="Price request R-7K2M9",
    text="Hello,\na buyer asks.\nhttps://broker.test/o/abc",
    link="https://broker.test/o/abc",
)
URL = "http://shop.test/contacts"
TODAY = date(2030, 5, 17)
MESSAGE = '<textarea name="message"></textarea>'


def fill(
    markup: str, roles: Mapping[str, FieldRole] | None = None, letter: Letter = LETTER, **form: object
) -> FilledForm:
    """Fill a form whose fields mean what `roles` says, whatever they look like."""
    described = find_forms(markup, URL)[0]
    known = {"message": FieldRole.MESSAGE} | dict(roles or {})
    fields = tuple(
        FormField(each.name, known.get(each.name, FieldRole.OTHER), each.control, each.is_required)
        for each in described.fields
    )
    settings = {"captcha": None, "needs_script": False, "fields": fields, "kind": FormKind.CONTACT} | form
    found = FoundForm(
        **{
            "index": 0,
            "confidence": 1.0,
            "action": described.action,
            "method": described.method,
            "enctype": described.enctype,
        }
        | settings
    )
    return fill_form(open_form(markup, URL, "utf-8", found), letter, Circumstances(today=TODAY))


def sent(filled: FilledForm, charset: str = "utf-8") -> list[tuple[str, str]]:
    return parse_qsl(filled.body.decode("ascii"), keep_blank_values=True, encoding=charset)


def form(inside: str, attributes: str = "") -> str:
    return f'<form method="post" action="/send" {attributes}>{inside}{MESSAGE}</form>'


def test_what_a_browser_leaves_out_is_left_out() -> None:
    markup = form(
        '<input value="nameless"><input name="off" disabled value="1"><fieldset disabled><legend>'
        '<input name="in_legend" value="2"></legend><input name="in_set" value="3"></fieldset>'
        '<datalist><option value="9"><input name="in_list" value="4"></datalist>'
        '<input type="checkbox" name="box" value="5"><input type="checkbox" name="ticked" checked>'
        '<input type="radio" name="r" value="a"><input type="radio" name="r" value="b" checked>'
        '<input type="button" name="push" value="6"><input type="reset" name="again">'
        '<button name="first" value="7">Send</button><button name="second" value="8">Other</button>'
    )
    assert sent(fill(markup))[:-1] == [("in_legend", "2"), ("ticked", "on"), ("r", "b"), ("first", "7")]


def test_choices_are_sent_as_a_browser_shows_them() -> None:
    markup = form(
        '<select name="one"><option disabled value="0">0<option value="1">1<option>2 </select>'
        '<select name="marked"><option value="1">1<option value="2" selected>2</select>'
        '<select name="many" multiple><option value="1" selected>1<option value="2">2'
        '<option value="3" selected>3</select>'
        '<select name="list" size="4"><option value="1">1</select>'
    )
    assert sent(fill(markup))[:-1] == [("one", "1"), ("marked", "2"), ("many", "1"), ("many", "3")]


def test_fields_outside_the_form_that_name_it_belong_to_it() -> None:
    own = f'<form id="f" method="post">{MESSAGE}</form>'
    markup = f'<input form="f" name="before" value="1">{own}<input name="not">'
    assert [name for name, _ in sent(fill(markup))] == ["before", "message"]


def test_a_button_may_lead_elsewhere_than_the_form() -> None:
    markup = form('<button name="cancel">Cancel</button><input type="submit" name="go" value="Send">')
    assert ("go", "Send") in sent(fill(markup))
    assert "cancel" not in dict(sent(fill(markup)))


def test_a_picture_for_a_button_sends_where_it_was_pressed() -> None:
    assert sent(fill(form('<input type="image" name="go" src="x.png">')))[:2] == [
        ("go.x", "0"),
        ("go.y", "0"),
    ]


def test_each_field_gets_what_it_asks_for() -> None:
    roles = {
        "f": FieldRole.FIRST_NAME,
        "l": FieldRole.LAST_NAME,
        "e": FieldRole.EMAIL,
        "e2": FieldRole.EMAIL,
        "t": FieldRole.PHONE,
        "s": FieldRole.SUBJECT,
        "trap": FieldRole.HONEYPOT,
        "tok": FieldRole.TOKEN,
        "ok": FieldRole.CONSENT,
        "news": FieldRole.NEWSLETTER,
    }
    markup = form(
        '<input name="f" value="Your name"><input name="l"><input name="e"><input name="e2" title="Repeat">'
        '<input name="t"><input name="s">'
        '<input name="trap"><input type="hidden" name="tok" value="x1">'
        '<input type="checkbox" name="ok" value="y"><input type="checkbox" name="news" checked>'
    )
    assert dict(sent(fill(markup, roles))) == {
        "f": "Anna",
        "l": "Broker",
        "e": LETTER.email,
        "e2": LETTER.email,
        "t": LETTER.phone,
        "s": LETTER.subject,
        "trap": "",
        "tok": "x1",
        "ok": "y",
        "message": LETTER.text.replace("\n", "\r\n"),
    }


@pytest.mark.parametrize(
    ("options", "chosen"),
    [
        ("<option value=''>Choose<option value=1>Returns<option value=2>Question about a product", "2"),
        ("<option value=''>Выберите тему<option value=1>Вакансии<option value=2>Другое", "2"),
        ("<option value=0>---<option value=1>Something<option value=2>Else", "1"),
        ("<option value=5>Webmaster<option value=6>Customer service", "6"),
    ],
)
def test_a_demanded_choice_is_made_sensibly(options: str, chosen: str) -> None:
    markup = form(f'<select name="topic" required>{options}</select>')
    assert dict(sent(fill(markup, {"topic": FieldRole.SUBJECT})))["topic"] == chosen


def test_a_demanded_radio_is_pressed() -> None:
    markup = form(
        '<label><input type="radio" name="r" value="a" required>Job application</label>'
        '<label><input type="radio" name="r" value="b" required>Sales</label>'
    )
    assert ("r", "b") in sent(fill(markup))


def test_a_demanded_field_that_means_nothing_to_us_gets_a_dash() -> None:
    assert ("inn", "-") in sent(fill(form('<input name="inn" required>')))


@pytest.mark.parametrize(
    ("pattern", "phone"),
    [
        (r"\d{11}", "74951234567"),
        (r"\+7 \(\d{3}\) \d{3}-\d{2}-\d{2}", "+7 (495) 123-45-67"),
        (r"[0-9]{10}", "4951234567"),
        ("(?<broken", "+74951234567"),
    ],
)
def test_a_phone_takes_the_shape_the_field_wants(pattern: str, phone: str) -> None:
    markup = form(f'<input name="tel" pattern="{pattern}">')
    assert ("tel", phone) in sent(fill(markup, {"tel": FieldRole.PHONE}))


def test_a_form_in_another_charset_is_sent_in_it() -> None:
    letter = Letter(name="Анна", email="a@b.test", text="Цена – 5 € ~ 😀\n")
    filled = fill(form("", 'accept-charset="nonsense windows-1251"'), letter=letter)
    assert dict(sent(filled, "cp1251"))["message"] == "Цена – 5 € ~ &#128512;\r\n"
    assert b"%D6%E5%ED%E0" in filled.body


def test_a_charset_field_says_which_charset_it_is() -> None:
    filled = fill(form('<input type="hidden" name="_charset_">', 'accept-charset="windows-1251"'))
    assert dict(sent(filled))["_charset_"] == "windows-1251"


def test_files_are_sent_empty_in_parts() -> None:
    markup = form(
        '<input type="file" name="photo"><input name="a&quot;b" value="1">', 'enctype="multipart/form-data"'
    )
    filled = fill(markup)
    boundary = filled.content_type.partition("boundary=")[2]
    assert filled.content_type.startswith("multipart/form-data; ")
    assert filled.body.endswith(f"--{boundary}--\r\n".encode())
    assert b'name="photo"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n\r\n' in filled.body
    assert b'name="a%22b"\r\n\r\n1\r\n' in filled.body
    assert fill(markup).body == filled.body


def test_a_form_that_is_asked_for_goes_into_the_address() -> None:
    filled = fill(f'<form action="/find?old=1#x"><input name="q" value="1">{MESSAGE}</form>')
    assert filled.method == "get"
    assert filled.action.startswith("http://shop.test/find?q=1&message=Hello")
    assert filled.body == b""


@pytest.mark.parametrize(
    ("markup", "changes", "reason"),
    [
        (form(""), {"captcha": Captcha.HCAPTCHA}, FailureReason.CAPTCHA),
        (form(""), {"needs_script": True}, FailureReason.SCRIPT_ONLY),
        (form(""), {"index": 3}, FailureReason.FORM_GONE),
        ("<form><input name=q></form>", {}, FailureReason.FORM_GONE),
    ],
)
def test_what_cannot_be_sent_is_refused_with_a_reason(
    markup: str, changes: dict[str, object], reason: FailureReason
) -> None:
    with pytest.raises(CannotFill) as refused:
        fill(markup, **changes)
    assert refused.value.reason == reason


def test_a_demanded_phone_is_never_invented() -> None:
    letter = Letter(name="Anna", email="a@b.test", text="Hello")
    with pytest.raises(CannotFill):
        fill(form('<input name="tel" required>'), {"tel": FieldRole.PHONE}, letter)


@pytest.mark.parametrize(
    ("limit", "shortened"),
    [
        (500, "One. Two is here. Three.\nhttps://b.test/o/1\nThe end."),
        (45, "One. Two is here. Three.\nhttps://b.test/o/1"),
        (40, "One. Two is here.\nhttps://b.test/o/1"),
        (24, "One.\nhttps://b.test/o/1"),
        (10, "One."),
        (3, "One"),
    ],
)
def test_a_long_letter_is_cut_at_a_sentence_and_keeps_its_link(limit: int, shortened: str) -> None:
    text = "One. Two is here. Three.\nhttps://b.test/o/1\nThe end."
    assert shorten(text, limit, "https://b.test/o/1") == shortened


def test_the_field_s_own_limit_is_kept() -> None:
    markup = (
        '<form method="post"><input name="n" maxlength="4">'
        '<textarea name="message" maxlength="30"></textarea></form>'
    )
    fields = dict(sent(fill(markup, {"n": FieldRole.NAME})))
    assert fields["n"] == "Anna"
    assert fields["message"].endswith(LETTER.link)
    assert len(fields["message"].replace("\r\n", "\n")) <= 32


@pytest.mark.parametrize(
    ("content", "content_type", "charset"),
    [
        (b"\xef\xbb\xbfx", "text/html; charset=windows-1251", "utf-8"),
        (b"x", "text/html; charset=windows-1251", "cp1251"),
        (b'<meta charset="koi8-r">', "text/html", "koi8-r"),
        ("Цена".encode(), "", "utf-8"),
        ("Цена товара и доставка".encode("cp1251"), "", "cp1251"),
    ],
)
def test_the_charset_of_a_page_is_found_as_a_browser_finds_it(
    content: bytes, content_type: str, charset: str
) -> None:
    assert page_charset(content, content_type) == charset


PAGE = form('<h1>Contact</h1><p>Please enter your name</p><input name="name">')


def answered(
    html: str, url: str = "http://shop.test/send", status: int = 200, content_type: str = "text/html"
) -> tuple[OutcomeKind, str]:
    filled = fill(PAGE, {"name": FieldRole.NAME})
    outcome = read_outcome(filled, AnswerPage(url, status, html.encode(), content_type))
    return outcome.kind, outcome.decided_by


@pytest.mark.parametrize(
    "words",
    [
        "Спасибо! Ваше сообщение отправлено.",
        "Ваша заявка принята, мы свяжемся с вами",
        "Thank you for your enquiry",
        "Your message has been sent.",
        "Vielen Dank! Ihre Nachricht wurde gesendet.",
        "Merci, votre message a bien été envoyé",
        "Su mensaje ha sido enviado",
        "Your enquiry has been successfully sent to the store owner!",
    ],
)
def test_thanks_confirm_in_five_languages(words: str) -> None:
    assert answered(f"<h1>Contact</h1><p>{words}</p>") == (OutcomeKind.CONFIRMED, words)


@pytest.mark.parametrize(
    "words",
    [
        "Ошибка: заполните обязательные поля",
        "Сообщение не отправлено, попробуйте ещё раз!",
        "Неверный код с картинки",
        "Sorry, your message could not be sent",
        "Thank you, but this e-mail address is invalid",
        "Bitte geben Sie Ihre Telefonnummer ein",
        "Veuillez remplir tous les champs",
        "El campo es obligatorio",
    ],
)
def test_complaints_refuse_in_five_languages(words: str) -> None:
    assert answered(f"<h1>Contact</h1><p>{words}</p>") == (OutcomeKind.REFUSED, words)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://shop.test/contacts?success=1f3a", OutcomeKind.CONFIRMED),
        ("http://shop.test/contacts?WEB_FORM_ID=1&formresult=addok", OutcomeKind.CONFIRMED),
        ("http://shop.test/contact-thank-you", OutcomeKind.CONFIRMED),
        ("http://shop.test/contacts?success=0", OutcomeKind.UNCONFIRMED),
        ("http://shop.test/contacts?presented=1", OutcomeKind.UNCONFIRMED),
    ],
)
def test_the_address_after_sending_tells(url: str, kind: OutcomeKind) -> None:
    assert answered("<h1>Contact</h1>", url)[0] == kind


def test_words_that_stood_on_the_page_before_say_nothing() -> None:
    assert answered(PAGE)[0] == OutcomeKind.UNCONFIRMED


def test_our_own_words_sent_back_say_nothing() -> None:
    assert answered("<p>Hello,</p><p>a buyer asks.</p>")[0] == OutcomeKind.UNCONFIRMED


def test_a_complaint_beside_a_field_is_kept_with_its_name() -> None:
    filled = fill(PAGE, {"name": FieldRole.NAME})
    html = '<form><div><input name="name"><span class="error">Name is invalid</span></div></form>'
    outcome = read_outcome(filled, AnswerPage(URL, 200, html.encode(), "text/html"))
    assert outcome.field_messages == {"name": "Name is invalid"}


@pytest.mark.parametrize(
    ("text", "status", "kind"),
    [
        ('{"status":"mail_sent","message":"ok"}', 200, OutcomeKind.CONFIRMED),
        ('{"status":"spam","message":"x"}', 200, OutcomeKind.REFUSED),
        ('{"success":true}', 200, OutcomeKind.CONFIRMED),
        ('{"success":false,"data":{"errors":{"email":"bad"}}}', 200, OutcomeKind.REFUSED),
        ('{"error":""}', 200, OutcomeKind.UNCONFIRMED),
        ('{"error":{"name":"too short"}}', 200, OutcomeKind.REFUSED),
        ('{"message":"Спасибо, заявка принята"}', 200, OutcomeKind.CONFIRMED),
        ('{"html":"<p>Ошибка</p>"}', 200, OutcomeKind.REFUSED),
        ('{"id":5}', 200, OutcomeKind.CONFIRMED),
        ("[]", 200, OutcomeKind.UNCONFIRMED),
        ('"ok"', 200, OutcomeKind.CONFIRMED),
        ("false", 200, OutcomeKind.REFUSED),
        ('{"message":"Server error"}', 500, OutcomeKind.ERROR),
        ('{"errors":{"email":["bad"]}}', 422, OutcomeKind.REFUSED),
        ('{"detail":"Not found"}', 404, OutcomeKind.ERROR),
    ],
)
def test_data_is_understood_whatever_its_shape(text: str, status: int, kind: OutcomeKind) -> None:
    assert answered(text, status=status, content_type="application/json")[0] == kind


@pytest.mark.parametrize("status", [403, 404, 405, 500, 503])
def test_a_status_of_failure_is_no_answer_to_the_letter(status: int) -> None:
    assert answered("<p>Thank you for visiting</p>", status=status)[0] == OutcomeKind.ERROR
