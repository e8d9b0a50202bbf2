"""The queue of the desk: its pages, its filters and its search."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.operations import make_promise
from discount_broker.escalation.queries import View
from discount_broker.escalation.queries.filters import list_filters
from discount_broker.escalation.queries.queue_pages import (
    EVERYTHING,
    PAGE,
    Narrowing,
    Reader,
    count_queue,
    list_page,
)
from discount_broker.escalation.queries.queue_search import search_desk
from discount_broker.escalation.status import CaseReason, CaseStatus, Ending, PromiseKind
from discount_broker.escalation.use_cases import delete_filter, save_filter, wake_queue
from discount_broker.escalation.use_cases.filters import MOST_FILTERS
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.transaction import transaction
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from discount_broker.shops.models import Shop, ShopPerson
from discount_broker.shops.status import ContactKind
from tests.builders import a_buyer, a_case, a_door, a_request, a_shop, an_operator, an_outreach, saved

pytestmark = pytest.mark.usefixtures("app")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def silent(now: datetime, shop: Shop, **request: Any) -> Outreach:
    asked = a_request(now, RequestStatus.ASKED, **request)
    return an_outreach(now, asked, shop, status=OutreachStatus.EXHAUSTED, exhausted_why="silence")


def reader(now: datetime, operator_id: UUID | None = None) -> Reader:
    return Reader(operator_id or an_operator(now).id, now, now + 12 * HOUR)


def shops_in(view: View, now: datetime, narrowing: Narrowing = EVERYTHING) -> list[str]:
    return [row.case.outreach.shop.domain for row in list_page(view, reader(now), narrowing).rows]


class TestPages:
    @pytest.mark.parametrize("view", [View.DUE, View.WAITING, View.CLOSED])
    def test_a_walk_there_and_back_meets_every_row_once(self, now: datetime, view: View) -> None:
        for n in range(PAGE + 20):
            per_view: dict[View, dict[str, Any]] = {
                View.DUE: {},
                View.WAITING: {"next_action_at": now + HOUR * (n % 7 + 1)},
                View.CLOSED: {
                    "status": CaseStatus.CLOSED,
                    "closed_at": now - HOUR * (n % 7),
                    "next_action_at": None,
                    "ending": Ending.UNREACHABLE,
                },
            }
            a_case(now, silent(now, a_shop(now)), **per_view[view])
        at = reader(now)
        first = list_page(view, at)
        second = list_page(view, at, cursor=first.next)
        met = [row.case.id for row in (*first.rows, *second.rows)]
        assert len(met) == len(set(met)) == PAGE + 20
        assert (first.previous, second.next) == (None, None)
        back = list_page(view, at, cursor=second.previous)
        assert [row.case.id for row in back.rows] == met[:PAGE]
        assert back.previous is None
        assert list_page(view, at, cursor=back.next).rows == second.rows

    def test_a_row_is_a_shop_with_all_its_open_cases(self, now: datetime) -> None:
        shop = a_shop(now, "many.ru")
        for _ in range(3):
            a_case(now, silent(now, shop))
        (row,) = list_page(View.DUE, reader(now)).rows
        assert row.entry is not None
        assert row.entry.open_cases == 3

    def test_a_view_is_narrowed_down_by_what_is_asked(self, now: datetime) -> None:
        anna = an_operator(now)
        a_case(now, silent(now, a_shop(now, "plain.ru")))
        german = a_shop(now, "laden.de", country="DE", language="de")
        a_case(now, silent(now, german), reason=CaseReason.CAPTCHA, opened_at=now - 9 * DAY)
        a_case(now, silent(now, a_shop(now, "held.ru")), holder=anna)
        for narrowing, found in (
            (Narrowing(country="DE"), ["laden.de"]),
            (Narrowing(language="de"), ["laden.de"]),
            (Narrowing(reason=CaseReason.CAPTCHA), ["laden.de"]),
            (Narrowing(days=5), ["laden.de"]),
            (Narrowing(operator_id=anna.id), ["held.ru"]),
            (Narrowing(country="DE", operator_id=anna.id), []),
            (Narrowing(value=Decimal(1_000_000)), []),
        ):
            assert shops_in(View.DUE, now, narrowing) == found

    def test_a_filter_looks_so_far_and_goes_on_from_there(self, now: datetime) -> None:
        for n in range(7):
            shop = a_shop(now, f"n{n}.de" if n == 6 else f"n{n}.ru", country="DE" if n == 6 else "RU")
            a_case(now, silent(now, shop), opened_at=now - (9 - n) * DAY)
        at, germans = reader(now), Narrowing(country="DE")
        first = list_page(View.DUE, at, germans, look_at=5)
        assert (first.rows, first.is_cut) == ([], True)
        second = list_page(View.DUE, at, germans, first.next, look_at=5)
        assert [row.case.outreach.shop.domain for row in second.rows] == ["n6.de"]
        assert (second.next, second.is_cut) == (None, False)

    def test_promises_of_today_are_counted_by_the_day_of_the_reader(self, now: datetime) -> None:
        for hours in (1, 5, 20):
            outreach = a_case(now).outreach
            with transaction():
                make_promise(outreach, PromiseKind.CALL_US, now + hours * HOUR, now)
        assert count_queue(reader(now))[View.PROMISES] == 2
        assert len(list_page(View.PROMISES, reader(now)).rows) == 2

    def test_a_case_that_falls_due_comes_up_by_itself(self, now: datetime) -> None:
        a_case(now, next_action_at=now + HOUR)
        assert count_queue(reader(now))[View.DUE] == 0
        assert wake_queue(now + HOUR) == 1
        assert count_queue(reader(now))[View.DUE] == 1


class TestFilters:
    def test_a_filter_is_kept_by_name_and_the_same_name_replaces_it(self, now: datetime) -> None:
        anna, vera = an_operator(now).id, an_operator(now).id
        assert save_filter(anna, "  German   shops ", "view=due&country=DE", now)
        assert not save_filter(anna, "German shops", "view=mine&country=DE", now)
        (kept,) = list_filters(anna)
        assert (kept.name, kept.query) == ("German shops", "view=mine&country=DE")
        delete_filter(vera, kept.id)
        assert list_filters(vera) == []
        assert len(list_filters(anna)) == 1
        for _ in range(2):
            delete_filter(anna, kept.id)
        assert list_filters(anna) == []

    def test_names_and_their_number_have_limits(self, now: datetime) -> None:
        anna = an_operator(now).id
        for n in range(MOST_FILTERS):
            save_filter(anna, f"filter {n}", "", now)
        for name, code in (("one more", "filters_full"), (" ", "name_missing"), ("x" * 41, "name_long")):
            with pytest.raises(Refused, match=code):
                save_filter(anna, name, "", now)
        assert not save_filter(anna, "filter 3", "view=mine", now), "a known name may be used again"


class TestSearch:
    def found(self, text: str) -> set[str]:
        found = search_desk(text)
        return {row.case.outreach.shop.domain for row in found.rows} | {shop.domain for shop in found.shops}

    def test_a_case_is_found_by_whatever_is_at_hand(self, now: datetime) -> None:
        shop = a_shop(now, "teapots.ru", name="Best Teapots")
        shop.contact_points.append(a_door(ContactKind.PHONE, "+74951234567", "teapots.ru", 0.9, now))
        saved(ShopPerson(shop_id=shop.id, name="Ivan", phone="+79161112233", met_at=now))
        saved(Shop(domain="kettles.ru", home_url="", name="Kettles", merged_into_id=shop.id))
        buyer = a_buyer(now, email="anna@mail.example", phone="8 926 555-44-33")
        a_case(now, silent(now, shop, buyer=buyer, number="R-7K2M9"))
        a_case(now)
        for text in (
            "r-7k2m9", "7K2M9", "7k2m", "TEAPOTS", " teapots.ru ", "https://www.teapots.ru/", "best tea",
            "Kettles", "kettles.ru", "Anna@mail.example", "+7 926 555 44 33", "9265554433",
            "8 (495) 123-45-67", "74951234567", "495 123-45-67", "8 916 111 22 33",
        ):  # fmt: skip
            assert self.found(text) == {"teapots.ru"}, text
        for text in ("100%", "_", "R-", "", "pots", "@", "+7"):
            assert self.found(text) == set(), text

    def test_a_whole_number_names_its_request_and_nothing_else(self, now: datetime) -> None:
        a_case(now, silent(now, a_shop(now, "abcde.ru"), number="R-ABCDE"))
        a_case(now, silent(now, a_shop(now, "abcd.ru"), number="R-ABCDF"))
        assert search_desk("abcde").exact == "R-ABCDE"
        assert self.found("abcde") == {"abcde.ru"}
        assert search_desk("abcd").exact == ""

    def test_shops_without_an_open_case_are_named_too(self, now: datetime) -> None:
        quiet = a_shop(now, "quiet.ru")
        found = search_desk("quiet")
        assert (found.rows, found.shops) == ([], [quiet])

    def test_a_buyer_who_was_merged_is_found_under_both_addresses(self, now: datetime) -> None:
        kept = a_buyer(now, email="new@mail.example")
        a_buyer(now, email="old@mail.example", merged_into_id=kept.id)
        a_case(now, silent(now, a_shop(now, "teapots.ru"), buyer=kept))
        assert self.found("old@mail.example") == self.found("new@mail.example") == {"teapots.ru"}
