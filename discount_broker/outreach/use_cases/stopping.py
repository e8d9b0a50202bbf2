"""A shop's wish not to be asked, told by its own press of a button."""

from datetime import datetime, timedelta
from uuid import UUID

from discount_broker.discount_requests.operations import tell
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.messaging.operations import suppress
from discount_broker.outreach.operations import close_shop, end
from discount_broker.outreach.operations.conversation import drop_letters
from discount_broker.outreach.queries import get_outreach, list_open_of_shop
from discount_broker.outreach.status import OPEN, OutreachEvent
from discount_broker.shops.queries import domains_of

A_PAUSE = timedelta(days=30)
"""How long a shop that asks for a pause is left alone."""


@again_if_deadlocked
def stop_shop(outreach_id: UUID, cause: str, now: datetime) -> None:
    """The shop forbids all requests: nothing further leaves to it through any door."""
    with transaction():
        close_shop(get_outreach(outreach_id).shop, reason="stop_page", cause=cause, now=now)


@again_if_deadlocked
def pause_shop(outreach_id: UUID, now: datetime) -> None:
    """The shop wants to be left alone for a while: what runs there ends, and nothing new comes before."""
    with transaction():
        shop = get_outreach(outreach_id).shop
        for domain in domains_of(shop):
            until = now + A_PAUSE
            suppress(f"shop:{domain}", reason="pause", cause="stop page", now=now, until=until)
        for outreach in list_open_of_shop(shop.id):
            end(outreach, OutreachEvent.STOPPED, now)
            tell(outreach.discount_request, "shop_forbids", now, shop=shop.name)


@again_if_deadlocked
def stop_outreach(outreach_id: UUID, now: datetime) -> None:
    """The shop wants to hear no more of this one request."""
    with transaction():
        outreach = get_outreach(outreach_id, lock=True)
        drop_letters(outreach)
        if outreach.status in OPEN:
            end(outreach, OutreachEvent.STOPPED, now)
            tell(outreach.discount_request, "shop_declined", now, shop=outreach.shop.name)
