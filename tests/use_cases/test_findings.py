"""What is kept of a page, whatever the page is."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discount_broker.discovery.use_cases.findings import Findings, read_findings
from discount_broker.shops.status import ContactKind

PAGE = "https://tools.ru/contacts"
PIECES = (
    '<a href="mailto:a@tools.ru">',
    "sales@tools.ru",
    "<form method=post>",
    "<textarea name=text>",
    "<input name=email>",
    "</form>",
    "<frameset>",
    '<frame src="/x">',
    '<iframe src="//[::1">',
    '<meta http-equiv=refresh content="0;url=/y">',
    "<h1>404",
    "<title>",
    "</title>",
    "+7 495 123-45-67",
    '<a href="https://t.me/toolshop">',
    "\x00",
    "\ud800",
    "<base href=x:>",
    "<script>",
    "Контакты",
    '<a href="/contacts">',
    "&#64;",
    "\u200b",
)


@settings(max_examples=150)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=25).map("".join))
def test_whatever_a_page_holds_can_be_read_and_kept(html: str) -> None:
    findings = read_findings(html, PAGE)
    assert Findings.from_json(json.loads(json.dumps(findings.as_json()))) == findings


def test_what_a_page_repeats_without_end_is_kept_within_bounds() -> None:
    fields = "".join(f'<input name="field{n}">' for n in range(5000))
    page = f"""<h1>Контакты</h1><form method="post"><h2>Напишите нам</h2>
    <label>Имя <input name="name"></label><label>E-mail <input type="email" name="email"></label>
    <label>Сообщение <textarea name="message"></textarea></label>{fields}
    <button>Отправить сообщение</button></form><a href="/contacts?{"x" * 100_000}">Контакты</a>"""
    findings = read_findings(page, PAGE)
    assert all(len(link.url) <= 2000 for link in findings.links)
    assert all(len(door.form["fields"]) <= 200 for door in findings.doors if door.form)
    assert len(json.dumps(findings.as_json())) < 100_000


@pytest.mark.parametrize(
    "said",
    [
        "<title>404 Not Found</title>",
        "<title>Page not found – Tool shop</title>",
        "<title>Tool shop</title><h1>Ошибка 404</h1>",
        "<h1>Страница не найдена</h1>",
        "<h1>Такой страницы не существует</h1><title>404</title>",
        "<h1>Seite nicht gefunden</h1>",
        "<h1>Page introuvable</h1>",
        "<h1>Página no encontrada</h1>",
        "<h1>This page doesn't exist</h1>",
    ],
)
def test_a_page_that_says_it_does_not_exist_has_no_doors(said: str) -> None:
    findings = read_findings(
        f"{said}<a href=mailto:sales@tools.ru>sales@tools.ru</a><a href=/contacts/>Контакты</a>",
        "https://tools.ru/x",
    )
    assert findings.is_missing
    assert findings.doors == ()
    assert [link.url for link in findings.links] == ["https://tools.ru/contacts/"]


@pytest.mark.parametrize(
    "said",
    [
        "<h1>Bosch GLM 404 laser</h1>",
        "<title>Room 404</title>",
        "<h1>Answers not found elsewhere, and how to ask us</h1>",
    ],
)
def test_a_page_may_hold_the_number_404(said: str) -> None:
    findings = read_findings(f"{said}<a href=mailto:sales@tools.ru>sales@tools.ru</a>", PAGE)
    assert [door.kind for door in findings.doors] == [ContactKind.EMAIL]


@pytest.mark.parametrize(("action", "is_told"), [("/send", False), ("https://forms.else.ru/send", True)])
def test_a_form_that_is_sent_to_somebody_else_says_so(action: str, is_told: bool) -> None:
    page = f"""<h1>Контакты</h1><form method="post" action="{action}"><h2>Напишите нам</h2>
    <label>Имя <input name="name"></label><label>E-mail <input type="email" name="email"></label>
    <label>Сообщение <textarea name="message"></textarea></label><button>Отправить</button></form>"""
    [door] = read_findings(page, PAGE).doors
    assert ("sent_to_other_domain" in door.why) is is_told


def test_only_a_page_with_little_to_say_sends_its_reader_on() -> None:
    refresh = '<noscript><meta http-equiv="refresh" content="0; url=/no-scripts"></noscript>'
    assert read_findings(refresh, PAGE).links
    assert not read_findings(refresh + "<p>Всё для ремонта. " * 100, PAGE).links


SERVICE = '<div id="f"></div><script src="https://js.hsforms.net/forms/v2.js"></script>'


def test_a_form_that_only_a_script_can_send_is_a_door_for_people() -> None:
    [door] = read_findings(f"<h1>Контакты</h1>{SERVICE}", PAGE).doors
    assert (door.kind, door.value, door.form and door.form["captcha"]) == (ContactKind.FORM, PAGE, "other")
    sight = read_findings(f"<h1>Контакты</h1>{SERVICE}", PAGE).sight([door])
    assert not sight.has_form
    assert not sight.has_hard_form, "a better one is still looked for"


def test_elsewhere_such_a_form_is_something_else() -> None:
    assert read_findings(f"<h1>Дрель</h1>{SERVICE}", "https://tools.ru/drill").doors == ()
