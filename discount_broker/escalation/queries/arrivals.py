"""What comes to the desk by itself."""

from sqlalchemy import exists, or_, select

from discount_broker.escalation.models import EscalationCase
from discount_broker.escalation.status import CaseReason, CaseStatus
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.models import Letter, Outreach, Reply
from discount_broker.outreach.queries import get_outreach
from discount_broker.outreach.status import OPEN, LetterAuthor, OutreachStatus, ReplyKind


def list_overtaken_cases() -> list[EscalationCase]:
    """Open cases of outreaches that ended elsewhere: the shop forbade it, or the buyer withdrew."""
    return list(
        db.session.scalars(
            select(EscalationCase)
            .join(EscalationCase.outreach)
            .where(
                EscalationCase.status == CaseStatus.OPEN,
                EscalationCase.reason.not_in(AFTER_THE_ANSWER),
                Outreach.status.not_in(OPEN),
            )
        )
    )


AFTER_THE_ANSWER = (
    CaseReason.ACCEPTANCE_TO_TELL,
    CaseReason.COUNTER_TO_TELL,
    CaseReason.NOT_REACHED,
    CaseReason.LATE_LETTER,
    CaseReason.STRANDED_LETTER,
)
"""Reasons for which people are needed although the shop has answered."""


def list_uncased_outreaches() -> list[Outreach]:
    """Outreaches whose ladder has ended and that nobody has in hand yet."""
    # Ids alone first: these stand in an index, and the rows of the few that are new are read after.
    ended = select(Outreach.id).where(Outreach.status == OutreachStatus.EXHAUSTED).subquery()
    in_hand = exists().where(EscalationCase.outreach_id == ended.c.id)
    uncased = db.session.scalars(select(ended.c.id).where(~in_hand)).all()
    return [get_outreach(outreach_id) for outreach_id in uncased]


def list_late_letters() -> list[Outreach]:
    """Outreaches that were settled, and to which a person has written since without anybody at the desk."""
    seen = exists().where(
        EscalationCase.outreach_id == Outreach.id,
        or_(EscalationCase.status == CaseStatus.OPEN, EscalationCase.closed_at >= Reply.received_at),
    )
    return list(
        db.session.scalars(
            select(Outreach)
            .join(Reply)
            .where(
                Outreach.status.in_((OutreachStatus.ANSWERED, OutreachStatus.DECLINED)),
                Reply.kind == ReplyKind.HUMAN,
                Reply.received_at > Outreach.answered_at,
                ~seen,
            )
            .distinct()
        )
    )


NOT_PASSED_ON = (DeliveryStatus.FAILED, DeliveryStatus.BOUNCED, DeliveryStatus.UNKNOWN)


def list_stranded_letters() -> list[Outreach]:
    """Outreaches whose buyer wrote what no machine has passed on, and nobody at the desk who would see it."""
    seen = exists().where(
        EscalationCase.outreach_id == Outreach.id,
        or_(EscalationCase.status == CaseStatus.OPEN, EscalationCase.closed_at >= Letter.created_at),
    )
    is_stranded = or_(Letter.delivery_id.is_(None), Delivery.status.in_(NOT_PASSED_ON))
    query = select(Outreach).join(Letter).outerjoin(Delivery, Letter.delivery_id == Delivery.id)
    return list(
        db.session.scalars(query.where(Letter.author == LetterAuthor.BUYER, is_stranded, ~seen).distinct())
    )


def list_unread_letters() -> list[EscalationCase]:
    """Open cases whose buyer wrote what people must read, and whose operator has not been told."""
    is_open = EscalationCase.status == CaseStatus.OPEN
    waits = Outreach.exhausted_why == CaseReason.STRANDED_LETTER
    return list(db.session.scalars(select(EscalationCase).join(Outreach).where(is_open, waits)))


def list_unread_replies() -> list[EscalationCase]:
    """Open cases of outreaches to which a person wrote, and whose operator has not been told."""
    return list(
        db.session.scalars(
            select(EscalationCase)
            .join(Outreach)
            .where(
                EscalationCase.status == CaseStatus.OPEN,
                Outreach.exhausted_why == CaseReason.REPLY_TO_READ,
                EscalationCase.reason != CaseReason.PROMISE_BROKEN,
            )
        )
    )
