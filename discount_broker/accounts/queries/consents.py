"""Reading the consent ledger."""

from uuid import UUID

from sqlalchemy import select

from discount_broker.accounts.models import Consent
from discount_broker.accounts.rules.consents import ON_PREFERENCES
from discount_broker.accounts.status import ConsentKind
from discount_broker.kernel.db import db


def list_consents(buyer_id: UUID) -> list[Consent]:
    """Every line, the oldest first."""
    query = select(Consent).where(Consent.buyer_id == buyer_id).order_by(Consent.at, Consent.id)
    return list(db.session.scalars(query))


def consents_in_force(buyer_id: UUID) -> dict[ConsentKind, Consent]:
    """The line of each kind that counts: the latest by which it was given, or taken back.

    A box left empty with one request says nothing of another, for which it was ticked.
    """
    in_force: dict[ConsentKind, Consent] = {}
    for line in list_consents(buyer_id):
        before = in_force.get(line.kind)
        if line.is_given or line.subject == ON_PREFERENCES or before is None or not before.is_given:
            in_force[line.kind] = line
    return in_force
