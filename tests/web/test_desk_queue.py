"""The page of the queue: rows, views, filters, search, ticked rows and who is looking."""

import html
import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from discount_broker.accounts.models import Operator
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import CaseClock, EscalationCase, QueueEntry, SavedFilter
from discount_broker.escalation.operations import make_promise, requeue
from discount_broker.escalation.queries.queue_pages import PAGE
from discount_broker.escalation.rules import CLAIM_LASTS
from discount_broker.escalation.status import CaseStatus, ClockKind, PromiseKind
from discount_broker.escalation.use_cases import claim_case, note_presence, requeue_merged
from discount_broker.kernel.db import db
from discount_broker.kernel.transaction import transaction
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases.merging import merge_shops
from discount_broker.shops.models import Shop
from tests.builders import (
    a_case,
    a_request,
    a_shop,
    an_operator,
    an_outreach,
    holder_id_of,
    saved,
)
from tests.web.conftest import Browser

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def a_case_of(now: datetime, shop: Shop, **given: Any) -> EscalationCase:
    request = a_request(now, RequestStatus.ASKED, **given.pop("request", {}))
    asked = an_outreach(now, request, shop, status=OutreachStatus.EXHAUSTED, exhausted_why="silence")
    return a_case(now, asked, **given)


@pytest.fixture
def olga(now: datetime) -> Operator:
    return an_operator(now, name="Olga")


@pytest.fixture
def desk(client: Browser, olga: Operator) -> Browser:
    client.set_cookie("zone", "UTC", domain="localhost")
    sit_down(client, olga)
    return client


def sit_down(browser: Browser, operator: Operator) -> None:
    with browser.session_transaction() as session:
        session["_user_id"], session["_fresh"] = f"operator:{operator.id}", True


def text_of(browser: Browser, path: str) -> str:
    return browser.get(path).get_data(as_text=True)


def link_to(page: str, element_id: str) -> str:
    """Where the link with this id leads."""
    found = re.search(rf'id="{element_id}"[^>]*href="([^"]+)"', page)
    assert found, element_id
    return html.unescape(found[1])


def entry_of(case: EscalationCase) -> QueueEntry:
    db.session.expire_all()
    return db.session.get_one(QueueEntry, case.outreach.shop_id)


class TestRows:
    def test_a_row_is_a_shop_and_says_how_many_cases_it_has(self, desk: Browser, now: datetime) -> None:
        shop = a_shop(now, name="Teapots")
        for _ in range(3):
            a_case_of(now, shop)
        page = text_of(desk, "/desk/")
        assert page.count("data-row ") == 1
        assert "and 2 more cases" in page
        assert "<title>(1) Desk" in page

    def test_a_row_says_why_it_stands_where_it_stands(self, desk: Browser, now: datetime) -> None:
        broken = a_case(now)
        with transaction():
            make_promise(broken.outreach, PromiseKind.SEND_OFFER, now - 2 * HOUR, now)
        late = a_case(now)
        facts = {"started_at": now - DAY, "limit_seconds": 60, "missed_at": now - 2 * HOUR}
        saved(CaseClock(case_id=late.id, kind=ClockKind.FIRST_ANSWER, warned_at=now - 3 * HOUR, **facts))
        with transaction():
            requeue(late.outreach.shop_id, now)
        plain = a_case(now, opened_at=now - 3 * DAY)
        page = text_of(desk, "/desk/")
        assert "a promise is broken since" in page
        assert "the time for the first answer ran out 2 hours ago" in page
        assert "a little to save · open for 3 days" in page
        places = [page.index(f"case-{case.id}") for case in (broken, late, plain)]
        assert places == sorted(places)

    def test_the_next_promise_of_a_shop_stands_on_its_row(self, desk: Browser, now: datetime) -> None:
        shop = a_shop(now)
        a_case_of(now, shop)
        other = a_case_of(now, shop)
        with transaction():
            make_promise(other.outreach, PromiseKind.CALL_US, now + 3 * HOUR, now)
        assert "Promise due" in text_of(desk, "/desk/")

    def test_pages_follow_each_other_without_scripts(self, desk: Browser, now: datetime) -> None:
        for _ in range(PAGE + 5):
            a_case(now)
        first = text_of(desk, "/desk/?country=RU")
        assert first.count("data-row ") == PAGE
        second = text_of(desk, link_to(first, "page-after"))
        assert second.count("data-row ") == 5
        assert "page-after" not in second
        again = text_of(desk, link_to(second, "page-before"))
        assert re.findall(r'id="case-[^"]+"', again) == re.findall(r'id="case-[^"]+"', first)

    @pytest.mark.parametrize(
        "query",
        [
            "view=x&after=1.zz&country=RUS&reason=no&value=-1&operator=1&days=many",
            "after=99999999999999999999.00000000000000000000000000000000",
            "before=-9223372036854775807.00000000000000000000000000000000",
            "view=waiting&after=9223372036854775000.00000000000000000000000000000000",
            "view=closed&after=4611686018427387900.00000000000000000000000000000000",
            "view=promises&before=-4611686018427387900.00000000000000000000000000000000",
            "q=%00&view=closed&days=9999&value=999999999",
        ],
    )
    def test_an_address_that_makes_no_sense_shows_the_queue(self, desk: Browser, query: str) -> None:
        assert desk.get(f"/desk/?{query}").status_code == 200


