"""How programs are told: signed so that anybody can check it, and tried for days."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from discount_broker.kernel.errors import Refused
from discount_broker.webhooks.rules import (
    RETRY_DELAYS,
    check_hook_url,
    digest_of_ask,
    next_try_at,
    secret_of,
    signed_headers,
    state_after_failure,
    state_of,
    told_facts,
)

NOW = datetime(2030, 1, 14, 9, 0, tzinfo=UTC)


def test_the_signature_is_that_of_standard_webhooks() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signed_headers(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert headers["webhook-timestamp"] == "1614265330"
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_another_body_has_another_signature() -> None:
    secret = secret_of(b"0" * 32)
    one, other = (signed_headers(secret, "msg_1", NOW, body) for body in (b"{}", b"[]"))
    assert one["webhook-signature"] != other["webhook-signature"]
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"msg_1.{int(NOW.timestamp())}.{{}}".encode(), hashlib.sha256).digest()
    assert one["webhook-signature"] == f"v1,{base64.b64encode(mac).decode()}"


def test_tries_come_later_and_later_for_three_days() -> None:
    waits = [next_try_at(n, NOW) for n in range(1, len(RETRY_DELAYS) + 1)]
    assert [at - NOW for at in waits if at] == sorted(RETRY_DELAYS)
    assert timedelta(days=3) < sum(RETRY_DELAYS, timedelta()) < timedelta(days=4)
    assert next_try_at(len(RETRY_DELAYS) + 1, NOW) is None


def test_a_server_may_ask_for_patience_but_not_for_ever() -> None:
    assert next_try_at(1, NOW, wait=600) == NOW + timedelta(minutes=10)
    assert next_try_at(1, NOW, wait=10**9) == NOW + timedelta(days=1)
    assert next_try_at(1, NOW, wait=-5) == NOW + RETRY_DELAYS[0]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "link_missing"),
        ("https://a.example/with blank", "link_missing"),
        ("https://[::1", "link_missing"),
        ("https://a.example:99999/", "link_missing"),
        ("https://a.example/\r\nX: y", "link_missing"),
        ("javascript:alert(1)", "link_not_web"),
        ("https:///path", "link_not_web"),
        ("http://a.example/", "hook_not_https"),
        ("https://ada:secret@a.example/", "hook_with_password"),
        ("https://a.example/" + "x" * 500, "link_too_long"),
    ],
)
def test_an_address_that_cannot_be_called_is_refused(url: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_hook_url(url, https_only=True)
    assert refused.value.code == code


def test_the_demonstration_may_call_without_tls() -> None:
    assert check_hook_url(" http://127.0.0.1:8080/hook ", https_only=False) == "http://127.0.0.1:8080/hook"


def test_programs_are_told_names_and_times_and_nothing_of_the_buyer() -> None:
    facts = {"shop": "Tools", "outreach": "1f2e", "call_by": "2030-01-14", "why": "", "email": "a@b.example"}
    assert told_facts(facts) == {"shop": "Tools", "call_by": "2030-01-14"}


def test_the_same_ask_has_one_digest_in_whichever_order_it_came() -> None:
    assert digest_of_ask({"a": 1, "b": {"c": 2, "d": 3}}) == digest_of_ask({"b": {"d": 3, "c": 2}, "a": 1})
    assert digest_of_ask({"a": 1}) != digest_of_ask({"a": 2})


HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("status", "failures", "failing_for", "paused_for", "state"),
    [
        (500, 1, 0 * HOUR, None, "failing"),
        (500, 24, 11 * HOUR, None, "failing"),
        (500, 5, 30 * HOUR, None, "failing"),
        (500, 6, 11 * HOUR, None, "failing"),
        (500, 6, 12 * HOUR, None, "paused"),
        (None, 6, 12 * HOUR, None, "paused"),
        (302, 25, 1 * HOUR, None, "paused"),
        (500, 25, HOUR / 2, None, "failing"),
        (500, 400, HOUR / 2, None, "failing"),
        (500, 1, 0 * HOUR, 2 * HOUR, "paused"),
        (500, 99, 29 * DAY, 29 * DAY, "paused"),
        (500, 99, 31 * DAY, 30 * DAY, "ended"),
        (410, 1, 0 * HOUR, None, "ended"),
        (410, 9, 2 * DAY, 1 * DAY, "ended"),
    ],
)
def test_so_many_tries_in_vain_for_so_long_pause_a_webhook(
    status: int | None, failures: int, failing_for: timedelta, paused_for: timedelta | None, state: str
) -> None:
    assert state_after_failure(status, failures, failing_for, paused_for) == state


@pytest.mark.parametrize(
    ("ended", "paused", "failing", "state"),
    [
        (None, None, None, "active"),
        (None, None, NOW, "failing"),
        (None, NOW, NOW, "paused"),
        (NOW, NOW, NOW, "ended"),
        (NOW, None, None, "ended"),
    ],
)
def test_a_webhook_is_called_by_the_worst_that_befell_it(
    ended: datetime | None, paused: datetime | None, failing: datetime | None, state: str
) -> None:
    assert state_of(ended, paused, failing) == state
