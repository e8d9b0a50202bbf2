"""What a lead sees of the seeded desk: flagged cases, and reviews of those that were looked at."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from discount_broker.accounts.models import Operator, Role
from discount_broker.accounts.operations import note_change
from discount_broker.cli.seeding.words import FLAGS, LEAD_COMMENTS
from discount_broker.escalation.models import EscalationCase, LeadReview
from discount_broker.escalation.status import CaseStatus, LeadDecision
from discount_broker.kernel.db import db

DECISIONS = (LeadDecision.WELL_DONE, LeadDecision.DO_OTHERWISE, LeadDecision.TALK)
"""In the order of the comments."""


class ControlSeeder:
    def __init__(self, chance: Random, operators: Sequence[Operator], now: datetime) -> None:
        self.chance, self.now = chance, now
        self.operators = operators
        self.lead = next((one for one in operators if one.role is not Role.OPERATOR), operators[0])

    def look_at(self, case: EscalationCase) -> None:
        """One in twenty-five open ones is flagged; one in eight closed ones was in a sample."""
        if case.status is CaseStatus.OPEN and self.chance.random() < 0.04:
            self._flag(case)
        elif case.status is CaseStatus.CLOSED and self.chance.random() < 0.12:
            self._review(case)

    def _flag(self, case: EscalationCase) -> None:
        case.flagged_at = case.opened_at + (self.now - case.opened_at) * 0.8
        case.flagged_by = self.chance.choice(self.operators)
        case.flag_note = self.chance.choice(FLAGS[case.outreach.shop.language or "en"])
        note_change(
            "case_flagged",
            case.flagged_at,
            case.flagged_by.id,
            case_id=case.id,
            shop_id=case.outreach.shop_id,
        )

    def _review(self, case: EscalationCase) -> None:
        assert case.closed_at is not None, "closed"
        number = self.chance.randrange(len(DECISIONS))
        at = min(case.closed_at + timedelta(hours=5), self.now)
        review = LeadReview(
            id=UUID(int=self.chance.getrandbits(128), version=4),
            case=case,
            operator_id=case.closed_by_id,
            lead=self.lead,
            was_flagged=False,
            decision=DECISIONS[number],
            comment=LEAD_COMMENTS[case.outreach.shop.language or "en"][number],
            seconds=self.chance.randint(60, 400),
            at=at,
        )
        db.session.add(review)
        note_change(
            "case_reviewed",
            at,
            self.lead.id,
            case_id=case.id,
            shop_id=case.outreach.shop_id,
            decision=review.decision,
        )
