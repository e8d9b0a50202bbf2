"""What a lead decides of a case that was looked at, and that the operator has read it."""

from datetime import datetime
from uuid import UUID

from discount_broker.accounts.operations import note_change
from discount_broker.escalation.models import EscalationCase, LeadReview
from discount_broker.escalation.operations import requeue
from discount_broker.escalation.queries import get_case
from discount_broker.escalation.queries.lead_reviews import count_verdicts, get_lead_review
from discount_broker.escalation.rules.team import LONGEST_COMMENT, Verdict, check_verdict
from discount_broker.escalation.status import CaseStatus, LeadDecision
from discount_broker.escalation.use_cases.cases import end_case
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotAllowed
from discount_broker.kernel.transaction import again_if_deadlocked, transaction


@again_if_deadlocked
def decide(case_id: UUID, lead_id: UUID, verdict: Verdict, now: datetime) -> None:
    """Write down what the lead made of a case, and what follows from that; of two leads the first decides.

    Raises:
        Refused: codes of `check_verdict`.
        NotAllowed: another lead has decided meanwhile, or a case to be closed is closed.

    """
    check_verdict(verdict)
    with transaction():
        case = get_case(case_id, lock=True)
        is_open = case.status is CaseStatus.OPEN
        if count_verdicts(case_id) != verdict.seen:
            raise NotAllowed("lead_review")
        if verdict.decision is LeadDecision.CLOSE and not is_open:
            raise NotAllowed("case")
        review = _review_of(case, lead_id, verdict, now)
        db.session.add(review)
        _note(review, case, now)
        _take_flag(case, lead_id, verdict, now)
        if is_open:
            _draw_consequences(case, lead_id, verdict, now)
        requeue(case.outreach.shop_id, now)


def _review_of(case: EscalationCase, lead_id: UUID, verdict: Verdict, now: datetime) -> LeadReview:
    return LeadReview(
        case_id=case.id,
        operator_id=case.flagged_by_id if case.flagged_at else case.closed_by_id,
        lead_id=lead_id,
        was_flagged=case.flagged_at is not None,
        decision=verdict.decision,
        comment=verdict.comment.strip()[:LONGEST_COMMENT],
        seconds=verdict.seconds(now),
        at=now,
    )


def _note(review: LeadReview, case: EscalationCase, now: datetime) -> None:
    note_change(
        "case_reviewed",
        now,
        review.lead_id,
        case_id=case.id,
        shop_id=case.outreach.shop_id,
        subject=f"operator:{review.operator_id}" if review.operator_id else "",
        decision=review.decision,
    )


def _take_flag(case: EscalationCase, lead_id: UUID, verdict: Verdict, now: datetime) -> None:
    """A flagged case stays with the lead until it has been talked about."""
    if case.flagged_at is None or verdict.decision is LeadDecision.TALK:
        return
    case.flagged_at, case.flagged_by_id, case.flag_note = None, None, ""
    note_change("case_unflagged", now, lead_id, case_id=case.id, shop_id=case.outreach.shop_id)


def _draw_consequences(case: EscalationCase, lead_id: UUID, verdict: Verdict, now: datetime) -> None:
    if verdict.decision is LeadDecision.DO_OTHERWISE:
        case.next_action_at = now
    elif verdict.decision is LeadDecision.CLOSE and verdict.ending is not None:
        cause = verdict.comment.strip()[:500] or "lead"
        end_case(case.outreach, verdict.ending, cause, now, lead_id)


def read_review(review_id: UUID, operator_id: UUID, now: datetime) -> None:
    """The operator has read what the lead wrote; a second press changes nothing.

    Raises:
        NotFound
        NotAllowed: it is about somebody else's work.

    """
    with transaction():
        review = get_lead_review(review_id, lock=True)
        if review.operator_id != operator_id:
            raise NotAllowed("lead_review")
        if review.read_at is not None:
            return
        review.read_at = now
        shop_id = review.case.outreach.shop_id
        note_change("review_read", now, operator_id, case_id=review.case_id, shop_id=shop_id)
