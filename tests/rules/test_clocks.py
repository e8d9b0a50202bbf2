"""How long a shop takes, in its own business time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from discount_broker.escalation.rules.clocks import DEFAULTS, Event, EventKind, Life, Run, run_of
from discount_broker.escalation.status import ClockKind
from discount_broker.kernel.business_time import add_business_time, business_seconds_between

FIRST, NEXT, SOLVED = ClockKind.FIRST_ANSWER, ClockKind.NEXT_ANSWER, ClockKind.SOLVED
TO, FROM, US = EventKind.TO_SHOP, EventKind.FROM_SHOP, EventKind.WITH_US
HOUR = 3600


def at(day: int, hour: float) -> datetime:
    """A day of a January without holidays after the 8th, by a clock in Moscow; the 14th is a Monday."""
    return datetime(2030, 1, day, tzinfo=UTC) + timedelta(hours=hour - 3)


def run(kind: ClockKind, *events: tuple[datetime, EventKind], life: Life | None = None) -> Run | None:
    life = life or Life(at(14, 9), None, is_first=True)
    return run_of(kind, [Event(*event) for event in events], life, "RU")


def spent(found: Run | None, now: datetime) -> float:
    assert found is not None
    return found.spent_at(now, "RU") / HOUR


class TestFirstAnswer:
    def test_it_runs_in_the_shops_working_hours_until_a_person_answers(self) -> None:
        asked = run(FIRST, (at(18, 16), TO))
        assert spent(asked, at(18, 17)) == 1
        assert spent(asked, at(20, 12)) == 2, "the shop sleeps at the weekend"
        assert spent(asked, at(21, 12)) == 5
        answered = run(FIRST, (at(18, 16), TO), (at(21, 12), FROM))
        assert answered == Run(at(18, 16), 5 * HOUR, None, at(21, 12))

    def test_nothing_reached_the_shop_so_nothing_runs(self) -> None:
        assert run(FIRST) is None
        assert run(FIRST, (at(14, 12), US)) is None

    def test_a_shop_that_spoke_first_was_never_waited_for(self) -> None:
        assert run(FIRST, (at(14, 10), FROM), (at(14, 12), TO)) is None

    def test_it_rests_while_the_ball_is_with_us(self) -> None:
        found = run(FIRST, (at(14, 10), TO), (at(14, 12), US), (at(15, 10), TO))
        assert spent(found, at(15, 12)) == 4

    def test_more_letters_do_not_begin_it_again(self) -> None:
        found = run(FIRST, (at(14, 10), TO), (at(15, 10), TO))
        assert found is not None
        assert found.started_at == at(14, 10)
        assert spent(found, at(15, 11)) == 10

    def test_the_end_of_the_case_is_its_end(self) -> None:
        life = Life(at(15, 9), at(15, 12), is_first=True)
        assert run(FIRST, (at(14, 17), TO), life=life) == Run(at(14, 17), 4 * HOUR, None, at(15, 12))


class TestNextAnswer:
    def test_it_runs_from_what_was_said_after_an_answer(self) -> None:
        asked = [(at(14, 10), TO), (at(14, 12), FROM)]
        assert run(NEXT, *asked) is None
        assert spent(run(NEXT, *asked, (at(15, 10), TO)), at(15, 12)) == 2
        again = run(NEXT, *asked, (at(15, 10), TO), (at(15, 13), FROM))
        assert again == Run(at(15, 10), 3 * HOUR, None, at(15, 13))

    def test_each_word_of_ours_after_an_answer_is_a_run_of_its_own(self) -> None:
        said = [(at(14, 10), TO), (at(14, 12), FROM), (at(14, 13), TO), (at(14, 14), FROM), (at(15, 9), TO)]
        found = run(NEXT, *said)
        assert found is not None
        assert (found.started_at, found.running_since) == (at(15, 9), at(15, 9))

    def test_who_promises_on_the_phone_has_the_ball_again_at_once(self) -> None:
        found = run(NEXT, (at(14, 10), TO), (at(14, 12), FROM), (at(14, 12), TO))
        assert found is not None
        assert found.running_since == at(14, 12)


class TestSolved:
    def test_it_counts_only_while_the_shop_is_waited_for(self) -> None:
        life = Life(at(15, 9), None, is_first=True)
        waiting = run(SOLVED, (at(14, 10), TO), life=life)
        assert spent(waiting, at(15, 12)) == 3
        resting = run(SOLVED, (at(14, 10), TO), (at(15, 10), FROM), life=life)
        assert resting == Run(at(15, 9), HOUR, None, None)

    def test_it_ends_with_the_case(self) -> None:
        life = Life(at(15, 9), at(15, 11), is_first=True)
        assert run(SOLVED, (at(14, 10), TO), life=life) == Run(at(15, 9), 2 * HOUR, None, at(15, 11))


class TestOpenedAgain:
    AGAIN = Life(at(16, 9), None, is_first=False)

    def test_what_was_not_answered_is_waited_for_anew(self) -> None:
        found = run(FIRST, (at(14, 10), TO), life=self.AGAIN)
        assert found is not None
        assert (found.started_at, found.spent_seconds, found.running_since) == (at(16, 9), 0, at(16, 9))
        assert spent(run(SOLVED, (at(14, 10), TO), life=self.AGAIN), at(16, 12)) == 3

    def test_what_was_answered_is_not_asked_again(self) -> None:
        assert run(FIRST, (at(14, 10), TO), (at(14, 12), FROM), life=self.AGAIN) is None

    def test_an_answer_of_this_time_ends_it(self) -> None:
        found = run(FIRST, (at(14, 10), TO), (at(16, 12), FROM), life=self.AGAIN)
        assert found == Run(at(16, 9), 3 * HOUR, None, at(16, 12))


@pytest.mark.parametrize("kind", ClockKind)
def test_every_clock_has_time_and_warns_before_its_end(kind: ClockKind) -> None:
    given = DEFAULTS[kind]
    assert timedelta() < given.warning < given.limit


moments = some.datetimes(datetime(2030, 1, 1), datetime(2030, 12, 31), timezones=some.just(UTC))  # noqa: DTZ001
countries = some.sampled_from(["RU", "DE", "US", None])
histories = some.lists(some.builds(Event, moments, some.sampled_from(EventKind)), max_size=12)


@given(moments, some.integers(0, 60 * 9 * 20), countries)
def test_waiting_and_counting_agree(start: datetime, minutes: int, country: str | None) -> None:
    end = add_business_time(start, timedelta(minutes=minutes), country)
    counted = business_seconds_between(start, end, country)
    assert abs(counted - minutes * 60) <= 1


@given(moments, moments, moments, countries)
def test_business_time_adds_up(one: datetime, two: datetime, three: datetime, country: str | None) -> None:
    first, middle, last = sorted((one, two, three))
    parts = business_seconds_between(first, middle, country) + business_seconds_between(middle, last, country)
    assert abs(parts - business_seconds_between(first, last, country)) <= 1
    assert business_seconds_between(last, first, country) == 0


@given(histories, some.randoms(), moments, some.sampled_from(ClockKind))
def test_it_does_not_matter_in_which_order_things_became_known(
    events: list[Event], chance: object, opened_at: datetime, kind: ClockKind
) -> None:
    life = Life(opened_at, None, is_first=True)
    shuffled = list(events)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert run_of(kind, shuffled, life, "RU") == run_of(kind, events, life, "RU")


@given(histories, moments, moments, some.booleans(), some.sampled_from(ClockKind))
def test_a_run_makes_sense(
    events: list[Event], one: datetime, two: datetime, is_first: bool, kind: ClockKind
) -> None:
    opened_at, closed_at = sorted((one, two))
    for life in (Life(opened_at, None, is_first=is_first), Life(opened_at, closed_at, is_first=is_first)):
        found = run_of(kind, events, life, "RU")
        if found is None:
            continue
        assert found.spent_seconds >= 0
        assert found.running_since is None or found.stopped_at is None, "what is over does not run"
        assert found.stopped_at is not None or life.closed_at is None
        ball = [event.kind for event in sorted(events)][-1:]
        assert (found.running_since is not None) <= (ball == [TO]), "it runs only while the shop has the ball"
        end = found.stopped_at or datetime(2031, 1, 1, tzinfo=UTC)
        # Pauses only take away: no more is counted than lies between its ends.
        assert found.spent_at(end, "RU") <= business_seconds_between(found.started_at, end, "RU") + len(
            events
        )
