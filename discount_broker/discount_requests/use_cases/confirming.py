"""The owner of a mailbox says yes: one press confirms all that was asked for at once."""

from datetime import datetime
from uuid import UUID

from discount_broker.accounts.operations import confirm_email
from discount_broker.accounts.operations.consents import confirm_consents
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.operations import advance, tell
from discount_broker.discount_requests.operations.confirmation import reminder_purpose
from discount_broker.discount_requests.queries.baskets import (
    find_running_twin,
    list_open_together,
    lock_together,
)
from discount_broker.discount_requests.rules import CONFIRM_WITHIN, answers_end_at
from discount_broker.discount_requests.status import RequestEvent, RequestStatus
from discount_broker.kernel.clock import paced_for_hands
from discount_broker.kernel.errors import IllegalTransition, TokenExpired
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.site import zone_for
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.messaging.operations import cancel_queued


@again_if_deadlocked
def confirm_request(request_id: UUID, now: datetime) -> DiscountRequest:
    """The owner of the address said yes. Pressing twice is pressing once.

    Raises:
        TokenExpired: submitted too long ago, or the day until which answers were wanted is over.
        IllegalTransition: it was never submitted.

    """
    with transaction():
        request = lock_together(request_id)
        if request.confirmed_at is not None:
            return request
        if request.buyer is None or request.submitted_at is None:
            raise IllegalTransition(request.status, RequestEvent.CONFIRMED)
        if now - request.submitted_at > CONFIRM_WITHIN or request.buyer.erased_at is not None:
            raise TokenExpired("confirm")
        confirm_email(request.buyer, now)
        for each in list_open_together(request):
            if each.status is RequestStatus.UNCONFIRMED:
                _confirm(each, now)
        return request


def _confirm(request: DiscountRequest, now: datetime) -> None:
    assert request.buyer is not None
    country = request.product.shop.country if request.product else None
    ends_at = answers_end_at(request.answers_by, zone_for(country), now)
    if ends_at <= now:
        raise TokenExpired("confirm")
    advance(request, RequestEvent.CONFIRMED)
    request.confirmed_at, request.expires_at = now, paced_for_hands(ends_at, now)
    earlier = find_running_twin(request.buyer.id, request)
    request.repeats_id = earlier.id if earlier else request.repeats_id
    if request.phone:
        request.buyer.phone = request.phone
    confirm_consents(request.buyer.id, request.number, now)
    tell(request, "confirmed", now)
    cancel_queued(reminder_purpose(request))
    enqueue_after_commit(Job.PLAN_OUTREACH, request.id)
