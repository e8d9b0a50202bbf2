"""Reading a shop a second time: what is sent again, what is believed, and when."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.use_cases import start_draft
from discount_broker.discovery.models import CrawlStatus, SeenPage
from discount_broker.discovery.operations import begin_crawl
from discount_broker.discovery.ports import MailRoute
from discount_broker.discovery.queries import latest_crawl
from discount_broker.discovery.use_cases import discover_contacts, read_product, requeue_lost
from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import Job
from discount_broker.kernel.transaction import transaction
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.operations import mark_dead
from discount_broker.shops.queries import list_doors
from discount_broker.shops.status import ContactKind, ContactState, DoorSource
from tests.builders import a_shop
from tests.fakes import Answer, Asked, FakeFetcher, FakeMailRoutes, RecordingQueue, site_of

pytestmark = pytest.mark.usefixtures("app")
MONTH = timedelta(days=31)
PRODUCT = '<html lang="ru"><body><h1>Дрель</h1><a href="/contacts">Контакты</a></body></html>'
CONTACTS = '<html lang="ru"><body><h1>Контакты</h1>%s</body></html>'
SALES = '<a href="mailto:sales@tools.ru">sales@tools.ru</a>'
FORM = """<form method="post" action="/send"><h2>Напишите нам</h2><label>Имя <input name="name"></label>
<label>E-mail <input type="email" name="email"></label>
<label>Сообщение <textarea name="text"></textarea></label>
<input type="hidden" name="sessid" value="1"><button>Отправить сообщение</button></form>"""


class Shopfront:
    """A site whose pages carry entity tags and may be changed."""

    def __init__(self, **pages: str) -> None:
        self.pages = {"/p/1": PRODUCT, **{f"/{name}": page for name, page in pages.items()}}
        self.sent: list[str] = []

    def __call__(self, asked: Asked) -> Answer:
        page = self.pages.get(asked.path)
        if page is None:
            return Answer(b"", 404)
        etag = f'"{hash(page)}"'
        if asked.headers.get("if-none-match") == etag:
            return Answer(b"", 304, headers={"ETag": etag})
        self.sent.append(asked.path)
        return Answer(page.encode(), headers={"ETag": etag})


def crawl(
    site: Shopfront, now: datetime, shop: Shop | None = None, routes: FakeMailRoutes | None = None
) -> Shop:
    """A crawl of the shop from beginning to end; the shop as it is then."""
    shop = shop or a_shop(now, "tools.ru", contacts_read_at=None, language=None)
    with transaction():
        begin_crawl(shop, "https://tools.ru/p/1", now)
    discover_contacts(shop.id, FakeFetcher({"tools.ru": site}), routes or FakeMailRoutes(), now)
    db.session.expire_all()
    return shop


def door_of(shop: Shop, value: str) -> ContactPoint:
    [found] = [point for point in shop.contact_points if point.value == value]
    return found


def test_an_unchanged_contact_page_is_asked_first_and_not_sent_again(now: datetime) -> None:
    site = Shopfront(contacts=CONTACTS % SALES)
    shop = crawl(site, now)
    assert site.sent == ["/p/1", "/contacts"]
    crawl(site, now + MONTH, shop)
    assert site.sent == ["/p/1", "/contacts"]
    latest = latest_crawl(shop.id)
    assert latest is not None
    assert [(page["url"], page["status"]) for page in latest.pages] == [("https://tools.ru/contacts", 304)]
    door = door_of(shop, "sales@tools.ru")
    assert (door.created_at, door.seen_at, shop.contacts_read_at) == (now, now + MONTH, now + MONTH)


def test_a_page_that_never_changes_is_read_once_more_after_three_months(now: datetime) -> None:
    site = Shopfront(contacts=CONTACTS % SALES)
    shop = crawl(site, now)
    crawl(site, now + 3 * MONTH, shop)
    assert site.sent == ["/p/1", "/contacts", "/contacts"]


def test_a_page_that_changed_is_read_anew(now: datetime) -> None:
    site = Shopfront(contacts=CONTACTS % SALES)
    shop = crawl(site, now)
    site.pages["/contacts"] = CONTACTS % SALES.replace("sales@", "zakaz@")
    crawl(site, now + MONTH, shop)
    assert door_of(shop, "zakaz@tools.ru").created_at == now + MONTH


def test_a_door_that_its_page_no_longer_shows_stays_and_is_trusted_less(now: datetime) -> None:
    site = Shopfront(contacts=CONTACTS % SALES)
    shop = crawl(site, now)
    before = door_of(shop, "sales@tools.ru").confidence
    site.pages["/contacts"] = CONTACTS % SALES.replace("sales@", "zakaz@")
    crawl(site, now + MONTH, shop)
    lost = door_of(shop, "sales@tools.ru")
    assert lost.confidence == pytest.approx(before / 2, abs=0.01)
    assert (lost.seen_at, lost.state) == (now, ContactState.UNVERIFIED)
    site.pages["/contacts"] = CONTACTS % SALES
    crawl(site, now + 2 * MONTH, shop)
    assert door_of(shop, "sales@tools.ru").confidence == before


def test_a_door_on_a_page_that_did_not_answer_is_trusted_as_before(now: datetime) -> None:
    site = Shopfront(contacts=CONTACTS % SALES)
    shop = crawl(site, now)
    before = door_of(shop, "sales@tools.ru").confidence
    del site.pages["/contacts"]
    crawl(site, now + MONTH, shop)
    assert door_of(shop, "sales@tools.ru").confidence == before


@pytest.mark.parametrize("source", [DoorSource.OPERATOR, DoorSource.SHOP])
def test_what_people_said_of_a_door_stands(source: DoorSource, now: datetime) -> None:
    site = Shopfront(contacts=CONTACTS % SALES)
    shop = crawl(site, now)
    for value in ("sales@tools.ru", "anna@tools.ru"):
        point = ContactPoint(
            shop_id=shop.id, kind=ContactKind.EMAIL, value=value, found_at="", confidence=1.0, source=source
        )
        known = [door for door in shop.contact_points if door.value == value]
        if known:
            known[0].source, known[0].confidence, known[0].snippet = source, 1.0, "told"
        else:
            db.session.add(point)
    db.session.commit()
    crawl(site, now + MONTH, shop)
    told = door_of(shop, "sales@tools.ru")
    assert (told.source, told.confidence, told.snippet) == (source, 1.0, "told")
    assert door_of(shop, "anna@tools.ru").confidence == 1.0


def test_a_form_on_another_page_is_the_form_we_know(now: datetime) -> None:
    site = Shopfront(contacts=CONTACTS % FORM)
    shop = crawl(site, now)
    assert [door.value for door in list_doors(shop.id)] == ["https://tools.ru/contacts"]
    site.pages["/p/1"] = PRODUCT.replace("</body>", FORM.replace("sessid", "token2") + "</body>")
    site.pages["/contacts"] = PRODUCT
    del site.pages["/contacts"]
    crawl(site, now + MONTH, shop)
    [door] = list_doors(shop.id)
    assert door.value == "https://tools.ru/contacts", "its page was away for now, so it is not given up"
    assert door.seen_at == now + MONTH


def test_a_form_that_moved_to_another_page_is_looked_for_there(now: datetime) -> None:
    site = Shopfront(contacts=CONTACTS % FORM)
    shop = crawl(site, now)
    site.pages["/contacts"] = CONTACTS % '<a href="/feedback">Обратная связь</a>'
    site.pages["/feedback"] = CONTACTS % FORM
    crawl(site, now + MONTH, shop)
    assert [door.value for door in list_doors(shop.id)] == ["https://tools.ru/feedback"]


def test_an_address_whose_domain_takes_no_mail_is_dead_until_it_does(now: datetime) -> None:
    site, routes = Shopfront(contacts=CONTACTS % SALES), FakeMailRoutes({"tools.ru": MailRoute.NULL_MX})
    shop = crawl(site, now, routes=routes)
    dead = door_of(shop, "sales@tools.ru")
    assert (dead.state, dead.state_reason) == (ContactState.DEAD, "null_mx")
    assert list_doors(shop.id) == []
    routes.told = {"tools.ru": MailRoute.UNKNOWN}
    crawl(site, now + MONTH, shop, routes)
    assert list_doors(shop.id) == []
    routes.told = {"tools.ru": MailRoute.OPEN}
    crawl(site, now + 2 * MONTH, shop, routes)
    [door] = list_doors(shop.id)
    assert (door.state, door.state_reason) == (ContactState.UNVERIFIED, "")


def test_an_address_that_letters_came_back_from_is_not_revived_by_name_servers(now: datetime) -> None:
    site = Shopfront(contacts=CONTACTS % SALES)
    shop = crawl(site, now)
    with transaction():
        mark_dead(door_of(shop, "sales@tools.ru").id, "bounced")
    crawl(site, now + MONTH, shop)
    assert door_of(shop, "sales@tools.ru").state_reason == "bounced"


def test_a_site_that_asked_for_time_is_taken_up_again_then_and_not_before(
    queue: RecordingQueue, now: datetime
) -> None:
    pages: dict[str, Answer | str] = {"/p/1": Answer(b"Later", 429, headers={"Retry-After": "3600"})}
    fetcher = FakeFetcher({"tools.ru": site_of(pages)})
    shop = a_shop(now, "tools.ru", contacts_read_at=None)
    with transaction():
        begin_crawl(shop, "https://tools.ru/p/1", now)
    discover_contacts(shop.id, fetcher, FakeMailRoutes(), now)
    waiting = latest_crawl(shop.id)
    assert waiting is not None
    assert (waiting.status, waiting.refused[0]["why"]) == (CrawlStatus.WAITING, "asked_to_wait")
    assert waiting.refused[0]["until"] == (now + timedelta(hours=1)).isoformat()
    pages |= {"/p/1": PRODUCT, "/contacts": CONTACTS % SALES}
    early, late = now + timedelta(minutes=59), now + timedelta(minutes=61)
    queue.take()
    requeue_lost(early)
    assert queue.take() == []
    discover_contacts(shop.id, fetcher, FakeMailRoutes(), early)
    assert len(fetcher.asked) == 1
    requeue_lost(late)
    assert queue.take() == [(Job.DISCOVER_CONTACTS, shop.id)]
    discover_contacts(shop.id, fetcher, FakeMailRoutes(), late)
    assert [door.value for door in list_doors(shop.id)] == ["sales@tools.ru"]


def test_a_site_that_wants_to_be_left_alone_for_a_day_is_given_up_for_now(
    queue: RecordingQueue, now: datetime
) -> None:
    busy = Answer(b"Tomorrow", 503, headers={"Retry-After": "86400"})
    shop = a_shop(now, "tools.ru", contacts_read_at=None)
    with transaction():
        begin_crawl(shop, "https://tools.ru/p/1", now)
    discover_contacts(shop.id, FakeFetcher({"tools.ru": site_of({"/p/1": busy})}), FakeMailRoutes(), now)
    crawled = latest_crawl(shop.id)
    assert crawled is not None
    assert crawled.status is CrawlStatus.FAILED
    assert shop.contacts_read_at is None
    assert queue.rung[-1] == (Job.ASK_SHOP, shop.id)


def test_what_was_found_at_another_name_of_a_shop_is_kept_with_the_shop(now: datetime) -> None:
    shop = a_shop(now, "instrument.ru", language="ru")
    alias = a_shop(now, "tools.ru", contacts_read_at=None, merged_into=shop)
    crawl(Shopfront(contacts=CONTACTS % SALES), now, alias)
    assert [door.value for door in list_doors(shop.id)] == ["sales@tools.ru"]
    assert list_doors(alias.id) == []
    assert alias.contacts_read_at == now


def test_pages_are_not_kept_without_end(app: Flask, now: datetime) -> None:
    site = Shopfront(contacts=CONTACTS % SALES)
    shop = crawl(site, now)
    for n in range(40):
        db.session.add(
            SeenPage(shop_id=shop.id, url=f"https://tools.ru/{n}", findings={}, read_at=now - MONTH * 4)
        )
    db.session.commit()
    site.pages["/contacts"] += " "
    crawl(site, now + MONTH, shop)
    assert db.session.scalar(select(func.count(SeenPage.id))) == 30
    assert "https://tools.ru/contacts" in db.session.scalars(select(SeenPage.url)).all()


def test_the_page_a_buyer_pasted_is_not_fetched_again_for_its_shop(now: datetime) -> None:
    page = """<html lang="ru"><head><script type="application/ld+json">{"@type": "Product",
    "name": "Дрель X1", "offers": {"price": "4990", "priceCurrency": "RUB"}}</script></head>
    <body><h1>Дрель X1</h1>
    <a href="/contacts">Контакты</a></body></html>"""
    site = Shopfront(contacts=CONTACTS % SALES)
    site.pages["/p/1"] = page
    fetcher = FakeFetcher({"tools.ru": site})
    request_id = start_draft("https://tools.ru/p/1", "ru", now)
    read_product(request_id, fetcher, now)
    product = get_request(request_id).product
    assert product is not None
    crawl(site, now, product.shop)
    assert site.sent == ["/p/1", "/contacts"]
    assert [door.value for door in list_doors(product.shop_id)] == ["sales@tools.ru"]


def test_a_site_that_is_out_of_order_is_left_alone_for_some_minutes(
    queue: RecordingQueue, now: datetime
) -> None:
    shop = a_shop(now, "tools.ru", contacts_read_at=None)
    with transaction():
        begin_crawl(shop, "https://tools.ru/p/1", now)
    fetcher = FakeFetcher({"tools.ru": site_of({"/p/1": Answer(b"", 500), "/": Answer(b"", 502)})})
    discover_contacts(shop.id, fetcher, FakeMailRoutes(), now)
    queue.take()
    for minutes, is_due in ((1, False), (3, True)):
        requeue_lost(now + timedelta(minutes=minutes))
        assert bool(queue.take()) is is_due


def test_what_an_older_version_kept_is_read_anew(now: datetime) -> None:
    site = Shopfront(contacts=CONTACTS % SALES)
    shop = crawl(site, now)
    for page in db.session.scalars(select(SeenPage)):
        page.findings = {**page.findings, "colour": "green"}
    db.session.commit()
    crawl(site, now + MONTH, shop)
    assert site.sent == ["/p/1", "/contacts", "/contacts"]


def test_an_address_that_proved_dead_no_longer_ends_the_walk(now: datetime) -> None:
    site = Shopfront(contacts=CONTACTS % (SALES + '<a href="/feedback">Обратная связь</a>'))
    site.pages["/feedback"] = CONTACTS % FORM
    shop = crawl(site, now)
    assert [door.value for door in list_doors(shop.id)] == ["sales@tools.ru"]
    with transaction():
        mark_dead(door_of(shop, "sales@tools.ru").id, "bounced")
    crawl(site, now + MONTH, shop)
    assert [door.value for door in list_doors(shop.id)] == ["https://tools.ru/feedback"]
