"""The letter that asks the owner of a mailbox whether it was they who asked."""

from collections.abc import Sequence
from datetime import datetime

from discount_broker.accounts.status import Means
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries import follow_url, product_seen, wish_of, wishes_of_buyer
from discount_broker.discount_requests.queries.baskets import find_running_twin
from discount_broker.discount_requests.rules import CONFIRM_WITHIN
from discount_broker.kernel.site import site
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.operations import Envelope, queue_delivery
from discount_broker.messaging.ports import ChannelKind
from discount_broker.notifications.catalogue import ConfirmRequest, UnfinishedRequest
from discount_broker.notifications.operations import compose, note_told, notify
from discount_broker.notifications.queries import way_of
from discount_broker.notifications.status import NewsWay


def send_confirmation(request: DiscountRequest, together: Sequence[DiscountRequest], now: datetime) -> None:
    """Whether the buyer has asked for this before is told in their mailbox alone, never on the page."""
    assert request.buyer is not None
    earlier = find_running_twin(request.buyer.id, request)
    notify(
        ConfirmRequest(
            confirm_url=confirm_url(request, now),
            product=product_seen(request),
            wish=wish_of(request),
            others=tuple(product_seen(each) for each in together if each.id != request.id),
            earlier_number=earlier.number if earlier else "",
            earlier_url=follow_url(earlier) if earlier else "",
        ),
        to=request.buyer.email,
        language=request.language,
        # A second press within the same minute is the same press.
        purpose=f"request:{request.id}:confirm:{now:%Y%m%d%H%M}",
        now=now,
    )


def send_reminder(request: DiscountRequest, together: Sequence[DiscountRequest], now: datetime) -> bool:
    """One letter, honest about being one, that can be answered: a person of ours reads what comes back.

    It is news like any other: it waits for the end of quiet hours, and whoever wants none gets none.
    """
    assert request.buyer is not None
    buyer, letter = request.buyer, _reminder_of(request, together)
    if way_of(buyer.id, letter) is NewsWay.NONE:
        return False
    written = compose(letter, buyer.email, request.language, now)
    envelope = Envelope(
        channel=ChannelKind.EMAIL,
        address=buyer.email,
        stop_keys=[f"email:{buyer.email.lower()}"],
        sender_name=site().service_name,
        reply_to=_answer_address(request),
        stop_url=written.stop_url,
        expires_at=letter.ends_at,
    )
    sent = queue_delivery(
        written.rendered,
        envelope,
        purpose=reminder_purpose(request),
        now=now,
        due_at=wishes_of_buyer(buyer.id).next_allowed(now, means=Means.SMS),
        delivery_id=written.id,
    )
    if sent is not None:
        note_told(letter, buyer, sent, now)
    return sent is not None


def _reminder_of(request: DiscountRequest, together: Sequence[DiscountRequest]) -> UnfinishedRequest:
    assert request.submitted_at is not None
    return UnfinishedRequest(
        number=request.number,
        confirm_url=confirm_url(request, request.submitted_at),
        product=product_seen(request),
        wish=wish_of(request),
        others=tuple(product_seen(each) for each in together if each.id != request.id),
        begun_at=request.submitted_at,
        ends_at=request.submitted_at + CONFIRM_WITHIN,
    )


def _answer_address(request: DiscountRequest) -> str:
    token = issue_token(Purpose.BEGUN, request.id, request.created_at)
    return f"begun+{token}@{site().mail_domain}"


def reminder_purpose(request: DiscountRequest) -> str:
    return f"request:{request.id}:unfinished"


def confirm_url(request: DiscountRequest, made_at: datetime) -> str:
    return f"{site().base_url}/confirm/{issue_token(Purpose.CONFIRM, request.id, made_at)}"
