"""`inspect-mail` and `send-form`, as a person or a script calls them."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from discount_broker.adapters.web_form import WebFormChannel
from tests.contract.form_shops import FormShop
from tests.fakes import FakeFetcher


def inspect(app: Flask, *lines: str) -> list[dict[str, Any]]:
    done = app.test_cli_runner().invoke(args=["inspect-mail", "--jsonl"], input="\n".join(lines))
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.output.splitlines()]


def test_a_body_is_answered_in_the_shape_of_the_contract(app: Flask) -> None:
    text = 'Можем дать 7 %.\n\nС уважением,\nАнна\n\n14.01.2030, 12:00, "Скидка" <r@b.test>:\n> Здравствуйте'
    [answer] = inspect(app, json.dumps({"id": "a", "text": text}))
    assert answer == {
        "id": "a",
        "kind": "human",
        "bounce": None,
        "reply_text": "Можем дать 7 %.",
        "signature": "С уважением,\nАнна",
        "intents": [
            {
                "kind": "offer",
                "value": "7%",
                "evidence": "Можем дать 7 %.",
                "start": 0,
                "is_certain": True,
                "doubts": [],
            }
        ],
        "language": "ru",
        "sender": "",
        "recipients": [],
        "references": [],
        "numbers": [],
        "automatic_headers": [],
        "attachments": [],
        "date": None,
    }


def test_a_message_is_read_from_its_file(app: Flask, tmp_path: Path) -> None:
    mail = tmp_path / "bounce.eml"
    mail.write_bytes(
        b"From: MAILER-DAEMON@mx.shop.test\r\nSubject: failure notice\r\n\r\n"
        b"<sales@shop.test>:\r\n550 5.1.1 User unknown\r\n"
    )
    [answer] = inspect(app, json.dumps({"id": "b", "path": str(mail)}))
    assert answer["kind"] == "bounce"
    assert answer["bounce"] == {
        "recipients": ["sales@shop.test"],
        "original_recipients": [],
        "permanent": True,
        "reason": "user_unknown",
        "status": "5.1.1",
        "kind": "hard",
        "is_final": True,
        "original_message_id": "",
        "original_envelope_id": "",
    }


def test_a_line_that_cannot_be_answered_says_why_and_the_next_one_is_answered(app: Flask) -> None:
    answers = inspect(
        app,
        "no json",
        '{"id": "c"}',
        '{"id": "d", "path": "/nowhere/at/all"}',
        '{"id": "e", "text": "Нет."}',
    )
    assert [sorted(answer)[0] for answer in answers[:3]] == ["error"] * 3
    assert [answer["id"] for answer in answers] == [None, "c", "d", "e"]
    assert answers[3]["kind"] == "human"


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    file = tmp_path / "letter.json"
    letter = {
        "name": "Anna",
        "email": "a@b.test",
        "phone": "+74951234567",
        "subject": "Hi",
        "text": "Hello, 10 %?",
    }
    file.write_text(json.dumps(letter))
    return file


@pytest.fixture
def shop(app: Flask, monkeypatch: pytest.MonkeyPatch) -> FormShop:
    shop = FormShop()
    sender = WebFormChannel(FakeFetcher({"shop.test": shop}), service_name="Broker")
    monkeypatch.setitem(app.extensions, "form_sender", sender)
    return shop


def test_a_form_is_sent_and_its_outcome_told(app: Flask, shop: FormShop, letter: Path) -> None:
    run = app.test_cli_runner().invoke
    done = run(args=["send-form", "http://shop.test/", "--message", str(letter), "--json"])
    told = json.loads(done.output)
    assert told["outcome"] == "confirmed"
    assert told["status"] == 200
    assert told["fields"]["message"] == "Hello, 10 %?"
    assert shop.taken[0]["name"] == "Anna"
    assert run(args=["send-form", "http://shop.test/", "--message", str(letter)]).output.startswith(
        "confirmed\n"
    )


def test_a_letter_with_something_missing_is_refused_in_words(
    app: Flask, shop: FormShop, tmp_path: Path
) -> None:
    file = tmp_path / "letter.json"
    file.write_text('{"name": "Anna"}')
    done = app.test_cli_runner().invoke(args=["send-form", "http://shop.test/", "--message", str(file)])
    assert done.exit_code == 1
    assert "name, email, phone, subject and text" in done.output
    assert shop.taken == []
