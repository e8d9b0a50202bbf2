from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from discount_broker.accounts.models import Operator
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import EscalationCase, Promise
from discount_broker.escalation.status import CaseReason, CaseStatus, NextAction, PromiseKind, PromiseStatus
from discount_broker.kernel.business_time import add_business_time
from discount_broker.kernel.db import db
from discount_broker.offers.queries import find_offer_of
from discount_broker.outreach.status import OutreachStatus
from tests.builders import a_case, a_request, a_shop, an_operator, an_outreach, holder_id_of, saved
from tests.web.conftest import Browser

HOUR = timedelta(hours=1)


def fresh(case: EscalationCase) -> EscalationCase:
    db.session.expire_all()
    return db.session.get_one(EscalationCase, case.id)


def page_of(case: EscalationCase) -> str:
    return f"/desk/cases/{case.id}"


def local(at: datetime) -> str:
    """As a browser whose clock runs in UTC sends it."""
    return at.strftime("%Y-%m-%dT%H:%M")


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


def text_of(browser: Browser, path: str) -> str:
    return browser.get(path).get_data(as_text=True)


class TestQueue:
    def test_a_broken_promise_stands_first_and_every_row_says_why(self, desk: Browser, now: datetime) -> None:
        plain = a_case(now)
        broken = a_case(now, reason=CaseReason.PROMISE_BROKEN, next_action_at=now - HOUR / 2)
        page = text_of(desk, "/desk/")
        assert page.index(str(broken.id)) < page.index(str(plain.id))
        assert "first in line: a promise was broken" in page
        assert "open for" in page

    def test_each_view_shows_its_own_cases(self, desk: Browser, olga: Operator, now: datetime) -> None:
        vera = an_operator(now, name="Vera")
        cases = {
            "free": a_case(now),
            "mine": a_case(now, holder=olga),
            "veras": a_case(now, holder=vera),
            "later": a_case(now, next_action_at=now + HOUR),
            "closed": a_case(
                now, status=CaseStatus.CLOSED, next_action_at=None, closed_at=now, ending="unreachable"
            ),
        }
        seen = {
            view: {
                name for name, case in cases.items() if str(case.id) in text_of(desk, f"/desk/?view={view}")
            }
            for view in ("due", "mine", "unassigned", "waiting", "closed", "nonsense")
        }
        assert seen == {
            "due": {"free", "mine", "veras"},
            "mine": {"mine"},
            "unassigned": {"free"},
            "waiting": {"later"},
            "closed": {"closed"},
            "nonsense": {"free", "mine", "veras"},
        }

    def test_a_case_is_found_by_its_number_and_by_its_shop(self, desk: Browser, now: datetime) -> None:
        request = a_request(now, RequestStatus.ASKED, number="R-7K2M9", shop=a_shop(now, "teapots.ru"))
        case = a_case(
            now, an_outreach(now, request, status=OutreachStatus.EXHAUSTED, exhausted_why="silence")
        )
        for text in ("r-7k2m9", "7K2M", "TEAPOTS", " teapots.ru "):
            assert str(case.id) in text_of(desk, f"/desk/?q={text}")
        assert str(case.id) not in text_of(desk, "/desk/?q=100%25")

    def test_the_next_case_is_the_most_urgent_that_nobody_has(
        self, desk: Browser, olga: Operator, now: datetime
    ) -> None:
        a_case(now)
        a_case(now, reason=CaseReason.PROMISE_BROKEN, holder=an_operator(now))
        best = a_case(now, reason=CaseReason.PROMISE_BROKEN)
        answer = desk.press("/desk/next")
        assert answer.location == page_of(best)
        assert holder_id_of(best) == olga.id

    def test_without_a_free_case_the_queue_says_so(self, desk: Browser) -> None:
        assert desk.press("/desk/next").location == "/desk/"
        assert "No free case is due" in text_of(desk, "/desk/")

    def test_the_list_is_sent_again_only_when_it_looks_different(self, desk: Browser, now: datetime) -> None:
        a_case(now)
        seen = text_of(desk, "/desk/rows").split("seen=")[1].split('"')[0]
        assert desk.get(f"/desk/rows?seen={seen}").status_code == 204
        a_case(now)
        assert desk.get(f"/desk/rows?seen={seen}").status_code == 200

    def test_what_shops_write_cannot_become_markup(self, desk: Browser, now: datetime) -> None:
        shop = a_shop(now, name="<script>alert(1)</script>")
        a_case(now, an_outreach(now, shop=shop, status=OutreachStatus.EXHAUSTED, exhausted_why="silence"))
        for path in ("/desk/", "/desk/?q=%3Cscript%3E"):
            assert "<script>alert" not in text_of(desk, path)


