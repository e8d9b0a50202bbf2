"""Holding back what would leave, and letting it leave again: by a person, who stands in the trail."""

from datetime import datetime
from uuid import UUID

from discount_broker.accounts.operations import note_change
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.operations import release, withhold


def hold_sending(key: str, operator_id: UUID, cause: str, now: datetime) -> None:
    """Let nothing leave under this key (`all`, `channel:<kind>`, `shop:<domain>`) until somebody lifts it."""
    with transaction():
        withhold(key, reason="operator", cause=cause, now=now, operator_id=operator_id)
        note_change("sending_held", now, operator_id, subject=f"hold:{key}", held=key)


def lift_hold(key: str, operator_id: UUID, now: datetime) -> None:
    """Let everything leave again that waited under this key."""
    with transaction():
        release(key)
        note_change("hold_lifted", now, operator_id, subject=f"hold:{key}", held=key)
