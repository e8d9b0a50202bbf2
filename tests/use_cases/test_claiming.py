"""Who has which shop in hand: races, expiry, presence, acts for several shops, and shops that become one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from discount_broker.accounts.models import AuditEntry
from discount_broker.accounts.queries.trail import list_changes_about
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import Call, EscalationCase, Presence
from discount_broker.escalation.queries import find_entry, get_case, list_open_cases_of_shop
from discount_broker.escalation.queries.presence import list_present
from discount_broker.escalation.rules import CLAIM_LASTS
from discount_broker.escalation.status import CallResult, CaseStatus, Ending
from discount_broker.escalation.use_cases import (
    claim_case,
    claim_next,
    claim_shop,
    close_cases,
    forget_presence,
    note_presence,
    open_due_cases,
    prolong_claim,
    release_shop,
    requeue_merged,
    snooze_shop,
    wake_queue,
)
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotAllowed, Refused
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases.merging import merge_shops
from discount_broker.shops.models import Shop, ShopPerson
from tests.builders import a_case, a_request, a_shop, an_operator, an_outreach, holder_id_of, saved
from tests.fakes import RecordingQueue
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Work = Callable[[datetime], list[str]]


def a_case_of(now: datetime, shop: Shop, **given: Any) -> EscalationCase:
    outreach = an_outreach(
        now,
        a_request(now, RequestStatus.ASKED),
        shop,
        status=OutreachStatus.EXHAUSTED,
        exhausted_why="silence",
    )
    return a_case(now, outreach, **given)


def held(case: EscalationCase) -> tuple[object, object]:
    db.session.expire_all()
    entry = find_entry(case.outreach.shop_id)
    assert entry is not None
    return entry.operator_id, entry.claimed_until


class TestClaims:
    def test_two_who_ask_for_the_next_case_at_once_get_two_or_one_gets_none(
        self, app: Flask, now: datetime
    ) -> None:
        cases = [a_case(now).id for _ in range(2)]
        ids = [an_operator(now).id for _ in range(2)]
        got = race(app, *[lambda each=each: claim_next(each, now) for each in ids])
        assert sorted(map(str, got)) == sorted(map(str, cases))
        got = race(app, *[lambda each=each: claim_next(each, now) for each in ids])
        assert got == [None, None]

    def test_a_claim_that_ran_out_blocks_nobody_even_before_the_sweep(self, now: datetime) -> None:
        case = a_case(now)
        anna, vera = an_operator(now).id, an_operator(now).id
        claim_case(case.id, anna, now)
        assert claim_next(vera, now + CLAIM_LASTS - HOUR) is None
        assert claim_next(vera, now + CLAIM_LASTS) == case.id
        assert holder_id_of(case) == vera

    def test_the_sweep_frees_what_was_forgotten_and_nothing_else(self, now: datetime) -> None:
        forgotten, fresh = a_case(now), a_case(now)
        claim_case(forgotten.id, an_operator(now).id, now)
        claim_case(fresh.id, anna := an_operator(now).id, now + HOUR)
        wake_queue(now + CLAIM_LASTS)
        assert (holder_id_of(forgotten), holder_id_of(fresh)) == (None, anna)

    def test_whoever_works_keeps_the_shop_and_nobody_gets_one_by_working(self, now: datetime) -> None:
        case, anna, vera = a_case(now), an_operator(now).id, an_operator(now).id
        prolong_claim(case.id, anna, now)
        assert held(case) == (None, None)
        claim_case(case.id, anna, now)
        prolong_claim(case.id, vera, now + HOUR)
        assert held(case) == (anna, now + CLAIM_LASTS)
        prolong_claim(case.id, anna, now + HOUR)
        assert held(case) == (anna, now + HOUR + CLAIM_LASTS)
        prolong_claim(case.id, anna, now + 9 * HOUR)
        assert held(case) == (anna, now + HOUR + CLAIM_LASTS), "what ran out is not brought back"


class TestPresence:
    def test_whoever_looked_within_a_minute_is_there(self, now: datetime) -> None:
        case, anna, vera = a_case(now), an_operator(now, name="Anna"), an_operator(now, name="Vera")
        shop_id = case.outreach.shop_id
        for seconds in (0, 20, 40):
            note_presence(case.id, anna.id, now + timedelta(seconds=seconds))
        note_presence(case.id, vera.id, now)
        assert list_present([shop_id], now + timedelta(seconds=59)) == {
            shop_id: {anna.id: "Anna", vera.id: "Vera"}
        }
        assert list_present([shop_id], now + timedelta(seconds=61)) == {shop_id: {anna.id: "Anna"}}
        assert db.session.query(Presence).count() == 2

    def test_what_is_old_is_removed(self, now: datetime) -> None:
        note_presence(a_case(now).id, an_operator(now).id, now)
        forget_presence(now + HOUR / 2)
        assert db.session.query(Presence).count() == 1
        forget_presence(now + 2 * HOUR)
        assert db.session.query(Presence).count() == 0


class TestAtOnce:
    def test_what_is_due_at_a_shop_waits_and_the_rest_keeps_its_time(self, now: datetime) -> None:
        shop, anna = a_shop(now), an_operator(now)
        due, later = a_case_of(now, shop), a_case_of(now, shop, next_action_at=now + HOUR)
        claim_shop(shop.id, anna.id, now)
        assert snooze_shop(shop.id, anna.id, now + DAY, now) == 1
        assert (due.next_action_at, later.next_action_at) == (now + DAY, now + HOUR)
        assert holder_id_of(due) is None
        with pytest.raises(Refused, match="nothing_due"):
            snooze_shop(shop.id, anna.id, now + DAY, now)
        with pytest.raises(Refused, match="next_action_in_past"):
            snooze_shop(shop.id, anna.id, now, now)

    def test_only_the_cases_that_were_listed_are_closed(self, now: datetime) -> None:
        shop, anna = a_shop(now), an_operator(now).id
        listed, new = a_case_of(now, shop), a_case_of(now, shop)
        assert close_cases(shop.id, [listed.id], anna, Ending.UNREACHABLE, now) == 1
        assert (listed.status, listed.ending, new.status) == (
            CaseStatus.CLOSED,
            Ending.UNREACHABLE,
            CaseStatus.OPEN,
        )
        with pytest.raises(Refused, match="nothing_open"):
            close_cases(shop.id, [listed.id], anna, Ending.UNREACHABLE, now)
        with pytest.raises(Refused, match="ending_one_by_one"):
            close_cases(shop.id, [new.id], anna, Ending.STOPPED, now)

    def test_of_those_who_close_the_same_cases_at_once_one_does(self, app: Flask, now: datetime) -> None:
        shop = a_shop(now)
        shop_id, case_ids = shop.id, frozenset(a_case_of(now, shop).id for _ in range(5))
        them = [an_operator(now).id for _ in range(4)]
        acts = [lambda who=who: close_cases(shop_id, case_ids, who, Ending.UNREACHABLE, now) for who in them]
        assert sorted(map(str, race(app, *acts))) == ["5", *["nothing_open"] * 3]
        assert db.session.query(AuditEntry).filter_by(what="case_closed").count() == 5

    def test_a_case_that_is_locked_is_as_others_left_it_and_not_as_it_was_listed(self, now: datetime) -> None:
        shop_id = a_case(now).outreach.shop_id
        (listed,) = list_open_cases_of_shop(shop_id)
        assert listed.flag_note == ""
        with db.engine.begin() as colleague:
            colleague.execute(update(EscalationCase).values(flag_note="look at this"))
        assert get_case(listed.id, lock=True).flag_note == "look at this"

    def test_a_shop_in_other_hands_is_left_alone(self, now: datetime) -> None:
        case = a_case(now, holder=an_operator(now))
        shop_id, anna = case.outreach.shop_id, an_operator(now).id
        assert not claim_shop(shop_id, anna, now)
        for act in (
            lambda: release_shop(shop_id, anna, now),
            lambda: snooze_shop(shop_id, anna, now + DAY, now),
            lambda: close_cases(shop_id, [case.id], anna, Ending.UNREACHABLE, now),
        ):
            with pytest.raises(NotAllowed):
                act()
        assert case.status is CaseStatus.OPEN


class TestShopsThatBecomeOne:
    def merged(self, alias: Shop, shop: Shop, now: datetime) -> None:
        merge_shops(alias.id, shop.id, an_operator(now).id, now)

    def test_the_cases_and_the_claim_go_to_the_shop(
        self, now: datetime, work_at: Work, queue: RecordingQueue
    ) -> None:
        alias, shop, anna = a_shop(now), a_shop(now), an_operator(now)
        mine, others = a_case_of(now, alias, holder=anna), a_case_of(now, shop)
        saved(ShopPerson(shop_id=alias.id, name="Ivan", met_at=now))
        call = Call(
            shop_id=alias.id, operator_id=anna.id, started_at=now, result=CallResult.BUSY, cases=[mine]
        )
        saved(call)
        self.merged(alias, shop, now)
        assert "requeue_shop" in work_at(now)
        db.session.expire_all()
        entry, left = find_entry(shop.id), find_entry(alias.id)
        assert entry is not None
        assert left is not None
        assert (entry.open_cases, entry.operator_id) == (2, anna.id)
        assert (left.open_cases, left.operator_id) == (0, None)
        assert {mine.outreach.shop_id, others.outreach.shop_id, call.shop_id} == {shop.id}
        assert db.session.query(ShopPerson).one().shop_id == shop.id

    def test_where_a_colleague_has_the_shop_the_other_is_told(self, now: datetime, work_at: Work) -> None:
        alias, shop = a_shop(now, "alias.ru"), a_shop(now)
        anna, vera = an_operator(now), an_operator(now)
        a_case_of(now, alias, holder=anna)
        case = a_case_of(now, shop, holder=vera)
        self.merged(alias, shop, now)
        work_at(now)
        requeue_merged(now)
        assert holder_id_of(case) == vera.id
        (told,) = list_changes_about(f"operator:{anna.id}", "claim_lost", now - HOUR)
        assert told.facts == {"domain": "alias.ru"}

    def test_the_sweep_finds_the_merge_whose_bell_was_lost(
        self, now: datetime, queue: RecordingQueue
    ) -> None:
        alias, shop, anna = a_shop(now), a_shop(now), an_operator(now)
        case = a_case_of(now, alias, holder=anna)
        self.merged(alias, shop, now)
        queue.take()
        requeue_merged(now)
        entry = find_entry(shop.id)
        assert entry is not None
        assert (entry.open_cases, entry.operator_id) == (1, anna.id)
        before = db.session.query(AuditEntry).count()
        requeue_merged(now)
        assert db.session.query(AuditEntry).count() == before
        assert claim_case(case.id, anna.id, now)

    def test_a_request_that_both_were_asked_for_leaves_one_case(self, now: datetime, work_at: Work) -> None:
        alias, shop = a_shop(now), a_shop(now)
        request = a_request(now, RequestStatus.ASKED)
        asked = {"status": OutreachStatus.EXHAUSTED, "exhausted_why": "silence"}
        twice = a_case(now, an_outreach(now, request, alias, **asked), holder=an_operator(now))
        kept = a_case(now, an_outreach(now, request, shop, **asked))
        self.merged(alias, shop, now)
        work_at(now)
        open_due_cases(now)
        assert (twice.status, kept.status) == (CaseStatus.CLOSED, CaseStatus.OPEN)

    def test_a_case_can_be_taken_before_its_new_shop_is_reckoned(self, now: datetime) -> None:
        alias, shop = a_shop(now), a_shop(now)
        case = a_case_of(now, alias)
        self.merged(alias, shop, now)
        db.session.expire_all()
        assert claim_case(case.id, an_operator(now).id, now)
        requeue_merged(now)
