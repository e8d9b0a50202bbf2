"""Telling programs: every event once, in order, until it is taken or given up."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask

from discount_broker.accounts.use_cases import change_api_client, make_api_client, switch_api_client
from discount_broker.discount_requests.models import DiscountRequest, TimelineEntry
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound, Refused
from discount_broker.kernel.jobs import Job
from discount_broker.kernel.sealing import unseal
from discount_broker.messaging.models import Delivery
from discount_broker.webhooks.models import HookCall, Webhook
from discount_broker.webhooks.ports import HookAnswer, HookUnreached
from discount_broker.webhooks.queries import count_untaken
from discount_broker.webhooks.rules import LEASE, PROBED_EVERY, RETRY_DELAYS, signed_headers
from discount_broker.webhooks.status import HookStatus
from discount_broker.webhooks.use_cases import (
    add_webhook,
    call_hook,
    end_webhook,
    make_hook_calls,
    repeat_hook_call,
    replay_calls,
    ring_hook_calls,
    try_webhook,
)
from tests.builders import a_request, an_operator
from tests.fakes import RecordingQueue
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")


class FakeCaller:
    """A program's server; `says` is what it answers, a status or why it is not reached."""

    def __init__(self) -> None:
        self.says: int | str = 204
        self.calls: list[tuple[str, dict[str, str], bytes]] = []

    def call(self, url: str, headers: Mapping[str, str], body: bytes) -> HookAnswer:
        self.calls.append((url, dict(headers), body))
        if isinstance(self.says, str):
            raise HookUnreached(self.says)
        return HookAnswer(self.says)

    @property
    def told(self) -> list[str]:
        return [json.loads(body)["type"] for _, _, body in self.calls]


@pytest.fixture
def caller() -> FakeCaller:
    return FakeCaller()


@pytest.fixture
def lead(now: datetime) -> UUID:
    return an_operator(now).id


@pytest.fixture
def hook(now: datetime, lead: UUID) -> Webhook:
    client_id = make_api_client("Finder", "ada@finder.example", lead, now)
    add_webhook(client_id, "https://finder.example/hooks", lead, now, https_only=True)
    return db.session.query(Webhook).one()


@pytest.fixture
def request_of_theirs(hook: Webhook, now: datetime) -> DiscountRequest:
    return a_request(now, RequestStatus.ASKED, api_client_id=hook.api_client_id, api_reference="order-1")


def happens(request: DiscountRequest, event: str, at: datetime, **facts: str) -> TimelineEntry:
    entry = TimelineEntry(discount_request_id=request.id, at=at, event=event, facts=facts)
    db.session.add(entry)
    db.session.commit()
    return entry


def calls() -> list[HookCall]:
    db.session.expire_all()
    return list(db.session.query(HookCall).order_by(HookCall.timeline_entry_id))


def tell(caller: FakeCaller, queue: RecordingQueue, now: datetime) -> None:
    """Let the sweep and the worker do their work."""
    make_hook_calls(now)
    ring_hook_calls(now)
    while rung := queue.take():
        for job, subject_id in rung:
            if job is Job.CALL_HOOK:
                call_hook(subject_id, caller, now)


def test_every_event_is_told_once_signed_and_in_order(
    hook: Webhook,
    request_of_theirs: DiscountRequest,
    caller: FakeCaller,
    queue: RecordingQueue,
    now: datetime,
) -> None:
    for event in ("confirmed", "asked_shop", "shop_answered"):
        happens(request_of_theirs, event, now, shop="Tools")
    tell(caller, queue, now)
    tell(caller, queue, now)

    assert caller.told == ["request.confirmed", "request.asked_shop", "request.shop_answered"]
    url, headers, body = caller.calls[0]
    assert url == "https://finder.example/hooks"
    secret = unseal(hook.secret, "webhook")
    assert secret is not None
    assert headers == signed_headers(secret, headers["webhook-id"], now, body)
    told = json.loads(body)["data"]
    assert (told["number"], told["reference"], told["facts"]) == (
        request_of_theirs.number,
        "order-1",
        {"shop": "Tools"},
    )
    assert {call.status for call in calls()} == {HookStatus.DONE}


