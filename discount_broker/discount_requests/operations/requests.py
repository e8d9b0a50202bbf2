"""What other slices do to a request."""

from datetime import datetime
from typing import Any

from discount_broker.discount_requests.models import DiscountRequest, TimelineEntry
from discount_broker.discount_requests.queries import wishes_of_buyer
from discount_broker.discount_requests.status import Outcome, RequestEvent, RequestStatus, next_status
from discount_broker.kernel.db import db
from discount_broker.notifications.catalogue import BuyerMessage
from discount_broker.notifications.operations import drop_news, text
from discount_broker.notifications.queries import wants_text
from discount_broker.notifications.rules import REQUIRED
from discount_broker.notifications.status import NewsKind


def tell(request: DiscountRequest, event: str, at: datetime, **facts: Any) -> None:
    """Append a sentence to the story of the request."""
    db.session.add(TimelineEntry(discount_request_id=request.id, at=at, event=event, facts=facts))
    db.session.flush()


def text_news(request: DiscountRequest, message: BuyerMessage, purpose: str, now: datetime) -> None:
    """Send news to the phone as well, of a buyer who wants it so; the mail goes its own way."""
    if wants_text(request.buyer_id, message, agreed=request.wants_texts):
        text(
            message,
            phone=request.phone or (request.buyer.phone if request.buyer else None),
            language=request.language,
            purpose=purpose,
            now=now,
            wishes=wishes_of_buyer(request.buyer_id),
        )


def advance(request: DiscountRequest, event: RequestEvent) -> None:
    """Move the request on.

    Raises:
        IllegalTransition

    """
    request.status = next_status(request.status, event)


def close(request: DiscountRequest, outcome: Outcome, now: datetime) -> None:
    """End the request; a later word of the buyer may still change the outcome.

    What waited to be told of it is no news any more.
    """
    drop_news(request.buyer_id, request.number, set(NewsKind) - REQUIRED)
    if request.status is not RequestStatus.CLOSED:
        advance(request, RequestEvent.CLOSED)
        request.closed_at = now
    request.outcome = outcome