class TestHands:
    def test_an_operator_takes_a_case_and_gives_it_back(
        self, desk: Browser, olga: Operator, now: datetime
    ) -> None:
        case = a_case(now)
        desk.press(page_of(case) + "/claim")
        assert holder_id_of(case) == olga.id
        desk.press(page_of(case) + "/release")
        assert holder_id_of(case) is None

    @pytest.mark.parametrize("act", ["claim", "release"])
    def test_a_case_in_other_hands_stays_there_and_the_page_says_whose(
        self, desk: Browser, now: datetime, act: str
    ) -> None:
        vera = an_operator(now, name="Vera")
        case = a_case(now, holder=vera)
        answer = desk.press(f"{page_of(case)}/{act}")
        assert "Vera has this case, until" in text_of(desk, answer.location)
        assert holder_id_of(case) == vera.id

    def test_a_case_that_does_not_exist_is_not_found(self, desk: Browser) -> None:
        for path in ("calls", "snooze", "close", "answer", "claim"):
            assert desk.press(f"/desk/cases/{uuid4()}/{path}", result="busy").status_code in (302, 404)
        assert desk.get(f"/desk/cases/{uuid4()}").status_code == 404


class TestCalls:
    def a_call(self, now: datetime, **given: str) -> dict[str, str]:
        return {"result": "no_answer", "minutes": "2", "started_at": local(now - HOUR), **given}

    def test_a_call_is_written_down_and_the_case_comes_back(self, desk: Browser, now: datetime) -> None:
        case = a_case(now)
        later = now + 5 * HOUR
        answer = desk.press(
            page_of(case) + "/calls",
            **self.a_call(now, person="Irina", note="Rings out", next_action_at=local(later)),
        )
        assert answer.status_code == 302
        (call,) = fresh(case).calls
        assert (call.person, call.minutes, call.note) == ("Irina", 2, "Rings out")
        assert fresh(case).next_action_at == later.replace(second=0, microsecond=0)

    @pytest.mark.parametrize("at", ["0001-01-01T00:00", "9999-12-31T23:59"])
    def test_a_time_at_the_end_of_the_calendar_is_asked_for_again(
        self, desk: Browser, now: datetime, at: str
    ) -> None:
        case = a_case(now)
        for field in ("started_at", "next_action_at"):
            answer = desk.press(page_of(case) + "/calls", **self.a_call(now) | {field: at})
            assert answer.status_code == 422
        desk.press(page_of(case) + "/calls", **self.a_call(now, next_when=f"{at}+14:00"))
        assert desk.get(page_of(case)).status_code == 200

    def test_a_promise_made_on_the_phone_makes_the_case_wait_for_it(
        self, desk: Browser, now: datetime
    ) -> None:
        case = a_case(now)
        due = local(add_business_time(now + 3 * HOUR, HOUR, "RU"))
        desk.press(
            page_of(case) + "/calls",
            **self.a_call(now, result="promised", promise_kind="call_us", promise_when=due),
        )
        promise = db.session.query(Promise).one()
        assert (promise.kind, local(promise.due_at)) == (PromiseKind.CALL_US, due)
        assert fresh(case).next_action is NextAction.CHECK_PROMISE
        assert fresh(case).next_action_at == promise.due_at

    def test_times_are_read_in_the_zone_the_page_names(self, desk: Browser, now: datetime) -> None:
        desk.set_cookie("zone", "Asia/Vladivostok", domain="localhost")
        case = a_case(now)
        assert "Times are in Vladivostok." in text_of(desk, page_of(case))
        desk.press(page_of(case) + "/calls", **self.a_call(now, started_at="2025-03-01T12:00"))
        assert fresh(case).calls[0].started_at.isoformat() == "2025-03-01T02:00:00+00:00"

    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            ({"result": ""}, "Please choose what came of the call."),
            ({"minutes": "many"}, "Please give the minutes, from 0 to 240."),
            ({"minutes": "241"}, "Please give the minutes, from 0 to 240."),
            ({"started_at": ""}, "Please say when the call began."),
            ({"started_at": "2999-01-01T10:00"}, "A call cannot begin in the future."),
            ({"result": "promised"}, "Please say what was promised, and by when."),
            (
                {"result": "promised", "promise_kind": "call_us", "promise_due_at": "2020-01-01T10:00"},
                "Was it promised for then, and missed?",
            ),
            ({"next_action_at": "2020-01-01T10:00"}, "This time has passed."),
            ({"next_action_at": "soon"}, "Not a valid datetime value."),
        ],
    )
    def test_a_mistake_is_told_beside_its_field_and_nothing_typed_is_lost(
        self, desk: Browser, now: datetime, given: dict[str, str], sentence: str
    ) -> None:
        case = a_case(now)
        answer = desk.press(
            page_of(case) + "/calls", **self.a_call(now, person="Irina & Co", note="Said <no>", **given)
        )
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert sentence in page
        assert "Irina &amp; Co" in page
        assert "Said &lt;no&gt;" in page
        assert fresh(case).calls == []

    def test_a_call_for_a_case_somebody_has_taken_meanwhile_is_not_lost(
        self, desk: Browser, now: datetime
    ) -> None:
        case = a_case(now, holder=an_operator(now, name="Vera"))
        answer = desk.press(page_of(case) + "/calls", **self.a_call(now, note="A long talk"))
        page = answer.get_data(as_text=True)
        assert answer.status_code == 409
        assert "Vera has this case" in page
        assert "A long talk" in page

    def test_a_no_on_the_phone_closes_the_case(self, desk: Browser, now: datetime) -> None:
        case = a_case(now)
        desk.press(page_of(case) + "/calls", **self.a_call(now, result="refused"))
        assert fresh(case).status is CaseStatus.CLOSED
        assert case.outreach.status is OutreachStatus.DECLINED

    def test_a_shop_that_wants_no_more_requests_leaves_the_desk_with_all_its_cases(
        self, desk: Browser, now: datetime
    ) -> None:
        shop = a_shop(now)
        cases = [
            a_case(now, an_outreach(now, shop=shop, status=OutreachStatus.EXHAUSTED, exhausted_why="silence"))
            for _ in range(2)
        ]
        desk.press(page_of(cases[0]) + "/calls", **self.a_call(now, result="stop"))
        assert [fresh(case).status for case in cases] == [CaseStatus.CLOSED, CaseStatus.CLOSED]


