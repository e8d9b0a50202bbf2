"""Which news comes how and when, and what it makes old."""

from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import pytest

from discount_broker.messaging.rendering import TEMPLATES
from discount_broker.notifications.catalogue import BuyerMessage, Message, NewsDigest, ShopDeclined
from discount_broker.notifications.rules import (
    FACTORY_WAYS,
    NEWS,
    REQUIRED,
    TEXTABLE,
    default_way,
    digest_at,
    greeting_at,
    stale_after,
    urgency_of,
    ways_for,
)
from discount_broker.notifications.status import NewsKind, NewsWay, Urgency
from discount_broker.web.preferences_words import KINDS, WAYS
from tests.messages.samples import SAMPLES

BUYERS = {kind.message for kind in get_args(BuyerMessage)}
MOSCOW = "Europe/Moscow"


def at(day: int, hour: int, minute: int = 0, month: int = 1) -> datetime:
    return datetime(2030, month, day, hour, minute, tzinfo=UTC)


def sample(message: Message) -> BuyerMessage:
    return next(each for each in SAMPLES if each.message is message)


def test_every_message_to_buyers_stands_in_the_table_but_the_letter_made_of_them() -> None:
    assert set(NEWS) == BUYERS - {NewsDigest.message}


def test_every_kind_of_news_is_told_by_some_message_and_has_words_for_its_buyer() -> None:
    assert {news.kind for news in NEWS.values()} == set(NewsKind)
    assert set(KINDS) == set(NewsKind)
    assert set(WAYS) == set(NewsWay)


def test_what_may_ring_a_phone_has_words_for_it() -> None:
    written = {Path(path).stem for path in (TEMPLATES / "sms").glob("[!_]*.txt")}
    assert {message for message, news in NEWS.items() if news.can_text} == written


@pytest.mark.parametrize("kind", NewsKind)
def test_the_usual_way_is_one_that_can_be_chosen(kind: NewsKind) -> None:
    assert FACTORY_WAYS[kind] in ways_for(kind)


@pytest.mark.parametrize("kind", sorted(REQUIRED))
def test_required_letters_cannot_be_switched_off_nor_put_off(kind: NewsKind) -> None:
    assert not {NewsWay.NONE, NewsWay.DIGEST} & set(ways_for(kind))


def test_only_news_with_words_for_a_phone_can_be_texted() -> None:
    assert {kind for kind in NewsKind if NewsWay.TEXT in ways_for(kind)} == TEXTABLE


def test_what_is_required_waits_for_nothing() -> None:
    assert {news.urgency for news in NEWS.values() if news.kind in REQUIRED} == {Urgency.NOW}


def test_nothing_required_is_overtaken_and_nothing_overtakes_itself() -> None:
    for news in NEWS.values():
        assert not news.overtakes & REQUIRED
        assert news.kind not in news.overtakes


def test_a_no_waits_for_the_evening_unless_nobody_is_left_to_wait_for() -> None:
    declined = sample(Message.SHOP_DECLINED)
    assert isinstance(declined, ShopDeclined)
    facts = {field.name: getattr(declined, field.name) for field in fields(declined)}
    last = ShopDeclined(**{**facts, "shops_waiting": 0})
    assert (urgency_of(declined), default_way(declined)) == (Urgency.DAILY, NewsWay.DIGEST)
    assert (urgency_of(last), default_way(last)) == (Urgency.SOON, NewsWay.MAIL)


def test_only_a_reminder_of_an_end_grows_stale() -> None:
    stale = {each.message for each in SAMPLES if each.message in NEWS and stale_after(each)}
    assert stale == {Message.OFFER_ENDS}


@pytest.mark.parametrize(
    ("now", "leaves"),
    [(at(14, 9), at(14, 15)), (at(14, 15), at(15, 15)), (at(14, 20), at(15, 15)), (at(14, 22), at(15, 15))],
)
def test_the_letter_of_the_day_leaves_at_six_in_the_evening(now: datetime, leaves: datetime) -> None:
    assert digest_at(now, MOSCOW) == leaves


def test_the_letter_of_the_day_keeps_its_hour_when_the_clocks_change() -> None:
    assert digest_at(at(30, 20, month=3), "Europe/Berlin") == at(31, 16, month=3)


@pytest.mark.parametrize(
    ("birthday", "now", "leaves"),
    [
        (date(1980, 1, 14), at(14, 9), at(14, 6)),
        (date(1980, 1, 14), at(13, 21, 30), at(14, 6)),
        (date(1980, 1, 14), at(14, 21, 30), None),
        (date(1980, 1, 15), at(14, 9), None),
        (date(1980, 2, 29), at(28, 9, month=2), at(28, 6, month=2)),
        (date(1980, 2, 29), at(1, 9, month=3), None),
    ],
)
def test_a_birthday_is_a_day_of_the_buyers_own_calendar(
    birthday: date, now: datetime, leaves: datetime | None
) -> None:
    assert greeting_at(birthday, now, MOSCOW) == leaves