class TestFilters:
    def test_a_view_is_narrowed_down_and_the_views_keep_the_filter(
        self, desk: Browser, now: datetime
    ) -> None:
        here, there = a_case(now), a_case_of(now, a_shop(now, country="DE"))
        page = text_of(desk, "/desk/?view=unassigned&country=DE&days=0")
        assert str(there.id) in page
        assert str(here.id) not in page
        assert "Germany" in page
        assert "country=DE" in link_to(page, "view-waiting")
        assert "No shop of this view passes the filter" in text_of(desk, "/desk/?country=FR")

    def test_a_filter_is_kept_shown_and_removed(self, desk: Browser, now: datetime) -> None:
        back = "view=mine&country=DE"
        assert desk.press("/desk/filters", back=back, name="German").status_code == 302
        page = text_of(desk, "/desk/")
        assert "Kept: “German”." in page
        assert "/desk/?view=mine&amp;country=DE" in page
        kept = db.session.query(SavedFilter).one()
        desk.press(f"/desk/filters/{kept.id}/delete", back=back)
        assert "country=DE" not in text_of(desk, "/desk/")

    def test_a_name_that_is_refused_stays_in_its_field(self, desk: Browser) -> None:
        answer = desk.press("/desk/filters", back="view=due&country=DE", name="x" * 50)
        assert answer.status_code == 422
        assert "x" * 50 in answer.get_data(as_text=True)
        assert "40 letters are enough" in answer.get_data(as_text=True)

    def test_the_filter_of_a_colleague_stays(self, desk: Browser, now: datetime) -> None:
        vera = an_operator(now)
        kept = saved(SavedFilter(operator_id=vera.id, name="Hers", query="view=due", created_at=now))
        desk.press(f"/desk/filters/{kept.id}/delete")
        assert db.session.query(SavedFilter).count() == 1


class TestSearch:
    def test_a_whole_number_leads_to_its_case_at_once(self, desk: Browser, now: datetime) -> None:
        case = a_case_of(now, a_shop(now), request={"number": "R-7K2M9"})
        a_case(now)
        assert desk.get("/desk/?q=7k2m9").location == f"/desk/cases/{case.id}"

    def test_of_a_request_put_to_two_shops_both_cases_are_shown(self, desk: Browser, now: datetime) -> None:
        request = a_request(now, RequestStatus.ASKED, number="R-7K2M9")
        asked = {"status": OutreachStatus.EXHAUSTED, "exhausted_why": "silence"}
        cases = [a_case(now, an_outreach(now, request, a_shop(now), **asked)) for _ in range(2)]
        page = text_of(desk, "/desk/?q=R-7K2M9")
        assert all(str(case.id) in page for case in cases)

    def test_a_request_without_a_case_is_told_from_one_that_does_not_exist(
        self, desk: Browser, now: datetime
    ) -> None:
        a_request(now, RequestStatus.ASKED, number="R-7K2M9")
        assert "The request R-7K2M9 has no case" in text_of(desk, "/desk/?q=7K2M9")
        assert "has no case" not in text_of(desk, "/desk/?q=7K2M8")


