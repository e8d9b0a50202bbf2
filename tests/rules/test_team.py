from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discount_broker.escalation.rules.sampling import draw
from discount_broker.escalation.rules.team import (
    QUARTER,
    Figures,
    Verdict,
    check_verdict,
    hour_of_week,
    last_days,
    last_weeks,
    total,
)
from discount_broker.escalation.status import Ending, LeadDecision
from discount_broker.kernel.errors import Refused

NOW = datetime(2030, 1, 14, 9, 0, tzinfo=UTC)
"""A Monday."""
SECRET = b"a secret"
MOSCOW, BERLIN, KOLKATA = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata")


class TestSample:
    def test_the_same_week_gives_the_same_sample_in_whatever_order_the_cases_come(self) -> None:
        cases = [uuid4() for _ in range(40)]
        drawn = draw(cases, "2030-01-07", SECRET)
        assert len(drawn) == 5
        assert draw(reversed(cases), "2030-01-07", SECRET) == drawn

    def test_another_week_or_another_secret_gives_another_sample(self) -> None:
        cases = [UUID(int=n) for n in range(200)]
        drawn = draw(cases, "2030-01-07", SECRET)
        assert draw(cases, "2030-01-14", SECRET) != drawn
        assert draw(cases, "2030-01-07", b"another secret") != drawn

    def test_who_closed_few_cases_has_all_of_them_looked_at(self) -> None:
        cases = [uuid4(), uuid4()]
        assert set(draw(cases, "2030-01-07", SECRET)) == set(cases)

    @given(st.lists(st.uuids(), min_size=6, max_size=60, unique=True))
    def test_a_case_more_moves_at_most_one_other_out(self, cases: list[UUID]) -> None:
        *before, another = cases
        old, new = set(draw(before, "w", SECRET)), set(draw(cases, "w", SECRET))
        assert new - old <= {another}
        assert len(old - new) <= 1

    def test_every_case_has_the_same_chance(self) -> None:
        cases = [UUID(int=n) for n in range(20)]
        times = dict.fromkeys(cases, 0)
        for week in range(2000):
            for case in draw(cases, str(week), SECRET):
                times[case] += 1
        # 500 of 2000 are meant for each; four standard deviations are 77.
        assert all(abs(n - 500) < 77 for n in times.values())


class TestCalendar:
    def test_days_begin_at_the_midnight_of_the_reader(self) -> None:
        (today,) = last_days(NOW, KOLKATA, 1)
        assert (today.on, today.begins_at) == (date(2030, 1, 14), datetime(2030, 1, 13, 18, 30, tzinfo=UTC))

    def test_just_before_midnight_it_is_still_yesterday(self) -> None:
        late = datetime(2030, 1, 13, 20, 59, tzinfo=UTC)
        assert last_days(late, MOSCOW, 1)[0].on == date(2030, 1, 13)
        assert last_days(late + timedelta(minutes=1), MOSCOW, 1)[0].on == date(2030, 1, 14)

    def test_days_follow_each_other_without_a_gap_even_where_the_clock_is_put_forward(self) -> None:
        days = last_days(datetime(2030, 4, 3, 12, tzinfo=UTC), BERLIN)
        assert len(days) == 14
        assert all(one.ends_at == two.begins_at for one, two in pairwise(days))
        lengths = {day.on: day.ends_at - day.begins_at for day in days}
        assert lengths[date(2030, 3, 31)] == timedelta(hours=23)

    def test_weeks_begin_on_monday(self) -> None:
        before, this = last_weeks(NOW, MOSCOW, 2)
        assert (before.on, this.on) == (date(2030, 1, 7), date(2030, 1, 14))
        assert before.ends_at == this.begins_at == datetime(2030, 1, 13, 21, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("zone", "hour"), [(MOSCOW, (0, 12)), (KOLKATA, (0, 14)), (ZoneInfo("Pacific/Auckland"), (0, 22))]
    )
    def test_a_quarter_of_an_hour_falls_into_an_hour_of_the_week(
        self, zone: ZoneInfo, hour: tuple[int, int]
    ) -> None:
        assert hour_of_week(int(NOW.timestamp()) // QUARTER, zone) == hour


class TestFigures:
    def test_figures_add_up(self) -> None:
        day = Figures(closed=2, calls=3, minutes=30, promises_due=2, promises_kept=1, won=1)
        assert total([day, day, Figures()]) == Figures(
            closed=4, calls=6, minutes=60, promises_due=4, promises_kept=2, won=2
        )

    def test_minutes_a_discount_want_a_discount(self) -> None:
        assert Figures(minutes=90, won=1).minutes_a_discount == 90
        assert Figures(minutes=100, won=3).minutes_a_discount == 33
        assert Figures(minutes=90).minutes_a_discount is None


def a_verdict(decision: LeadDecision, comment: str = "", ending: Ending | None = None) -> Verdict:
    return Verdict(decision=decision, comment=comment, ending=ending, opened_at=NOW)


class TestVerdict:
    @pytest.mark.parametrize("decision", [LeadDecision.DO_OTHERWISE, LeadDecision.TALK])
    def test_who_wants_it_otherwise_says_how(self, decision: LeadDecision) -> None:
        with pytest.raises(Refused) as refused:
            check_verdict(a_verdict(decision, "  "))
        assert (refused.value.code, refused.value.field) == ("comment_missing", "comment")
        check_verdict(a_verdict(decision, "Ask for the manager."))

    def test_a_case_is_closed_with_an_ending(self) -> None:
        with pytest.raises(Refused) as refused:
            check_verdict(a_verdict(LeadDecision.CLOSE, "Enough."))
        assert refused.value.code == "ending_missing"
        check_verdict(a_verdict(LeadDecision.CLOSE, ending=Ending.UNREACHABLE))

    def test_praise_needs_no_words(self) -> None:
        check_verdict(a_verdict(LeadDecision.WELL_DONE))

    @pytest.mark.parametrize(("minutes", "seconds"), [(-5, 0), (0, 0), (2, 120), (15, 900), (600, 900)])
    def test_a_page_left_open_does_not_count_for_ever(self, minutes: int, seconds: int) -> None:
        assert a_verdict(LeadDecision.WELL_DONE).seconds(NOW + timedelta(minutes=minutes)) == seconds
