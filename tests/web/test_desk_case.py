"""The page of a case: the clock of a call, several cases in one, people, prices, hand work, two tabs."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from discount_broker.accounts.models import Operator
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import Call, EscalationCase, PhoneCall, Promise, QueueEntry
from discount_broker.escalation.status import CallDirection, CallResult, CaseStatus, Ending, NextAction
from discount_broker.escalation.use_cases import claim_case, close_case, snooze_case
from discount_broker.escalation.use_cases.calling import start_call
from discount_broker.kernel.business_time import add_business_time
from discount_broker.kernel.db import db
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from discount_broker.shops.models import Shop, ShopPerson
from discount_broker.shops.status import ContactKind, ContactState
from tests.builders import (
    a_case,
    a_door,
    a_request,
    a_shop,
    an_operator,
    an_outreach,
    holder_id_of,
    saved,
)
from tests.web.conftest import Browser

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def olga(now: datetime) -> Operator:
    return an_operator(now, name="Olga")


@pytest.fixture
def vera(now: datetime) -> Operator:
    return an_operator(now, name="Vera")


@pytest.fixture
def shop(now: datetime) -> Shop:
    found = a_shop(now, "drills.ru", name="Drills", language="en")
    found.contact_points.append(a_door(ContactKind.PHONE, "+74951234567", found.domain, 0.9, now))
    return saved(found)


@pytest.fixture
def open_case(shop: Shop, now: datetime) -> Callable[..., EscalationCase]:
    """One more open case of the same shop."""

    def make(holder: Operator | None = None) -> EscalationCase:
        request = a_request(now, RequestStatus.ASKED, shop=shop)
        outreach = an_outreach(now, request, status=OutreachStatus.EXHAUSTED, exhausted_why="silence")
        return a_case(now, outreach, holder)

    return make


@pytest.fixture
def case(open_case: Callable[..., EscalationCase]) -> EscalationCase:
    return open_case()


@pytest.fixture
def desk(client: Browser, olga: Operator) -> Browser:
    client.set_cookie("zone", "UTC", domain="localhost")
    with client.session_transaction() as session:
        session["_user_id"] = f"operator:{olga.id}"
        session["_fresh"] = True
    return client


def page_of(case: EscalationCase) -> str:
    return f"/desk/cases/{case.id}"


def text_of(browser: Browser, path: str) -> str:
    return browser.get(path).get_data(as_text=True)


def seen_on(browser: Browser, case: EscalationCase) -> str:
    return text_of(browser, page_of(case)).split('name="seen" value="')[1].split('"')[0]


def local(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M")


def said(now: datetime, **typed: Any) -> dict[str, Any]:
    return {"result": "no_answer", "minutes": "3", "started_at": local(now - 5 * MINUTE), **typed}


def fresh(case: EscalationCase) -> EscalationCase:
    db.session.expire_all()
    return db.session.get_one(EscalationCase, case.id)


def the_call() -> Call:
    db.session.expire_all()
    return db.session.query(Call).one()


class TestClock:
    def test_a_press_starts_it_takes_the_shop_in_hand_and_survives_every_reload(
        self, desk: Browser, case: EscalationCase, olga: Operator
    ) -> None:
        desk.press(page_of(case) + "/calls/start", number="+74951234567")
        assert (the_call().result, the_call().number) == (None, "+74951234567")
        assert holder_id_of(case) == olga.id
        for _ in range(2):
            page = text_of(desk, page_of(case))
            assert "The call under way" in page
            assert f'data-clock="{the_call().started_at.isoformat()}"' in page

    def test_pressed_twice_it_is_one_call(self, desk: Browser, case: EscalationCase) -> None:
        for _ in range(2):
            desk.press(page_of(case) + "/calls/start")
        assert db.session.query(Call).count() == 1

    def test_it_fills_in_minutes_and_beginning_where_nobody_corrects_them(
        self, desk: Browser, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        started_at = now - 6 * MINUTE - timedelta(seconds=30)
        call = start_call(case.id, olga.id, started_at)
        typed = {"minutes": "", "started_at": local(started_at), "call_id": str(call.id)}
        desk.press(page_of(case) + "/calls", **said(now, **typed))
        assert (the_call().id, the_call().minutes, the_call().started_at) == (call.id, 7, started_at)
        assert the_call().result is CallResult.NO_ANSWER

    def test_what_was_corrected_counts(
        self, desk: Browser, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        call = start_call(case.id, olga.id, now - 30 * MINUTE)
        desk.press(page_of(case) + "/calls", **said(now, minutes="4", call_id=str(call.id)))
        assert (the_call().minutes, local(the_call().started_at)) == (4, local(now - 5 * MINUTE))

    def test_a_forgotten_one_is_shown_elsewhere_and_can_be_dropped(
        self, desk: Browser, case: EscalationCase, now: datetime
    ) -> None:
        desk.press(page_of(case) + "/calls/start")
        other = a_case(now)
        for path in ("/desk/", page_of(other)):
            page = text_of(desk, path)
            assert "Call with Drills" in page
            assert page_of(case) in page
        answer = desk.press(page_of(other) + "/calls/start")
        assert "Finish or drop it first" in text_of(desk, answer.location)
        desk.press(f"/desk/calls/{the_call().id}/drop")
        assert not db.session.query(Call).count()
        assert "Call with Drills" not in text_of(desk, "/desk/")

    def test_it_is_written_down_though_the_case_ended_while_they_spoke(
        self, desk: Browser, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        call = start_call(case.id, olga.id, now - 3 * MINUTE)
        close_case(case.id, olga.id, Ending.UNREACHABLE, now)
        assert page_of(case) in text_of(desk, "/desk/shops")
        page = text_of(desk, page_of(case))
        assert "Finish and save the call" in page
        assert "Start a call" not in page
        desk.press(page_of(case) + "/calls", **said(now, call_id=str(call.id)))
        assert the_call().result is CallResult.NO_ANSWER
        assert "Finish and save the call" not in text_of(desk, page_of(case))

    def test_a_colleague_can_neither_start_nor_drop_it(
        self, desk: Browser, case: EscalationCase, vera: Operator, now: datetime
    ) -> None:
        call = start_call(case.id, vera.id, now)
        desk.press(f"/desk/calls/{call.id}/drop")
        answer = desk.press(page_of(case) + "/calls/start")
        assert "Vera has this case" in text_of(desk, answer.location)
        assert the_call().operator_id == vera.id

    def test_without_a_clock_one_is_logged_as_before(
        self, desk: Browser, case: EscalationCase, now: datetime
    ) -> None:
        desk.press(page_of(case) + "/calls", **said(now))
        assert the_call().minutes == 3

    def test_one_that_was_finished_in_another_tab_is_not_written_down_twice_unless_somebody_insists(
        self, desk: Browser, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        typed = said(now, call_id=str(start_call(case.id, olga.id, now).id), note="Once")
        desk.press(page_of(case) + "/calls", **typed)
        answer = desk.press(page_of(case) + "/calls", **typed)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 409
        assert "written down or dropped in another tab" in page
        assert 'name="call_id" value=""' in page
        assert the_call().note == "Once"
        desk.press(page_of(case) + "/calls", **typed | {"call_id": ""})
        assert db.session.query(Call).count() == 2


class TestSeveralCases:
    def test_one_call_is_written_down_for_every_case_that_was_ticked(
        self, desk: Browser, open_case: Callable[..., EscalationCase], now: datetime
    ) -> None:
        first, second, third = open_case(), open_case(), open_case()
        due_at = add_business_time(now + 3 * HOUR, HOUR, "RU")
        promised = {"result": "promised", "promise_kind": "send_offer", "promise_when": local(due_at)}
        answer = desk.press(page_of(first) + "/calls", **said(now, also_for=[str(second.id)], **promised))
        assert "For 2 cases of this shop at once." in text_of(desk, answer.location)
        assert {each.id for each in the_call().cases} == {first.id, second.id}
        assert db.session.query(Promise).count() == 2
        actions = [fresh(each).next_action for each in (first, second, third)]
        assert actions == [NextAction.CHECK_PROMISE, NextAction.CHECK_PROMISE, NextAction.CALL]

    def test_a_refusal_ends_each_of_them_and_a_stop_ends_all(
        self, desk: Browser, open_case: Callable[..., EscalationCase], now: datetime
    ) -> None:
        first, second, third = open_case(), open_case(), open_case()
        desk.press(page_of(first) + "/calls", **said(now, result="refused", also_for=[str(second.id)]))
        assert [fresh(each).ending for each in (first, second, third)] == [
            Ending.DECLINED, Ending.DECLINED, None,
        ]  # fmt: skip
        desk.press(page_of(third) + "/calls", **said(now, result="stop"))
        assert fresh(third).ending is Ending.STOPPED

    def test_a_case_of_another_shop_cannot_be_ticked(
        self, desk: Browser, case: EscalationCase, now: datetime
    ) -> None:
        other = a_case(now)
        answer = desk.press(page_of(case) + "/calls", **said(now, also_for=[str(other.id)], note="Mine"))
        assert answer.status_code == 409
        assert "Mine" in answer.get_data(as_text=True)
        assert not db.session.query(Call).count()

    def test_somebody_who_is_not_with_the_shop_any_more_costs_nobody_their_words(
        self, desk: Browser, case: EscalationCase, now: datetime
    ) -> None:
        typed = said(now, person_id=str(case.id), note="A long talk", seen="9" * 30)
        answer = desk.press(page_of(case) + "/calls", **typed)
        assert answer.status_code == 409
        assert "A long talk" in answer.get_data(as_text=True)

    def test_the_page_offers_the_others_with_their_reasons(
        self, desk: Browser, open_case: Callable[..., EscalationCase]
    ) -> None:
        first, second = open_case(), open_case()
        page = text_of(desk, page_of(first))
        assert f'name="also_for" value="{second.id}"' in page
        assert f'href="{page_of(second)}"' in page


class TestPeople:
    def test_whoever_is_named_with_a_role_or_a_number_is_kept_on_the_shop(
        self, desk: Browser, case: EscalationCase, now: datetime
    ) -> None:
        met = {"person": "Ivan", "role": "manager", "direct_number": "8 916 111-22-33"}
        desk.press(page_of(case) + "/calls", **said(now, **met))
        person = db.session.query(ShopPerson).one()
        assert (person.name, person.role, person.phone) == ("Ivan", "manager", "+79161112233")
        assert (the_call().person, the_call().person_id) == ("Ivan, manager", person.id)
        page = text_of(desk, page_of(case))
        assert 'href="tel:+79161112233"' in page
        assert "+7 916 111-22-33" in page

    def test_somebody_known_is_chosen_and_only_gains(
        self, desk: Browser, case: EscalationCase, shop: Shop, now: datetime
    ) -> None:
        met = {"shop_id": shop.id, "met_at": now - 9 * HOUR, "created_at": now}
        ivan = saved(ShopPerson(name="Ivan", role="manager", phone="+79161112233", **met))
        desk.press(page_of(case) + "/calls", **said(now, person_id=str(ivan.id)))
        db.session.expire_all()
        assert (ivan.role, ivan.phone, the_call().person) == ("manager", "+79161112233", "Ivan, manager")
        assert ivan.met_at > now - HOUR

    def test_a_word_for_somebody_makes_no_entry(
        self, desk: Browser, case: EscalationCase, now: datetime
    ) -> None:
        desk.press(page_of(case) + "/calls", **said(now, person="the boy at the till"))
        assert the_call().person == "the boy at the till"
        assert not db.session.query(ShopPerson).count()

    def test_a_number_that_is_none_is_told_and_nothing_typed_is_lost(
        self, desk: Browser, case: EscalationCase, now: datetime
    ) -> None:
        typed = said(now, person="Ivan", direct_number="12", note="Nice man")
        answer = desk.press(page_of(case) + "/calls", **typed)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        for kept in ("This does not look like a phone number", "Nice man", 'value="Ivan"', 'value="12"'):
            assert kept in page
        assert not db.session.query(Call).count()

    def test_what_was_put_right_stays_in_its_fields_where_the_number_is_none(
        self, desk: Browser, case: EscalationCase, shop: Shop, now: datetime
    ) -> None:
        ivan = saved(ShopPerson(shop_id=shop.id, name="Ivan", met_at=now, created_at=now))
        typed = {"name": "Iwan", "role": "owner", "phone": "12", "note": "after two"}
        answer = desk.press(f"/desk/shops/{shop.id}/people/{ivan.id}", **typed, case=str(case.id))
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert [word for word in typed.values() if f'value="{word}"' not in page] == []

    def test_they_are_put_right_and_leave(
        self, desk: Browser, case: EscalationCase, shop: Shop, now: datetime
    ) -> None:
        ivan = saved(ShopPerson(shop_id=shop.id, name="Ivan", met_at=now, created_at=now))
        path = f"/desk/shops/{shop.id}/people/{ivan.id}"
        desk.press(path, name="Iwan", role="owner", phone="", note="after two", case=str(case.id))
        db.session.expire_all()
        assert (ivan.name, ivan.role, ivan.note) == ("Iwan", "owner", "after two")
        assert "Please give a name." in desk.press(path, name=" ").get_data(as_text=True)
        desk.press(path + "/left")
        assert "not there any more" in text_of(desk, page_of(case))
        assert desk.press(f"/desk/shops/{a_shop(now).id}/people/{ivan.id}", name="x").status_code == 404


class TestTwoTabs:
    def test_what_a_colleague_changed_is_told_before_a_save_and_the_second_press_saves(
        self, desk: Browser, case: EscalationCase, vera: Operator, now: datetime
    ) -> None:
        seen = seen_on(desk, case)
        snooze_case(case.id, vera.id, now + 9 * HOUR, now)
        typed = said(now, note="What I typed", seen=seen)
        answer = desk.press(page_of(case) + "/calls", **typed)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 409
        for told in (
            "Changed since you opened this page",
            "<strong>Vera</strong>",
            "Put the case off",
            "What I typed",
        ):
            assert told in page
        assert not db.session.query(Call).count()
        again = page.split('name="seen" value="')[1].split('"')[0]
        assert desk.press(page_of(case) + "/calls", **typed | {"seen": again}).status_code == 302
        assert the_call().note == "What I typed"

    @pytest.mark.parametrize(
        ("act", "typed"), [("snooze", {"when": "2040-01-01T10:00"}), ("close", {"ending": "unreachable"})]
    )
    def test_no_act_goes_over_what_was_changed(
        self,
        desk: Browser,
        case: EscalationCase,
        vera: Operator,
        now: datetime,
        act: str,
        typed: dict[str, str],
    ) -> None:
        seen = seen_on(desk, case)
        snooze_case(case.id, vera.id, now + 9 * HOUR, now)
        assert desk.press(f"{page_of(case)}/{act}", seen=seen, **typed).status_code == 409
        assert fresh(case).next_action_at == now + 9 * HOUR

    def test_ones_own_other_tab_is_no_obstacle(
        self, desk: Browser, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        seen = seen_on(desk, case)
        snooze_case(case.id, olga.id, now + 9 * HOUR, now)
        assert desk.press(page_of(case) + "/calls", **said(now, seen=seen)).status_code == 302

    def test_a_call_about_a_case_that_was_just_closed_is_written_down_all_the_same(
        self, desk: Browser, case: EscalationCase, vera: Operator, now: datetime
    ) -> None:
        seen = seen_on(desk, case)
        close_case(case.id, vera.id, Ending.UNREACHABLE, now)
        answer = desk.press(
            page_of(case) + "/calls",
            **said(
                now,
                result="promised",
                note="Ours",
                seen=seen,
                promise_kind="call_us",
                promise_when=local(add_business_time(now, HOUR, "RU")),
            ),
        )
        page = answer.get_data(as_text=True)
        assert answer.status_code == 409
        assert "This case is closed" in page
        again = page.split('name="seen" value="')[1].split('"')[0]
        typed = said(now, note="Ours", seen=again)
        page = text_of(desk, desk.press(page_of(case) + "/calls", **typed).location)
        assert "This case has been closed by Vera: The shop cannot be reached." in page
        assert "Open it again" in page
        assert (the_call().note, fresh(case).status) == ("Ours", CaseStatus.CLOSED)
        assert not db.session.query(Promise).count()

    def test_what_was_closed_by_hand_is_opened_again_by_a_press(
        self, desk: Browser, case: EscalationCase, vera: Operator, olga: Operator, now: datetime
    ) -> None:
        close_case(case.id, vera.id, Ending.UNREACHABLE, now)
        desk.press(page_of(case) + "/reopen")
        assert (fresh(case).status, fresh(case).ending) == (CaseStatus.OPEN, None)
        assert fresh(case).outreach.status is OutreachStatus.EXHAUSTED
        assert holder_id_of(case) == olga.id

    def test_what_the_shop_forbade_stays_closed(
        self, desk: Browser, case: EscalationCase, vera: Operator, now: datetime
    ) -> None:
        close_case(case.id, vera.id, Ending.STOPPED, now)
        assert "Open it again" not in text_of(desk, page_of(case))
        answer = desk.press(page_of(case) + "/reopen")
        assert "It stays closed" in text_of(desk, answer.location)
        assert fresh(case).status is CaseStatus.CLOSED


class TestClaims:
    def let_it_expire(self, case: EscalationCase, now: datetime) -> None:
        entry = db.session.get_one(QueueEntry, case.outreach.shop_id)
        entry.claimed_until = now - MINUTE
        db.session.commit()

    def test_a_claim_that_ran_out_while_typing_is_taken_again(
        self, desk: Browser, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        claim_case(case.id, olga.id, now)
        assert 'name="held" value="1"' in text_of(desk, page_of(case))
        self.let_it_expire(case, now)
        assert desk.press(page_of(case) + "/calls", **said(now, held="1")).status_code == 302
        entry = db.session.get_one(QueueEntry, case.outreach.shop_id, populate_existing=True)
        assert (entry.held_by(now), the_call().operator_id) == (olga.id, olga.id)

    def test_where_a_colleague_took_it_the_page_says_who_and_keeps_what_was_typed(
        self, desk: Browser, case: EscalationCase, olga: Operator, vera: Operator, now: datetime
    ) -> None:
        claim_case(case.id, olga.id, now)
        self.let_it_expire(case, now)
        claim_case(case.id, vera.id, now)
        answer = desk.press(page_of(case) + "/calls", **said(now, held="1", note="My words"))
        page = answer.get_data(as_text=True)
        assert answer.status_code == 409
        assert "Vera has this case, until" in page
        assert "My words" in page
        assert not db.session.query(Call).count()

    def test_an_answer_is_not_entered_in_a_colleagues_case_and_stays_in_the_form(
        self, desk: Browser, case: EscalationCase, vera: Operator, now: datetime
    ) -> None:
        claim_case(case.id, vera.id, now)
        answer = desk.press(page_of(case) + "/answer", answer="percent", percent="7", words="On Mondays")
        page = answer.get_data(as_text=True)
        assert answer.status_code == 409
        assert "Vera has this case, until" in page
        assert "On Mondays" in page
        assert fresh(case).status is CaseStatus.OPEN


class TestExchange:
    def test_a_call_it_told_of_stands_in_the_form_and_is_settled_with_it(
        self, desk: Browser, case: EscalationCase, olga: Operator, shop: Shop, now: datetime
    ) -> None:
        times = {
            "started_at": now - 9 * MINUTE,
            "answered_at": now - 8 * MINUTE,
            "ended_at": now - 3 * MINUTE,
        }
        told = saved(
            PhoneCall(
                provider="asterisk", provider_id="1", direction=CallDirection.IN, number="+74951234567",
                operator_id=olga.id, shop_id=shop.id, **times,
            )
        )  # fmt: skip
        page = text_of(desk, page_of(case))
        assert f'name="phone_call_id" value="{told.id}"' in page
        assert 'value="5"' in page
        typed = {"number": "+74951234567", "is_incoming": "y", "minutes": "5", "phone_call_id": str(told.id)}
        desk.press(page_of(case) + "/calls", **said(now, **typed))
        db.session.expire_all()
        assert (told.call_id, told.settled_at is not None) == (the_call().id, True)
        assert (the_call().direction, the_call().ended_at) == (CallDirection.IN, times["ended_at"])
        assert str(told.id) not in text_of(desk, page_of(case))


class TestPrice:
    def price(self, case: EscalationCase, now: datetime, amount: int, **given: Any) -> None:
        outreach = case.outreach
        outreach.price_now, outreach.price_read_at = Decimal(amount), now
        for name, value in given.items():
            setattr(outreach, name, value)
        db.session.commit()

    def test_then_and_now_and_by_how_much(self, desk: Browser, case: EscalationCase, now: datetime) -> None:
        self.price(case, now, 12_000)
        page = text_of(desk, page_of(case))
        assert "RUB 12,990 then, RUB 12,000 now".replace("RUB ", "") in page.replace("RUB\xa0", "").replace(
            "₽", ""
        )
        assert "cheaper by 8%" in page
        assert "The price has fallen" not in page

    def test_a_wish_that_came_true_by_itself_is_said(
        self, desk: Browser, case: EscalationCase, now: datetime
    ) -> None:
        self.price(case, now, 11_490)
        assert "The price has fallen to what the buyer wished." in text_of(desk, page_of(case))

    def test_why_it_could_not_be_read(self, desk: Browser, case: EscalationCase, now: datetime) -> None:
        self.price(case, now, 11_490, price_failure="http_404")
        assert "The shop says that this page does not exist." in text_of(desk, page_of(case))

    def test_a_press_has_it_read(self, desk: Browser, case: EscalationCase) -> None:
        desk.press(page_of(case) + "/price")
        assert "being read" in text_of(desk, page_of(case))


class TestHandWork:
    @pytest.fixture
    def form_id(self, case: EscalationCase, now: datetime) -> UUID:
        point = a_door(ContactKind.FORM, "https://drills.ru/ask", "drills.ru", 0.9, now)
        point.form = {"captcha": "recaptcha"}
        case.outreach.shop.contact_points.append(point)
        case.next_action = NextAction.FILL_FORM
        db.session.commit()
        return point.id

    def outcome(self, desk: Browser, case: EscalationCase, form_id: UUID, outcome: str, **typed: str) -> Any:
        return desk.press(f"{page_of(case)}/forms/{form_id}", outcome=outcome, **typed)

    def step_of(self, case: EscalationCase) -> Any:
        outreach = db.session.get_one(Outreach, fresh(case).outreach_id)
        return outreach.steps[-1].delivery if outreach.steps else None

    def test_the_page_hands_over_every_field_and_opens_the_form_aside(
        self, desk: Browser, case: EscalationCase, form_id: UUID
    ) -> None:
        page = text_of(desk, page_of(case))
        assert 'href="https://drills.ru/ask" target="_blank" rel="noopener' in page
        assert 'value="reply+' in page
        assert page.count("data-copied=") == 4

    def test_sent_waits_for_an_answer(self, desk: Browser, case: EscalationCase, form_id: UUID) -> None:
        self.outcome(desk, case, form_id, "sent")
        assert self.step_of(case).status is DeliveryStatus.SENT
        assert fresh(case).next_action is NextAction.CALL

    @pytest.mark.parametrize(
        ("outcome", "state"), [("refused", ContactState.UNVERIFIED), ("gone", ContactState.DEAD)]
    )
    def test_what_was_tried_in_vain_is_kept_and_the_shop_is_called(
        self, desk: Browser, case: EscalationCase, form_id: UUID, outcome: str, state: ContactState
    ) -> None:
        self.outcome(desk, case, form_id, outcome, why="It says: too long")
        delivery = self.step_of(case)
        assert (delivery.status, delivery.last_error) == (DeliveryStatus.FAILED, "It says: too long")
        assert fresh(case).next_action is NextAction.CALL
        assert next(p.state for p in fresh(case).outreach.shop.contact_points if p.id == form_id) is state

    def test_could_not_asks_why_and_comes_back_later(
        self, desk: Browser, case: EscalationCase, form_id: UUID, now: datetime
    ) -> None:
        answer = self.outcome(desk, case, form_id, "could_not")
        assert (answer.status_code, "Please say why" in answer.get_data(as_text=True)) == (422, True)
        self.outcome(desk, case, form_id, "could_not", why="The picture cannot be read")
        assert self.step_of(case) is None
        assert fresh(case).next_action is NextAction.FILL_FORM
        assert (fresh(case).next_action_at or now) > now + HOUR

    def test_nonsense_is_refused(self, desk: Browser, case: EscalationCase, form_id: UUID) -> None:
        assert self.outcome(desk, case, form_id, "perhaps").status_code == 400


def test_what_worked_before_and_what_calls_cost_stand_on_the_page(
    desk: Browser, case: EscalationCase, olga: Operator, shop: Shop, now: datetime
) -> None:
    shop.contact_points[0].last_answer_at = now
    db.session.commit()
    for result, minutes in (("no_answer", "1"), ("call_back", "11")):
        desk.press(page_of(case) + "/calls", **said(now, result=result, minutes=minutes))
    page = text_of(desk, page_of(case))
    assert "What worked before" in page
    assert "(1 of 2 calls)" in page
    assert "2 calls, 12 minutes" in page
    assert "no discount won yet" in page


@pytest.mark.parametrize("path", ["calls/start", "calls", "price", "reopen"])
def test_nobody_but_staff_may_do_anything(client: Browser, case: EscalationCase, path: str) -> None:
    answer = client.press(f"{page_of(case)}/{path}")
    assert answer.status_code == 302
    assert "/staff/login" in answer.location
    assert not db.session.query(Call).count()
