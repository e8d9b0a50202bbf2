"""Holding back what would leave, and taking back what a person has just sent."""

from datetime import datetime
from uuid import UUID

from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.operations import cancel_by_hand, release, withhold


def hold_sending(key: str, operator_id: UUID, cause: str, now: datetime) -> None:
    """Let nothing leave under this key (`all`, `channel:<kind>`, `shop:<domain>`) until somebody lifts it."""
    with transaction():
        withhold(key, reason="operator", cause=cause, now=now, operator_id=operator_id)


def lift_hold(key: str) -> None:
    """Let everything leave again that waited under this key."""
    with transaction():
        release(key)


def take_back(delivery_id: UUID) -> bool:
    """Stop a message that a person sent by hand, if it has not left; whether it was stopped."""
    with transaction():
        return cancel_by_hand(delivery_id)
