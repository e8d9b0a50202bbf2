"""What is still to come for outreaches that are silent, as far as their buyer is told."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from discount_broker.kernel.db import db
from discount_broker.outreach.models import Outreach, Step
from discount_broker.outreach.rules import Door, Rung, TakenStep, ladder_ahead
from discount_broker.shops.models import ContactPoint
from discount_broker.shops.rules import USABLE, WRITABLE


def rungs_ahead(outreaches: Collection[Outreach]) -> dict[UUID, list[Rung]]:
    """The steps of each ladder that are left; two questions to the database, however many shops were asked.

    Good for a sentence, not for writing: which door is best is learnt, and the stop list is asked, when
    the step is taken.
    """
    doors, steps = _doors_of({one.shop_id for one in outreaches}), _steps_of({one.id for one in outreaches})
    return {one.id: ladder_ahead(doors[one.shop_id], steps[one.id]) for one in outreaches}


def _doors_of(shop_ids: Collection[UUID]) -> dict[UUID, list[Door]]:
    found: dict[UUID, list[Door]] = defaultdict(list)
    query = select(ContactPoint).where(
        ContactPoint.shop_id.in_(shop_ids), ContactPoint.kind.in_(WRITABLE), ContactPoint.state.in_(USABLE)
    )
    for point in db.session.scalars(query) if shop_ids else ():
        has_captcha = bool(point.form and point.form.get("captcha"))
        found[point.shop_id].append(Door(point.id, point.kind, has_captcha=has_captcha))
    return found


def _steps_of(outreach_ids: Collection[UUID]) -> dict[UUID, list[TakenStep]]:
    found: dict[UUID, list[TakenStep]] = defaultdict(list)
    query = (
        select(Step)
        .where(Step.outreach_id.in_(outreach_ids))
        .order_by(Step.number)
        .options(joinedload(Step.delivery), joinedload(Step.contact_point))
    )
    for step in db.session.scalars(query) if outreach_ids else ():
        taken = TakenStep(
            step.contact_point_id, step.contact_point.kind, step.delivery.status, step.is_reminder
        )
        found[step.outreach_id].append(taken)
    return found
