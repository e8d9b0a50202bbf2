"""What other slices do to buyers."""

from datetime import datetime

from discount_broker.accounts.models import Buyer
from discount_broker.accounts.queries import find_buyer_by_email
from discount_broker.accounts.queries.buyers import find_kept
from discount_broker.kernel.db import add_or_find
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.site import site


def buyer_with_email(email: str, language: str, now: datetime) -> Buyer:
    """The buyer with this address, known or new; the one into whom they were merged, where that happened.

    Raises:
        Refused: `email_invalid`; one of our own addresses is nobody's.

    """
    if site().is_own_mailbox(email):
        raise Refused("email_invalid", "email")
    buyer = find_buyer_by_email(email)
    if buyer is None:
        new = Buyer(email=email, language=language, created_at=now)
        buyer = add_or_find(new, lambda: find_buyer_by_email(email))
    return find_kept(buyer.id) or buyer


def confirm_email(buyer: Buyer, now: datetime) -> None:
    buyer.email_confirmed_at = buyer.email_confirmed_at or now