class TestEndings:
    def test_a_case_is_put_off(self, desk: Browser, now: datetime) -> None:
        case = a_case(now)
        until = local(now + 30 * HOUR)
        assert desk.press(page_of(case) + "/snooze", until=until).status_code == 302
        assert local(fresh(case).next_action_at or now) == until

    @pytest.mark.parametrize("given", [{}, {"when": "later"}, {"until": "2020-01-01T10:00"}, {"until": "x"}])
    def test_a_case_is_not_put_off_without_a_time_to_come(
        self, desk: Browser, now: datetime, given: dict[str, str]
    ) -> None:
        case = a_case(now)
        assert desk.press(page_of(case) + "/snooze", **given).status_code == 422
        assert fresh(case).next_action_at == now - HOUR

    def test_a_case_is_closed_with_its_ending(self, desk: Browser, now: datetime) -> None:
        case = a_case(now)
        assert desk.press(page_of(case) + "/close").status_code == 422
        assert desk.press(page_of(case) + "/close", ending="unreachable").status_code == 302
        assert fresh(case).ending == "unreachable"

    @pytest.mark.parametrize(
        ("path", "given"), [("snooze", {"until": "2999-01-01T10:00"}), ("close", {"ending": "declined"})]
    )
    def test_a_case_in_other_hands_is_neither_put_off_nor_closed(
        self, desk: Browser, now: datetime, path: str, given: dict[str, str]
    ) -> None:
        case = a_case(now, holder=an_operator(now))
        assert desk.press(f"{page_of(case)}/{path}", **given).status_code == 409
        assert fresh(case).status is CaseStatus.OPEN

    def test_an_offer_named_on_the_phone_is_entered_for_the_shop(
        self, desk: Browser, olga: Operator, now: datetime
    ) -> None:
        case = a_case(now)
        assert desk.press(page_of(case) + "/answer", answer="percent", percent="7").status_code == 302
        offer = find_offer_of(case.outreach_id)
        assert offer is not None
        assert (offer.percent, offer.operator_id) == (7, olga.id)
        assert fresh(case).ending == "offered"

    def test_an_offer_without_its_figure_is_asked_for_again(self, desk: Browser, now: datetime) -> None:
        case = a_case(now)
        answer = desk.press(page_of(case) + "/answer", answer="percent", percent="", words="only today")
        assert answer.status_code == 422
        assert "only today" in answer.get_data(as_text=True)
        assert desk.press(page_of(case) + "/answer").status_code == 422

    def test_a_second_answer_does_not_replace_the_first(self, desk: Browser, now: datetime) -> None:
        case = a_case(now)
        desk.press(page_of(case) + "/answer", answer="percent", percent="7")
        assert desk.press(page_of(case) + "/answer", answer="percent", percent="9").status_code == 409


