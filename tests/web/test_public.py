import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from flask import Flask

from discount_broker.kernel.errors import IllegalTransition
from discount_broker.kernel.tokens import Purpose
from discount_broker.settings import Settings
from discount_broker.web import errors
from tests.builders import a_request
from tests.web.conftest import Browser

Link = Callable[[Purpose, UUID], str]
OPEN_PAGES = ("/", "/about", "/privacy", "/bot", "/login", "/staff/login")


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_every_open_page_shows_itself_in_both_languages(client: Browser, path: str) -> None:
    for language in ("en", "ru"):
        page = client.get(path, headers={"Accept-Language": language})
        assert page.status_code == 200
        assert f'<html lang="{language}">' in page.get_data(as_text=True)


def test_the_first_page_weighs_less_than_ninety_kilobytes(client: Browser) -> None:
    page = client.get("/").text
    parts = [piece.partition('"')[0] for piece in page.replace('src="', 'href="').split('href="')[1:]]
    loaded = [part for part in parts if part.startswith("/static/")]
    total = len(page.encode()) + sum(len(client.get(part).data) for part in loaded)
    assert len(loaded) == 3
    assert total < 90_000


def test_the_style_sheet_is_one_file_of_less_than_25_kilobytes(client: Browser) -> None:
    assert len(client.get("/static/css/site.css").data) < 25_000


def test_static_files_named_by_their_content_are_kept_for_ever(client: Browser) -> None:
    path = client.get("/").text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert "immutable" in client.get(path).headers["Cache-Control"]
    assert "immutable" not in client.get("/static/css/site.css").headers["Cache-Control"]


def test_the_script_comes_packed_where_the_browser_takes_it(client: Browser) -> None:
    packed = client.get("/htmx.js", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/htmx.js", headers={"Accept-Encoding": "identity"})
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_robots_are_kept_off_secret_pages(client: Browser) -> None:
    lines = client.get("/robots.txt").text.splitlines()
    assert "Disallow: /o/" in lines
    assert client.get("/favicon.ico").mimetype == "image/svg+xml"


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_no_page_carries_style_or_script_of_its_own(client: Browser, path: str) -> None:
    answer = client.get(path)
    assert " style=" not in answer.text
    assert " onclick=" not in answer.text
    assert "<style" not in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_secret_page_is_neither_kept_nor_found_nor_passed_on(
    client: Browser, link: Link, now: datetime
) -> None:
    headers = client.get(f"/requests/{link(Purpose.FOLLOW, a_request(now).id)}").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    wrong = client.get("/requests/abc")
    assert wrong.headers["Cache-Control"] == "no-store"


def test_a_public_installation_insists_on_https(
    settings: Settings, make_app: Callable[[Settings], Flask]
) -> None:
    secure = replace(settings, base_url="https://broker.test")
    answer = make_app(secure).test_client().get("/", base_url="https://broker.test")
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    cookie = answer.headers["Set-Cookie"]
    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax"))


@contextmanager
def raising(app: Flask, error: BaseException) -> Iterator[None]:
    """While open, every address of the site ends in this error."""

    def fail() -> None:
        raise error

    hooks = app.before_request_funcs[None]
    hooks.append(fail)
    try:
        yield
    finally:
        hooks.remove(fail)


@pytest.mark.parametrize("code", sorted(errors.SENTENCES))
def test_every_error_is_told_in_words(app: Flask, client: Browser, code: int) -> None:
    with app.test_request_context("/"):
        page = errors.error_page(code)
    assert page.status_code == code
    assert str(errors.SENTENCES[code][0]) in page.get_data(as_text=True)
    assert "Traceback" not in page.get_data(as_text=True)


def test_errors_of_the_program_have_their_pages(app: Flask, client: Browser) -> None:
    with raising(app, IllegalTransition("open", "accepted")):
        assert client.get("/").status_code == 409
    assert client.get("/no/such/page").status_code == 404
    assert client.get("/logout").status_code == 405
    assert client.get("/logout").headers["Allow"]
    assert client.press("/ask", link="x" * 300_000).status_code == 413


def test_when_the_records_are_away_nothing_typed_is_lost(app: Flask) -> None:
    with app.test_request_context("/o/token", method="POST", data={"answer": "wished", "password": ""}):
        page = errors.show_unavailable(RuntimeError("gone"))
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "30"
    with app.test_request_context(
        "/o/token", method="POST", data={"words": "Ask for Olga", "csrf_token": "x"}
    ):
        page = errors.show_unavailable(RuntimeError("gone"))
    assert 'name="words" value="Ask for Olga"' in page.get_data(as_text=True)
    assert page.get_data(as_text=True).count('name="csrf_token"') == 1


def test_a_database_that_is_gone_is_told_in_words(
    settings: Settings, make_app: Callable[[Settings], Flask]
) -> None:
    app = make_app(replace(settings, database_url="sqlite:////nowhere/broker.sqlite"))
    app.config.update(WTF_CSRF_ENABLED=False)
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = f"buyer:{uuid4()}"
    answer = client.post("/ask", data={"link": "https://shop.example/p/1"})
    assert answer.status_code == 503
    assert 'name="link" value="https://shop.example/p/1"' in answer.text
    assert client.get("/").status_code == 503


def test_a_password_is_never_written_into_a_page(app: Flask) -> None:
    with app.test_request_context("/staff/login", method="POST", data={"password": "secret word"}):
        assert "secret word" not in errors.show_unavailable(RuntimeError("gone")).get_data(as_text=True)


def test_a_fault_is_told_without_its_cause(app: Flask) -> None:
    app.config["TESTING"] = False
    try:
        with raising(app, ValueError("inner matters")):
            answer = app.test_client().get("/")
    finally:
        app.config["TESTING"] = True
    assert answer.status_code == 500
    assert "inner matters" not in answer.text


def test_too_many_links_in_a_row_are_put_off(
    settings: Settings, make_app: Callable[[Settings], Flask]
) -> None:
    app = make_app(settings)
    app.config.update(WTF_CSRF_ENABLED=False)
    client = app.test_client()
    answers = [client.post("/ask", data={"link": "mailto:a@b.ru"}) for _ in range(31)]
    assert answers[29].status_code == 422
    assert answers[30].status_code == 429
    assert 3500 < int(answers[30].headers["Retry-After"]) <= 3600
    assert "It goes on in 60 minutes." in answers[30].text
    assert 'name="link" value="mailto:a@b.ru"' in answers[30].text
    assert client.get("/").status_code == 200
