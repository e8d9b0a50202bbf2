"""The figures for Prometheus, counted from the rows: right whichever process is asked."""

from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, Gauge

from discount_broker.escalation.queries import count_reviews
from discount_broker.messaging.queries import (
    count_deliveries,
    count_receipts,
    count_unknown,
    list_holds,
    list_stuck,
    oldest_due_at,
    share_undelivered,
)
from discount_broker.outreach.queries import count_mails
from discount_broker.web.health_business import TROUBLES, business_at

TEXTS_OF = timedelta(days=7)


def figures_at(now: datetime, rings: int | None) -> CollectorRegistry:
    """`rings`: jobs waiting in the queue, None where it cannot be reached."""
    registry = CollectorRegistry()
    _count_messages(registry, now)
    _count_mails(registry)
    _tell_business(registry, now)
    _gauge(registry, "queue_up", "Whether the queue can be reached", rings is not None)
    _gauge(registry, "rings_waiting", "Jobs waiting in the queue", rings or 0)
    return registry


def _count_messages(registry: CollectorRegistry, now: datetime) -> None:
    deliveries = Gauge(
        "broker_deliveries", "Messages by channel and status", ["channel", "status"], registry=registry
    )
    for channel, status, count in count_deliveries():
        deliveries.labels(channel, status).set(count)
    receipts = Gauge("broker_receipts", "What was heard of messages, by kind", ["kind"], registry=registry)
    for kind, count in count_receipts():
        receipts.labels(kind).set(count)
    _gauge(
        registry, "oldest_due_seconds", "Age of the message that waits longest", age(oldest_due_at(now), now)
    )
    _gauge(registry, "stuck_deliveries", "Messages that should have moved and did not", len(list_stuck(now)))
    _gauge(registry, "unknown_outcomes", "Messages that may or may not have arrived", count_unknown())
    share = share_undelivered(now - TEXTS_OF, now).share
    if share is not None:
        _gauge(registry, "texts_undelivered_share", "Of the SMS of 7 days whose end is known", share)


def _count_mails(registry: CollectorRegistry) -> None:
    mails = Gauge(
        "broker_mails", "Mails that came in, by what they were taken for", ["kind"], registry=registry
    )
    for kind in ("unread", "unmatched"):
        mails.labels(kind).set(0)  # an alarm needs a figure also where there is nothing
    for kind, count in count_mails():
        mails.labels(kind).set(count)


def _tell_business(registry: CollectorRegistry, now: datetime) -> None:
    holds = list_holds(now)
    alarms = [hold for hold in holds if hold.operator_id is None]
    _gauge(registry, "holds", "Holds in force, by people and by alarms", len(holds))
    _gauge(registry, "alarms", "Holds in force that nobody asked for: our mail is refused", len(alarms))
    _gauge(registry, "reviews_waiting", "Tasks for the desk: dead doors and alarms", count_reviews())
    business = business_at(now)
    _gauge(registry, "last_out_seconds", "Since a message left", age(business.last_out, now))
    _gauge(registry, "last_in_seconds", "Since a mail came in", age(business.last_in, now))
    trouble = Gauge("broker_trouble", "1 where business stands still", ["kind"], registry=registry)
    troubles = business.troubles(now)
    for kind in TROUBLES:
        trouble.labels(kind).set(kind in troubles)


def _gauge(registry: CollectorRegistry, name: str, says: str, value: float | None) -> None:
    """No figure at all is told of what has never happened."""
    if value is not None:
        Gauge(f"broker_{name}", says, registry=registry).set(value)


def age(moment: datetime | None, now: datetime) -> int | None:
    return None if moment is None else int((now - moment).total_seconds())
