"""An offer made on the phone, written down at the desk and confirmed on the shop's own page."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from discount_broker.accounts.models import Operator
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import Call, EscalationCase
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose
from discount_broker.messaging.models import Delivery
from discount_broker.offers.models import OfferDraft
from discount_broker.offers.queries import find_offer_of
from discount_broker.outreach.status import OutreachStatus
from tests.builders import a_case, a_request, a_shop, an_operator, an_outreach, saved
from tests.web.conftest import Browser

SAID = {"said-kind": "percent", "said-percent": "7 %", "said-email": "sales@tools.com", "said-person": "Anna"}


@pytest.fixture
def olga(now: datetime) -> Operator:
    return an_operator(now, name="Olga")


@pytest.fixture
def desk(client: Browser, olga: Operator) -> Browser:
    client.set_cookie("zone", "UTC", domain="localhost")
    with client.session_transaction() as session:
        session["_user_id"] = f"operator:{olga.id}"
        session["_fresh"] = True
    return client


@pytest.fixture
def case(now: datetime) -> EscalationCase:
    shop = a_shop(now, "tools.com", language="en", emails=("a@tools.com", "b@tools.com"))
    request = a_request(now, RequestStatus.ASKED, shop=shop)
    return a_case(now, an_outreach(now, request, status=OutreachStatus.EXHAUSTED, exhausted_why="silence"))


def path_of(case: EscalationCase) -> str:
    return f"/desk/cases/{case.id}/offer-said"


def test_the_form_stands_on_the_page_of_the_case_with_the_best_address(
    desk: Browser, case: EscalationCase
) -> None:
    page = desk.get(f"/desk/cases/{case.id}?at=makes_offer&result=offered").text
    assert '<details class="offer-said" id="offer-said" open>' in page
    assert 'value="a@tools.com"' in page
    assert 'value="a@tools.com"' in desk.get(path_of(case)).text


def test_what_was_said_goes_to_the_shop_and_becomes_the_offer_by_one_press(
    desk: Browser, case: EscalationCase, link: Callable[[Purpose, UUID], str]
) -> None:
    answer = desk.press(path_of(case), **SAID)
    page = desk.get(answer.location).text
    assert "Without a press of the shop it comes back" in page
    assert "waits for the shop" in page
    draft = db.session.query(OfferDraft).one()
    assert find_offer_of(case.outreach_id) is None
    place = f"/o/{link(Purpose.OFFER, case.outreach_id)}/drafts/{draft.id}"
    shown = desk.get(place).text
    assert "This is what was said on the phone on" in shown
    assert "7% off" in shown
    assert "You wrote:" not in shown
    assert find_offer_of(case.outreach_id) is None
    desk.press(place)
    offer = find_offer_of(case.outreach_id)
    assert offer is not None
    assert (offer.percent, offer.operator_id) == (Decimal(7), None)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"said-kind": ""}, "Please choose what they offer."),
        ({"said-kind": "never"}, "Not a valid choice"),
        ({"said-percent": "many"}, "Please choose between 1 and 90 per cent."),
        ({"said-email": "anna"}, "check how it is written"),
        ({"said-email": ""}, "check how it is written"),
        ({"said-kind": "gift"}, "Please write down what exactly they said."),
        ({"said-minutes": "a lot"}, "Please give the minutes"),
        ({"said-valid_until": "2001-01-01"}, "This day has passed"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    desk: Browser, case: EscalationCase, given: dict[str, str], why: str
) -> None:
    answer = desk.press(path_of(case), **{**SAID, "said-role": "head of sales", **given})
    assert answer.status_code == 422
    assert why in answer.text
    assert "head of sales" in answer.text
    assert db.session.query(OfferDraft).count() == db.session.query(Delivery).count() == 0


def test_the_clock_of_a_call_under_way_counts_unless_minutes_are_typed(
    desk: Browser, case: EscalationCase, olga: Operator, now: datetime
) -> None:
    begun = now - timedelta(minutes=3, seconds=5)
    saved(Call(shop_id=case.outreach.shop_id, operator_id=olga.id, started_at=begun))
    assert "Empty for what the clock says" in desk.get(path_of(case)).text
    desk.press(path_of(case), **SAID)
    assert db.session.query(Call).one().minutes == 4
    desk.press(path_of(case), **{**SAID, "said-percent": "8", "said-minutes": "2"})
    assert sorted(call.minutes for call in db.session.query(Call)) == [2, 4]


def test_without_any_address_the_page_says_what_to_do(desk: Browser, now: datetime) -> None:
    outreach = an_outreach(now, shop=a_shop(now), status=OutreachStatus.EXHAUSTED, exhausted_why="silence")
    page = desk.get(path_of(a_case(now, outreach))).text
    assert "We know no e-mail address of this shop." in page


def test_in_other_hands_nothing_is_sent_and_nothing_typed_is_lost(
    desk: Browser, now: datetime, olga: Operator
) -> None:
    case = a_case(now, holder=an_operator(now))
    answer = desk.press(path_of(case), **SAID)
    assert answer.status_code == 409
    assert "sales@tools.com" in answer.text
    assert db.session.query(OfferDraft).count() == 0


def test_a_shop_that_has_answered_is_asked_nothing(desk: Browser, now: datetime) -> None:
    case = a_case(now, an_outreach(now, status=OutreachStatus.DECLINED))
    assert desk.press(path_of(case), **SAID).status_code == 409


def test_nobody_but_staff_writes_down_an_offer(client: Browser, case: EscalationCase) -> None:
    assert client.press(path_of(case), **SAID).status_code == 302
    assert db.session.query(OfferDraft).count() == 0
