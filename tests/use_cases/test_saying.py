"""An offer made on the phone: the shop confirms it by one press, and only then the buyer sees it."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from discount_broker.accounts.models import AuditEntry, Operator
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import Call, EscalationCase
from discount_broker.escalation.status import CallResult, CaseReason, CaseStatus, Ending, NextAction
from discount_broker.escalation.use_cases import close_case
from discount_broker.kernel.business_time import add_business_time
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import IllegalTransition, NotAllowed, Refused
from discount_broker.messaging.models import Delivery, Suppression
from discount_broker.offers.models import Offer, OfferDraft
from discount_broker.offers.queries import draft_purpose
from discount_broker.offers.rules import Answer
from discount_broker.offers.status import AnswerKind
from discount_broker.offers.use_cases import Said, confirm_draft, say_offer, withdraw_request
from discount_broker.outreach.status import OutreachStatus
from discount_broker.shops.models import ShopPerson
from tests.builders import a_case, a_request, a_shop, an_operator, an_outreach, saved

pytestmark = pytest.mark.usefixtures("app")

SEVEN = Answer(kind=AnswerKind.PERCENT, percent=Decimal(7))
SAID = Said(answer=SEVEN, email=" Sales@Tools.com ", person="Anna", role="sales", minutes=4)


@pytest.fixture
def olga(now: datetime) -> Operator:
    return an_operator(now, name="Olga")


@pytest.fixture
def case(olga: Operator, now: datetime) -> EscalationCase:
    shop = a_shop(now, "tools.com", language="en", emails=("a@tools.com",))
    request = a_request(now, RequestStatus.ASKED, shop=shop)
    outreach = an_outreach(now, request, status=OutreachStatus.EXHAUSTED, exhausted_why="silence")
    return a_case(now, outreach, holder=olga)


def letters() -> list[Delivery]:
    return db.session.query(Delivery).filter(Delivery.template == "offer_draft").all()


def test_the_shop_gets_a_page_to_confirm_and_the_buyer_gets_nothing_yet(
    case: EscalationCase, olga: Operator, now: datetime
) -> None:
    draft_id = say_offer(case.id, olga.id, SAID, now)
    draft = db.session.get_one(OfferDraft, draft_id)
    assert (draft.reply_id, draft.percent, draft.final_price) == (None, Decimal(7), Decimal("12080.70"))
    (letter,) = letters()
    assert (letter.address, letter.purpose) == ("sales@tools.com", draft_purpose(draft_id))
    assert f"/drafts/{draft_id}" in letter.text
    assert "Said on the phone by: Anna" in letter.text
    assert db.session.query(Offer).count() == 0
    assert [d for d in db.session.query(Delivery) if d.template == "offer_made"] == []


def test_the_call_and_the_person_are_written_down_with_it(
    case: EscalationCase, olga: Operator, now: datetime
) -> None:
    draft = db.session.get_one(OfferDraft, say_offer(case.id, olga.id, SAID, now))
    call = db.session.get_one(Call, draft.call_id)
    assert (call.result, call.minutes, call.person) == (CallResult.OFFERED, 4, "Anna, sales")
    assert [each.id for each in call.cases] == [case.id]
    (person,) = db.session.query(ShopPerson).all()
    assert (person.name, person.role, person.email) == ("Anna", "sales", "sales@tools.com")
    assert "offer_said" in [entry.what for entry in db.session.query(AuditEntry)]


def test_the_call_whose_clock_runs_ends_with_it(case: EscalationCase, olga: Operator, now: datetime) -> None:
    begun = now - timedelta(minutes=6, seconds=10)
    running = saved(Call(shop_id=case.outreach.shop_id, operator_id=olga.id, started_at=begun))
    say_offer(case.id, olga.id, Said(answer=SEVEN, email="a@tools.com"), now)
    (call,) = db.session.query(Call).all()
    assert (call.id, call.minutes, call.result, call.ended_at) == (running.id, 7, CallResult.OFFERED, now)


def test_the_case_waits_a_business_day_for_the_press_and_then_comes_back(
    case: EscalationCase, olga: Operator, now: datetime
) -> None:
    say_offer(case.id, olga.id, SAID, now)
    db.session.refresh(case)
    assert (case.reason, case.next_action) == (CaseReason.ANSWER_AWAITED, NextAction.CALL)
    assert case.next_action_at is not None
    assert now + timedelta(hours=8) < case.next_action_at <= add_business_time(now, timedelta(hours=9), "RU")


def test_the_press_of_the_shop_makes_the_offer_and_closes_the_case(
    case: EscalationCase, olga: Operator, now: datetime
) -> None:
    answer = Answer(
        kind=AnswerKind.GIFT, text="A bag of screws", valid_until=(now + timedelta(days=5)).date()
    )
    draft_id = say_offer(case.id, olga.id, Said(answer=answer, email="a@tools.com"), now)
    for _ in range(2):
        confirm_draft(case.outreach_id, draft_id, now + timedelta(hours=1))
    (offer,) = db.session.query(Offer).all()
    assert (offer.kind, offer.text, offer.operator_id) == (AnswerKind.GIFT, "A bag of screws", None)
    assert offer.valid_until.date() == answer.valid_until
    db.session.refresh(case)
    assert case.status is CaseStatus.CLOSED


def test_the_same_again_is_one_letter_and_another_offer_takes_its_place(
    case: EscalationCase, olga: Operator, now: datetime
) -> None:
    first = say_offer(case.id, olga.id, SAID, now)
    assert say_offer(case.id, olga.id, SAID, now) == first
    assert len(letters()) == db.session.query(Call).count() == 1
    better = Said(answer=Answer(kind=AnswerKind.PRICE, price=Decimal(11500)), email="a@tools.com")
    second = say_offer(case.id, olga.id, better, now)
    assert second != first
    with pytest.raises(IllegalTransition):
        confirm_draft(case.outreach_id, first, now)
    confirm_draft(case.outreach_id, second, now)
    assert db.session.query(Offer).one().final_price == Decimal(11500)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Said(answer=SEVEN, email=""), "email_invalid"),
        (Said(answer=SEVEN, email="anna"), "email_invalid"),
        (Said(answer=SEVEN, email="a@tools.com", minutes=999), "minutes_out_of_range"),
        (Said(answer=Answer(kind=AnswerKind.NEVER), email="a@tools.com"), "answer_missing"),
        (Said(answer=Answer(kind=AnswerKind.GIFT), email="a@tools.com"), "text_missing"),
        (
            Said(answer=Answer(kind=AnswerKind.PERCENT, percent=Decimal(99)), email="a@tools.com"),
            "percent_out_of_range",
        ),
        (
            Said(
                answer=Answer(kind=AnswerKind.PERCENT, percent=Decimal(7), valid_until=date(2001, 1, 1)),
                email="a@tools.com",
            ),
            "valid_until_past",
        ),
    ],
)
def test_what_nobody_could_act_on_is_refused(
    case: EscalationCase, olga: Operator, said: Said, code: str, now: datetime
) -> None:
    with pytest.raises(Refused) as refused:
        say_offer(case.id, olga.id, said, now)
    assert refused.value.code == code
    assert db.session.query(OfferDraft).count() == db.session.query(Call).count() == 0


def test_a_door_of_the_shop_is_good_enough_even_in_a_town_of_this_machine(
    olga: Operator, now: datetime
) -> None:
    shop = a_shop(now, "tools.localhost", language="en", emails=("a@tools.localhost",))
    request = a_request(now, RequestStatus.ASKED, shop=shop)
    outreach = an_outreach(now, request, status=OutreachStatus.EXHAUSTED, exhausted_why="silence")
    case = a_case(now, outreach, holder=olga)
    with pytest.raises(Refused):
        say_offer(case.id, olga.id, Said(answer=SEVEN, email="b@tools.localhost"), now)
    say_offer(case.id, olga.id, Said(answer=SEVEN, email="a@tools.localhost"), now)
    assert [letter.address for letter in letters()] == ["a@tools.localhost"]


def test_our_own_address_and_one_that_forbids_us_are_refused(
    case: EscalationCase, olga: Operator, now: datetime
) -> None:
    saved(Suppression(key="email:a@tools.com", reason="stop", created_at=now))
    with pytest.raises(Refused) as refused:
        say_offer(case.id, olga.id, Said(answer=SEVEN, email="a@tools.com"), now)
    assert refused.value.code == "email_stopped"


def test_a_colleagues_shop_and_a_closed_case_are_left_alone(
    case: EscalationCase, olga: Operator, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        say_offer(case.id, an_operator(now).id, SAID, now)
    close_case(case.id, olga.id, Ending.UNREACHABLE, now)
    with pytest.raises((NotAllowed, IllegalTransition)):
        say_offer(case.id, olga.id, SAID, now)


def test_a_buyer_who_left_is_offered_nothing(case: EscalationCase, olga: Operator, now: datetime) -> None:
    withdraw_request(case.outreach.discount_request_id, now)
    with pytest.raises(IllegalTransition):
        say_offer(case.id, olga.id, SAID, now)
