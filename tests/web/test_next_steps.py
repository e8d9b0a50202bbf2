"""What the page of a request says comes next, and when."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from flask import Flask

from discount_broker.discount_requests.status import Outcome, RequestStatus
from discount_broker.escalation.operations import make_promise
from discount_broker.escalation.status import PromiseKind
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.offers.models import Offer
from discount_broker.offers.status import AnswerKind
from discount_broker.offers.use_cases.declining import expire_offers
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases import ask_shop
from discount_broker.web.moments import soon_in_words
from tests.builders import a_request, a_shop, an_outreach, saved
from tests.web.conftest import Browser

Link = Callable[[Purpose, UUID], str]
DAY = timedelta(days=1)


def asked_of(now: datetime, *, emails: tuple[str, ...], forms: tuple[str, ...] = ()) -> Outreach:
    shop = a_shop(now, name="Silent Tools", emails=emails, forms=forms)
    outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
    ask_shop(shop.id, now)
    delivery = outreach.steps[0].delivery
    delivery.status, delivery.sent_at, delivery.due_at = DeliveryStatus.SENT, now, None
    outreach.next_step_at = now + timedelta(minutes=30)
    db.session.commit()
    return outreach


def page_of(client: Browser, link: Link, outreach: Outreach) -> str:
    return client.get(f"/requests/{link(Purpose.FOLLOW, outreach.discount_request_id)}").text


@pytest.mark.parametrize(
    ("doors", "sentence"),
    [
        ({"emails": ("a@silent.ru",)}, "Silent Tools: we remind it "),
        ({"emails": ("a@silent.ru", "b@silent.ru")}, "Silent Tools: we try another way "),
    ],
    ids=["one door", "two doors"],
)
def test_the_ladder_of_a_silent_shop_is_told(
    client: Browser, link: Link, now: datetime, doors: dict[str, tuple[str, ...]], sentence: str
) -> None:
    page = page_of(client, link, asked_of(now, **doors))
    assert sentence in page
    assert "then we phone." in page


def test_after_the_reminder_only_the_telephone_is_left(client: Browser, link: Link, now: datetime) -> None:
    outreach = asked_of(now, emails=("a@silent.ru",))
    outreach.steps[0].is_reminder = True
    db.session.commit()
    assert "one of our people phones" in page_of(client, link, outreach)


def test_a_promise_is_told_instead_of_the_ladder(client: Browser, link: Link, now: datetime) -> None:
    outreach = asked_of(now, emails=("a@silent.ru",))
    with transaction():
        make_promise(outreach, PromiseKind.CALL_BUYER, now + 2 * DAY, now)
    page = page_of(client, link, outreach)
    assert "Silent Tools promised to call you, on " in page
    assert "we remind it" not in page


def test_a_shop_that_wants_to_be_asked_later_is_named_with_its_day(
    client: Browser, link: Link, now: datetime
) -> None:
    outreach = asked_of(now, emails=("a@silent.ru",))
    outreach.ask_again_on = (now + 20 * DAY).date()
    db.session.commit()
    assert "Silent Tools asked us to come back on" in page_of(client, link, outreach)


def test_a_shop_we_have_no_letter_for_is_phoned(client: Browser, link: Link, now: datetime) -> None:
    outreach = asked_of(now, emails=("a@silent.ru",))
    outreach.status, outreach.exhausted_why, outreach.next_step_at = OutreachStatus.EXHAUSTED, "silence", None
    db.session.commit()
    assert "letters did not help, so one of our people picks up the phone" in page_of(client, link, outreach)


def test_nobody_is_told_that_no_offer_came_where_one_ran_out(
    client: Browser, link: Link, now: datetime
) -> None:
    request = a_request(now, RequestStatus.ASKED)
    made = {"made_at": now - timedelta(days=3), "valid_until": now - timedelta(hours=1)}
    outreach = an_outreach(now, request, status=OutreachStatus.ANSWERED, answered_at=now - timedelta(days=3))
    outreach.shop.name = "Tools"
    terms = {"kind": AnswerKind.PERCENT, "percent": Decimal(5), "final_price": Decimal(12340)}
    saved(Offer(outreach=outreach, **terms, **made))
    request.status = RequestStatus.OFFERED
    db.session.commit()
    expire_offers(now)
    page = client.get(f"/requests/{link(Purpose.FOLLOW, request.id)}").text
    assert request.outcome is Outcome.NO_OFFER
    assert "The term of the offer of Tools is over." in page
    for untrue in ("No shop made an offer", "We go on asking", "made an offer<"):
        assert untrue not in page
    [letter] = db.session.query(Delivery).filter_by(template="request_ended")
    assert "without an offer" not in letter.text
    assert "The term of the offer of Tools is over." in letter.text


def test_times_within_a_week_are_told_by_the_day_of_the_week(app: Flask) -> None:
    monday = datetime.fromisoformat("2030-01-14T09:00+00:00")
    with app.test_request_context("/"):
        said = [soon_in_words(monday + timedelta(minutes=n), monday) for n in (1, 60)]
        said += [soon_in_words(monday + days * DAY, monday) for days in (1, 2, 5, 6, 7)]
    assert said[0] == "within minutes"
    assert [words.partition(" at ")[0] for words in said[1:]] == [
        "today", "tomorrow", "on Wednesday", "on Saturday", "on Sunday", "21 January",
    ]  # fmt: skip


def test_no_letters_are_blamed_where_none_could_be_written(
    client: Browser, link: Link, now: datetime
) -> None:
    shop = a_shop(now, name="Silent Tools")
    outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
    outreach.status, outreach.exhausted_why = OutreachStatus.EXHAUSTED, "no_contact_points"
    db.session.commit()
    page = page_of(client, link, outreach)
    assert "Silent Tools: we found no way to write to it, so one of our people looks into it." in page
    assert "letters did not help" not in page
