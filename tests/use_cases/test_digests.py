"""Above its budget a shop gets one letter that tells of all who wait."""

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event
from uuid import UUID

import pytest
from flask import Flask

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.ports import FailureReason, PermanentFailure
from discount_broker.messaging.queries import get_delivery
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.messaging.use_cases import requeue_lost
from discount_broker.outreach.models import InboundMail, Outreach, Reply
from discount_broker.outreach.operations import end, reply_address, stop_url, take_next_step
from discount_broker.outreach.operations.answering import stop_climbing
from discount_broker.outreach.queries import get_outreach
from discount_broker.outreach.status import OutreachEvent, OutreachStatus, ReplyKind
from discount_broker.outreach.use_cases import ask_shop
from discount_broker.shops.models import Shop
from tests.builders import a_product, a_request, a_shop, an_outreach, saved
from tests.fakes import FakeChannel
from tests.use_cases.conftest import Work
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)


@pytest.fixture
def shop(now: datetime) -> Shop:
    return a_shop(now, "tools.ru", emails=("a@tools.ru", "b@tools.ru"))


def wanting(now: datetime, shop: Shop, n: int) -> Outreach:
    """Each wants another product: those who want the same are one group, and count once."""
    product = a_product(now, shop, url=f"{shop.home_url}p/{n}")
    return an_outreach(now, a_request(now, RequestStatus.ASKED, product=product))


def asked(shop: Shop, now: datetime, count: int) -> list[Outreach]:
    outreaches = [wanting(now, shop, n) for n in range(count)]
    ask_shop(shop.id, now)
    db.session.expire_all()
    # Of one moment, they are asked in no order that is known.
    return sorted(outreaches, key=lambda o: o.steps[0].delivery.purpose.startswith("digest:"))


def numbers(outreaches: list[Outreach]) -> list[str]:
    return [outreach.discount_request.number for outreach in outreaches]


def test_what_is_above_the_budget_comes_in_one_letter_the_next_day(
    work_at: Work, mail: FakeChannel, shop: Shop, now: datetime
) -> None:
    *_, sixth, seventh = asked(shop, now, 7)
    work_at(now)
    assert len(mail.sent) == 5
    mail.sent.clear()
    requeue_lost(now + DAY)
    work_at(now + DAY)
    (digest,) = mail.sent
    assert all(number in digest.text for number in numbers([sixth, seventh]))
    assert sixth.steps[0].delivery_id == seventh.steps[0].delivery_id
    assert all(step.delivery.status is DeliveryStatus.SENT for step in (*sixth.steps, *seventh.steps))


def test_a_request_that_is_over_leaves_the_digest_and_an_empty_one_is_cancelled(
    shop: Shop, now: datetime
) -> None:
    *_, sixth, seventh = asked(shop, now, 7)
    digest = sixth.steps[0].delivery
    with transaction():
        end(sixth, OutreachEvent.DECLINED, now)
    assert sixth.discount_request.number not in get_delivery(digest.id).text
    assert seventh.discount_request.number in get_delivery(digest.id).text
    with transaction():
        end(seventh, OutreachEvent.DECLINED, now)
    assert get_delivery(digest.id).status is DeliveryStatus.STOPPED


def test_a_digest_that_comes_back_moves_all_its_requests_to_the_next_door(
    work_at: Work, mail: FakeChannel, shop: Shop, now: datetime
) -> None:
    *_, sixth, seventh = asked(shop, now, 7)
    work_at(now)
    mail.dead["a@tools.ru"] = PermanentFailure("550 no such user", FailureReason.ADDRESS_DEAD)
    requeue_lost(now + DAY)
    work_at(now + DAY)
    db.session.expire_all()
    for outreach in (sixth, seventh):
        assert [step.contact_point.value for step in outreach.steps] == ["a@tools.ru", "b@tools.ru"]


def test_one_that_is_on_its_way_takes_nobody_in_any_more(
    work_at: Work, mail: FakeChannel, shop: Shop, now: datetime
) -> None:
    sixth = asked(shop, now, 6)[-1]
    requeue_lost(now + DAY)
    work_at(now + DAY)
    (late,) = asked(shop, now + DAY, 1)
    assert late.steps[0].delivery_id != sixth.steps[0].delivery_id
    assert mail.sent


def test_the_page_of_a_digest_opens_every_request_that_still_waits(
    app: Flask, shop: Shop, now: datetime
) -> None:
    client = app.test_client()
    *_, sixth, seventh = asked(shop, now, 7)
    digest = sixth.steps[0].delivery
    address = f"/w/{issue_token(Purpose.WAITING, digest.id, digest.created_at)}"
    assert address in digest.text
    page = client.get(address, headers={"Accept-Language": "en"}).text
    assert all(number in page.replace("\u2011", "-") for number in numbers([sixth, seventh]))
    with transaction():
        end(sixth, OutreachEvent.ANSWERED, now)
    page = client.get(address).text.replace("\u2011", "-")
    assert sixth.discount_request.number not in page
    assert seventh.discount_request.number in page


