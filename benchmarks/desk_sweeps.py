"""What runs beside the pages every few seconds: how long it takes on a desk of this size."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from discount_broker.escalation import use_cases
from discount_broker.escalation.queries import arrivals
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.messaging.queries import count_deliveries, list_policy_domains

DAY = timedelta(days=1)


SWEEPS: dict[str, Callable[[datetime], Any]] = {
    "wake_queue": use_cases.wake_queue,
    "wake_promises": use_cases.wake_promises,
    "watch_clocks": use_cases.watch_clocks,
    "wind_clocks": use_cases.wind_clocks,
    "open_due_cases": use_cases.open_due_cases,
    "open_reviews": use_cases.open_reviews,
    "list_policy_domains": lambda now: list_policy_domains(now - DAY),
}
QUERIES: dict[str, Callable[[], Any]] = {
    "- uncased outreaches": arrivals.list_uncased_outreaches,
    "- overtaken cases": arrivals.list_overtaken_cases,
    "- stranded letters": arrivals.list_stranded_letters,
    "- late letters": arrivals.list_late_letters,
    "- unread replies": arrivals.list_unread_replies,
    "- unread letters": arrivals.list_unread_letters,
    "count_deliveries": count_deliveries,
}


def sweep_twice() -> Iterator[tuple[str, float, float]]:
    """Milliseconds of the first time, which has all to do that came since the seeding, and of the next."""
    acts = {name: partial(_sweep, sweep) for name, sweep in SWEEPS.items()} | QUERIES
    for name, act in acts.items():
        yield name, _milliseconds(act), _milliseconds(act)


def _sweep(sweep: Callable[[datetime], Any]) -> None:
    sweep(utcnow())


def _milliseconds(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    db.session.rollback()
    return (time.perf_counter() - began) * 1000
