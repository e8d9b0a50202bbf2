"""A shop that always acknowledges letters at once, and did not this time."""

from datetime import datetime, timedelta

import pytest

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.queries import rate_of
from discount_broker.outreach.rules import Cases
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases import ask_shop, learn_rates, take_due_steps
from discount_broker.shops.models import Shop
from discount_broker.shops.status import ContactKind
from tests.builders import a_request, a_shop, an_outreach
from tests.fakes import FakeChannel
from tests.use_cases.conftest import Work

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)


def ask(shop: Shop, work_at: Work, at: datetime) -> Outreach:
    outreach = an_outreach(at, a_request(at, RequestStatus.ASKED, shop=shop))
    ask_shop(shop.id, at)
    work_at(at)
    db.session.expire_all()
    return outreach


def with_habit(shop: Shop, work_at: Work, now: datetime) -> None:
    """Three letters of earlier days, each acknowledged within two minutes and answered later."""
    for day in range(1, 4):
        at = now - day * DAY
        outreach = ask(shop, work_at, at)
        step = outreach.steps[0]
        step.acknowledged_at, step.answered_at = at + timedelta(minutes=2), at + timedelta(hours=3)
        outreach.status, outreach.next_step_at = OutreachStatus.ANSWERED, None
        db.session.commit()


def test_the_next_door_is_tried_as_soon_as_the_usual_word_is_missing(
    work_at: Work, mail: FakeChannel, forms: FakeChannel, now: datetime
) -> None:
    shop = a_shop(now, "tools.ru", emails=("a@tools.ru",), forms=("https://tools.ru/form",))
    with_habit(shop, work_at, now)
    outreach = ask(shop, work_at, now)
    assert outreach.next_step_at == now + timedelta(minutes=30)
    take_due_steps(now + timedelta(minutes=30))
    assert [(s.contact_point.kind, s.why) for s in outreach.steps] == [
        (ContactKind.EMAIL, "answered_before"),
        (ContactKind.FORM, "not_received"),
    ]
    assert "not_acknowledged" in [entry.event for entry in outreach.discount_request.timeline]


def test_a_letter_that_was_acknowledged_has_its_whole_day(work_at: Work, now: datetime) -> None:
    shop = a_shop(now, "tools.ru", emails=("a@tools.ru",), forms=("https://tools.ru/form",))
    with_habit(shop, work_at, now)
    outreach = ask(shop, work_at, now)
    outreach.steps[0].acknowledged_at = now + timedelta(minutes=1)
    db.session.commit()
    take_due_steps(now + timedelta(minutes=30))
    db.session.expire_all()
    assert len(outreach.steps) == 1
    assert outreach.next_step_at == now + DAY


def test_where_no_door_is_left_nobody_is_called_before_the_wait_is_over(work_at: Work, now: datetime) -> None:
    shop = a_shop(now, "tools.ru", emails=("a@tools.ru",))
    with_habit(shop, work_at, now)
    outreach = ask(shop, work_at, now)
    take_due_steps(now + timedelta(minutes=30))
    db.session.expire_all()
    assert (outreach.status, outreach.next_step_at) == (OutreachStatus.ASKED, now + DAY)


def test_what_doors_do_is_counted_by_kind_and_country(work_at: Work, now: datetime) -> None:
    shop = a_shop(now, "tools.ru", emails=("a@tools.ru",))
    with_habit(shop, work_at, now)
    learn_rates(now)
    learn_rates(now)
    assert rate_of(ContactKind.EMAIL, "RU") == rate_of(ContactKind.EMAIL, "") == Cases(3, 3)
    assert rate_of(ContactKind.FORM, "RU") == Cases()
