"""Which door first, how often, in which language; when to try again."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.rules import LEAST_BETWEEN, RETRY_DELAYS, may_repeat, next_attempt_at
from discount_broker.shops.rules import (
    CONTACTS_STAY_FRESH,
    country_of,
    door_order,
    is_fresh,
    language_for,
    state_of_both,
    stop_keys,
)
from discount_broker.shops.status import ContactKind, ContactState

NOW = datetime(2030, 1, 14, 9, tzinfo=UTC)
MAIL, FORM = ContactKind.EMAIL, ContactKind.FORM
NEW, GOOD = ContactState.UNVERIFIED, ContactState.GOOD
DEAD, STOPPED = ContactState.DEAD, ContactState.STOPPED


def test_the_preferred_door_comes_first_then_what_answered_then_the_proven_then_mail_then_the_surer() -> None:
    later = NOW + timedelta(days=1)
    doors: list[tuple[ContactKind, ContactState, float, datetime | None, datetime | None]] = [
        (FORM, NEW, 0.5, None, later),
        (MAIL, NEW, 0.5, None, NOW),
        (FORM, NEW, 0.9, NOW, None),
        (MAIL, GOOD, 0.4, None, None),
        (FORM, GOOD, 0.9, None, None),
        (MAIL, NEW, 0.9, None, None),
        (MAIL, NEW, 0.5, None, None),
        (FORM, NEW, 0.99, None, None),
        (MAIL, NEW, 0.1, None, None),
    ]
    backwards = doors[::-1]

    def place(
        door: tuple[ContactKind, ContactState, float, datetime | None, datetime | None],
    ) -> tuple[float, int, int, float]:
        kind, state, confidence, answered, preferred = door
        return door_order(kind, state, confidence, last_answer_at=answered, preferred_at=preferred)

    assert sorted(backwards, key=place) == doors


@pytest.mark.parametrize(
    ("kept", "other", "both"),
    [
        (NEW, GOOD, GOOD),
        (GOOD, DEAD, GOOD),
        (DEAD, GOOD, DEAD),
        (NEW, DEAD, DEAD),
        (GOOD, STOPPED, STOPPED),
        (STOPPED, GOOD, STOPPED),
    ],
)
def test_of_two_doors_that_are_one_a_stop_wins_then_what_was_tried(
    kept: ContactState, other: ContactState, both: ContactState
) -> None:
    assert state_of_both(kept, other) is both


def test_pages_are_read_anew_after_a_month() -> None:
    assert is_fresh(NOW - CONTACTS_STAY_FRESH + timedelta(seconds=1), NOW)
    assert not is_fresh(NOW - CONTACTS_STAY_FRESH, NOW)
    assert not is_fresh(None, NOW)


@pytest.mark.parametrize(
    ("domain", "page", "language"),
    [
        ("tools.ru", None, "ru"),
        ("tools.ru", "en", "en"),
        ("tools.com", "ru", "ru"),
        ("tools.com", None, "en"),
        ("tools.de", "de", "en"),
        ("tools.by", "be", "ru"),
        ("xn--80aairftm.xn--p1ai", None, "ru"),
    ],
)
def test_a_shop_is_written_to_in_its_language_as_far_as_we_speak_it(
    domain: str, page: str | None, language: str
) -> None:
    assert language_for(domain, page) == language


def test_a_suffix_tells_the_country_where_it_names_one() -> None:
    assert (country_of("tools.ru"), country_of("shop.co.uk"), country_of("tools.com")) == ("RU", "GB", None)


def test_a_stop_closes_the_door_or_the_whole_shop() -> None:
    assert stop_keys("tools.ru", MAIL, "Sales@Tools.ru") == ["shop:tools.ru", "email:sales@tools.ru"]
    assert stop_keys("tools.ru", FORM, "https://tools.ru/Form") == [
        "shop:tools.ru",
        "form:https://tools.ru/Form",
    ]


def test_a_try_waits_no_less_than_the_one_before_and_the_last_is_after_four_days() -> None:
    waits = [next_attempt_at(attempts, NOW) for attempts in range(1, len(RETRY_DELAYS) + 1)]
    assert waits == [NOW + delay for delay in RETRY_DELAYS]
    assert list(RETRY_DELAYS) == sorted(RETRY_DELAYS)
    assert timedelta(days=4) < sum(RETRY_DELAYS, timedelta()) < timedelta(days=5)
    assert next_attempt_at(len(RETRY_DELAYS) + 1, NOW) is None


def test_a_greylist_is_asked_again_soon_everybody_else_after_half_an_hour_and_more() -> None:
    assert RETRY_DELAYS[0] == timedelta(minutes=10)
    assert min(RETRY_DELAYS[1:]) == LEAST_BETWEEN == timedelta(minutes=30)


@pytest.mark.parametrize(
    ("attempts", "lives_for", "waits"),
    [
        (1, timedelta(days=9), timedelta(minutes=10)),
        (1, timedelta(minutes=11), timedelta(minutes=10)),
        (1, timedelta(minutes=10), None),
        (5, timedelta(hours=3), timedelta(hours=2, minutes=45)),
        (5, timedelta(minutes=45), timedelta(minutes=30)),
        (5, timedelta(minutes=44), None),
        (5, timedelta(0), None),
        (5, timedelta(days=-1), None),
    ],
)
def test_no_try_comes_after_a_message_has_lost_its_use_but_one_shortly_before(
    attempts: int, lives_for: timedelta, waits: timedelta | None
) -> None:
    assert next_attempt_at(attempts, NOW, NOW + lives_for) == (NOW + waits if waits else None)


@pytest.mark.parametrize("lives_for", [timedelta(minutes=m) for m in range(0, 9000, 77)])
def test_tries_end_before_a_message_expires_and_never_crowd(lives_for: timedelta) -> None:
    tries, at = [NOW], next_attempt_at(1, NOW, NOW + lives_for)
    while at is not None:
        tries.append(at)
        at = next_attempt_at(len(tries), at, NOW + lives_for)
    assert all(later - earlier >= LEAST_BETWEEN for earlier, later in pairwise(tries[1:]))
    assert len(tries) == 1 or tries[-1] < NOW + lives_for
    assert len(tries) <= len(RETRY_DELAYS) + 1


def test_only_a_mail_may_leave_twice() -> None:
    assert may_repeat(ChannelKind.EMAIL)
    assert not may_repeat(ChannelKind.WEB_FORM)
