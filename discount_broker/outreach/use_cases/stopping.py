"""A shop's wish not to be asked, told by its own press of a button."""

from datetime import datetime
from uuid import UUID

from discount_broker.discount_requests.operations import tell
from discount_broker.kernel.transaction import transaction
from discount_broker.outreach.operations import close_shop, end
from discount_broker.outreach.queries import get_outreach
from discount_broker.outreach.status import OPEN, OutreachEvent


def stop_shop(outreach_id: UUID, cause: str, now: datetime) -> None:
    """The shop forbids all requests: nothing further leaves to it through any door."""
    with transaction():
        close_shop(get_outreach(outreach_id).shop, reason="stop_page", cause=cause, now=now)


def stop_outreach(outreach_id: UUID, now: datetime) -> None:
    """The shop wants to hear no more of this one request."""
    with transaction():
        outreach = get_outreach(outreach_id, lock=True)
        if outreach.status in OPEN:
            end(outreach, OutreachEvent.STOPPED, now)
            tell(outreach.discount_request, "shop_declined", now, shop=outreach.shop.name)
