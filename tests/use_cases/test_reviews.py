"""Tasks that exist exactly once: dead doors, and our own sending when it is refused."""

from datetime import datetime, timedelta

import pytest

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.queries import list_reviews
from discount_broker.escalation.status import ReviewKind
from discount_broker.escalation.use_cases import open_reviews, settle_review
from discount_broker.kernel.db import db
from discount_broker.messaging.ports import FailureReason, PermanentFailure
from discount_broker.messaging.status import ReceiptKind
from discount_broker.messaging.use_cases import take_receipt
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.use_cases import ask_shop
from discount_broker.outreach.use_cases.merging import merge_shops
from discount_broker.shops.status import ContactState
from tests.builders import a_request, a_shop, an_operator, an_outreach
from tests.fakes import FakeChannel
from tests.use_cases.conftest import Work

pytestmark = pytest.mark.usefixtures("app")
DEAD = PermanentFailure("550 no such user", FailureReason.ADDRESS_DEAD)


def asked(now: datetime, work_at: Work, *emails: str) -> Outreach:
    shop = a_shop(now, emails=emails)
    outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
    ask_shop(shop.id, now)
    work_at(now)
    db.session.expire_all()
    return outreach


def test_a_dead_address_is_one_task_however_often_it_is_noticed(
    work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    mail.dead["dead@tools.ru"] = DEAD
    outreach = asked(now, work_at, "dead@tools.ru", "b@tools.ru")
    dead = outreach.steps[0].delivery
    for number in range(3):
        take_receipt(dead.id, ReceiptKind.HARD_BOUNCE, reference=f"{number}", detail="550", at=now, now=now)
        work_at(now)
        open_reviews(now)
    (review,) = list_reviews()
    assert (review.kind, review.facts["value"]) == (ReviewKind.ADDRESS_DEAD, "dead@tools.ru")
    assert [step.contact_point.value for step in outreach.steps] == ["dead@tools.ru", "b@tools.ru"]
    settle_review(review.id, an_operator(now).id, now)
    assert open_reviews(now) == 0
    assert list_reviews() == []


def test_a_full_mailbox_is_forgiven_twice_in_two_weeks(work_at: Work, now: datetime) -> None:
    shop = a_shop(now, "tools.ru", emails=("full@tools.ru",))
    states = []
    for day in range(3):
        at = now + timedelta(days=day)
        outreach = an_outreach(at, a_request(at, RequestStatus.ASKED, shop=shop))
        ask_shop(shop.id, at)
        work_at(at)
        db.session.expire_all()
        sent = outreach.steps[0].delivery
        take_receipt(sent.id, ReceiptKind.SOFT_BOUNCE, reference="x", detail="4.2.2 full", at=at, now=at)
        work_at(at)
        db.session.expire_all()
        states.append(shop.contact_points[0].state)
    assert states == [ContactState.UNVERIFIED, ContactState.UNVERIFIED, ContactState.DEAD]


def test_a_refusal_of_our_sending_kills_no_address_and_the_next_door_is_tried(
    work_at: Work, now: datetime
) -> None:
    outreach = asked(now, work_at, "a@tools.ru", "b@tools.ru")
    sent = outreach.steps[0].delivery
    take_receipt(sent.id, ReceiptKind.POLICY_BOUNCE, reference="x", detail="5.7.1 blocked", at=now, now=now)
    work_at(now)
    db.session.expire_all()
    assert [step.contact_point.state for step in outreach.steps] == [ContactState.UNVERIFIED] * 2
    assert open_reviews(now) == 0


def test_a_paused_domain_raises_one_alarm(work_at: Work, mail: FakeChannel, now: datetime) -> None:
    for number in range(4):
        address = f"info@strict{number}.example"
        mail.dead[address] = PermanentFailure("550 5.7.1 no", FailureReason.POLICY)
        asked(now, work_at, address)
        open_reviews(now)
    (review,) = list_reviews()
    assert review.kind is ReviewKind.SENDING_PAUSED


def test_a_shop_whose_dead_address_is_a_task_can_be_merged(
    work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    mail.dead["dead@tools.ru"] = DEAD
    outreach = asked(now, work_at, "dead@tools.ru")
    open_reviews(now)
    shop = a_shop(now, emails=("dead@tools.ru",))
    merge_shops(outreach.shop_id, shop.id, an_operator(now).id, now)
    db.session.expire_all()
    assert [review.facts["value"] for review in list_reviews()] == ["dead@tools.ru"]
    (door,) = shop.contact_points
    assert door.state is ContactState.DEAD
    open_reviews(now)
    assert len(list_reviews()) == 1
