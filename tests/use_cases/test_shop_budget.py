"""How often and when a shop is written to, by its own word."""

from datetime import UTC, datetime, timedelta

import pytest

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db
from discount_broker.offers.rules import Answer
from discount_broker.offers.status import AnswerKind
from discount_broker.offers.use_cases import submit_answer
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases import ask_shop, take_due_steps
from discount_broker.outreach.use_cases.merging import merge_shops
from discount_broker.shops.models import Shop
from tests.builders import a_request, a_shop, an_operator, an_outreach
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


@pytest.mark.parametrize(("theirs", "own", "kept"), [(0, None, 0), (3, 1, 1), (1, 3, 1), (None, 2, 2)])
def test_two_names_that_become_one_shop_are_written_to_no_more_than_either_allowed(
    theirs: int | None, own: int | None, kept: int | None, now: datetime
) -> None:
    hours, feed = {"mon": ["10:00", "12:00"]}, "https://tools.net/feed.xml"
    alias = a_shop(
        now, "tools.net", contact_budget=theirs, closed_days=["2030-02-01"], hours=hours, feed_url=feed
    )
    shop = a_shop(now, "tools.ru", contact_budget=own, closed_days=["2030-01-20"])
    merge_shops(alias.id, shop.id, an_operator(now).id, now)
    db.session.expire_all()
    assert (shop.contact_budget, shop.hours, shop.feed_url) == (kept, hours, feed)
    assert shop.closed_days == ["2030-01-20", "2030-02-01"]


def test_a_shop_that_wants_no_letters_gets_none_on_the_day_it_named_either(
    work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    shop = a_shop(now, "tools.ru", emails=("a@tools.ru",))
    outreach = planned(now, shop)
    ask_shop(shop.id, now)
    work_at(now)
    later = Answer(kind=AnswerKind.LATER, ask_again_on=(now + timedelta(days=2)).date())
    submit_answer(outreach.id, later, now)
    shop.contact_budget = 0
    db.session.commit()
    mail.sent.clear()

    for days in (3, 5):
        take_due_steps(now + timedelta(days=days))
        work_at(now + timedelta(days=days))

    assert "tools.ru" not in {message.to.rpartition("@")[2] for message in mail.sent}
    assert outreach.status is OutreachStatus.EXHAUSTED
