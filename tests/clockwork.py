"""What a worker does when bells ring, at a time the test chooses."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask

from discount_broker.discovery.use_cases import discover_contacts, find_rivals, read_product
from discount_broker.escalation.use_cases import requeue_shop
from discount_broker.messaging.use_cases import deliver
from discount_broker.offers.use_cases import answer_by_rule
from discount_broker.outreach.use_cases import (
    ask_shop,
    plan_outreach,
    plan_rivals,
    read_mail,
    read_price,
    settle_delivery,
)
from tests.fakes import FakeFetcher, RecordingQueue


def work_until_quiet(app: Flask, queue: RecordingQueue, fetcher: FakeFetcher, now: datetime) -> list[str]:
    """Do what was rung for, and what that rings for; the names of the jobs done."""
    do: dict[str, Callable[..., object]] = {
        "read_product": lambda subject_id, now: read_product(subject_id, fetcher, now),
        "plan_outreach": plan_outreach,
        "find_rivals": lambda subject_id, now: find_rivals(
            subject_id, app.extensions["search_engine"], fetcher, now
        ),
        "plan_rivals": plan_rivals,
        "discover_contacts": lambda subject_id, now: discover_contacts(
            subject_id, fetcher, app.extensions["mail_routes"], now
        ),
        "answer_by_rule": answer_by_rule,
        "ask_shop": ask_shop,
        "deliver": lambda subject_id, now: deliver(subject_id, app.extensions["channels"], now),
        "settle_delivery": settle_delivery,
        "requeue_shop": requeue_shop,
        "read_mail": read_mail,
        "read_price": lambda subject_id, now: read_price(subject_id, fetcher, now),
    }
    done: list[str] = []
    while rung := queue.take():
        for job, subject_id in rung:
            do[job](subject_id, now)
            done.append(job)
    return done
