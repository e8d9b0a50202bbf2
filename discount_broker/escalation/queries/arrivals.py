"""What comes to the desk by itself."""

from uuid import UUID

from sqlalchemy import Select, exists, or_, select

from discount_broker.escalation.models import EscalationCase
from discount_broker.escalation.status import CaseReason, CaseStatus
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.models import Letter, Outreach, Reply
from discount_broker.outreach.status import OPEN, LetterAuthor, OutreachStatus, ReplyKind


def list_overtaken_cases(*, only: UUID | None = None) -> list[UUID]:
    """Outreaches with an open case that ended elsewhere: the shop forbade it, or the buyer withdrew."""
    query = select(Outreach.id).join(EscalationCase, EscalationCase.outreach_id == Outreach.id)
    return _found(
        query.where(
            EscalationCase.status == CaseStatus.OPEN,
            EscalationCase.reason.not_in(AFTER_THE_ANSWER),
            Outreach.status.not_in(OPEN),
        ),
        only,
    )


def _found(query: Select[UUID], only: UUID | None) -> list[UUID]:
    """Of the outreaches a query of their ids finds, all or that one."""
    return list(db.session.scalars(query if only is None else query.where(Outreach.id == only)))


AFTER_THE_ANSWER = (
    CaseReason.ACCEPTANCE_TO_TELL,
    CaseReason.COUNTER_TO_TELL,
    CaseReason.NOT_REACHED,
    CaseReason.LATE_LETTER,
    CaseReason.STRANDED_LETTER,
)
"""Reasons for which people are needed although the shop has answered."""


def list_uncased_outreaches(*, only: UUID | None = None) -> list[UUID]:
    """Outreaches whose ladder has ended and that nobody has in hand yet."""
    in_hand = exists().where(EscalationCase.outreach_id == Outreach.id)
    return _found(select(Outreach.id).where(Outreach.status == OutreachStatus.EXHAUSTED, ~in_hand), only)


def list_late_letters(*, only: UUID | None = None) -> list[UUID]:
    """Outreaches that were settled, and to which a person has written since without anybody at the desk."""
    seen = exists().where(
        EscalationCase.outreach_id == Outreach.id,
        or_(EscalationCase.status == CaseStatus.OPEN, EscalationCase.closed_at >= Reply.received_at),
    )
    query = select(Outreach.id).join(Reply, Reply.outreach_id == Outreach.id).distinct()
    return _found(
        query.where(
            Outreach.status.in_((OutreachStatus.ANSWERED, OutreachStatus.DECLINED)),
            Reply.kind == ReplyKind.HUMAN,
            Reply.received_at > Outreach.answered_at,
            ~seen,
        ),
        only,
    )


NOT_PASSED_ON = (DeliveryStatus.FAILED, DeliveryStatus.BOUNCED, DeliveryStatus.UNKNOWN)


def list_stranded_letters(*, only: UUID | None = None) -> list[UUID]:
    """Outreaches whose buyer wrote what no machine has passed on, and nobody at the desk who would see it."""
    seen = exists().where(
        EscalationCase.outreach_id == Outreach.id,
        or_(EscalationCase.status == CaseStatus.OPEN, EscalationCase.closed_at >= Letter.created_at),
    )
    is_stranded = or_(Letter.delivery_id.is_(None), Delivery.status.in_(NOT_PASSED_ON))
    letters = select(Outreach.id).join(Letter, Letter.outreach_id == Outreach.id).distinct()
    query = letters.outerjoin(Delivery, Letter.delivery_id == Delivery.id)
    return _found(query.where(Letter.author == LetterAuthor.BUYER, is_stranded, ~seen), only)


def list_unread_letters(*, only: UUID | None = None) -> list[UUID]:
    """Outreaches with an open case: the buyer wrote what people must read, and no operator has been told."""
    is_open = EscalationCase.status == CaseStatus.OPEN
    waits = Outreach.exhausted_why == CaseReason.STRANDED_LETTER
    query = select(Outreach.id).join(EscalationCase, EscalationCase.outreach_id == Outreach.id)
    return _found(query.where(is_open, waits), only)


def list_unread_replies(*, only: UUID | None = None) -> list[UUID]:
    """Outreaches with an open case to which a person wrote, and whose operator has not been told."""
    query = select(Outreach.id).join(EscalationCase, EscalationCase.outreach_id == Outreach.id)
    return _found(
        query.where(
            EscalationCase.status == CaseStatus.OPEN,
            Outreach.exhausted_why == CaseReason.REPLY_TO_READ,
            EscalationCase.reason != CaseReason.PROMISE_BROKEN,
        ),
        only,
    )