def test_requests_of_others_and_what_came_before_the_webhook_are_not_told(
    hook: Webhook,
    request_of_theirs: DiscountRequest,
    caller: FakeCaller,
    queue: RecordingQueue,
    now: datetime,
) -> None:
    happens(a_request(now), "confirmed", now)
    happens(request_of_theirs, "confirmed", now - timedelta(minutes=1))
    tell(caller, queue, now)
    assert caller.calls == []


def test_an_event_that_was_committed_late_is_told_all_the_same(
    hook: Webhook,
    request_of_theirs: DiscountRequest,
    caller: FakeCaller,
    queue: RecordingQueue,
    now: datetime,
) -> None:
    """Numbers are given before the commit: a lower one may appear after a higher one was told."""
    entry = happens(request_of_theirs, "confirmed", now)
    hook.told_until = entry.id + 3
    db.session.commit()
    tell(caller, queue, now)
    assert caller.told == ["request.confirmed"]


def test_what_is_not_taken_is_tried_again_and_what_follows_waits_for_it(
    hook: Webhook,
    request_of_theirs: DiscountRequest,
    caller: FakeCaller,
    queue: RecordingQueue,
    now: datetime,
) -> None:
    happens(request_of_theirs, "confirmed", now)
    happens(request_of_theirs, "asked_shop", now)
    caller.says = 500
    tell(caller, queue, now)
    assert caller.told == ["request.confirmed"]
    first = calls()[0]
    assert (first.status, first.last_status, first.due_at) == (HookStatus.DUE, 500, now + RETRY_DELAYS[0])
    assert hook.failing_since == now

    caller.says = 200
    later = now + timedelta(seconds=6)
    tell(caller, queue, later)
    assert caller.told == ["request.confirmed", "request.confirmed", "request.asked_shop"]
    assert caller.calls[0][1]["webhook-id"] == caller.calls[1][1]["webhook-id"]
    assert {call.status for call in calls()} == {HookStatus.DONE}
    assert hook.failing_since is None


@pytest.mark.parametrize("says", [500, 302, "too_slow", "private_address"])
def test_a_webhook_that_takes_nothing_is_paused_and_its_people_are_written_to_once(
    hook: Webhook,
    request_of_theirs: DiscountRequest,
    caller: FakeCaller,
    queue: RecordingQueue,
    now: datetime,
    says: int | str,
) -> None:
    happens(request_of_theirs, "confirmed", now)
    happens(request_of_theirs, "asked_shop", now)
    caller.says, at = says, now
    for _ in range(3 * len(RETRY_DELAYS)):
        tell(caller, queue, at)
        at = min((call.due_at for call in calls() if call.due_at), default=at)
    assert set(caller.told) == {"request.confirmed"}, "one call alone is tried"
    assert hook.paused_at is not None
    assert timedelta(hours=12) <= hook.paused_at - now < timedelta(hours=18)
    assert hook.ended_at is None
    assert [call.status for call in calls()] == [HookStatus.DUE, HookStatus.KEPT]
    [letter] = db.session.query(Delivery).filter(Delivery.template == "webhook_failing")
    assert letter.address == "ada@finder.example"
    assert letter.language == "en"
    assert "https://finder.example/hooks" in letter.text
    assert "kept for thirty days" in " ".join(letter.text.split())


def pause(hook: Webhook, caller: FakeCaller, queue: RecordingQueue, now: datetime) -> datetime:
    """Let so many calls be in vain that the webhook is paused; when that was."""
    caller.says, at = 503, now
    while hook.paused_at is None:
        tell(caller, queue, at)
        at = min((call.due_at for call in calls() if call.due_at), default=at)
    caller.calls.clear()
    return hook.paused_at


