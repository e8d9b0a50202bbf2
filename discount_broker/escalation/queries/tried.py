"""Reading every attempt that was made for one request: letters, forms and calls."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from discount_broker.escalation.models import Call, EscalationCase
from discount_broker.kernel.db import db
from discount_broker.notifications.catalogue import Attempt, Door
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.queries import attempts_of


def list_attempts(outreaches: Sequence[Outreach]) -> tuple[Attempt, ...]:
    """What was written and whom our people phoned, the oldest first, as messages to the buyer tell it."""
    tried = (*attempts_of(outreaches), *_calls_about(outreaches))
    return tuple(sorted(tried, key=lambda attempt: attempt.at))


def _calls_about(outreaches: Sequence[Outreach]) -> list[Attempt]:
    names = {one.id: one.shop.name for one in outreaches}
    query = (
        select(Call)
        .join(Call.cases)
        .where(EscalationCase.outreach_id.in_(names), Call.result.is_not(None))
        .options(selectinload(Call.cases))
        .distinct()
    )
    return [
        Attempt(shop=names[case.outreach_id], door=Door.PHONE, at=call.started_at)
        for call in db.session.scalars(query)
        for case in call.cases
        if case.outreach_id in names
    ]
