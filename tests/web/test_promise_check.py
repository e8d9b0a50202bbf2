"""The page on which a buyer says whether the shop called."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from discount_broker.discount_requests.queries import follow_url
from discount_broker.escalation.models import EscalationCase, Promise
from discount_broker.escalation.status import CaseReason, PromiseKind, PromiseStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose
from tests.builders import a_case, saved
from tests.web.conftest import Browser

HOUR = timedelta(hours=1)
Link = Callable[[Purpose, UUID], str]


@pytest.fixture
def promise(now: datetime) -> Promise:
    case = a_case(now)
    facts = {"outreach_id": case.outreach_id, "kind": PromiseKind.CALL_BUYER, "made_at": now - 9 * HOUR}
    return saved(Promise(**facts, due_at=now - 2 * HOUR, buyer_asked_at=now - HOUR))


@pytest.fixture
def path(promise: Promise, link: Link) -> str:
    return f"/promises/{link(Purpose.PROMISE, promise.id)}"


def test_to_look_changes_nothing(client: Browser, promise: Promise, path: str) -> None:
    for _ in range(2):
        assert "Yes, they called" in client.get(path).text
    assert client.head(path).status_code == 200
    assert promise.status is PromiseStatus.PENDING


def test_one_press_says_yes_and_the_second_changes_nothing(
    client: Browser, promise: Promise, path: str
) -> None:
    answer = client.press(path, called="yes")
    assert "We have noted that they called" in client.get(answer.location).text
    client.press(path, called="no")
    db.session.refresh(promise)
    assert (promise.status, promise.evidence) == (PromiseStatus.KEPT, "buyer")


def test_when_it_was_is_read_by_the_buyers_clock(
    client: Browser, promise: Promise, path: str, now: datetime
) -> None:
    client.set_cookie("zone", "UTC", domain="localhost")
    called_at = (promise.due_at + HOUR).replace(second=0, microsecond=0)
    client.press(path, called="yes", at=called_at.strftime("%Y-%m-%dT%H:%M"))
    db.session.refresh(promise)
    assert (promise.status, promise.settled_at) == (PromiseStatus.LATE, called_at)


@pytest.mark.parametrize("at", ["", "yesterday", "0001-01-01T00:00"])
def test_a_time_that_cannot_be_read_is_as_promised(
    client: Browser, promise: Promise, path: str, at: str
) -> None:
    client.press(path, called="yes", at=at)
    db.session.refresh(promise)
    assert promise.status is PromiseStatus.KEPT


def test_no_brings_the_case_back(client: Browser, promise: Promise, path: str) -> None:
    answer = client.press(path, called="no")
    assert "We call the shop for you" in client.get(answer.location).text
    assert db.session.query(EscalationCase).one().reason is CaseReason.PROMISE_BROKEN


def test_neither_of_both_is_no_answer(client: Browser, promise: Promise, path: str) -> None:
    assert "Yes, they called" in client.get(client.press(path, called="perhaps").location).text
    db.session.refresh(promise)
    assert promise.status is PromiseStatus.PENDING


def test_the_page_of_the_request_asks_too(client: Browser, promise: Promise) -> None:
    ask = promise.outreach.discount_request
    address = follow_url(ask).removeprefix("http://broker.test")
    page = client.get(address).text
    assert "Say whether they called" in page
    client.press(page.split('href="/promises/')[1].split('"')[0].join(("/promises/", "")), called="yes")
    assert "Say whether they called" not in client.get(address).text


def test_what_was_settled_otherwise_is_said(
    client: Browser, promise: Promise, path: str, now: datetime
) -> None:
    promise.status, promise.settled_at, promise.evidence = PromiseStatus.WITHDRAWN, now, "no longer needed"
    db.session.commit()
    assert "settled meanwhile" in client.get(path).text
    client.press(path, called="no")
    db.session.refresh(promise)
    assert promise.status is PromiseStatus.WITHDRAWN


def test_links_made_for_something_else_open_nothing(client: Browser, promise: Promise, link: Link) -> None:
    for purpose in (Purpose.FOLLOW, Purpose.OFFER):
        wrong = f"/promises/{link(purpose, promise.id)}"
        assert client.get(wrong).status_code == 404
        assert client.press(wrong, called="yes").status_code == 404
    assert (
        client.post(f"/promises/{link(Purpose.PROMISE, promise.id)}", data={"called": "yes"}).status_code
        == 400
    )
