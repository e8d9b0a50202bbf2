"""Writing down what became of a message that a worker had claimed."""

from datetime import datetime
from uuid import UUID

from discount_broker.kernel.clock import paced
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import draw_fate, note_policy
from discount_broker.messaging.ports import (
    DeliveryFailure,
    FailureReason,
    OutcomeUnknown,
    PermanentFailure,
    Receipt,
    TemporaryFailure,
)
from discount_broker.messaging.rules import HELD_AGAIN_AFTER, LEASE, may_repeat, next_attempt_at
from discount_broker.messaging.status import DeliveryEvent, DeliveryStatus, next_status

EVENTS: dict[type[DeliveryFailure], DeliveryEvent] = {
    TemporaryFailure: DeliveryEvent.POSTPONED,
    PermanentFailure: DeliveryEvent.REFUSED,
    OutcomeUnknown: DeliveryEvent.LOST,
}
DOUBTS = "doubtful tries"
"""In the evidence: how many tries may have arrived although nobody heard so."""
OVER = (DeliveryStatus.SENT, DeliveryStatus.BOUNCED)


def record_acceptance(delivery_id: UUID, receipt: Receipt, now: datetime) -> DeliveryStatus:
    """Write down that it has left, whatever others have made of the message meanwhile: this is certain."""
    with transaction() as session:
        delivery = session.get_one(Delivery, delivery_id, with_for_update=True)
        if delivery.status in OVER:  # written before, and the answer to that commit was lost
            return delivery.status
        delivery.status = next_status(delivery.status, DeliveryEvent.ACCEPTED)
        delivery.leased_until, delivery.due_at, delivery.sent_at = None, None, now
        delivery.provider_reference, delivery.evidence = receipt.reference, _kept(delivery, receipt.evidence)
        delivery.recipe, delivery.failure, delivery.last_error = receipt.evidence.get("recipe"), None, None
        draw_fate(delivery, now)  # a receipt may have been quicker than we were
        if delivery.receipts:  # else there is nothing to be settled about a message that has left
            enqueue_after_commit(Job.SETTLE_DELIVERY, delivery.id)
        return delivery.status


def record_failure(delivery_id: UUID, error: DeliveryFailure, now: datetime) -> DeliveryStatus:
    """Write down what went wrong, unless the lease has ended and the message is in other hands.

    A postponed delivery whose tries are used up has failed, or nobody knows.
    """
    with transaction() as session:
        delivery = session.get_one(Delivery, delivery_id, with_for_update=True)
        if delivery.leased_until != now + LEASE:
            return delivery.status
        delivery.evidence = _kept(delivery, error.evidence)
        retry_at = _retry_at(delivery, error, now)
        event = _event(delivery, error, retry_at)
        delivery.status = next_status(delivery.status, event)
        delivery.leased_until = None
        delivery.due_at = retry_at if event is DeliveryEvent.POSTPONED else None
        delivery.failure, delivery.last_error = error.reason, str(error)
        delivery.recipe = error.evidence.get("recipe", delivery.recipe)
        draw_fate(delivery, now)
        note_policy(delivery, now)
        if delivery.status is not DeliveryStatus.QUEUED:
            enqueue_after_commit(Job.SETTLE_DELIVERY, delivery.id)
        return delivery.status


def _event(delivery: Delivery, error: DeliveryFailure, retry_at: datetime | None) -> DeliveryEvent:
    """What the failure means. After too many tries it has failed; nobody knows where one may have arrived."""
    event = EVENTS[type(error)]
    if event is not DeliveryEvent.POSTPONED:
        return event
    is_lost = error.evidence.get("answer") == "lost"
    doubts = note_doubt(delivery) if is_lost else delivery.evidence.get(DOUBTS, 0)
    if retry_at is not None and not (is_lost and not may_repeat(delivery.channel, doubts)):
        return event
    if doubts:
        return DeliveryEvent.LOST
    error.reason = FailureReason.TOO_MANY_TRIES
    return DeliveryEvent.REFUSED


def _retry_at(delivery: Delivery, error: DeliveryFailure, now: datetime) -> datetime | None:
    """When a message that was postponed is tried again; one that was not even tried keeps its attempts."""
    if not isinstance(error, TemporaryFailure):
        return None
    if not error.counts:
        delivery.attempts -= 1
        return paced(now + (error.retry_after or HELD_AGAIN_AFTER), now)
    at = next_attempt_at(delivery.attempts, now, delivery.expires_at)
    if at is not None and error.retry_after is not None:
        at = max(at, now + error.retry_after)
    is_too_late = at is not None and delivery.expires_at is not None and at >= delivery.expires_at
    return None if at is None or is_too_late else paced(at, now)


def note_doubt(delivery: Delivery) -> int:
    """Remember that this try may have arrived; how many such there are now."""
    doubts: int = delivery.evidence.get(DOUBTS, 0) + 1
    delivery.evidence = {**delivery.evidence, DOUBTS: doubts}
    return doubts


def _kept(delivery: Delivery, evidence: dict[str, object]) -> dict[str, object]:
    """New evidence, and what must not be forgotten of the old."""
    doubts = delivery.evidence.get(DOUBTS)
    return {**evidence, DOUBTS: doubts} if doubts else evidence
