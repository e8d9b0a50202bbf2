"""The only place that asks the machine for the time."""

from datetime import UTC, datetime, timedelta

from flask import current_app

HANDS_NEED = timedelta(hours=1)
"""What a demonstration leaves people for what they do themselves, however fast it runs."""


def utcnow() -> datetime:
    return datetime.now(UTC)


def is_hurried() -> bool:
    """Whether this is a demonstration, whose waits run faster."""
    return bool(current_app.config["CLOCK_SPEED"] != 1)


def paced(due_at: datetime, now: datetime) -> datetime:
    """When a wait that would end at `due_at` ends by this installation's clock.

    A demonstration runs its waits faster (`BROKER_CLOCK_SPEED`); everywhere else this is `due_at`.
    """
    speed: float = current_app.config["CLOCK_SPEED"]
    return due_at if speed == 1 else now + (due_at - now) / speed


def lasted(since: datetime, now: datetime) -> timedelta:
    """How long something has gone on by this installation's clock: what `paced` shortens counts in full."""
    speed: float = current_app.config["CLOCK_SPEED"]
    return (now - since) * speed


def paced_for_hands(due_at: datetime, now: datetime) -> datetime:
    """The same for a wait in which somebody calls, promises and answers: people run no faster."""
    return max(paced(due_at, now), min(due_at, now + HANDS_NEED))
