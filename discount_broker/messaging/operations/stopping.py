"""The stop list, and what is held back for a while."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete

from discount_broker.kernel.db import add_or_find, db
from discount_broker.messaging.models import SendingHold, Suppression
from discount_broker.messaging.queries import (
    find_hold,
    find_suppression,
)


def suppress(
    key: str,
    *,
    reason: str,
    cause: str,
    now: datetime,
    until: datetime | None = None,
    operator_id: UUID | None = None,
) -> None:
    """Put a key on the stop list, for good or `until` then.

    The first reason stays where there is one already, but a pause may grow longer and become a stop.
    """
    known = find_suppression(key)
    if known is None:
        stop = Suppression(
            key=key, reason=reason, cause=cause, until=until, operator_id=operator_id, created_at=now
        )
        known = add_or_find(stop, lambda: find_suppression(key))
    if known.until is not None and (until is None or until > known.until):
        known.until, known.reason, known.cause, known.operator_id = until, reason, cause, operator_id


def allow(key: str, *, cause: str, operator_id: UUID, now: datetime) -> None:
    """End an entry of the stop list; it stays as a memory, and forbids again when it is entered again."""
    known = find_suppression(key)
    if known is not None:
        known.until, known.operator_id = now, operator_id
        known.cause = f"{known.cause}\n{now:%Y-%m-%d}: {cause}".strip()


def withhold(
    key: str,
    *,
    reason: str,
    cause: str,
    now: datetime,
    until: datetime | None = None,
    operator_id: UUID | None = None,
) -> None:
    """Let nothing leave under this key; a person's hold takes the place of an alarm's."""
    hold = find_hold(key)
    if hold is None:
        new = SendingHold(
            key=key, reason=reason, cause=cause, since=now, until=until, operator_id=operator_id
        )
        add_or_find(new, lambda: find_hold(key))
    elif operator_id is not None or (hold.until is not None and hold.until <= now):
        hold.reason, hold.cause, hold.until, hold.operator_id = reason, cause, until, operator_id
        hold.since = now


def release(key: str) -> None:
    """Lift a hold; what waited under it looks again within `HELD_AGAIN_AFTER`."""
    db.session.execute(delete(SendingHold).where(SendingHold.key == key))
