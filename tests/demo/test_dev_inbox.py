"""The inbox of the mail catcher: shows hostile mail safely, answers as the one who got it."""

import mailbox
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from lxml import html

from demo.shops.server import create_shops
from discount_broker.app import create_app
from discount_broker.settings import Settings

EVIL = "<script>alert(1)</script><p>Здравствуйте</p>"


class RecordingReply:
    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.trouble: OSError | None = None

    def __call__(self, mail, text: str) -> None:
        if self.trouble:
            raise self.trouble
        self.sent.append((mail.answer_to, text))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    catcher = mailbox.Maildir(tmp_path / "mailbox")
    for to in ("zakaz@veter.localhost", "anna@example.org"):
        mail = EmailMessage()
        mail["Delivered-To"], mail["To"], mail["Subject"] = to, to, f"Скидка для {to}"
        mail["From"], mail["Reply-To"] = "requests@broker.example", "reply+abc@in.broker.test"
        mail.set_content("http://broker.test/o/abc?answer=percent-10\n")
        mail.add_alternative(EVIL, subtype="html")
        catcher.add(mail)
    return tmp_path / "mailbox"


@pytest.fixture
def site(folder: Path, tmp_path: Path) -> Flask:
    settings = Settings(
        database_url=f"sqlite:///{tmp_path}/broker.sqlite",
        redis_url="redis://tests-must-not-reach-redis.invalid:6379/0",
        base_url="http://broker.test",
        mailbox=str(folder),
    )
    site = create_app(settings)
    site.extensions["dev_reply"] = RecordingReply()
    return site


@pytest.fixture
def client(site: Flask):
    return site.test_client()


def key_of(client, to: str) -> str:
    return client.get("/dev/inbox.json", query_string={"to": to}).json[0]["key"]


def reply(client, key: str, text: str):
    page = html.fromstring(client.get(f"/dev/inbox/{key}").data)
    (form,) = [form for form in page.forms if (form.action or "").endswith("/reply")]
    return client.post(form.action, data={"csrf_token": form.fields["csrf_token"], "text": text})


def test_all_mails_are_listed_and_can_be_narrowed_to_a_recipient(client):
    assert client.get("/dev/inbox").text.count("Скидка для") == 2
    narrowed = client.get("/dev/inbox?to=anna").text
    assert "Скидка для anna@example.org" in narrowed
    assert "Скидка для zakaz" not in narrowed


def test_the_mail_is_shown_in_a_frame_that_can_do_nothing(client):
    key = key_of(client, "anna")
    page = html.fromstring(client.get(f"/dev/inbox/{key}").data)
    (frame,) = page.cssselect("iframe")
    assert "allow-scripts" not in frame.get("sandbox")
    body = client.get(frame.get("src"))
    assert "<script>" in body.text, "the mail is shown as it is, and guarded by its policy"
    policy = body.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy


def test_links_of_the_plain_text_can_be_pressed(client):
    page = html.fromstring(client.get(f"/dev/inbox/{key_of(client, 'anna')}").data)
    assert "http://broker.test/o/abc?answer=percent-10" in page.xpath("//div[@class='dev-text']//a/@href")


def test_a_reply_goes_where_the_mail_asks_for_replies(site, client):
    answer = reply(client, key_of(client, "zakaz"), "Дадим 10 %")
    assert answer.status_code == 302
    assert site.extensions["dev_reply"].sent == [("reply+abc@in.broker.test", "Дадим 10 %")]


def test_an_empty_reply_is_not_sent(site, client):
    assert reply(client, key_of(client, "zakaz"), "  ").status_code == 422
    assert site.extensions["dev_reply"].sent == []


def test_a_reply_the_mail_server_refuses_is_kept_on_the_page(site, client):
    site.extensions["dev_reply"].trouble = ConnectionRefusedError("nobody there")
    answer = reply(client, key_of(client, "zakaz"), "Дадим 10 %")
    assert answer.status_code == 502
    assert "Дадим 10 %" in answer.text


def test_a_reply_without_the_token_of_the_page_is_refused(site, client):
    assert client.post(f"/dev/inbox/{key_of(client, 'zakaz')}/reply", data={"text": "x"}).status_code == 400
    assert site.extensions["dev_reply"].sent == []


def test_a_mail_that_does_not_exist_is_missing(client):
    assert client.get("/dev/inbox/nothing").status_code == 404
    assert client.get("/dev/inbox/nothing/body").status_code == 404


def test_the_link_under_a_product_of_a_demo_shop_fills_in_the_landing_page(client, tmp_path: Path):
    shops = create_shops(tmp_path / "shops", tmp_path / "mailbox", "http://broker.test")
    address = "http://veter.localhost:8081/catalog/norrvik-city-3"
    page = html.fromstring(shops.test_client().get(address).data)
    (link,) = page.xpath("//footer//a[contains(@href, '?link=')]/@href")
    landing = html.fromstring(client.get(link.removeprefix("http://broker.test")).data)
    assert address in landing.xpath("//input[@name='link']/@value")


def test_without_a_mail_catcher_there_is_no_inbox(tmp_path: Path):
    site = create_app(Settings(database_url=f"sqlite:///{tmp_path}/broker.sqlite"))
    assert site.test_client().get("/dev/inbox").status_code == 404
