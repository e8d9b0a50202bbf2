"""The ladder of one outreach in words: the steps that were taken and why, and those that come."""

from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from discount_broker.outreach.queries import doors_of, steps_of, usable_points
from discount_broker.outreach.rules import Rung, RungReason, ladder_ahead
from discount_broker.outreach.status import OutreachStatus
from discount_broker.shops.queries import is_stopped
from discount_broker.web.desk_words import Words

if TYPE_CHECKING:
    from discount_broker.outreach.models import Outreach
    from discount_broker.shops.models import ContactPoint

WHY: Final[Words] = {
    RungReason.WANTED: _l("a person wants it tried first"),
    RungReason.ANSWERED_BEFORE: _l("somebody answered there before"),
    RungReason.ANSWERS_ELSEWHERE: _l("doors like it answer more often"),
    RungReason.USUAL: _l("the best door left"),
    RungReason.DOOR_FAILED: _l("the one before did not work"),
    RungReason.NOT_RECEIVED: _l("the usual confirmation did not come"),
    RungReason.REMINDER: _l("a reminder where the request arrived"),
}
CLIMBS = (OutreachStatus.PLANNED, OutreachStatus.ASKED)


class Line(NamedTuple):
    """One rung, taken or to come."""

    door: str
    why: str
    at: datetime | None
    """When it was taken or is due; None for what comes after the next one."""
    is_taken: bool


def ladder_of(outreach: "Outreach") -> list[Line]:
    """Every step, and then what comes if nobody answers; the last of all is the desk."""
    taken = [Line(step.contact_point.value, _why(step.why), step.taken_at, True) for step in outreach.steps]
    if outreach.status not in CLIMBS or is_stopped(outreach.shop):
        return taken
    points = {point.id: point for point in usable_points(outreach)}
    rungs = ladder_ahead(doors_of(outreach.shop, points.values()), steps_of(outreach))
    ahead = [_to_come(rung, points[rung.door_id]) for rung in rungs]
    ahead.append(Line(gettext("Our people"), gettext("they call the shop"), None, False))
    return [*taken, ahead[0]._replace(at=outreach.next_step_at), *ahead[1:]]


def _to_come(rung: Rung, point: "ContactPoint") -> Line:
    return Line(point.value, _why(rung.why), None, False)


def _why(reason: str) -> str:
    return str(WHY[reason]) if reason in WHY else ""
