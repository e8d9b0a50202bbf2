"""Reading the consent ledger."""

from uuid import UUID

from sqlalchemy import select

from discount_broker.accounts.models import Consent
from discount_broker.accounts.rules.consents import BY_MAIL, ON_PREFERENCES, is_proved
from discount_broker.accounts.status import ConsentKind
from discount_broker.kernel.db import db


def list_consents(buyer_id: UUID) -> list[Consent]:
    """Every line, the oldest first."""
    query = select(Consent).where(Consent.buyer_id == buyer_id).order_by(Consent.at, Consent.id)
    return list(db.session.scalars(query))


def consents_in_force(buyer_id: UUID) -> dict[ConsentKind, Consent]:
    """The line of each kind that counts: the latest by which it was given, or taken back.

    A box left empty with one request says nothing of another, for which it was ticked; and a box that
    somebody ticked for an address which has not confirmed it is nobody's word yet.
    """
    in_force: dict[ConsentKind, Consent] = {}
    for line in list_consents(buyer_id):
        before = in_force.get(line.kind)
        is_said_of_itself = line.subject in (ON_PREFERENCES, BY_MAIL)
        if line.is_given:
            counts = is_proved(line.kind, line.subject)
        else:
            counts = is_said_of_itself or before is None or not before.is_given
        if counts:
            in_force[line.kind] = line
    return in_force


def agrees_to(buyer_id: UUID, kind: ConsentKind) -> bool:
    """Whether this is agreed to now."""
    line = consents_in_force(buyer_id).get(kind)
    return line is not None and line.is_given
