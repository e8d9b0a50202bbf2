"""A buyer asks to be forgotten: their requests end at once, everything else after two weeks of grace."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from discount_broker.accounts.models import Buyer
from discount_broker.accounts.operations.cards import kept_buyer
from discount_broker.accounts.queries.buyers import list_leaving
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries.buyers import list_asked
from discount_broker.kernel.clock import paced
from discount_broker.kernel.db import find_row
from discount_broker.kernel.site import site
from discount_broker.kernel.sweeping import for_each
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.notifications.catalogue import DeletionAsked
from discount_broker.notifications.operations import notify
from discount_broker.offers.operations.forgetting import EVERYTHING, forget, is_open
from discount_broker.offers.use_cases.declining import withdraw

GRACE = timedelta(days=14)


@again_if_deadlocked
def ask_deletion(buyer_id: UUID, now: datetime) -> datetime:
    """Forget this buyer in two weeks, unless they change their mind; what they still ask for ends now.

    Pressed twice it is asked once. Returns when everything goes.
    """
    with transaction():
        buyer = kept_buyer(buyer_id)
        find_row(Buyer, buyer_id, lock=True)
        if buyer.deletion_due_at is not None:
            return buyer.deletion_due_at
        buyer.deletion_due_at = paced(now + GRACE, now)
        withdrawn = _withdraw_all(buyer_id, now)
        token = issue_token(Purpose.KEEP, buyer_id, now)
        notify(
            DeletionAsked(
                due_at=buyer.deletion_due_at,
                keep_url=f"{site().base_url}/my/keep/{token}",
                withdrawn=withdrawn,
            ),
            to=buyer.email,
            language=buyer.language,
            purpose=f"buyer:{buyer_id}:deletion:{now:%Y%m%d%H%M%S}",
            now=now,
        )
        return buyer.deletion_due_at


def keep_everything(buyer_id: UUID) -> bool:
    """They changed their mind: nothing is deleted; whether anything was going to be."""
    with transaction():
        buyer = kept_buyer(buyer_id)
        was_leaving = buyer.deletion_due_at is not None
        buyer.deletion_due_at = None
        return was_leaving


def erase_leaving(now: datetime) -> int:
    """Forget everybody whose two weeks are over; how many those were."""
    return for_each(list_leaving(now), partial(_erase, now=now))


@again_if_deadlocked
def _erase(buyer_id: UUID, now: datetime) -> bool:
    with transaction():
        buyer = find_row(Buyer, buyer_id, lock=True)
        if buyer is None or buyer.deletion_due_at is None or buyer.deletion_due_at > now:
            return False
        _withdraw_all(buyer_id, now)
        forget(buyer, now)
        return True


def _withdraw_all(buyer_id: UUID, now: datetime) -> int:
    """End every request that is still open; how many those were."""
    open_ones = [request for request in list_asked(buyer_id, EVERYTHING) if is_open(request)]
    for request in open_ones:
        withdraw(find_row(DiscountRequest, request.id, lock=True) or request, now)
    return len(open_ones)