class TestTicked:
    def test_ticked_shops_are_taken_and_those_in_other_hands_are_named(
        self, desk: Browser, olga: Operator, now: datetime
    ) -> None:
        free, hers = (
            a_case(now),
            a_case_of(now, a_shop(now, name="Hers"), holder=an_operator(now, name="Vera")),
        )
        shops = [str(case.outreach.shop_id) for case in (free, hers)]
        desk.press("/desk/bulk", shop=shops, act="take", back="view=unassigned")
        page = text_of(desk, "/desk/")
        assert "1 shop is in your hands." in page
        assert "Left as they were: Hers: Vera has it until" in page
        assert holder_id_of(free) == olga.id

    def test_ticked_shops_are_given_back_put_off_and_flagged(
        self, desk: Browser, olga: Operator, now: datetime
    ) -> None:
        case = a_case(now, holder=olga)
        shop, until = str(case.outreach.shop_id), (now + 5 * HOUR).strftime("%Y-%m-%dT%H:%M")
        desk.press("/desk/bulk", shop=shop, act="release")
        assert holder_id_of(case) is None
        desk.press("/desk/bulk", shop=shop, act="flag", note="Is this a shop at all?")
        assert entry_of(case).is_flagged
        desk.press("/desk/bulk", shop=shop, act="snooze", when=until)
        assert not entry_of(case).is_due

    def test_closing_asks_first_and_closes_what_it_has_listed(self, desk: Browser, now: datetime) -> None:
        case = a_case(now)
        hers = a_case_of(now, a_shop(now, name="Hers"), holder=an_operator(now, name="Vera"))
        shops = [str(case.outreach.shop_id), str(hers.outreach.shop_id)]
        asked = desk.press("/desk/bulk", shop=shops, act="close", ending="unreachable")
        page = asked.get_data(as_text=True)
        assert asked.status_code == 200
        assert case.outreach.discount_request.number in page
        assert "Hers (Vera)" in page
        assert entry_of(case).open_cases == 1
        desk.press("/desk/bulk/close", shop=shops, case=[str(case.id), str(hers.id)], ending="unreachable")
        db.session.expire_all()
        assert (case.status, hers.status) == (CaseStatus.CLOSED, CaseStatus.OPEN)

    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            ({"act": "take", "shop": []}, "tick the shops first"),
            ({"act": "snooze"}, "until when they wait"),
            ({"act": "snooze", "when": "2020-01-01T10:00"}, "until when they wait"),
            ({"act": "flag", "note": " "}, "what the lead should look at"),
            ({"act": "close", "ending": "stopped"}, "how the cases end"),
            ({"act": "dance"}, "what to do with them"),
        ],
    )
    def test_what_is_missing_is_asked_for_and_ticks_and_words_stay(
        self, desk: Browser, now: datetime, given: dict[str, Any], sentence: str
    ) -> None:
        case = a_case(now)
        filled = {"shop": str(case.outreach.shop_id), "note": "odd & open", **given}
        answer = desk.press("/desk/bulk", **filled)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert sentence in page
        assert bool(re.search(r'name="shop" value="[^"]+" checked', page)) == bool(given.get("shop", True))
        if "note" not in given:
            assert "odd &amp; open" in page

    def test_what_is_no_id_is_not_ticked(self, desk: Browser) -> None:
        assert desk.press("/desk/bulk", shop="all", act="take").status_code == 422
        assert desk.press("/desk/bulk/close", case="all", ending="unreachable").status_code == 302


class TestPresence:
    def test_colleagues_who_look_are_named_on_the_row_and_told_apart_from_oneself(
        self, desk: Browser, olga: Operator, now: datetime
    ) -> None:
        case = a_case(now)
        assert desk.press(f"/desk/cases/{case.id}/presence", shown="").status_code == 204
        assert "is looking" not in text_of(desk, "/desk/")
        note_presence(case.id, an_operator(now, name="Anna").id, now)
        answer = desk.press(f"/desk/cases/{case.id}/presence", shown="")
        assert "Anna is looking at this" in answer.get_data(as_text=True)
        assert desk.press(f"/desk/cases/{case.id}/presence", shown="Anna").status_code == 204
        assert "Anna is looking" in text_of(desk, "/desk/")

    def test_work_prolongs_a_claim_and_an_open_page_does_not(
        self, desk: Browser, olga: Operator, now: datetime
    ) -> None:
        case = a_case(now)
        claim_case(case.id, olga.id, now - HOUR)
        ends_at = entry_of(case).claimed_until
        desk.press(f"/desk/cases/{case.id}/presence", shown="")
        desk.get(f"/desk/cases/{case.id}")
        assert entry_of(case).claimed_until == ends_at
        desk.press(f"/desk/cases/{case.id}/claim")
        assert (entry_of(case).claimed_until or now) >= now + CLAIM_LASTS


def test_a_shop_that_is_merged_while_its_case_is_open_keeps_its_links(
    desk: Browser, olga: Operator, now: datetime
) -> None:
    alias, shop = a_shop(now, "alias.ru"), a_shop(now, name="The whole shop")
    case = a_case_of(now, alias, holder=olga)
    merge_shops(alias.id, shop.id, an_operator(now).id, now)
    db.session.expire_all()
    for _ in range(2):  # before the row is reckoned anew, and after
        page = text_of(desk, f"/desk/cases/{case.id}")
        assert "The whole shop" in page
        requeue_merged(now)
    assert "The whole shop" in text_of(desk, "/desk/?view=mine")


def test_whoever_lost_a_shop_to_a_merge_is_told_in_the_queue(
    desk: Browser, olga: Operator, now: datetime
) -> None:
    alias, shop = a_shop(now, "alias.ru"), a_shop(now)
    a_case_of(now, alias, holder=olga)
    a_case_of(now, shop, holder=an_operator(now))
    merge_shops(alias.id, shop.id, an_operator(now).id, now)
    requeue_merged(now)
    assert "You had alias.ru in hand." in text_of(desk, "/desk/")


@pytest.mark.parametrize(
    "path", ["/desk/bulk", "/desk/bulk/close", "/desk/filters", "/desk/next", "/desk/cases/{case}/presence"]
)
def test_nobody_but_staff_acts_in_the_queue(client: Browser, now: datetime, path: str) -> None:
    case = a_case(now)
    answer = client.press(path.format(case=case.id), shop=str(case.outreach.shop_id), act="take")
    assert "/staff" in answer.location
    assert holder_id_of(case) is None
