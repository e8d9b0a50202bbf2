"""Writing into the consent ledger: a line for every box of a form, ticked or not."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from discount_broker.accounts.models import Consent
from discount_broker.accounts.rules.consents import ConsentSaid
from discount_broker.kernel.db import db


def note_consents(
    buyer_id: UUID, said: Iterable[ConsentSaid], language: str, subject: str, now: datetime
) -> None:
    """Append what was said; `subject` is the number of a request, or the page it was said on."""
    db.session.add_all(
        Consent(
            buyer_id=buyer_id,
            kind=each.kind,
            is_given=each.is_given,
            version=each.version,
            language=language,
            text=each.text,
            subject=subject,
            at=now,
        )
        for each in said
    )
    db.session.flush()
