"""`discover`, as a person or a script calls it."""

import json
from typing import Any

from flask import Flask

from discount_broker.discovery.models import Crawl
from discount_broker.discovery.ports import MailRoute
from discount_broker.kernel.db import db
from tests.fakes import Answer, FakeFetcher, FakeMailRoutes, site_of

PRODUCT = """<html lang="en"><head><script type="application/ld+json">{"@type": "Product", "name": "Drill X1",
"offers": {"price": "49.90", "priceCurrency": "EUR"}}</script></head>
<body><h1>Drill X1</h1><p>49.90 EUR</p><button>Add to cart</button>
<a href="/contact">Contact us</a><a href="/service">Service</a></body></html>"""
CONTACT = """<html lang="en"><body><h1>Contact</h1>
<p>Write to us: <a href="mailto:sales@tools.ru">sales@tools.ru</a></p>
<form method="post" action="/send"><h2>Contact us</h2><label>Your name <input name="name"></label>
<label>E-mail <input type="email" name="email"></label>
<label>Message <textarea name="message"></textarea></label>
<div class="g-recaptcha"></div><button>Send message</button></form></body></html>"""


def discover(app: Flask, fetcher: FakeFetcher, *options: str) -> str:
    fetcher.sites["tools.ru"] = site_of(
        {"/p": PRODUCT, "/contact": CONTACT, "/robots.txt": "User-agent: *\nDisallow: /service"}
    )
    done = app.test_cli_runner().invoke(args=["discover", "https://tools.ru/p", *options])
    assert done.exit_code == 0, done.output
    return done.output


def test_every_door_is_told_with_where_when_and_how_it_was_found(app: Flask, fetcher: FakeFetcher) -> None:
    report: dict[str, Any] = json.loads(discover(app, fetcher, "--json"))
    assert (report["url"], report["shop"]) == ("https://tools.ru/p", "tools.ru")
    assert report["product"]["title"] == "Drill X1"
    email = next(door for door in report["contact_points"] if door["kind"] == "email")
    assert (email["value"], email["found_at"]) == ("sales@tools.ru", "https://tools.ru/contact")
    assert (email["source"], email["why"], email["mail_route"]) == ("mailto", ["own_domain"], "open")
    assert email["snippet"]
    assert email["seen_at"].startswith("20")
    form = next(door for door in report["contact_points"] if door["kind"] == "form")
    assert (form["value"], form["form"]["captcha"]) == ("https://tools.ru/contact", "recaptcha")
    assert [page["url"] for page in report["pages"]] == ["https://tools.ru/p", "https://tools.ru/contact"]
    assert report["pages"][0].keys() == {"url", "status", "bytes", "seconds"}
    assert db.session.query(Crawl).count() == 0


def test_the_same_is_told_in_words(app: Flask, fetcher: FakeFetcher, mail_routes: FakeMailRoutes) -> None:
    mail_routes.told = {"tools.ru": MailRoute.NULL_MX}
    told = discover(app, fetcher)
    for words in (
        "Drill X1",
        "sales@tools.ru",
        "at https://tools.ru/contact",
        "written as mailto: ",
        "because own_domain",
        "no door: its domain says that it takes no mail",
        "for people alone: captcha or script (recaptcha)",
        "3 pages",
        "robots  https://tools.ru/service",
    ):
        assert words in told


def test_what_was_refused_is_told(app: Flask, fetcher: FakeFetcher) -> None:
    fetcher.sites["tools.ru"] = lambda _: Answer(b"", 429, headers={"Retry-After": "60"})
    done = app.test_cli_runner().invoke(args=["discover", "https://tools.ru/p", "--json"])
    report = json.loads(done.output)
    assert report["product"] is None
    assert report["contact_points"] == []
    assert report["refused"] == [{"url": "https://tools.ru/p", "why": "asked_to_wait"}]


def test_the_budget_of_pages_is_kept(app: Flask, fetcher: FakeFetcher) -> None:
    report = json.loads(discover(app, fetcher, "--json", "--max-pages", "1"))
    assert len(report["pages"]) == 1


def test_what_is_no_link_is_refused_in_a_sentence(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["discover", "not a link"])
    assert done.exit_code != 0
    assert "is not a web link" in done.output
