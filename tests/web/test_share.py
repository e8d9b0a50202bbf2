"""Ways in from elsewhere: the bookmark, the share menu, and a page that can be installed."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.kernel.db import db
from tests.web.conftest import Browser


def test_the_bookmark_only_opens_our_first_page_with_the_address(client: Browser) -> None:
    page = client.get("/bookmarklet").text
    assert "javascript:void(location.href=" in page
    assert "http://broker.test/?via=bookmarklet&amp;link=" in page
    assert "Drag this to the bar of your bookmarks" in page
    assert "<script>" not in page


def test_the_way_of_a_phone_stands_before_the_way_of_a_computer(client: Browser) -> None:
    page = client.get("/bookmarklet").text
    assert page.index("On a phone: the share menu") < page.index("On a computer: a bookmark")


def test_a_link_from_the_bookmark_stands_in_the_field_and_begins_nothing(client: Browser) -> None:
    page = client.get("/?via=bookmarklet&link=https%3A%2F%2Fshop.example%2Fp%2F1").text
    assert 'value="https://shop.example/p/1"' in page
    assert 'name="came_via" value="bookmarklet"' in page
    assert db.session.query(DiscountRequest).count() == 0


@pytest.mark.parametrize(
    "shared",
    [
        {"url": "https://shop.example/p/1?utm_source=app"},
        {"text": "Look at this drill! https://shop.example/p/1"},
        {"title": "Drill", "text": "https://shop.example/p/1 from Shop"},
        {"title": "https://shop.example/p/1"},
    ],
    ids=["as an address", "in words", "beside a title", "as a title"],
)
def test_what_an_app_shares_stands_in_the_field_and_begins_nothing(
    client: Browser, shared: dict[str, str]
) -> None:
    answer = client.get("/share", query_string=shared)
    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer.location).query) == {
        "link": ["https://shop.example/p/1"],
        "via": ["share"],
    }
    assert 'value="https://shop.example/p/1"' in client.get(answer.location).text
    assert db.session.query(DiscountRequest).count() == 0


def test_something_shared_that_is_no_link_is_given_back_with_a_sentence(client: Browser) -> None:
    page = client.get("/share?text=a+lovely+drill").text
    assert "a lovely drill" in page
    assert "does not look like a link" in page


@pytest.mark.parametrize(
    "text", ["", "javascript:alert(1)", "file:///etc/passwd", "<script>alert(1)</script>"]
)
def test_nothing_harmful_comes_through_the_share_menu(client: Browser, text: str) -> None:
    page = client.get("/share", query_string={"text": text})
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_the_page_can_be_installed_and_shared_to(client: Browser) -> None:
    landing = client.get("/").text
    where = re.search(r'<link rel="manifest" href="([^"]+)"', landing)
    assert where
    answer = client.get(where.group(1))
    assert answer.mimetype == "application/manifest+json"
    told = json.loads(answer.text)
    assert told["name"].startswith(f"{told['short_name']} "), "no word is cut in two under the icon"
    assert told["share_target"] == {
        "action": "/share",
        "method": "GET",
        "params": {"title": "title", "text": "text", "url": "url"},
    }
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in told["icons"]}
    for icon in told["icons"]:
        assert client.get(icon["src"]).status_code == 200, icon["src"]
