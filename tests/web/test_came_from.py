"""Where a buyer came from is known from the first page on, and no more of it than that."""

import re

import pytest

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.kernel.db import db
from tests.web.conftest import Browser

LINK = "https://shop.example/p/1"
HOSTILE = '"><script>alert(1)</script>'


def carried_by(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(came_\w+)" value="([^"]*)"', page))


def origin_kept(client: Browser, **fields: str) -> dict[str, str]:
    answer = client.press("/ask", link=LINK, **fields)
    assert answer.status_code == 302
    return dict(db.session.query(DiscountRequest).order_by(DiscountRequest.created_at.desc()).first().origin)  # type: ignore[union-attr]


def test_the_site_and_the_campaign_of_the_first_page_are_kept(client: Browser) -> None:
    tags = {"utm_campaign": "Spring", "utm_source": "newsletter", "utm_medium": "mail"}
    page = client.get(
        "/", query_string=tags, headers={"Referer": "https://www.forum.example/t/9?user=anna"}
    ).get_data(as_text=True)
    kept = origin_kept(client, **carried_by(page))
    assert kept == {
        "via": "form",
        "referrer": "forum.example",
        "campaign": "Spring",
        "source": "newsletter",
        "medium": "mail",
    }


def test_a_link_that_is_none_does_not_lose_the_first_touch(client: Browser) -> None:
    page = client.get("/", query_string={"utm_campaign": "spring"}).get_data(as_text=True)
    again = client.press("/ask", link="no link at all", **carried_by(page))
    assert again.status_code == 422
    assert origin_kept(client, **carried_by(again.get_data(as_text=True)))["campaign"] == "spring"


def test_another_link_on_the_ask_page_keeps_the_first_touch(client: Browser) -> None:
    first = client.press("/ask", link=LINK, came_via="bookmarklet", came_referrer="forum.example")
    page = client.get(first.location).get_data(as_text=True)
    assert origin_kept(client, **carried_by(page)) == {"via": "bookmarklet", "referrer": "forum.example"}


def test_who_comes_from_our_own_pages_came_from_nowhere(client: Browser) -> None:
    page = client.get("/", headers={"Referer": "http://broker.test/about"}).get_data(as_text=True)
    assert origin_kept(client, **carried_by(page)) == {"via": "form"}


@pytest.mark.parametrize("said", [HOSTILE, "x" * 5000, "a\x00b", "\u200b", "http://[::1"])
def test_what_strangers_put_there_is_cut_and_harmless(said: str, client: Browser) -> None:
    page = client.get("/", query_string={"utm_campaign": said, "via": said}, headers={"Referer": "http://[x"})
    assert "<script>alert" not in page.text
    kept = origin_kept(client, came_campaign=said, came_via=said)
    assert kept["via"] == "form"
    assert len(kept.get("campaign", "")) <= 100
