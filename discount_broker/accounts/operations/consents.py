"""Writing into the consent ledger: a line for every box of a form, ticked or not."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from discount_broker.accounts.models import Consent
from discount_broker.accounts.queries.consents import consents_in_force, list_consents
from discount_broker.accounts.rules.consents import CONFIRMED, ConsentSaid, is_proved
from discount_broker.accounts.status import ConsentKind
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


def confirm_consents(buyer_id: UUID, number: str, now: datetime) -> None:
    """The mailbox confirmed a request: what was ticked with it beyond the request counts from now on.

    A form that was sent twice counts as it was sent last.
    """
    ticked = {line.kind: line for line in list_consents(buyer_id) if line.subject == number}
    for line in ticked.values():
        if line.is_given and not is_proved(line.kind, number):
            said = ConsentSaid(kind=line.kind, is_given=True, version=line.version, text=line.text)
            note_consents(buyer_id, [said], line.language, f"{CONFIRMED}{number}", now)


def take_back(buyer_id: UUID, kind: ConsentKind, language: str, subject: str, now: datetime) -> bool:
    """Append that it is agreed to no more, in the words by which it was; whether it had been agreed to."""
    given = consents_in_force(buyer_id).get(kind)
    if given is None or not given.is_given:
        return False
    said = ConsentSaid(kind=kind, is_given=False, version=given.version, text=given.text)
    note_consents(buyer_id, [said], language, subject, now)
    return True