def test_a_letter_waits_for_the_working_hours_of_the_shop(app: Flask, shop: Shop, now: datetime) -> None:
    here = app.extensions["site"]
    app.extensions["site"] = replace(here, shop_hours=(8, 20))
    saturday = now + timedelta(days=5)
    try:
        (outreach,) = asked(shop, saturday, 1)
    finally:
        app.extensions["site"] = here
    assert outreach.status is OutreachStatus.ASKED
    due_at = outreach.steps[0].delivery.due_at
    assert due_at is not None
    assert (due_at.strftime("%a %H:%M")) == "Mon 05:00", "eight o'clock in Moscow"
    assert [entry.event for entry in outreach.discount_request.timeline][-1] == "asked_shop_later"


def test_whom_a_person_has_answered_does_not_come_back_with_the_next_that_joins(
    shop: Shop, now: datetime
) -> None:
    *_, sixth, seventh = asked(shop, now, 7)
    mail = saved(InboundMail(digest="d", recipient="reply", content=b"", received_at=now))
    answer = Reply(
        inbound_mail_id=mail.id, kind=ReplyKind.HUMAN, sender="", subject="", text="5 %", received_at=now
    )
    with transaction():
        sixth.replies.append(answer)
        stop_climbing(sixth, now)
    (eighth,) = asked(shop, now, 1)
    digest = get_delivery(seventh.steps[0].delivery_id)
    assert eighth.steps[0].delivery_id == digest.id
    assert sixth.discount_request.number not in digest.text
    assert all(number in digest.text for number in numbers([seventh, eighth]))


def test_answers_to_a_digest_go_to_one_that_is_in_it_still_and_it_lasts_as_long_as_the_last_of_them(
    shop: Shop, now: datetime
) -> None:
    *_, sixth, seventh = asked(shop, now, 7)
    digest = get_delivery(sixth.steps[0].delivery_id)
    first, second = sorted((sixth, seventh), key=lambda one: reply_address(one) != digest.reply_to)
    first.discount_request.expires_at, second.discount_request.expires_at = now + DAY / 2, now + 5 * DAY
    db.session.commit()
    with transaction():
        end(first, OutreachEvent.DECLINED, now)
    digest = get_delivery(digest.id)
    assert (digest.reply_to, digest.stop_url) == (reply_address(second), stop_url(second))
    assert digest.expires_at == now + 5 * DAY


def test_one_that_leaves_does_not_push_out_another_that_joins_at_the_same_moment(
    app: Flask, shop: Shop, now: datetime
) -> None:
    *_, sixth, seventh = asked(shop, now, 7)
    late = wanting(now, shop, 90)
    digest_id, sixth_id, late_id = sixth.steps[0].delivery_id, sixth.id, late.id
    has_joined, has_left = Event(), Event()

    def join() -> None:
        with transaction():
            take_next_step(get_outreach(late_id, lock=True), now)
            has_joined.set()
            has_left.wait(0.5)  # the other one has to wait for us

    def leave() -> None:
        has_joined.wait(10)
        with transaction():
            end(get_outreach(sixth_id, lock=True), OutreachEvent.DECLINED, now)
        has_left.set()

    assert race(app, join, leave) == [None, None]
    digest = get_delivery(digest_id)
    assert sixth.discount_request.number not in digest.text
    assert all(number in digest.text for number in numbers([seventh, late]))


def ask_at_once(app: Flask, shop: Shop, now: datetime) -> list[Outreach]:
    """Two more requests to the shop, each in the hands of a worker of its own."""
    latest = [wanting(now, shop, 90 + n).id for n in range(2)]

    def ask(outreach_id: UUID) -> None:
        with transaction():
            take_next_step(get_outreach(outreach_id, lock=True), now)

    race(app, *[lambda each=each: ask(each) for each in latest])
    return [get_outreach(each) for each in latest]


def test_two_that_are_above_the_budget_at_the_same_moment_wait_in_one_digest(
    app: Flask, shop: Shop, now: datetime
) -> None:
    asked(shop, now, 5)
    assert len({outreach.steps[0].delivery_id for outreach in ask_at_once(app, shop, now)}) == 1


def test_the_last_letter_of_the_day_is_written_for_one_of_two_that_want_it(
    app: Flask, shop: Shop, now: datetime
) -> None:
    asked(shop, now, 4)
    purposes = [outreach.steps[0].delivery.purpose for outreach in ask_at_once(app, shop, now)]
    assert sum(purpose.startswith("digest:") for purpose in purposes) == 1
