import io
import json

import pytest
from flask import Flask

from discount_broker.cli import inspect

PAGE = """<html lang="ru"><title>Чайник K7</title><h1>Чайник K7</h1><span class="price">12 990 руб.</span>
<button>В корзину</button><p>Описание</p><p>zakaz@teashop.ru, 8 (495) 123-45-67</p>
<a href="https://t.me/teashop">t</a> <a href="/contacts">Контакты</a>
<form method="post" action="/ask"><input name="email"><textarea name="text"></textarea></form></html>"""


@pytest.fixture
def ask():
    """Send lines to one of the commands; get its answers."""
    app = Flask("inspection")
    inspect.register(app)
    runner = app.test_cli_runner()

    def send(command, *lines):
        given = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
        result = runner.invoke(args=[command, "--jsonl"], input=io.BytesIO(given.encode()))
        assert result.exit_code == 0, result.output
        return [json.loads(line) for line in result.output.splitlines()]

    return send


def test_a_saved_page_is_described_by_the_contract(ask, tmp_path):
    (tmp_path / "page.html").write_bytes(PAGE.encode("cp1251"))
    line = {"id": "1", "url": "https://teashop.ru/p/1", "path": str(tmp_path / "page.html")}
    (answer,) = ask("inspect-page", line)
    assert answer["id"] == "1"
    assert answer["product"]["title"] == "Чайник K7"
    assert answer["product"]["price"] == {"amount": "12990.00", "currency": "RUB"}
    assert answer["product"]["availability"] == "in_stock"
    assert answer["emails"] == [
        {"address": "zakaz@teashop.ru", "source": "text", "confidence": answer["emails"][0]["confidence"]}
    ]
    assert answer["phones"][0]["number"] == "+74951234567"
    assert answer["messengers"] == [{"kind": "telegram", "handle": "teashop"}]
    (form,) = answer["forms"]
    assert (form["index"], form["kind"], form["method"]) == (0, "contact", "post")
    assert form["action"] == "https://teashop.ru/ask"
    assert form["fields"] == {"email": "email", "text": "message"}
    assert form["captcha"] is None
    assert answer["contact_links"][0]["url"] == "https://teashop.ru/contacts"
    assert answer["language"] == "ru"


def test_the_content_type_of_the_line_decides_the_charset(ask, tmp_path):
    (tmp_path / "page.html").write_bytes('<meta charset="koi8-r"><h1>Чайник</h1>'.encode("cp1251"))
    line = {"id": 1, "url": "https://teashop.ru/", "path": str(tmp_path / "page.html")}
    (answer,) = ask("inspect-page", line | {"content_type": "text/html; charset=windows-1251"})
    assert answer["product"] is None
    assert answer["forms"] == []


def test_prices_are_read_line_by_line(ask):
    answers = ask(
        "parse-price", {"id": "a", "text": "12 990 руб."}, {"id": "b", "text": "нет", "currency_hint": "EUR"}
    )
    assert answers == [
        {"id": "a", "amount": "12990.00", "currency": "RUB"},
        {"id": "b", "amount": None, "currency": "EUR"},
    ]


def test_rivals_are_judged_all(ask):
    product = {"title": "Kettle Bosch TWK3A011", "price": {"amount": "49.90", "currency": "EUR"}}
    candidates = [
        {
            "id": "x",
            "title": "Bosch TWK3A011 kettle",
            "brand": "Bosch",
            "model": None,
            "gtin": None,
            "price": None,
        },
        {"id": "y", "title": "Dell U2723QE monitor"},
    ]
    (answer,) = ask("rivals", {"id": "r", "product": product, "candidates": candidates})
    assert [(match["id"], match["same"]) for match in answer["matches"]] == [("x", True), ("y", False)]


@pytest.mark.parametrize(
    ("command", "line", "identity", "said"),
    [
        ("parse-price", "{broken", None, "not valid JSON"),
        ("parse-price", "[]", None, "not a JSON object"),
        ("parse-price", '{"id": "1"}', "1", "no text 'text'"),
        ("inspect-page", '{"id": "1", "url": "http://a.b/", "path": "/nowhere/at/all"}', "1", "No such file"),
        ("inspect-page", '{"id": "1", "path": "x"}', "1", ""),
        ("rivals", '{"id": "1", "product": {"title": "x"}}', "1", "no list 'candidates'"),
        ("rivals", '{"id": "1", "product": 3, "candidates": []}', "1", "not a JSON object"),
    ],
)
def test_a_bad_line_is_answered_and_the_next_one_is_read(ask, command, line, identity, said):
    first, second = ask(command, line, "{}")
    assert first["id"] == identity
    assert said in first["error"]
    assert "error" in second


def test_a_line_nested_without_end_or_with_half_a_character_does_not_end_the_run(ask):
    deep, half, last = ask(
        "parse-price", "[" * 200_000, '{"id": "\\ud800", "text": "5 $"}', {"id": 3, "text": "5 $"}
    )
    assert deep == {"id": None, "error": "the line is nested too deeply"}
    assert half == {"id": "\ud800", "amount": "5.00", "currency": "USD"}
    assert last["amount"] == "5.00"


def test_a_price_beyond_all_measure_is_a_price_like_another(ask):
    product = {"title": "Kettle Bosch TWK3A011", "price": {"amount": "49.90", "currency": "EUR"}}
    candidate = {
        "id": "x",
        "title": "Bosch TWK3A011 kettle",
        "price": {"amount": "1e999999999", "currency": "EUR"},
    }
    (answer,) = ask("rivals", {"id": 1, "product": product, "candidates": [candidate]})
    assert answer["matches"][0]["id"] == "x"
