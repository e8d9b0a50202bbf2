"""What programs see of the webhooks they are told by, and how they have missed calls made again."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Response

from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.web import api_models as models
from discount_broker.web.api import bp
from discount_broker.web.api_operations import Operation, operation
from discount_broker.web.api_problems import problem
from discount_broker.web.api_shown import id_in, said
from discount_broker.webhooks.queries import Waiting, count_untaken, get_webhook, list_webhooks
from discount_broker.webhooks.rules import KEPT_FOR, state_of
from discount_broker.webhooks.use_cases import replay_calls

__all__ = ["bp"]

if TYPE_CHECKING:
    from discount_broker.webhooks.models import Webhook


@operation(Operation(method="GET", rule="/webhooks", answers={200: models.Webhooks}))
def get_webhooks(client_id: UUID) -> Response:
    """Where you are told of events, and whether our calls are taken there. Those that ended come last."""
    found = list_webhooks([client_id])
    return said(models.Webhooks(webhooks=_shown(found, utcnow())))


@operation(
    Operation(
        method="POST",
        rule="/webhooks/<webhook_id>/replay",
        answers={200: models.Webhook},
        problems=("settled",),
    )
)
def replay_webhook(client_id: UUID, webhook_id: str) -> Response:
    """Have all events sent again that your webhook did not take. Under the same ids as before.

    One that is paused is tried with one event at once; when that is taken, the others follow. What was
    given up more than thirty days ago is not sent again, and nothing is sent to a webhook that has ended.
    """
    hook_id, now = id_in(webhook_id), utcnow()
    try:
        replay_calls(hook_id, now, client_id=client_id)
    except Refused:
        return problem("settled")
    return said(_shown([get_webhook(hook_id)], now)[0])


def _shown(webhooks: "list[Webhook]", now: datetime) -> list[models.Webhook]:
    untaken = count_untaken([hook.id for hook in webhooks], now - KEPT_FOR)
    return [_one(hook, untaken.get(hook.id, Waiting())) for hook in webhooks]


def _one(hook: "Webhook", waiting: Waiting) -> models.Webhook:
    return models.Webhook(
        id=str(hook.id),
        url=hook.url,
        state=state_of(hook.ended_at, hook.paused_at, hook.failing_since),
        failing_since=hook.failing_since,
        paused_at=hook.paused_at,
        ended_at=hook.ended_at,
        waiting=waiting.kept,
        given_up=waiting.given_up,
    )
