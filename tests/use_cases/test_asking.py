"""What a buyer does until shops can be asked."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from flask import Flask

from discount_broker.accounts.queries import find_buyer_by_email
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.rules import Ask, WishKind
from discount_broker.discount_requests.status import ReadingStatus, RequestStatus
from discount_broker.discount_requests.use_cases import (
    confirm_request,
    repeat_reading,
    start_draft,
    submit_request,
)
from discount_broker.kernel.clock import paced
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import IllegalTransition, Refused, TokenExpired
from discount_broker.kernel.jobs import Job
from tests.builders import a_request
from tests.fakes import FakeChannel, RecordingQueue
from tests.use_cases.conftest import Work
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")
ASK = Ask(wish_kind=WishKind.PERCENT, wish_value=Decimal(10), email="Anna@Mail.Example", language="en")


def a_draft(now: datetime, **given: object) -> DiscountRequest:
    return a_request(now, RequestStatus.DRAFT, **given)


def story(request: DiscountRequest) -> list[str]:
    db.session.expire_all()
    return [entry.event for entry in request.timeline]


def test_a_pasted_link_becomes_a_draft_that_is_read(queue: RecordingQueue, now: datetime) -> None:
    request = get_request(start_draft("смотрите https://tools.ru/p/1?utm_source=vk !", "ru", now))
    assert (request.product_url, request.language) == ("https://tools.ru/p/1", "ru")
    assert (request.status, request.reading) == (RequestStatus.DRAFT, ReadingStatus.WAITING)
    assert queue.rung == [(Job.READ_PRODUCT, request.id)]
    assert story(request) == ["draft_started"]


def test_what_is_no_link_leaves_nothing_behind(queue: RecordingQueue, now: datetime) -> None:
    with pytest.raises(Refused):
        start_draft("file:///etc/passwd", "en", now)
    assert not queue.rung


def test_a_signed_request_waits_for_its_confirmation(work_at: Work, mail: FakeChannel, now: datetime) -> None:
    request = a_draft(now)
    assert submit_request(request.id, replace(ASK, note=" red one ", phone=" +7 916 "), now) == request.id
    work_at(now)
    assert (request.status, request.wish_value) == (RequestStatus.UNCONFIRMED, Decimal(10))
    assert (request.note, request.phone, request.confirmed_at) == ("red one", "+7 916", None)
    assert [m.to for m in mail.sent] == ["anna@mail.example"]
    assert "http://broker.test/confirm/" in mail.sent[0].text


def test_a_double_press_is_one_press(work_at: Work, mail: FakeChannel, now: datetime) -> None:
    request = a_draft(now)
    assert submit_request(request.id, ASK, now) == submit_request(request.id, ASK, now)
    work_at(now)
    assert len(mail.sent) == 1
    submit_request(request.id, ASK, now + timedelta(minutes=5))
    db.session.expire_all()
    assert [entry.event for entry in request.timeline].count("submitted") == 1
    work_at(now + timedelta(minutes=5))
    assert len(mail.sent) == 2, "the first may have been lost"


def test_two_presses_at_once_are_one_request(app: Flask, now: datetime) -> None:
    request_id = a_draft(now).id
    results = race(app, *[lambda: submit_request(request_id, ASK, now)] * 4)
    assert results == [request_id] * 4


def test_two_requests_of_one_new_buyer_at_once_are_of_one_buyer(app: Flask, now: datetime) -> None:
    ids = [a_draft(now).id for _ in range(4)]
    results = race(app, *[lambda each=each: submit_request(each, ASK, now) for each in ids])
    assert results == ids
    assert len({get_request(each).buyer_id for each in ids}) == 1


def test_a_mended_address_makes_a_twin_which_the_first_link_does_not_confirm(
    work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    first = a_draft(now)
    submit_request(first.id, replace(ASK, email="anna@gmial.com"), now)
    twin_id = submit_request(first.id, replace(ASK, email="anna@gmail.com"), now)
    work_at(now)
    twin = get_request(twin_id)
    assert twin_id != first.id
    assert (twin.product_id, twin.reading) == (first.product_id, ReadingStatus.READ)
    assert twin.number != first.number
    assert [m.to for m in mail.sent] == ["anna@gmial.com", "anna@gmail.com"]
    confirm_request(first.id, now)
    db.session.expire_all()
    assert get_request(twin_id).status is RequestStatus.UNCONFIRMED


def test_a_twin_of_a_request_that_is_being_read_is_read_too(queue: RecordingQueue, now: datetime) -> None:
    reading = {"reading": ReadingStatus.READING, "reading_until": now + timedelta(minutes=3)}
    first = a_draft(now, **reading)
    submit_request(first.id, ASK, now)
    twin = get_request(submit_request(first.id, replace(ASK, email="b@mail.example"), now))
    assert twin.reading is ReadingStatus.WAITING
    assert (Job.READ_PRODUCT, twin.id) in queue.rung


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"email": "anna@"}, "email_invalid"),
        ({"wish_value": Decimal(91)}, "percent_out_of_range"),
        ({"wish_kind": WishKind.PRICE, "wish_value": Decimal(12990)}, "price_not_lower"),
        ({"wish_kind": WishKind.PRICE, "wish_value": Decimal(0)}, "price_not_positive"),
    ],
)
def test_what_can_be_mended_is_refused_and_nothing_lost(
    changed: dict[str, object], code: str, now: datetime
) -> None:
    request = a_draft(now)
    with pytest.raises(Refused) as refused:
        submit_request(request.id, replace(ASK, **changed), now)  # type: ignore[arg-type]
    assert refused.value.code == code
    db.session.expire_all()
    assert request.status is RequestStatus.DRAFT
    assert find_buyer_by_email("anna@mail.example") is None


def test_the_buyers_own_words_stand_in_for_a_page_that_was_not_read(now: datetime) -> None:
    unread = {"product": None, "reading": ReadingStatus.FAILED, "reading_failure": "needs_script"}
    request = a_draft(now)
    for name, value in unread.items():
        setattr(request, name, value)
    db.session.commit()
    with pytest.raises(Refused, match="product_title_missing"):
        submit_request(request.id, ASK, now)
    submit_request(request.id, replace(ASK, product_title="  Drill "), now)
    assert request.product is not None
    assert (request.product.title, request.product.price, request.product.confidence) == ("Drill", None, 0)
    assert request.product.shop.domain in request.product_url


def test_a_page_that_is_not_there_cannot_be_asked_about(now: datetime) -> None:
    request = a_draft(now, reading=ReadingStatus.FAILED, reading_failure="http_404")
    with pytest.raises(Refused, match="product_unread"):
        submit_request(request.id, replace(ASK, product_title="Drill"), now)


def test_confirming_starts_the_work_once(queue: RecordingQueue, now: datetime) -> None:
    request = a_request(now, RequestStatus.UNCONFIRMED, phone="+79161234567")
    confirm_request(request.id, now)
    confirm_request(request.id, now + timedelta(days=9))
    assert request.status is RequestStatus.CONFIRMED
    assert (request.confirmed_at, request.expires_at) == (now, now + timedelta(days=14))
    assert request.buyer is not None
    assert (request.buyer.email_confirmed_at, request.buyer.phone) == (now, "+79161234567")
    assert queue.rung == [(Job.PLAN_OUTREACH, request.id)]
    assert story(request) == ["confirmed"]


def test_a_confirmation_can_come_too_late(now: datetime) -> None:
    request = a_request(now, RequestStatus.UNCONFIRMED)
    with pytest.raises(TokenExpired):
        confirm_request(request.id, now + timedelta(days=3, minutes=1))
    submit_request(request.id, replace(ASK, email=request.buyer.email), now + timedelta(days=4))
    confirm_request(request.id, now + timedelta(days=5))
    assert request.status is RequestStatus.CONFIRMED


def test_what_was_never_signed_cannot_be_confirmed_nor_what_was_confirmed_be_changed(now: datetime) -> None:
    with pytest.raises(IllegalTransition):
        confirm_request(a_draft(now).id, now)
    confirmed = a_request(now)
    with pytest.raises(IllegalTransition):
        submit_request(confirmed.id, replace(ASK, email=confirmed.buyer.email), now)


def test_a_failed_reading_can_be_repeated_until_shops_are_asked(queue: RecordingQueue, now: datetime) -> None:
    failed = {"reading": ReadingStatus.FAILED, "reading_failure": "http_500"}
    draft, asked = a_draft(now, **failed), a_request(now, RequestStatus.ASKED, **failed)
    for request in (draft, draft, asked):
        repeat_reading(request.id, now)
    assert queue.rung == [(Job.READ_PRODUCT, draft.id)]
    assert draft.reading is ReadingStatus.WAITING


def test_a_demonstration_waits_less_but_leaves_people_an_hour_for_calls(app: Flask, now: datetime) -> None:
    app.config["CLOCK_SPEED"] = 3600.0
    try:
        assert paced(now + timedelta(days=1), now) == now + timedelta(seconds=24)
        request = a_request(now, RequestStatus.UNCONFIRMED)
        confirm_request(request.id, now)
        assert request.expires_at == now + timedelta(hours=1)
    finally:
        app.config["CLOCK_SPEED"] = 1


def test_numbers_are_unique(now: datetime) -> None:
    numbers = {get_request(start_draft("tools.ru/p/1", "en", now)).number for _ in range(20)}
    assert len(numbers) == 20
    assert isinstance(start_draft("tools.ru/p/1", "en", now), UUID)
