"""How often and when a shop is written to, by its own word."""

from datetime import UTC, datetime, timedelta

import pytest

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases import ask_shop, take_due_steps
from discount_broker.shops.models import Shop
from tests.builders import a_request, a_shop, an_outreach
from tests.fakes import FakeChannel
from tests.use_cases.conftest import Work

pytestmark = pytest.mark.usefixtures("app")


def planned(now: datetime, shop: Shop) -> Outreach:
    return an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))


def story(outreach: Outreach) -> list[str]:
    db.session.expire_all()
    return [entry.event for entry in outreach.discount_request.timeline]


def test_a_shop_that_wants_one_letter_a_day_gets_the_rest_in_one(
    work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    shop = a_shop(now, "tools.ru", emails=("a@tools.ru",), contact_budget=1)
    first, second = planned(now, shop), planned(now, shop)
    ask_shop(shop.id, now)
    work_at(now)
    assert len(mail.sent) == 1
    db.session.expire_all()
    assert sorted(o.steps[0].delivery.template for o in (first, second)) == ["shop_digest", "shop_request"]


def test_a_shop_that_wants_no_letters_gets_none_and_people_call_after_a_working_day(
    work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    shop = a_shop(now, "tools.ru", emails=("a@tools.ru",), contact_budget=0)
    outreach = planned(now, shop)
    ask_shop(shop.id, now)
    work_at(now)
    assert (mail.sent, story(outreach)) == ([], ["put_on_page"])
    assert outreach.status is OutreachStatus.ASKED
    assert outreach.next_step_at is not None
    take_due_steps(outreach.next_step_at)
    assert story(outreach) == ["put_on_page", "handed_to_people"]
    assert (outreach.status, outreach.exhausted_why) == (OutreachStatus.EXHAUSTED, "silence")
    assert mail.sent == []


def test_a_shop_that_wants_letters_again_gets_those_that_waited(
    work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    shop = a_shop(now, "tools.ru", emails=("a@tools.ru",), contact_budget=0)
    outreach = planned(now, shop)
    ask_shop(shop.id, now)
    db.session.get_one(Shop, shop.id).contact_budget = None
    db.session.commit()
    assert outreach.next_step_at is not None
    later = outreach.next_step_at
    take_due_steps(later)
    work_at(later)
    assert [letter.to for letter in mail.sent] == ["a@tools.ru"]


def test_letters_leave_when_the_shop_says_it_is_open_and_the_wait_is_reckoned_so(
    work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    shop = a_shop(now, "tools.ru", emails=("a@tools.ru",), hours={"sat": ["10:00", "15:30"]})
    outreach = planned(now, shop)
    ask_shop(shop.id, now)
    saturday = datetime(2030, 1, 19, 7, 0, tzinfo=UTC)
    assert outreach.steps[0].delivery.due_at == saturday
    # A day of business time is nine hours: the rest of it is used on the Saturday after.
    assert outreach.next_step_at == saturday + timedelta(days=7, hours=3, minutes=30)
    work_at(now)
    assert mail.sent == []
