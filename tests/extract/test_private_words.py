"""What is left out of letters that pass from one side to the other."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from flask import Flask

from discount_broker.kernel.short_links import short_code
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.outreach.extract.private_words import GAP, lines_of, veil_contacts, veil_secrets

HIDDEN = [
    ("Write me at anna@mail.example please", ["anna@mail.example"]),
    ("ANNA.K+shop@Mail.Example.", ["ANNA.K+shop@Mail.Example"]),
    ("anna (at) mail.example", ["anna (at) mail.example"]),
    ("почта anna собака mail точка ru", ["anna собака mail точка ru"]),
    ("звоните 8 916 123-45-67 вечером", ["8 916 123-45-67"]),
    ("call +49 30 901820, or t.me/anna_k", ["+49 30 901820", "t.me/anna_k"]),
    ("9161234567", ["9161234567"]),
]
SHOWN = [
    "Does article 4006381333931 fit model GSR 12V-15?",
    "12 990 or 11 990 roubles? I wish for 10 % by 24.11.2026, 18:30.",
    "You wrote from sale@shop.example and named +7 495 104-83-86.",
    "Is it on shop.example/p/1?",
]
KNOWN = {"shop.example", "+74951048386"}


@pytest.mark.parametrize(("text", "found"), HIDDEN)
def test_contact_details_leave_a_gap(text: str, found: list[str]) -> None:
    veiled = veil_contacts(text, ["RU"], KNOWN)
    assert list(veiled.left_out) == found
    assert veiled.text.count(GAP) == len(found)
    assert not [part for part in found if part in veiled.text]


@pytest.mark.parametrize("text", SHOWN)
def test_everything_else_stays_as_it_was_written(text: str) -> None:
    assert veil_contacts(text, ["RU"], KNOWN) == (text, ())


def test_a_long_hostile_text_is_read_in_no_time() -> None:
    for piece in ("a@", "8 ", "собака ", "1-", "a.b."):
        veil_contacts(piece * (2000 // len(piece)), ["RU", "DE"])


@pytest.mark.parametrize("page", ["o", "w", "stop", "requests", "confirm", "login", "ask"])
def test_links_of_ours_lose_the_secret_in_them(app: Flask, page: str) -> None:
    token = issue_token(Purpose.OFFER, uuid4(), datetime(2030, 1, 1, tzinfo=UTC))
    for text in (
        f"> http://broker.test/{page}/{token}?answer=percent-10",
        f"http://broker.test/{page}/{token.upper()}",
        f"http://broker.test/{page}/{token[:30]}\n{token[30:]}",
    ):
        veiled = veil_secrets(text)
        assert token[:30] not in veiled.lower()
        assert f"http://broker.test/{page}/…" in veiled


def test_the_short_link_of_a_text_message_loses_its_secret_too(app: Flask) -> None:
    code = short_code("R-7K2M9")
    assert veil_secrets(f"see http://broker.test/t/{code}!") == "see http://broker.test/t/…!"


@pytest.mark.parametrize("kind", ["reply", "answer", "bounce"])
def test_addresses_of_ours_lose_the_secret_in_them(app: Flask, kind: str) -> None:
    token = issue_token(Purpose.REPLY, uuid4(), datetime(2030, 1, 1, tzinfo=UTC))
    assert veil_secrets(f"To: {kind}+{token}@in.broker.test") == f"To: {kind}+…@in.broker.test"
    for written in (
        f"{kind} plus {token}",
        f"{kind}=2b{token}@in.broker.test",
        f"x{token}y",
        f"{kind}%2B{token}",
    ):
        assert token not in veil_secrets(written)


def test_links_of_others_stay_whole() -> None:
    text = "https://shop.example/order/2f0a1b3c4d5e6f708192a3b4c5d6e7f8?utm=1"
    assert veil_secrets(text) == text


def test_the_lines_of_a_letter_are_tidy() -> None:
    assert lines_of("\r\nOne \r\n\r\n\r\n  two\r\rthree\n") == ("One", "", "  two", "", "three")
    assert len(lines_of("x\n" * 500)) == 200
