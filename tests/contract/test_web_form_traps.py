"""What goes wrong with feedback forms: nothing that may have been taken is ever posted again."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import NoReturn

import pytest

from discount_broker.adapters.http_fetch import GuardedFetcher, Limits
from discount_broker.adapters.web_form import WebFormChannel
from discount_broker.adapters.web_form.finding import find_form
from discount_broker.discovery.ports import FetchRefused, RefusedWhy
from discount_broker.messaging.ports import (
    FailureReason,
    OutcomeUnknown,
    PermanentFailure,
    TemporaryFailure,
)
from tests.contract.form_shops import FormShop, posted
from tests.contract.form_shops_engines import page
from tests.contract.form_shops_fussy import FORM
from tests.contract.form_shops_sending import LETTER, Sender
from tests.contract.servers import dead_place, talking
from tests.contract.test_channels import MESSAGE
from tests.contract.test_fetchers import nobody_knows
from tests.fakes import NOT_FOUND, Answer, Asked, FakeFetcher, FakeVisit, redirect, site_of

TO_FORM = replace(MESSAGE, to="http://shop.test/contact", html=None)


@pytest.fixture(params=["guarded", "fake"])
def send(request: pytest.FixtureRequest) -> Iterator[Sender]:
    with ExitStack() as running:
        yield Sender(running, is_real=request.param == "guarded")


def test_a_guard_before_the_site_is_left_to_a_person(send: Sender) -> None:
    wall = Answer(b"<title>Just a moment...</title>", 403, headers={"cf-mitigated": "challenge"})
    assert send(site_of({"/contact": wall})).outcome == "captcha"
    shop = FormShop(answer=wall)
    assert send(shop, path="/contacts").outcome == "captcha"
    assert len(shop.taken) == 1


def test_a_form_that_another_service_puts_in_is_left_to_a_person(send: Sender) -> None:
    report = send(site_of({"/contact": "<h1>Contact</h1><script>hbspt.forms.create({})</script>"}))
    assert report.outcome == "script_only"
    assert report.evidence["to paste"]["name"] == LETTER.name


def test_a_form_that_has_changed_since_it_was_found_is_sent_as_it_is_now(send: Sender) -> None:
    fields = iter(("message", "your_question"))

    def shop(asked: Asked) -> Answer:
        if asked.method == "POST":
            taken.append(posted(asked))
            return page("<p>Thank you for your message.</p>")
        if asked.path == "/robots.txt":
            return NOT_FOUND
        area = f'<textarea name="{next(fields)}"></textarea>'
        return page(f'<form action="/send" method="post"><input name="email">{area}</form>')

    taken: list[dict[str, str]] = []
    channel = send.channel(shop)
    channel.send(TO_FORM)
    channel.send(replace(TO_FORM, idempotency_key="another"))
    assert [sorted(sent) for sent in taken] == [["email", "message"], ["email", "your_question"]]


def test_a_page_that_now_asks_for_a_password_has_no_form_for_us(send: Sender) -> None:
    login = '<form method="post"><input name="login"><input type="password" name="password"></form>'
    report = send(site_of({"/contact": login}))
    assert report.outcome == "not_found"


def test_a_page_that_leads_to_another_site_is_no_door_of_this_shop() -> None:
    stranger = FormShop()
    shop = site_of({"/contact": redirect("http://stranger.test/contacts")})
    channel = WebFormChannel(FakeFetcher({"shop.test": shop, "stranger.test": stranger}), service_name="S")
    with pytest.raises(PermanentFailure) as failure:
        channel.send(TO_FORM)
    assert failure.value.reason == FailureReason.FORM_GONE
    assert stranger.taken == []


def test_thanks_on_another_site_are_read_and_its_silence_proves_nothing() -> None:
    elsewhere = site_of(
        {"/done": page("<h1>Parked</h1>"), "/thanks": page("<p>Thank you for your message</p>")}
    )
    for path, outcome in (("/done", "unconfirmed"), ("/thanks", "confirmed")):
        shop = FormShop(answer=redirect(f"http://other.test{path}"))
        channel = WebFormChannel(FakeFetcher({"shop.test": shop, "other.test": elsewhere}), service_name="S")
        assert channel.send_form("http://shop.test/contacts", LETTER).outcome == outcome
        assert len(shop.taken) == 1


def test_a_shop_that_answers_500_for_a_day_is_tried_again_and_posted_to_once(send: Sender) -> None:
    answers = iter([Answer(b"Oh", 500)] * 24)
    shop = FormShop()

    def site(asked: Asked) -> Answer:
        return shop(asked) if asked.path != "/contact" else next(answers, None) or shop.show()

    channel = send.channel(site)
    for _ in range(24):
        with pytest.raises(TemporaryFailure):
            channel.send(TO_FORM)
    assert shop.taken == []
    channel.send(TO_FORM)
    assert len(shop.taken) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(b"Oh", 500), OutcomeUnknown),
        (Answer(b"Bad gateway", 502), OutcomeUnknown),
        (Answer(b"Gateway time-out", 504), OutcomeUnknown),
        (Answer(b"Unavailable", 503), OutcomeUnknown),
        (Answer(b"Repair", 503, headers={"Retry-After": "3600"}), TemporaryFailure),
        (Answer(b"Slow down", 429), TemporaryFailure),
        (Answer(b"No such page", 404), PermanentFailure),
        (Answer(b"Not allowed", 405), PermanentFailure),
    ],
)
def test_only_what_surely_was_not_taken_is_tried_again(
    send: Sender, answer: Answer, error: type[Exception]
) -> None:
    shop = FormShop(answer=answer)
    with pytest.raises(error):
        send.channel(shop).send(replace(TO_FORM, to="http://shop.test/contacts"))
    assert len(shop.taken) == 1


def test_a_shop_that_says_when_to_come_again_is_taken_at_its_word(send: Sender) -> None:
    busy = Answer(b"Repair", 503, headers={"Retry-After": "3600"})
    for shop, path in ((site_of({"/contact": busy}), "/contact"), (FormShop(answer=busy), "/contacts")):
        with pytest.raises(TemporaryFailure) as failure:
            send.channel(shop).send(replace(TO_FORM, to=f"http://shop.test{path}"))
        assert failure.value.retry_after == timedelta(hours=1)
        assert failure.value.counts


class BusyVisit(FakeVisit):
    """A walk through a site at which others have their turn."""

    def get(self, url: str) -> NoReturn:
        raise FetchRefused(url, RefusedWhy.BUDGET, is_final=False, wait=40)


def test_a_host_whose_turn_others_have_costs_no_try() -> None:
    with pytest.raises(TemporaryFailure) as failure:
        find_form(BusyVisit(FakeFetcher()), "http://shop.test/contacts", hops=0)
    assert not failure.value.counts
    assert failure.value.retry_after == timedelta(seconds=40)


def impatient(place: str) -> WebFormChannel:
    fetcher = GuardedFetcher(
        user_agent="B/1.0",
        resolve=(("shop.test", place),),
        delay=0,
        limits=Limits(seconds=0.5),
        look_up=nobody_knows,
    )
    return WebFormChannel(fetcher, service_name="S")


def test_a_page_that_never_comes_is_asked_for_again() -> None:
    def say_nothing(connection: socket.socket) -> None:
        connection.recv(1)

    with talking(say_nothing) as place, pytest.raises(TemporaryFailure):
        impatient(place).send(TO_FORM)
    with pytest.raises(TemporaryFailure):
        impatient(dead_place()).send(TO_FORM)


def test_an_answer_that_never_comes_is_never_sent_for_again() -> None:
    posts: list[bytes] = []
    form = page(FORM.format(token=1, more="", message="")).content

    def show_then_hang(connection: socket.socket) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n"
        if not posts and first:
            first.clear()
            connection.sendall(head % len(form) + form)
            return
        posts.append(b"post")
        connection.recv(1)

    first = [True]
    with talking(show_then_hang) as place, pytest.raises(OutcomeUnknown) as unknown:
        impatient(place).send(TO_FORM)
    assert posts == [b"post"]
    assert unknown.value.evidence["fields"]["message"].startswith("Здравствуйте!")
