"""Reading the consent ledger."""

from uuid import UUID

from sqlalchemy import select

from discount_broker.accounts.models import Consent
from discount_broker.accounts.status import ConsentKind
from discount_broker.kernel.db import db


def list_consents(buyer_id: UUID) -> list[Consent]:
    """Every line, the oldest first."""
    query = select(Consent).where(Consent.buyer_id == buyer_id).order_by(Consent.at, Consent.id)
    return list(db.session.scalars(query))


def consents_in_force(buyer_id: UUID) -> dict[ConsentKind, Consent]:
    """The latest line of each kind: it counts, whichever way it says."""
    return {line.kind: line for line in list_consents(buyer_id)}
