"""A webhook that takes nothing is paused: calls are kept for it, and follow when it takes them again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, update

from discount_broker.accounts.operations.api_clients import note_of_client
from discount_broker.kernel.clock import lasted, paced
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound, Refused
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.site import site
from discount_broker.kernel.transaction import transaction
from discount_broker.kernel.urls import host_of
from discount_broker.notifications.catalogue import WebhookFailing
from discount_broker.notifications.operations import notify
from discount_broker.webhooks.models import HookCall, Webhook
from discount_broker.webhooks.queries import (
    count_untaken,
    find_call_to_try,
    find_due_event,
    get_webhook,
    is_being_tried,
    list_due_calls,
)
from discount_broker.webhooks.rules import KEPT_FOR, PROBED_EVERY, state_after_failure
from discount_broker.webhooks.status import HookState, HookStatus

WAITS = HookCall.status.in_((HookStatus.DUE, HookStatus.KEPT))
IS_EVENT = HookCall.timeline_entry_id.is_not(None)
"""Trial calls tell nothing, and wait for nothing."""


def replay_calls(
    webhook_id: UUID, now: datetime, *, operator_id: UUID | None = None, client_id: UUID | None = None
) -> int:
    """Make all calls again that were kept or given up in the last thirty days; how many.

    A paused webhook is tried with the oldest of them first; when that is taken, the others follow.
    A lead asks for it, or the program itself, which sees its own webhooks alone.

    Raises:
        NotFound: none, or that of another client.
        Refused: `hook_ended`.

    """
    with transaction():
        webhook = get_webhook(webhook_id, lock=True)
        if client_id is not None and webhook.api_client_id != client_id:
            raise NotFound("webhook")
        if webhook.ended_at is not None:
            raise Refused("hook_ended")
        _revive(webhook, now)
        if webhook.paused_at is not None:
            try_now(webhook, now)
        else:
            ring_due(now)
        if operator_id is not None:
            host = host_of(webhook.url)
            note_of_client("webhook_replayed", webhook.api_client, now, operator_id, host=host)
        found = count_untaken([webhook_id], now).get(webhook_id)
        return found.kept if found else 0


def heal(webhook: Webhook, now: datetime) -> None:
    """Something was taken: all is well again, and what was kept goes on its way."""
    webhook.failures, webhook.failing_since = 0, None
    if webhook.paused_at is not None:
        webhook.paused_at = None
        _change_all(webhook, WAITS, IS_EVENT, status=HookStatus.DUE, due_at=now)
        ring_due(now)


def worsen(webhook: Webhook, status: int | None, now: datetime) -> HookState:
    """A try was in vain: pause the webhook, or end it, when there were too many."""
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or now
    paused_for = lasted(webhook.paused_at, now) if webhook.paused_at else None
    state = state_after_failure(status, webhook.failures, lasted(webhook.failing_since, now), paused_for)
    if state is HookState.PAUSED:
        webhook.paused_at = webhook.paused_at or now
    elif state is HookState.ENDED:
        webhook.ended_at = now
    return state


def keep(call: HookCall, webhook: Webhook, now: datetime) -> None:
    """Let everything wait, but for one call that tries again in a while."""
    call.status, call.leased_until = HookStatus.KEPT, None
    _change_all(webhook, HookCall.status == HookStatus.DUE, IS_EVENT, status=HookStatus.KEPT, due_at=None)
    _try(find_call_to_try(webhook.id), paced(now + PROBED_EVERY, now))
    write_to_people(call, webhook, now)


def give_up_all(webhook: Webhook, now: datetime) -> None:
    _change_all(webhook, WAITS, status=HookStatus.GIVEN_UP, due_at=None, done_at=now)


def try_now(webhook: Webhook, now: datetime) -> None:
    """Try a paused webhook without waiting any longer."""
    _try(find_due_event(webhook.id) or find_call_to_try(webhook.id), now)
    ring_due(now)


def _try(call: HookCall | None, at: datetime) -> None:
    if call is not None:
        call.status, call.due_at = HookStatus.DUE, at


def wake(webhook: Webhook, now: datetime) -> None:
    """While a webhook is paused, one call is always on its way: else it would never be heard of again."""
    if webhook.paused_at is not None and not is_being_tried(webhook.id):
        try_now(webhook, now)


def ring_due(now: datetime) -> None:
    db.session.flush()
    for call_id in list_due_calls(now):
        enqueue_after_commit(Job.CALL_HOOK, call_id)


def write_to_people(call: HookCall, webhook: Webhook, now: datetime) -> None:
    """Once for each event that was given up, and once for each time the webhook is paused or ends."""
    client, since = webhook.api_client, webhook.failing_since or now
    fate = "dead" if webhook.ended_at else "paused" if webhook.paused_at else "event"
    notify(
        WebhookFailing(
            client=client.name,
            url=webhook.url,
            event=call.event.removeprefix("request."),
            failing_since=since,
            last_status=call.last_status or 0,
            is_ended=webhook.ended_at is not None,
            is_paused=webhook.paused_at is not None,
            help_url=f"{site().base_url}/api#webhooks",
        ),
        to=client.email,
        language=client.language,
        purpose=f"webhook:{webhook.id}:failing:{since:%Y%m%d%H%M%S}:{fate}",
        now=now,
    )


def _revive(webhook: Webhook, now: datetime) -> None:
    """What was given up waits again: with the others while the webhook is paused."""
    is_paused = webhook.paused_at is not None
    waits = HookStatus.KEPT if is_paused else HookStatus.DUE
    due_at = None if is_paused else now
    given_up = HookCall.status == HookStatus.GIVEN_UP, HookCall.created_at >= now - KEPT_FOR
    _change_all(webhook, *given_up, IS_EVENT, status=waits, due_at=due_at, done_at=None, attempts=0)


def _change_all(webhook: Webhook, *found: ColumnElement[bool], **values: object) -> None:
    """Change the calls of a webhook that stand so; there may be thousands."""
    db.session.flush()
    changed = update(HookCall).where(HookCall.webhook_id == webhook.id, *found).values(**values)
    db.session.execute(changed, execution_options={"synchronize_session": "fetch"})