def test_what_happens_while_a_webhook_is_paused_follows_in_order_when_one_call_is_taken(
    hook: Webhook,
    request_of_theirs: DiscountRequest,
    caller: FakeCaller,
    queue: RecordingQueue,
    now: datetime,
) -> None:
    happens(request_of_theirs, "confirmed", now)
    at = pause(hook, caller, queue, now) + timedelta(minutes=1)
    for event in ("asked_shop", "shop_answered"):
        happens(request_of_theirs, event, at)
    tell(caller, queue, at)
    assert caller.calls == [], "nothing is tried before its time"
    assert [call.status for call in calls()] == [HookStatus.DUE, HookStatus.KEPT, HookStatus.KEPT]

    tell(caller, queue, at + PROBED_EVERY)
    assert caller.told == ["request.confirmed"], "in vain once more"
    caller.says = 204
    tell(caller, queue, at + 2 * PROBED_EVERY)
    assert caller.told == ["request.confirmed"] * 2 + ["request.asked_shop", "request.shop_answered"]
    assert {call.status for call in calls()} == {HookStatus.DONE}
    assert (hook.paused_at, hook.failing_since, hook.failures) == (None, None, 0)
    assert db.session.query(Delivery).filter(Delivery.template == "webhook_failing").count() == 1


def test_a_busy_webhook_is_paused_after_an_hour(
    hook: Webhook,
    request_of_theirs: DiscountRequest,
    caller: FakeCaller,
    queue: RecordingQueue,
    now: datetime,
) -> None:
    for place in range(8):
        other = a_request(now, api_client_id=hook.api_client_id, api_reference=f"more-{place}")
        happens(other, "confirmed", now)
    paused_at = pause(hook, caller, queue, now)
    assert timedelta(hours=1) <= paused_at - now < timedelta(hours=3)
    statuses = [call.status for call in calls()]
    assert statuses.count(HookStatus.DUE) == 1, "one call alone tries while it is paused"
    assert statuses.count(HookStatus.KEPT) == 7


def test_one_event_that_is_never_taken_does_not_keep_the_others_back_for_long(
    hook: Webhook,
    request_of_theirs: DiscountRequest,
    caller: FakeCaller,
    queue: RecordingQueue,
    now: datetime,
) -> None:
    """A paused webhook is tried with each request in turn."""
    happens(request_of_theirs, "confirmed", now)
    at = pause(hook, caller, queue, now)
    other = a_request(now, RequestStatus.ASKED, api_client_id=hook.api_client_id, api_reference="order-2")
    happens(other, "confirmed", at)
    for _ in range(2):
        tell(caller, queue, at := at + PROBED_EVERY)
    first, second = (json.loads(body)["data"]["reference"] for _, _, body in caller.calls)
    assert (first, second) == ("order-1", "order-2")


@pytest.mark.parametrize("by_program", [True, False], ids=["program", "lead"])
def test_one_press_tries_a_paused_webhook_at_once_and_sends_all_that_was_kept(
    hook: Webhook,
    request_of_theirs: DiscountRequest,
    caller: FakeCaller,
    queue: RecordingQueue,
    lead: UUID,
    now: datetime,
    by_program: bool,
) -> None:
    for event in ("confirmed", "asked_shop"):
        happens(request_of_theirs, event, now)
    at = pause(hook, caller, queue, now) + timedelta(minutes=1)
    queue.take()
    client_id, operator_id = (hook.api_client_id, None) if by_program else (None, lead)
    assert replay_calls(hook.id, at, client_id=client_id, operator_id=operator_id) == 2
    tell(caller, queue, at)
    assert caller.told == ["request.confirmed"], "still in vain, so the others are spared"
    assert hook.paused_at is not None

    caller.says = 200
    replay_calls(hook.id, at, client_id=client_id, operator_id=operator_id)
    tell(caller, queue, at)
    assert caller.told == ["request.confirmed", "request.confirmed", "request.asked_shop"]
    assert hook.paused_at is None


