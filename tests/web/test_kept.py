"""Pages that are drawn once: everybody still gets their own token, language, name and notices."""

import re
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask

from discount_broker.kernel.tokens import Purpose
from tests.builders import a_buyer
from tests.web.conftest import Browser

Link = Callable[[Purpose, UUID], str]
PAGES = ("/", "/about", "/privacy", "/bot")


def another(app: Flask) -> Browser:
    made = app.test_client()
    assert isinstance(made, Browser)
    made.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return made


def tokens_in(page: str) -> set[str]:
    return set(re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page))


@pytest.mark.parametrize("path", PAGES)
def test_two_strangers_get_the_same_page_but_for_their_tokens(app: Flask, client: Browser, path: str) -> None:
    mine, theirs = client.get(path).text, another(app).get(path).text
    (my_token,), (their_token,) = tokens_in(mine), tokens_in(theirs)
    assert my_token != their_token
    assert mine.replace(my_token, "") == theirs.replace(their_token, "")


def test_the_token_of_a_page_that_was_drawn_for_another_is_good(app: Flask, client: Browser) -> None:
    client.get("/")
    late = another(app)
    (token,) = tokens_in(late.get("/").text)
    fields = {"csrf_token": token, "language": "ru", "next": "/"}
    assert late.post("/language", data=fields).status_code == 302
    assert client.post("/language", data=fields).status_code == 400
    assert '<html lang="ru">' in late.get("/").text
    assert '<html lang="en">' in client.get("/").text


def test_whoever_is_known_is_greeted_as_such_and_leaves_nothing_behind(
    app: Flask, client: Browser, link: Link, now: datetime
) -> None:
    known = another(app)
    known.press(f"/login/{link(Purpose.LOGIN, a_buyer(now).id)}")
    assert "Log out" in known.get("/").text
    assert "Log out" not in client.get("/").text
    assert "Log out" in known.get("/").text


def test_a_notice_is_shown_once_and_to_nobody_else(app: Flask, client: Browser) -> None:
    client.get("/")
    told = another(app)
    with told.session_transaction() as session:
        session["_flashes"] = [("good", "Only for you.")]
    assert "Only for you." in told.get("/").text
    assert "Only for you." not in told.get("/").text
    assert "Only for you." not in client.get("/").text


def test_what_came_with_the_link_stands_in_no_other_page(client: Browser) -> None:
    assert "utm-of-one" in client.get("/?utm_campaign=utm-of-one").text
    assert "forum.example" in client.get("/", headers={"Referer": "https://forum.example/x"}).text
    assert "https://shop.example/drill" in client.get("/?link=https://shop.example/drill").text
    plain = client.get("/").text
    assert not [word for word in ("utm-of-one", "forum.example", "shop.example/drill") if word in plain]


def test_pieces_are_kept_for_the_place_a_page_is_served_at(client: Browser) -> None:
    client.get("/login")
    below = client.get("/login", environ_overrides={"SCRIPT_NAME": "/broker"}).text
    assert 'href="/broker/about"' in below
    assert 'href="/about"' not in below
    assert 'href="/about"' in client.get("/login").text
