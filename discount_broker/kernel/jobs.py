"""Background jobs by name, enqueued once the facts they work on are committed.

The queue is a doorbell, not a ledger: the row's status says what is left to do.
A bell that is lost is rung again by the sweep; one that rings twice finds the
work already claimed. So nothing here may carry more than an id.
"""

import logging
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from flask import current_app

from discount_broker.kernel.db import db

log = logging.getLogger(__name__)
PENDING = "jobs_after_commit"


class Job(StrEnum):
    READ_PRODUCT = "read_product"
    PLAN_OUTREACH = "plan_outreach"
    FIND_RIVALS = "find_rivals"
    PLAN_RIVALS = "plan_rivals"
    DISCOVER_CONTACTS = "discover_contacts"
    ANSWER_BY_RULE = "answer_by_rule"
    ASK_SHOP = "ask_shop"
    DELIVER = "deliver"
    SETTLE_DELIVERY = "settle_delivery"
    READ_MAIL = "read_mail"
    TAKE_CHECK_ANSWER = "take_check_answer"
    READ_PRICE = "read_price"
    READ_WATCHED_PAGE = "read_watched_page"
    SUBMIT_ASK = "submit_ask"
    CALL_HOOK = "call_hook"
    REQUEUE_SHOP = "requeue_shop"
    READ_FEED = "read_feed"


class JobQueue(Protocol):
    def put(self, job: Job, subject_id: UUID) -> None: ...


def enqueue_after_commit(job: Job, subject_id: UUID) -> None:
    """Ring `job` for `subject_id` once the open transaction is committed."""
    db.session.info.setdefault(PENDING, []).append((job, subject_id))


def flush_pending_jobs() -> None:
    queue: JobQueue = current_app.extensions["job_queue"]
    pending = db.session.info.pop(PENDING, [])
    for number, (job, subject_id) in enumerate(pending):
        try:
            queue.put(job, subject_id)
        except Exception:  # the facts are committed: the sweep will ring again
            # Nor is the rest tried: a queue that hangs costs seconds each time, and a page waits for it.
            left = len(pending) - number - 1
            log.warning("could not enqueue %s for %s, nor %s more", job, subject_id, left, exc_info=True)
            return


def forget_pending_jobs() -> None:
    db.session.info.pop(PENDING, None)