def test_calls_that_were_given_up_are_made_again_by_the_same_press(
    hook: Webhook,
    request_of_theirs: DiscountRequest,
    caller: FakeCaller,
    queue: RecordingQueue,
    now: datetime,
) -> None:
    happens(request_of_theirs, "confirmed", now)
    make_hook_calls(now)
    [call] = calls()
    call.status, call.due_at, call.done_at = HookStatus.GIVEN_UP, None, now
    db.session.commit()
    assert count_untaken([hook.id], now - timedelta(days=1)) == {hook.id: (0, 1)}
    assert replay_calls(hook.id, now + timedelta(days=31), client_id=hook.api_client_id) == 0, "too old"
    assert replay_calls(hook.id, now, client_id=hook.api_client_id) == 1
    tell(caller, queue, now)
    assert caller.told == ["request.confirmed"]


def test_a_trial_that_is_taken_ends_the_pause(
    hook: Webhook,
    request_of_theirs: DiscountRequest,
    caller: FakeCaller,
    queue: RecordingQueue,
    lead: UUID,
    now: datetime,
) -> None:
    happens(request_of_theirs, "confirmed", now)
    at = pause(hook, caller, queue, now)
    caller.says = 200
    try_webhook(hook.id, lead, at)
    tell(caller, queue, at)
    assert caller.told == ["trial", "request.confirmed"]
    assert hook.paused_at is None


def test_a_pause_of_thirty_days_is_an_end(
    hook: Webhook,
    request_of_theirs: DiscountRequest,
    caller: FakeCaller,
    queue: RecordingQueue,
    now: datetime,
) -> None:
    for event in ("confirmed", "asked_shop"):
        happens(request_of_theirs, event, now)
    at = pause(hook, caller, queue, now) + timedelta(days=30)
    tell(caller, queue, at)
    assert hook.ended_at == at
    assert {call.status for call in calls()} == {HookStatus.GIVEN_UP}
    assert db.session.query(Delivery).filter(Delivery.template == "webhook_failing").count() == 2


def test_a_paused_webhook_without_a_call_under_way_is_tried_with_the_oldest_that_waits(
    hook: Webhook,
    request_of_theirs: DiscountRequest,
    caller: FakeCaller,
    queue: RecordingQueue,
    lead: UUID,
    now: datetime,
) -> None:
    """The one that tried was given up while its program was shut out."""
    for event in ("confirmed", "asked_shop"):
        happens(request_of_theirs, event, now)
    at = pause(hook, caller, queue, now) + PROBED_EVERY
    switch_api_client(hook.api_client_id, lead, at, on=False)
    tell(caller, queue, at)
    switch_api_client(hook.api_client_id, lead, at, on=True)
    caller.says = 200
    tell(caller, queue, at)
    assert caller.told == ["request.asked_shop"]


def test_a_program_has_its_own_webhooks_tried_alone(hook: Webhook, now: datetime, lead: UUID) -> None:
    other = make_api_client("Other", "bob@other.example", lead, now)
    with pytest.raises(NotFound):
        replay_calls(hook.id, now, client_id=other)
    end_webhook(hook.id, lead, now)
    with pytest.raises(Refused) as refused:
        replay_calls(hook.id, now, client_id=hook.api_client_id)
    assert refused.value.code == "hook_ended"


def test_the_people_of_a_program_are_written_to_in_its_language(
    hook: Webhook,
    request_of_theirs: DiscountRequest,
    caller: FakeCaller,
    queue: RecordingQueue,
    lead: UUID,
    now: datetime,
) -> None:
    change_api_client(hook.api_client_id, "Искатель", "ada@finder.example", lead, now, language="ru")
    happens(request_of_theirs, "confirmed", now)
    pause(hook, caller, queue, now)
    [letter] = db.session.query(Delivery).filter(Delivery.template == "webhook_failing")
    assert letter.language == "ru"
    assert "Не удаётся с" in letter.text


def test_gone_means_gone(
    hook: Webhook,
    request_of_theirs: DiscountRequest,
    caller: FakeCaller,
    queue: RecordingQueue,
    now: datetime,
) -> None:
    happens(request_of_theirs, "confirmed", now)
    caller.says = 410
    tell(caller, queue, now)
    assert hook.ended_at == now
    happens(request_of_theirs, "asked_shop", now)
    tell(caller, queue, now)
    assert len(caller.calls) == 1


