"""Reading which offers run out soon and have not been decided on."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from discount_broker.kernel.db import db
from discount_broker.notifications.queries.news import told_of
from discount_broker.offers.models import Offer
from discount_broker.offers.rules.reminding import is_worth_reminding
from discount_broker.offers.status import OfferStatus

A_DAY = timedelta(days=1)


def ending_purpose(offer: Offer) -> str:
    """Purpose of the one message that says that an offer ends soon."""
    return f"offer:{offer.id}:ends"


def list_ending(now: datetime, before: timedelta = A_DAY) -> list[Offer]:
    """Open offers that end within `before`, and whose buyers have not been reminded."""
    query = (
        select(Offer)
        .where(Offer.status == OfferStatus.OPEN, Offer.valid_until > now, Offer.valid_until <= now + before)
        .options(joinedload(Offer.outreach))
        .order_by(Offer.valid_until)
    )
    ending = [
        offer
        for offer in db.session.scalars(query)
        if is_worth_reminding(offer.made_at, offer.valid_until, now)
    ]
    told = told_of([ending_purpose(offer) for offer in ending])
    return [offer for offer in ending if ending_purpose(offer) not in told]
