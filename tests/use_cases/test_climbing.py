"""Climbing the ladder of a shop."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.queries import find_case_of
from discount_broker.escalation.status import CaseReason
from discount_broker.escalation.use_cases import open_due_cases
from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import Job
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.operations import suppress, withhold
from discount_broker.messaging.ports import FailureReason, OutcomeUnknown, PermanentFailure, TemporaryFailure
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.messaging.use_cases import requeue_lost as requeue_deliveries
from discount_broker.outreach.models import InboundMail, Outreach, Reply
from discount_broker.outreach.status import OutreachStatus, ReplyKind
from discount_broker.outreach.use_cases import (
    ask_shop,
    requeue_lost,
    settle_delivery,
    take_due_steps,
    tell_the_silence,
)
from discount_broker.shops.status import ContactState
from tests.builders import a_product, a_request, a_shop, an_outreach, saved
from tests.fakes import FakeChannel, RecordingQueue
from tests.use_cases.conftest import Work
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)
DEAD = PermanentFailure("550 no such user", FailureReason.ADDRESS_DEAD)


def planned(now: datetime, **doors: tuple[str, ...]) -> Outreach:
    return an_outreach(now, a_request(now, RequestStatus.ASKED, shop=a_shop(now, "tools.ru", **doors)))


def story(request: DiscountRequest) -> list[str]:
    db.session.expire_all()
    return [entry.event for entry in request.timeline]


def test_the_whole_ladder_of_a_silent_shop(
    work_at: Work, mail: FakeChannel, forms: FakeChannel, now: datetime
) -> None:
    outreach = planned(now, emails=("a@tools.ru", "b@tools.ru"), forms=("https://tools.ru/form",))
    ask_shop(outreach.shop_id, now)
    seen = []
    for _ in range(5):
        work_at(now)
        seen.append([m.to for m in (*mail.sent, *forms.sent)])
        mail.sent.clear()
        forms.sent.clear()
        db.session.expire_all()
        if outreach.next_step_at is None:
            break
        take_due_steps(outreach.next_step_at - timedelta(minutes=1))
        assert not work_at(now), "not a minute early"
        now = outreach.next_step_at
        take_due_steps(now)
        take_due_steps(now)
    assert seen == [["a@tools.ru"], ["b@tools.ru"], ["https://tools.ru/form"], ["a@tools.ru"], []]
    assert (outreach.status, outreach.exhausted_why) == (OutreachStatus.EXHAUSTED, "silence")
    assert open_due_cases(now) == 1
    assert open_due_cases(now) == 0
    case = find_case_of(outreach.id)
    assert case is not None
    assert case.reason is CaseReason.SILENCE


def test_a_dead_mailbox_makes_room_for_the_next_door_at_once(
    work_at: Work, mail: FakeChannel, forms: FakeChannel, now: datetime
) -> None:
    outreach = planned(now, emails=("dead@tools.ru",), forms=("https://tools.ru/form",))
    mail.dead["dead@tools.ru"] = DEAD
    ask_shop(outreach.shop_id, now)
    work_at(now)
    assert [m.to for m in forms.sent] == ["https://tools.ru/form"]
    states = {point.value: point.state for point in outreach.shop.contact_points}
    assert states == {"dead@tools.ru": ContactState.DEAD, "https://tools.ru/form": ContactState.UNVERIFIED}


def test_settling_twice_tells_and_tries_once(work_at: Work, mail: FakeChannel, now: datetime) -> None:
    outreach = planned(now, emails=("dead@tools.ru", "b@tools.ru"))
    mail.dead["dead@tools.ru"] = TemporaryFailure("full")
    mail.dead["dead@tools.ru"] = PermanentFailure("552 quota", FailureReason.REFUSED)
    ask_shop(outreach.shop_id, now)
    work_at(now)
    for _ in range(2):
        settle_delivery(outreach.steps[0].delivery_id, now)
    assert story(outreach.discount_request).count("door_failed") == 1
    assert len(outreach.steps) == 2


def test_all_doors_dead_is_a_case_at_once(work_at: Work, mail: FakeChannel, now: datetime) -> None:
    outreach = planned(now, emails=("a@tools.ru", "b@tools.ru"))
    mail.failing_with = DEAD
    ask_shop(outreach.shop_id, now)
    work_at(now)
    db.session.expire_all()
    assert (outreach.status, outreach.exhausted_why) == (OutreachStatus.EXHAUSTED, "doors_dead")


def test_a_captcha_met_on_the_way_is_for_people(work_at: Work, forms: FakeChannel, now: datetime) -> None:
    outreach = planned(now, forms=("https://tools.ru/form",))
    forms.failing_with = PermanentFailure("smartcaptcha", FailureReason.CAPTCHA)
    ask_shop(outreach.shop_id, now)
    work_at(now)
    db.session.expire_all()
    assert outreach.exhausted_why == "captcha"
    assert outreach.shop.contact_points[0].state is ContactState.UNVERIFIED


def test_a_form_of_unknown_outcome_is_never_filled_again(
    work_at: Work, forms: FakeChannel, now: datetime
) -> None:
    outreach = planned(now, forms=("https://tools.ru/form",))
    forms.failing_with = OutcomeUnknown("time-out")
    ask_shop(outreach.shop_id, now)
    work_at(now)
    db.session.expire_all()
    assert (outreach.status, outreach.exhausted_why) == (OutreachStatus.EXHAUSTED, "outcome_unknown")
    assert len(outreach.steps) == 1


def test_a_shop_without_doors_is_a_case(now: datetime) -> None:
    outreach = planned(now)
    ask_shop(outreach.shop_id, now)
    assert outreach.exhausted_why == "no_contact_points"


def test_a_stop_between_plan_and_delivery_ends_in_a_stated_reason(
    work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    outreach = planned(now, emails=("a@tools.ru",))
    ask_shop(outreach.shop_id, now)
    with transaction():
        suppress("email:a@tools.ru", reason="wish", cause="", now=now)
    work_at(now)
    db.session.expire_all()
    assert not mail.sent
    assert outreach.steps[0].delivery.status is DeliveryStatus.STOPPED
    assert outreach.status is OutreachStatus.EXHAUSTED


def test_a_message_that_has_not_left_is_not_followed_by_another(
    work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    outreach = planned(now, emails=("a@tools.ru", "b@tools.ru"))
    with transaction():
        withhold("all", reason="operator", cause="", now=now)
    ask_shop(outreach.shop_id, now)
    work_at(now)
    take_due_steps(now + DAY)
    db.session.expire_all()
    assert not mail.sent
    assert len(outreach.steps) == 1
    assert outreach.next_step_at == now + DAY + timedelta(hours=2)


def test_a_message_that_is_put_off_for_a_day_does_not_keep_the_next_door_waiting(
    work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    outreach = planned(now, emails=("a@tools.ru", "b@tools.ru"))
    mail.dead["a@tools.ru"] = TemporaryFailure("451 greylisted")
    ask_shop(outreach.shop_id, now)
    work_at(now)
    take_due_steps(now + DAY)
    work_at(now + DAY)
    db.session.expire_all()
    assert [message.to for message in mail.sent] == ["b@tools.ru"]
    assert outreach.steps[0].delivery.status is DeliveryStatus.QUEUED, "it is tried on"


def test_a_shop_gets_its_share_a_day_over_all_buyers(work_at: Work, mail: FakeChannel, now: datetime) -> None:
    shop = a_shop(now, "tools.ru", emails=("a@tools.ru",))
    for n in range(12):
        product = a_product(now, shop, url=f"{shop.home_url}p/{n}")
        an_outreach(now, a_request(now, RequestStatus.ASKED, product=product))
    ask_shop(shop.id, now)
    seen = []
    for day in range(4):
        at = now + day * DAY
        requeue_deliveries(at)
        work_at(at)
        seen.append(len(mail.sent))
        mail.sent.clear()
    assert seen == [5, 1, 0, 0], "what is above the budget comes in one letter the next day"


def test_two_workers_asking_one_shop_ask_once(
    app: Flask, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    shop_id = planned(now, emails=("a@tools.ru",)).shop_id
    results = race(app, *[lambda: ask_shop(shop_id, now)] * 4)
    assert sorted(results) == [0, 0, 0, 1]
    work_at(now)
    assert len(mail.sent) == 1


def test_lost_bells_are_rung_again(
    queue: RecordingQueue, mail: FakeChannel, work_at: Work, now: datetime
) -> None:
    unplanned = a_request(now)
    waiting = planned(now, emails=("a@tools.ru", "b@tools.ru"))
    requeue_lost()
    assert set(queue.take()) == {(Job.PLAN_OUTREACH, unplanned.id), (Job.ASK_SHOP, waiting.shop_id)}
    ask_shop(waiting.shop_id, now)
    step = waiting.steps[0]
    step.delivery.status, step.delivery.due_at = DeliveryStatus.UNKNOWN, None
    db.session.commit()
    queue.take()
    requeue_lost()
    assert (Job.SETTLE_DELIVERY, step.delivery_id) in queue.rung


def test_silence_is_told_once(work_at: Work, mail: FakeChannel, now: datetime) -> None:
    outreach = planned(now, emails=("a@tools.ru",))
    buyer = outreach.discount_request.buyer
    assert buyer is not None
    ask_shop(outreach.shop_id, now)
    work_at(now)
    mail.sent.clear()
    for hours in (47, 49, 50):
        tell_the_silence(now + timedelta(hours=hours))
        work_at(now + timedelta(hours=hours))
    assert [m.to for m in mail.sent] == [buyer.email]
    assert story(outreach.discount_request).count("silence_told") == 1


def test_a_shop_that_declined_is_not_called_silent(work_at: Work, mail: FakeChannel, now: datetime) -> None:
    outreach = planned(now, emails=("a@tools.ru",))
    outreach.answered_at = now
    db.session.commit()
    tell_the_silence(now + 3 * DAY)
    assert not work_at(now + 3 * DAY)


def test_a_shop_that_wrote_in_its_own_words_is_not_called_silent(
    work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    outreach = planned(now, emails=("a@tools.ru",))
    facts = {"sender": "a@tools.ru", "subject": "Re", "text": "Which colour?", "received_at": now}
    came = saved(InboundMail(digest="1", recipient="r", content=b"", received_at=now, read_at=now))
    saved(Reply(outreach=outreach, inbound_mail_id=came.id, kind=ReplyKind.HUMAN, **facts))
    tell_the_silence(now + 3 * DAY)
    assert not work_at(now + 3 * DAY)


def test_nothing_of_the_buyer_goes_out_without_consent(
    work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    for may_contact in (False, True):
        shop = a_shop(now, emails=("a@tools.ru",))
        request = a_request(
            now, RequestStatus.ASKED, shop=shop, phone="+79161234567", may_contact_directly=may_contact
        )
        an_outreach(now, request)
        ask_shop(shop.id, now)
        work_at(now)
        assert request.buyer is not None
        assert (request.buyer.email in mail.sent[-1].text) is may_contact


def test_a_form_that_is_sent_to_a_shop_which_forbids_it_stays_closed(
    work_at: Work, forms: FakeChannel, now: datetime
) -> None:
    outreach = planned(now, forms=("https://tools.ru/form",))
    (door,) = outreach.shop.contact_points
    door.form = {"kind": "contact", "action": "https://crm.other.ru/take", "fields": {}}
    suppress("shop:other.ru", reason="never", cause="", now=now)
    db.session.commit()
    ask_shop(outreach.shop_id, now)
    work_at(now)
    assert not forms.sent
