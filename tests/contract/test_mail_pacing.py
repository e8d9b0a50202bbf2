"""How fast a mail provider hears from us, over all workers; and who is whose provider."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from redis import Redis

from discount_broker.adapters.mail_pacing import PacedMailChannel
from discount_broker.adapters.mail_providers import (
    KnownProviders,
    MxProviders,
    known_provider,
    provider_by_exchanges,
)
from discount_broker.adapters.mail_turns import LocalTurns, RedisTurns, Turns
from discount_broker.adapters.smtp import SmtpChannel
from discount_broker.messaging.ports import Channel, TemporaryFailure
from tests.contract.mail_servers import WordyRelay, wordily_relaying
from tests.contract.name_servers import FAILING, answering
from tests.contract.test_channels import MESSAGE
from tests.fakes import FakeChannel

DELAY = 20.0
"""Seconds between two mails here: so long that a slow machine changes no answer."""


@dataclass
class Pace:
    turns: Turns
    wait: Callable[[float], None]


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Past:
    """Makes time pass in Redis: everything that was to be is sooner."""

    redis: Redis

    def wait(self, seconds: float) -> None:
        for key in self.redis.scan_iter("broker:mail-*"):
            at = float(self.redis.get(key) or 0) - seconds * 1000
            self.redis.set(key, f"{at:.0f}", keepttl=True)


@pytest.fixture(params=["local", "redis", "redis gone"])
def pace(request: pytest.FixtureRequest, redis: Redis, dead_redis: Redis) -> Pace:
    clock = Clock()
    if request.param == "redis":
        return Pace(RedisTurns(redis), Past(redis).wait)
    turns = LocalTurns(clock) if request.param == "local" else RedisTurns(dead_redis, clock)
    return Pace(turns, clock.wait)


def waits(pace: Pace, *tickets: str, place: str = "yandex") -> list[int]:
    """In full tens of seconds."""
    return [round(pace.turns.take(place, DELAY, ticket) / 10) * 10 for ticket in tickets]


def test_each_mail_is_told_its_own_turn_one_after_the_other(pace: Pace) -> None:
    assert waits(pace, "a", "b", "c", "d") == [0, 20, 40, 60]


def test_a_mail_that_comes_back_has_the_turn_it_was_given(pace: Pace) -> None:
    assert waits(pace, "a", "b", "c", "c", "b") == [0, 20, 40, 40, 20]
    pace.wait(15)
    assert waits(pace, "b") == [0]
    pace.wait(20)
    assert waits(pace, "c") == [0]


def test_whoever_comes_later_does_not_push_in(pace: Pace) -> None:
    waits(pace, "a", "b", "c")
    pace.wait(20)
    assert waits(pace, "late", "b") == [40, 0]


def test_a_quiet_provider_takes_a_mail_at_once(pace: Pace) -> None:
    assert waits(pace, "a") == [0]
    pace.wait(30)
    assert waits(pace, "b") == [0]


def test_a_crowd_that_was_held_up_does_not_leave_all_at_once(pace: Pace) -> None:
    crowd = [f"mail {number}" for number in range(8)]
    waits(pace, *crowd)
    pace.wait(200)  # no worker was there for so long
    assert waits(pace, *crowd[1:]) == [0, 20, 40, 60, 80, 100, 120], "spread anew"


def test_providers_do_not_wait_for_each_other(pace: Pace) -> None:
    waits(pace, "a", "b")
    assert waits(pace, "c", place="google") == [0]


def test_a_provider_that_asked_for_rest_gets_it_whatever_was_booked(pace: Pace) -> None:
    waits(pace, "a", "b")
    pace.turns.hold_off("yandex", 100)
    pace.wait(20)
    assert waits(pace, "b", "new") == [90, 110]
    pace.wait(90)
    assert waits(pace, "b") == [0]


def test_a_shorter_rest_does_not_cut_a_longer_one_short(pace: Pace) -> None:
    pace.turns.hold_off("yandex", 100)
    pace.turns.hold_off("yandex", 20)
    pace.wait(50)
    assert waits(pace, "a") == [60]


def test_without_a_pace_only_the_rest_is_kept(pace: Pace) -> None:
    assert [pace.turns.take("relay", 0, str(n)) for n in range(50)] == [0] * 50
    pace.turns.hold_off("relay", 30)
    assert pace.turns.take("relay", 0, "x") > 0
    pace.wait(45)
    assert pace.turns.take("relay", 0, "x") == 0


def test_two_workers_share_the_turns(redis: Redis) -> None:
    workers = [Pace(RedisTurns(redis), Past(redis).wait) for _ in range(2)]
    assert [waits(workers[number % 2], str(number)) for number in range(4)] == [[0], [20], [40], [60]]


def test_nothing_of_it_stays_in_redis_for_ever(redis: Redis) -> None:
    turns = RedisTurns(redis)
    for number in range(9):
        turns.take("yandex", 2, str(number))
    turns.hold_off("yandex", 5)
    assert all(redis.pttl(key) > 0 for key in redis.scan_iter("*"))


class FakeMail(FakeChannel):
    """Knows conversations, as far as the wrapper needs."""

    @contextmanager
    def staying_connected(self) -> Iterator[None]:
        yield


def paced(mail: FakeMail, mails_per_minute: float = 60) -> PacedMailChannel:
    return PacedMailChannel(mail, LocalTurns(Clock()), KnownProviders(), mails_per_minute=mails_per_minute)


def send_many(channel: Channel, number: int, **change: str) -> list[TemporaryFailure]:
    """Send so many; what was given back."""
    given_back = []
    for key in range(number):
        try:
            channel.send(replace(MESSAGE, idempotency_key=f"{change} {key}", **change))
        except TemporaryFailure as failure:
            given_back.append(failure)
    return given_back


def test_a_mail_whose_turn_is_later_is_given_back_untried_and_told_when_to_come() -> None:
    mail = FakeMail()
    given_back = send_many(paced(mail), 14)
    assert len(mail.sent) == 11, "one a second, ten seconds ahead"
    assert [failure.counts for failure in given_back] == [False] * 3
    assert [failure.retry_after for failure in given_back] == [timedelta(seconds=s) for s in (11, 12, 13)]


def test_shops_with_one_provider_share_its_pace() -> None:
    mail = FakeMail()
    channel = paced(mail)
    assert not send_many(channel, 6, to="a@mail.ru")
    assert not send_many(channel, 5, to="b@bk.ru")
    assert len(send_many(channel, 1, to="c@inbox.ru")) == 1
    assert not send_many(channel, 1, to="c@yandex.ru")


def test_people_do_not_stand_in_the_line_of_letters_to_shops() -> None:
    mail = FakeMail()
    channel = paced(mail)
    send_many(channel, 100, to="a@mail.ru")
    assert not send_many(channel, 3, to="anna@mail.ru", stop_url="")


def test_no_pace_is_kept_where_none_is_set() -> None:
    assert not send_many(paced(FakeMail(), mails_per_minute=0), 500)


@pytest.mark.parametrize(
    ("verb", "answer", "to", "goes"),
    [
        ("RCPT", "450 4.7.1 Too many mails from you", "b@bk.ru", False),
        ("RCPT", "450 4.7.1 Too many mails from you", "b@yandex.ru", True),
        ("RCPT", "450 4.2.0 Greylisted", "b@bk.ru", True),
        ("MAIL", "451 4.7.0 Rate limit of this relay exceeded", "b@yandex.ru", False),
        (".", "421 4.7.28 Unusual rate", "b@bk.ru", False),
    ],
)
def test_too_many_holds_off_whoever_said_it(verb: str, answer: str, to: str, goes: bool) -> None:
    with wordily_relaying(WordyRelay(answers={verb: answer})) as relay:
        mail = SmtpChannel(relay.url, mail_from="requests@broker.test", mail_domain="in.broker.test")
        channel = PacedMailChannel(mail, LocalTurns(Clock()), KnownProviders(), mails_per_minute=60)
        with pytest.raises(TemporaryFailure) as failure:
            channel.send(replace(MESSAGE, to="a@mail.ru"))
        assert failure.value.counts, "this one was tried"
        relay.answers.clear()
        given_back = send_many(channel, 1, to=to)
    assert len(relay.conversations) == 1 + goes
    assert [failure.retry_after for failure in given_back] == [timedelta(minutes=10, seconds=10)] * (not goes)


def test_a_greeting_of_too_many_holds_off_everything() -> None:
    with wordily_relaying(WordyRelay(greeting="421 Too many connections")) as relay:
        mail = SmtpChannel(relay.url, mail_from="requests@broker.test", mail_domain="in.broker.test")
        channel = PacedMailChannel(mail, LocalTurns(Clock()), KnownProviders(), mails_per_minute=60)
        assert [failure.counts for failure in send_many(channel, 3)] == [True, False, False]


def test_a_row_of_paced_mails_shares_one_conversation() -> None:
    with wordily_relaying(WordyRelay()) as relay:
        mail = SmtpChannel(relay.url, mail_from="requests@broker.test", mail_domain="in.broker.test")
        channel = PacedMailChannel(mail, LocalTurns(Clock()), KnownProviders(), mails_per_minute=60)
        with channel.staying_connected():
            send_many(channel, 3)
    assert len(relay.conversations) == 1


@pytest.mark.parametrize(
    ("domain", "provider"),
    [
        ("gmail.com", "google"),
        ("GoogleMail.com", "google"),
        ("bk.ru", "mail.ru"),
        ("ya.ru", "yandex"),
        ("hotmail.fr", "microsoft"),
        ("outlook.com.br", "microsoft"),
        ("yahoo.co.jp", "yahoo"),
        ("live.shop.ru", None),
        ("outlook.tools.com", None),
        ("tools.ru", None),
    ],
)
def test_mailboxes_of_one_provider_are_known_by_their_domain(domain: str, provider: str | None) -> None:
    assert known_provider(domain) == provider
    assert KnownProviders().provider_of(domain) == (provider or domain)


@pytest.mark.parametrize(
    ("exchanges", "provider"),
    [
        (["mx.yandex.net"], "yandex"),
        (["aspmx.l.google.com", "alt1.aspmx.l.google.com"], "google"),
        (["emx.mail.ru"], "mail.ru"),
        (["tools-ru.mail.protection.outlook.com"], "microsoft"),
        (["mx1.beget.com"], "beget.com"),
        (["mail.tools.ru"], "tools.ru"),
        ([], "tools.ru"),
        ([""], "tools.ru"),
    ],
)
def test_a_shop_with_a_domain_of_its_own_is_with_whoever_takes_its_mail(
    exchanges: list[str], provider: str
) -> None:
    assert provider_by_exchanges("tools.ru", exchanges) == provider


ZONE = {
    "tools.ru": {"MX": ["20 backup.hoster.ru.", "10 mx.yandex.net."]},
    "xn--80aairftm.xn--p1ai": {"MX": ["10 mx.yandex.net."]},
    "nomail.ru": {"A": ["192.0.2.1"]},
}


def test_the_name_servers_are_asked_once(redis: Redis) -> None:
    with answering(ZONE) as names:
        for _worker in range(2):
            providers = MxProviders(redis, resolver=names.resolver())
            assert providers.provider_of("Tools.ru") == "yandex"
            assert providers.provider_of("xn--80aairftm.xn--p1ai") == "yandex"
            assert providers.provider_of("nomail.ru") == "nomail.ru"
            assert providers.provider_of("gone.ru") == "gone.ru"
            assert providers.provider_of("gmail.com") == "google"
    assert len(names.asked) == 4


def test_name_servers_that_fail_are_not_asked_at_every_mail(redis: Redis) -> None:
    with answering(ZONE) as names:
        for _ in range(3):
            assert MxProviders(redis, resolver=names.resolver()).provider_of(FAILING) == FAILING
    assert len({name for name, _ in names.asked}) == 1
    assert 0 < redis.ttl(f"broker:mail-provider:{FAILING}") <= 600


def test_a_provider_is_found_without_redis(dead_redis: Redis) -> None:
    with answering(ZONE) as names:
        assert MxProviders(dead_redis, resolver=names.resolver()).provider_of("tools.ru") == "yandex"


@pytest.mark.parametrize("domain", ["shop.test", "shop.demo-town.net"])
def test_nobody_is_asked_for_names_of_tests_and_of_the_settings(redis: Redis, domain: str) -> None:
    with answering(ZONE) as names:
        told = (("shop.demo-town.net", "127.0.0.1:80"),)
        assert MxProviders(redis, told, names.resolver()).provider_of(domain) == domain
    assert names.asked == []
