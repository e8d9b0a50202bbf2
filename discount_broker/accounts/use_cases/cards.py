"""What the desk writes on buyers' cards that moves nothing planned, and the rules for kinds of leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete

from discount_broker.accounts.models import BuyerNote, ContactWish, LeadRule
from discount_broker.accounts.operations.cards import kept_buyer, subject_of
from discount_broker.accounts.operations.trail import note_change
from discount_broker.accounts.queries.cards import list_lead_rules, list_notes
from discount_broker.kernel.db import find_row
from discount_broker.kernel.errors import NotFound, Refused
from discount_broker.kernel.transaction import transaction

LONGEST_NOTE, LONGEST_TYPE, MOST_RULES = 4000, 60, 40


@dataclass(frozen=True)
class RuleDraft:
    """One rule as a lead put it down."""

    lead_type: str
    conditions: Mapping[str, str] = field(default_factory=dict)


def add_note(buyer_id: UUID, text: str, operator_id: UUID, now: datetime) -> None:
    """Keep what somebody wrote about a buyer. Pressing twice is pressing once.

    Raises:
        Refused: `note_empty`, `note_too_long`.

    """
    written = text.replace("\r\n", "\n").strip()
    if not written:
        raise Refused("note_empty", "text")
    if len(written) > LONGEST_NOTE:
        raise Refused("note_too_long", "text")
    with transaction() as session:
        buyer = kept_buyer(buyer_id)
        last = list_notes(buyer.id, 1)
        if last and (last[0].text, last[0].operator_id) == (written, operator_id):
            return
        session.add(BuyerNote(buyer_id=buyer.id, operator_id=operator_id, text=written, created_at=now))
        note_change("note_added", now, operator_id, subject=subject_of(buyer_id))


def end_contact_wish(buyer_id: UUID, wish_id: UUID, operator_id: UUID, now: datetime) -> None:
    """A wish holds no longer; what was moved because of it stays where it is."""
    with transaction():
        wish = find_row(ContactWish, wish_id, lock=True)
        if wish is None or wish.buyer_id != buyer_id:
            raise NotFound("contact wish")
        if wish.ended_at is None:
            wish.ended_at = now
            note_change("wish_ended", now, operator_id, subject=subject_of(buyer_id), wish=wish.kind)


def note_export(buyer_id: UUID, form: str, operator_id: UUID, now: datetime) -> None:
    """Write down that a lead takes away everything that is known of a buyer."""
    with transaction():
        kept_buyer(buyer_id)
        note_change("buyer_exported", now, operator_id, subject=subject_of(buyer_id), form=form)


def save_lead_rules(rules: Sequence[RuleDraft], seen: str, operator_id: UUID, now: datetime) -> None:
    """Put these rules in the place of all others, in this order.

    Args:
        rules: their conditions as `rules.leads.read_conditions` gives them.
        seen: `rules_seen()` of when the page was opened.
        operator_id: the lead.
        now: aware.

    Raises:
        Refused: `lead_type_missing`, `lead_rules_too_many`, `lead_rules_changed`: somebody else has saved.

    """
    if any(not rule.lead_type.strip() for rule in rules):
        raise Refused("lead_type_missing", "lead_type")
    if len(rules) > MOST_RULES:
        raise Refused("lead_rules_too_many", "lead_type")
    with transaction() as session:
        known = list_lead_rules()
        if rules_seen(known) != seen:
            raise Refused("lead_rules_changed", "lead_type")
        session.execute(delete(LeadRule))
        for position, rule in enumerate(rules, 1):
            session.add(_row(position, rule, operator_id, now))
        note_change("lead_rules_changed", now, operator_id, subject="lead_rules", rules=len(rules))


def _row(position: int, rule: RuleDraft, operator_id: UUID, now: datetime) -> LeadRule:
    return LeadRule(
        position=position,
        lead_type=rule.lead_type.strip()[:LONGEST_TYPE],
        conditions=dict(rule.conditions),
        operator_id=operator_id,
        changed_at=now,
    )


def rules_seen(rules: Sequence[LeadRule]) -> str:
    """What tells this state of the rules from any other."""
    newest = max((rule.changed_at for rule in rules), default=None)
    return f"{len(rules)}@{newest.isoformat() if newest else ''}"
