"""Telling programs: every event once, in order, until it is taken or given up."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask

from discount_broker.accounts.use_cases import make_api_client, switch_api_client
from discount_broker.discount_requests.models import DiscountRequest, TimelineEntry
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.jobs import Job
from discount_broker.kernel.sealing import unseal
from discount_broker.messaging.models import Delivery
from discount_broker.webhooks.models import HookCall, Webhook
from discount_broker.webhooks.ports import HookAnswer, HookUnreached
from discount_broker.webhooks.rules import LEASE, RETRY_DELAYS, signed_headers
from discount_broker.webhooks.status import HookStatus
from discount_broker.webhooks.use_cases import (
    add_webhook,
    call_hook,
    end_webhook,
    make_hook_calls,
    repeat_hook_call,
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
def test_after_days_in_vain_the_webhook_ends_and_its_people_are_written_to(
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
    assert caller.told == ["request.confirmed"] * (len(RETRY_DELAYS) + 1)
    assert hook.ended_at is not None
    assert {call.status for call in calls()} == {HookStatus.GIVEN_UP}
    [letter] = db.session.query(Delivery).filter(Delivery.template == "webhook_failing")
    assert letter.address == "ada@finder.example"
    assert "https://finder.example/hooks" in letter.text


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
    caller.says, at = 500, now
    for step in range(len(RETRY_DELAYS) + 1):
        tell(caller, queue, at)
        if step == 2:
            caller.says = 200
            happens(other, "confirmed", at)
            make_hook_calls(at)
            call_hook(calls()[-1].id, caller, at)
            caller.says = 500
        at = min((call.due_at for call in calls() if call.due_at), default=at)
    assert [call.status for call in calls()] == [HookStatus.GIVEN_UP, HookStatus.DONE]
    assert hook.ended_at is None
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
