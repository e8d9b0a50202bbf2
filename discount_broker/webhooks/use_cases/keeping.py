"""What leads decide about webhooks: where a program is told, a trial, a call made again."""

import secrets
from datetime import datetime
from uuid import UUID

from discount_broker.accounts.operations.api_clients import note_of_client
from discount_broker.accounts.queries.api_clients import get_api_client
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.sealing import seal
from discount_broker.kernel.transaction import transaction
from discount_broker.kernel.urls import host_of
from discount_broker.webhooks.models import HookCall, Webhook
from discount_broker.webhooks.queries import get_call, get_webhook, list_webhooks, newest_entry
from discount_broker.webhooks.rules import MOST_WEBHOOKS, SECRET_BYTES, check_hook_url, secret_of
from discount_broker.webhooks.status import HookStatus
from discount_broker.webhooks.use_cases.pausing import give_up_all
from discount_broker.webhooks.use_cases.telling import SEALED_AS

AGAIN = (HookStatus.GIVEN_UP, HookStatus.DONE)


def add_webhook(client_id: UUID, url: str, operator_id: UUID, now: datetime, *, https_only: bool) -> str:
    """Tell a program at this address from now on. Returns the secret, which is shown this once.

    Raises:
        Refused: codes of `check_hook_url`, `hook_known`, `too_many_hooks`.

    """
    wanted = check_hook_url(url, https_only=https_only)
    secret = secret_of(secrets.token_bytes(SECRET_BYTES))
    with transaction():
        client = get_api_client(client_id, lock=True)
        live = [hook for hook in list_webhooks([client_id]) if hook.ended_at is None]
        if any(hook.url == wanted for hook in live):
            raise Refused("hook_known", "url")
        if len(live) >= MOST_WEBHOOKS:
            raise Refused("too_many_hooks", "url")
        db.session.add(
            Webhook(
                api_client_id=client_id,
                url=wanted,
                secret=seal(secret, SEALED_AS),
                told_until=newest_entry(),
                created_at=now,
            )
        )
        note_of_client("webhook_added", client, now, operator_id, host=host_of(wanted))
    return secret


def end_webhook(webhook_id: UUID, operator_id: UUID, now: datetime) -> None:
    """Tell nothing there any more, not even what waits."""
    with transaction():
        webhook = get_webhook(webhook_id, lock=True)
        if webhook.ended_at is None:
            webhook.ended_at = now
            give_up_all(webhook, now)
            host = host_of(webhook.url)
            note_of_client("webhook_ended", webhook.api_client, now, operator_id, host=host)


def try_webhook(webhook_id: UUID, operator_id: UUID, now: datetime) -> UUID:
    """Make one call that tells nothing, to see whether it arrives.

    Raises:
        Refused: `hook_ended`.

    """
    with transaction():
        webhook = get_webhook(webhook_id, lock=True)
        _check_live(webhook)
        told = {"type": "trial", "timestamp": now.isoformat(), "data": {}}
        call = HookCall(webhook_id=webhook.id, event="trial", payload=told, due_at=now, created_at=now)
        db.session.add(call)
        db.session.flush()
        host = host_of(webhook.url)
        note_of_client("webhook_tried", webhook.api_client, now, operator_id, host=host)
        enqueue_after_commit(Job.CALL_HOOK, call.id)
        return call.id


def repeat_hook_call(call_id: UUID, operator_id: UUID, now: datetime) -> UUID:
    """Make a call again that is over; under the same id, so that nothing counts twice. Its client's id.

    Raises:
        NotFound
        Refused: `hook_ended`.

    """
    with transaction():
        webhook, call = get_call(call_id, lock=True)
        _check_live(webhook)
        if call.status in AGAIN:
            call.status, call.due_at, call.done_at, call.attempts = HookStatus.DUE, now, None, 0
            host = host_of(webhook.url)
            note_of_client("hook_call_repeated", webhook.api_client, now, operator_id, host=host)
            enqueue_after_commit(Job.CALL_HOOK, call.id)
        return webhook.api_client_id


def _check_live(webhook: Webhook) -> None:
    if webhook.ended_at is not None:
        raise Refused("hook_ended")