def test_one_event_nobody_takes_does_not_end_a_webhook_that_takes_the_others(
    hook: Webhook,
    request_of_theirs: DiscountRequest,
    caller: FakeCaller,
    queue: RecordingQueue,
    now: datetime,
) -> None:
    other = a_request(now, RequestStatus.ASKED, api_client_id=hook.api_client_id, api_reference="order-2")
    happens(request_of_theirs, "confirmed", now)
    at = now
    for _ in range(len(RETRY_DELAYS) + 1):
        caller.says = 500
        tell(caller, queue, at)
        caller.says = 200
        happens(other, "question", at)
        make_hook_calls(at)
        call_hook(calls()[-1].id, caller, at)
        at = min((call.due_at for call in calls() if call.due_at), default=at)
    poisonous, *others = (call.status for call in calls())
    assert (poisonous, set(others)) == (HookStatus.GIVEN_UP, {HookStatus.DONE})
    assert (hook.paused_at, hook.ended_at) == (None, None)
    assert db.session.query(Delivery).filter(Delivery.template == "webhook_failing").count() == 1


def test_two_workers_make_one_call(
    app: Flask, hook: Webhook, request_of_theirs: DiscountRequest, caller: FakeCaller, now: datetime
) -> None:
    happens(request_of_theirs, "confirmed", now)
    make_hook_calls(now)
    call_id = calls()[0].id
    both: list[Callable[[], None]] = [lambda: call_hook(call_id, caller, now)] * 2
    assert race(app, *both) == [None, None]
    assert len(caller.calls) == 1


def test_a_call_whose_worker_never_came_back_is_made_again(
    hook: Webhook,
    request_of_theirs: DiscountRequest,
    caller: FakeCaller,
    queue: RecordingQueue,
    now: datetime,
) -> None:
    happens(request_of_theirs, "confirmed", now)
    make_hook_calls(now)
    [call] = calls()
    call.status, call.due_at, call.leased_until = HookStatus.SENDING, None, now + LEASE
    db.session.commit()
    tell(caller, queue, now)
    assert caller.calls == []
    tell(caller, queue, now + LEASE + timedelta(seconds=1))
    assert len(caller.calls) == 1


def test_a_client_that_is_shut_out_is_told_nothing(
    hook: Webhook,
    request_of_theirs: DiscountRequest,
    caller: FakeCaller,
    queue: RecordingQueue,
    lead: UUID,
    now: datetime,
) -> None:
    happens(request_of_theirs, "confirmed", now)
    make_hook_calls(now)
    switch_api_client(hook.api_client_id, lead, now, on=False)
    tell(caller, queue, now)
    assert caller.calls == []


def test_a_trial_is_made_once_and_a_call_that_is_over_again(
    hook: Webhook, caller: FakeCaller, queue: RecordingQueue, lead: UUID, now: datetime
) -> None:
    caller.says = 500
    call_id = try_webhook(hook.id, lead, now)
    tell(caller, queue, now)
    assert caller.told == ["trial"]
    assert calls()[0].status is HookStatus.GIVEN_UP
    assert db.session.query(Delivery).count() == 0, "nobody is written to about a trial"

    caller.says = 200
    repeat_hook_call(call_id, lead, now)
    tell(caller, queue, now)
    assert calls()[0].status is HookStatus.DONE


def test_a_webhook_that_was_taken_away_is_left_alone(
    hook: Webhook,
    request_of_theirs: DiscountRequest,
    caller: FakeCaller,
    queue: RecordingQueue,
    lead: UUID,
    now: datetime,
) -> None:
    happens(request_of_theirs, "confirmed", now)
    make_hook_calls(now)
    end_webhook(hook.id, lead, now)
    tell(caller, queue, now)
    assert caller.calls == []
    for act in (lambda: try_webhook(hook.id, lead, now), lambda: repeat_hook_call(calls()[0].id, lead, now)):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "hook_ended"