class TestPromises:
    def a_promise(self, case: EscalationCase, now: datetime) -> Promise:
        facts = {"outreach_id": case.outreach_id, "kind": PromiseKind.SEND_OFFER, "promised_by": "Irina"}
        return saved(Promise(**facts, due_at=now - HOUR / 2, made_at=now - 3 * HOUR))

    def test_a_kept_promise_is_noted_with_what_showed_it(self, desk: Browser, now: datetime) -> None:
        case = a_case(now)
        promise = self.a_promise(case, now)
        desk.press(f"{page_of(case)}/promises/{promise.id}", kept="yes", evidence="the buyer says so")
        db.session.refresh(promise)
        assert (promise.status, promise.evidence) == (PromiseStatus.LATE, "the buyer says so")

    def test_a_broken_promise_puts_the_case_first(self, desk: Browser, now: datetime) -> None:
        case = a_case(now)
        promise = self.a_promise(case, now)
        address = f"{page_of(case)}/promises/{promise.id}"
        desk.press(address, kept="no")
        assert fresh(case).reason is CaseReason.PROMISE_BROKEN
        assert "was settled before" in text_of(desk, desk.press(address, kept="no").location)

    def test_a_promise_is_settled_in_its_own_case_alone(self, desk: Browser, now: datetime) -> None:
        promise, other = self.a_promise(a_case(now), now), a_case(now)
        assert desk.press(f"{page_of(other)}/promises/{promise.id}", kept="yes").status_code == 404
        db.session.refresh(promise)
        assert promise.status is PromiseStatus.PENDING

    def test_neither_yes_nor_no_is_no_answer(self, desk: Browser, now: datetime) -> None:
        case = a_case(now)
        promise = self.a_promise(case, now)
        assert desk.press(f"{page_of(case)}/promises/{promise.id}").status_code == 400

    def test_a_missed_promise_is_the_first_thing_to_say(self, desk: Browser, now: datetime) -> None:
        case = a_case(now)
        self.a_promise(case, now)
        page = text_of(desk, page_of(case))
        assert "They promised something before" in page


def test_every_button_of_the_case_is_refused_without_its_token(desk: Browser, now: datetime) -> None:
    case, some = a_case(now), uuid4()
    things = (f"promises/{some}", f"deliveries/{some}", f"forms/{some}")
    for path in ("claim", "release", "calls", "snooze", "close", "answer", *things):
        assert desk.post(f"{page_of(case)}/{path}").status_code == 400
    assert desk.post("/desk/next").status_code == 400
