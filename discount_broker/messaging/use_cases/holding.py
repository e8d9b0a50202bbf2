"""Holding back what would leave."""

from datetime import datetime
from uuid import UUID

from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.operations import release, withhold


def hold_sending(key: str, operator_id: UUID, cause: str, now: datetime) -> None:
    """Let nothing leave under this key (`all`, `channel:<kind>`, `shop:<domain>`) until somebody lifts it."""
    with transaction():
        withhold(key, reason="operator", cause=cause, now=now, operator_id=operator_id)


def lift_hold(key: str) -> None:
    """Let everything leave again that waited under this key."""
    with transaction():
        release(key)
