"""Forms and answers of all shapes: in the address, in frames, on two pages, by script, in one word."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from discount_broker.adapters.web_form import WebFormChannel, human_pause
from tests.contract.form_shops import FormShop, posted
from tests.contract.form_shops_engines import page
from tests.contract.form_shops_fussy import FORM
from tests.contract.form_shops_sending import LETTER, Sender
from tests.contract.test_channels import MESSAGE
from tests.fakes import NOT_FOUND, Answer, Asked, FakeFetcher, redirect

TO_FORM = replace(MESSAGE, to="http://shop.test/contact", html=None)


@pytest.fixture(params=["guarded", "fake"])
def send(request: pytest.FixtureRequest) -> Iterator[Sender]:
    with ExitStack() as running:
        yield Sender(running, is_real=request.param == "guarded")


def test_a_form_that_asks_goes_into_the_address_and_is_asked_once(send: Sender) -> None:
    asked_for: list[str] = []

    def shop(asked: Asked) -> Answer:
        if asked.path == "/ask":
            asked_for.append(asked.url)
            return page("<p>Thank you for your question</p>")
        form = '<form action="/ask?x=1"><input name="email"><textarea name="message"></textarea></form>'
        return NOT_FOUND if asked.path == "/robots.txt" else page(form)

    assert send(shop, replace(LETTER, text="Hi, 10 %?")).outcome == "confirmed"
    assert asked_for == ["http://shop.test/ask?email=reply%2Br7k2m9%40in.broker.test&message=Hi%2C+10+%25%3F"]


def test_a_form_that_asks_and_hears_nothing_is_not_asked_again(send: Sender) -> None:
    count = []

    def shop(asked: Asked) -> Answer:
        if asked.path == "/ask":
            count.append(1)
            raise ConnectionError
        form = '<form action="/ask"><input name="email"><textarea name="message"></textarea></form>'
        return NOT_FOUND if asked.path == "/robots.txt" else page(form)

    assert send(shop).outcome == "unconfirmed"
    assert len(count) == 1


def test_a_page_in_windows_1251_gets_what_it_lacks_as_browsers_send_it(send: Sender) -> None:
    shop = FormShop(charset="windows-1251", attributes='accept-charset="windows-1251"')
    report = send.channel(shop).send_form("http://shop.test/contacts", replace(LETTER, text="Цена 5 € – 😀"))
    assert report.outcome == "confirmed"
    assert shop.taken[0]["message"] == "Цена 5 € – &#128512;"


def test_the_letter_is_shown_once_more_and_confirmed(send: Sender) -> None:
    steps: list[dict[str, str]] = []

    def shop(asked: Asked) -> Answer:
        if asked.path == "/robots.txt":
            return NOT_FOUND
        if asked.method == "GET":
            return page(FORM.format(token=1, more="", message=""))
        steps.append(posted(asked))
        if "mode" in steps[-1]:
            return page("<p>Thank you for your message.</p>")
        shown = "".join(f"<input type=hidden name={n} value='{v}'>" for n, v in steps[-1].items())
        buttons = (
            '<button name="mode" value="back">Back</button><button name="mode" value="send">Send</button>'
        )
        return page(f'<h2>Is it right?</h2><form method="post" action="/send">{shown}{buttons}</form>')

    report = send(shop)
    assert report.outcome == "confirmed"
    assert [step.get("mode") for step in steps] == [None, "send"]
    assert steps[1]["message"] == steps[0]["message"]


def test_a_letter_lost_on_its_second_page_is_left_to_a_person(send: Sender) -> None:
    posts: list[dict[str, str]] = []

    def shop(asked: Asked) -> Answer:
        if asked.method == "GET":
            return (
                NOT_FOUND if asked.path == "/robots.txt" else page(FORM.format(token=1, more="", message=""))
            )
        posts.append(posted(asked))
        if len(posts) > 1:
            raise ConnectionError
        shown = "".join(f"<input type=hidden name={n} value='{v}'>" for n, v in posts[-1].items())
        return page(f'<form method="post" action="/send">{shown}<button>Send</button></form>')

    assert send(shop).outcome == "unconfirmed"
    assert len(posts) == 2


@pytest.mark.parametrize(
    ("body", "content_type", "outcome"),
    [
        (
            "<script>alert('Спасибо! Ваша заявка принята');location.href='/';</script>",
            "text/html",
            "confirmed",
        ),
        ("parent.show('\\u041e\\u0448\\u0438\\u0431\\u043a\\u0430');", "application/javascript", "refused"),
        ("<script>top.location = '/contact/thank-you'</script>", "text/html", "confirmed"),
        ("<script>top.location = '/'</script>", "text/html", "unconfirmed"),
        ('callback({"success": true});', "text/javascript", "confirmed"),
        ('<textarea>{"status": "mail_sent"}</textarea>', "text/html", "confirmed"),
        ("ok", "text/html", "confirmed"),
        ("1", "text/html", "confirmed"),
        ("error", "text/plain", "refused"),
        ('{"needcaptcha": 1}', "application/json", "captcha"),
    ],
)
def test_answers_that_are_no_pages_are_read(send: Sender, body: str, content_type: str, outcome: str) -> None:
    shop = FormShop(answer=Answer(body.encode(), content_type=content_type))
    assert send(shop, path="/contacts").outcome == outcome
    assert len(shop.taken) == 1


def test_a_page_that_sends_its_reader_on_at_once_is_followed(send: Sender) -> None:
    onward = Answer(b'<meta http-equiv="refresh" content="0;url=/done"><p>...</p>')
    shop = FormShop(answer=onward)

    def site(asked: Asked) -> Answer:
        return page("<p>Your message has been sent.</p>") if asked.path == "/done" else shop(asked)

    assert send(site, path="/contacts").outcome == "confirmed"
    assert len(shop.taken) == 1


@pytest.mark.parametrize(
    ("notice", "outcome"), [("Ваше сообщение отправлено", "confirmed"), ("", "unconfirmed")]
)
def test_what_always_stands_on_the_home_page_proves_nothing(send: Sender, notice: str, outcome: str) -> None:
    notices = [notice]

    def site(asked: Asked) -> Answer:
        if asked.path != "/":
            return shop(asked)
        said = f"<p class=alert>{notices.pop()}</p>" if notices and shop.taken else ""
        return page(f"{said}<p>Оставьте номер, и мы вам перезвоним.</p><p>Спасибо, что вы с нами!</p>")

    shop = FormShop(answer=redirect("/"))
    assert send(site, path="/contacts").outcome == outcome
    assert len(shop.taken) == 1


def test_a_form_in_a_frame_of_the_page_is_found(send: Sender) -> None:
    shop = FormShop()

    def site(asked: Asked) -> Answer:
        return page('<iframe src="/contacts"></iframe>') if asked.path == "/contact" else shop(asked)

    send.channel(site).send(TO_FORM)
    assert len(shop.taken) == 1


def test_evidence_is_bounded_and_holds_no_cookies(send: Sender) -> None:
    shop = FormShop(answer=page("<p>Thank you.</p>" + "<p>word </p>" * 5000, Set_Cookie="secret=s3cr3t"))
    evidence = (
        send.channel(shop).send_form("http://shop.test/contacts", replace(LETTER, text="x " * 5000)).evidence
    )
    written = json.dumps(evidence)
    assert len(written) < 6000
    assert "s3cr3t" not in written


def test_somebody_takes_a_while_before_sending() -> None:
    waited: list[float] = []
    shop = FormShop()
    fetcher = FakeFetcher({"shop.test": shop})
    channel = WebFormChannel(fetcher, service_name="S", pause=waited.append)
    channel.send(replace(TO_FORM, to="http://shop.test/contacts"))
    assert len(waited) == 1
    assert 2 <= waited[0] <= 5
    human_pause(speed=1e9)(5)
