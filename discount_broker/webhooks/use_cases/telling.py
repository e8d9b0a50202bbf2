"""Telling programs what has happened: each event once, until it is taken or given up."""

import json
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from discount_broker.discount_requests.models import TimelineEntry
from discount_broker.kernel.clock import paced
from discount_broker.kernel.db import db, find_row
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.sealing import unseal
from discount_broker.kernel.sweeping import for_each
from discount_broker.kernel.transaction import transaction, until_written
from discount_broker.webhooks.models import HookCall, Webhook
from discount_broker.webhooks.ports import HookCaller, HookUnreached
from discount_broker.webhooks.queries import (
    find_call_before,
    get_call,
    get_webhook,
    list_calls_after,
    list_due_calls,
    list_forgotten_calls,
    list_live_webhooks,
    list_untold,
)
from discount_broker.webhooks.rules import (
    GONE,
    LEASE,
    RETRY_DELAYS,
    is_taken,
    next_try_at,
    signed_headers,
    told_facts,
)
from discount_broker.webhooks.status import HookState, HookStatus
from discount_broker.webhooks.use_cases.pausing import (
    give_up_all,
    heal,
    keep,
    wake,
    worsen,
    write_to_people,
)

SEALED_AS = "webhook"


class _Errand(NamedTuple):
    url: str
    headers: dict[str, str]
    body: bytes


class _Came(NamedTuple):
    """What came of a call: a status, or why there is none."""

    status: int | None = None
    error: str = ""
    wait: float = 0.0


def make_hook_calls(now: datetime) -> int:
    """Write down a call for every event that programs are to be told of; how many."""
    return for_each(list_live_webhooks(), partial(_make_calls_of, now=now))


def _make_calls_of(webhook_id: UUID, now: datetime) -> int:
    with transaction():
        webhook = get_webhook(webhook_id, lock=True)
        untold = list_untold(webhook) if webhook.ended_at is None else []
        for entry in untold:
            db.session.add(_call_about(entry, webhook, now))
            webhook.told_until = max(webhook.told_until, entry.id)
        wake(webhook, now)
        return len(untold)


def _call_about(entry: TimelineEntry, webhook: Webhook, now: datetime) -> HookCall:
    request = entry.discount_request
    told = {
        "number": request.number,
        "reference": request.api_reference,
        "event_id": entry.id,
        "state": request.status,
        "facts": told_facts(entry.facts),
    }
    event, is_kept = f"request.{entry.event}", webhook.paused_at is not None
    return HookCall(
        webhook_id=webhook.id,
        timeline_entry_id=entry.id,
        discount_request_id=request.id,
        event=event,
        payload={"type": event, "timestamp": entry.at.isoformat(), "data": told},
        status=HookStatus.KEPT if is_kept else HookStatus.DUE,
        due_at=None if is_kept else now,
        created_at=now,
    )


def ring_hook_calls(now: datetime) -> None:
    """Ring for every call that is due, and let those be made again whose worker never came back."""
    with transaction():
        for call in list_forgotten_calls(now):
            call.status, call.leased_until, call.due_at = HookStatus.DUE, None, now
        for call_id in list_due_calls(now):
            enqueue_after_commit(Job.CALL_HOOK, call_id)


def call_hook(call_id: UUID, caller: HookCaller, now: datetime) -> None:
    """Tell one event to one webhook. Claim, call, record."""
    errand = _claim(call_id, now)
    if errand is None:
        return
    try:
        answer = caller.call(errand.url, errand.headers, errand.body)  # no transaction is open here
        came = _Came(answer.status, wait=answer.wait)
    except HookUnreached as unreached:
        came = _Came(error=unreached.why)
    until_written(lambda: _record(call_id, came, now))


def _claim(call_id: UUID, now: datetime) -> _Errand | None:
    """What to send, for exactly one caller; an event waits for those of its request before it."""
    with transaction():
        call = find_row(HookCall, call_id, lock=True)
        if call is None or call.due_at is None or call.due_at > now:
            return None
        secret = unseal(call.webhook.secret, SEALED_AS)
        if call.webhook.ended_at is not None or not call.webhook.api_client.is_active or secret is None:
            _settle(call, HookStatus.GIVEN_UP, now)
            return None
        before = find_call_before(call)
        if before is not None:
            call.due_at = max(before.due_at or now, now) + RETRY_DELAYS[0]
            return None
        call.status, call.due_at, call.leased_until = HookStatus.SENDING, None, now + LEASE
        call.attempts += 1
        body = json.dumps(call.payload, ensure_ascii=False, separators=(",", ":")).encode()
        return _Errand(call.webhook.url, signed_headers(secret, f"msg_{call.id.hex}", now, body), body)


def _record(call_id: UUID, came: _Came, now: datetime) -> None:
    """Write down what came of it, unless the lease has ended and the call is in other hands."""
    with transaction():
        webhook, call = get_call(call_id, lock=True)
        if call.leased_until != now + LEASE:
            return
        call.last_status, call.last_error = came.status, came.error
        if came.status is not None and is_taken(came.status):
            _settle(call, HookStatus.DONE, now)
            heal(webhook, now)
        elif call.timeline_entry_id is None and came.status != GONE:
            _settle(call, HookStatus.GIVEN_UP, now)  # a trial is tried once, and says nothing of the others
        else:
            _note_failure(call, webhook, came, now)


def _note_failure(call: HookCall, webhook: Webhook, came: _Came, now: datetime) -> None:
    state = worsen(webhook, came.status, now)
    if state is HookState.PAUSED:
        keep(call, webhook, now)
    elif state is HookState.ENDED:
        _settle(call, HookStatus.GIVEN_UP, now)
        give_up_all(webhook, now)
        write_to_people(call, webhook, now)
    elif (retry_at := next_try_at(call.attempts, now, came.wait)) is not None:
        call.status, call.leased_until, call.due_at = HookStatus.DUE, None, paced(retry_at, now)
    else:
        _settle(call, HookStatus.GIVEN_UP, now)
        write_to_people(call, webhook, now)


def _settle(call: HookCall, status: HookStatus, now: datetime) -> None:
    """It is over; what waited for it goes on."""
    call.status, call.due_at, call.leased_until, call.done_at = status, None, None, now
    for later in list_calls_after(call)[:1]:
        later.due_at = now
        enqueue_after_commit(Job.CALL_HOOK, later.id)
