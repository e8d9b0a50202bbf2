"""When nothing came of a request: what was tried for it, and what could be asked for instead."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from flask_babel import gettext

from discount_broker.discount_requests.status import Outcome, RequestStatus
from discount_broker.discovery.queries.similar import Similar, list_similar
from discount_broker.escalation.queries.tried import list_attempts
from discount_broker.notifications.catalogue import Attempt, Door

if TYPE_CHECKING:
    from discount_broker.discount_requests.models import DiscountRequest
    from discount_broker.outreach.models import Outreach

IN_VAIN = frozenset({Outcome.NO_OFFER, Outcome.NOTHING})


class Tried(NamedTuple):
    """One attempt, in words."""

    at: datetime
    text: str


class Apology(NamedTuple):
    """What was done in vain, and what is left."""

    tried: list[Tried]
    instead: list[Similar]


def apology_for(ask: "DiscountRequest", outreaches: "Sequence[Outreach]") -> Apology | None:
    """Nothing where the request runs on, or ended well."""
    if ask.status is not RequestStatus.CLOSED or ask.outcome not in IN_VAIN:
        return None
    asked = {one.shop_id for one in outreaches}
    instead = list_similar(ask.product, asked) if ask.product else []
    return Apology([Tried(each.at, _words(each)) for each in list_attempts(outreaches)], instead)


def _words(attempt: Attempt) -> str:
    if attempt.door is Door.EMAIL:
        return str(gettext("We wrote to %(shop)s by e-mail.", shop=attempt.shop))
    if attempt.door is Door.FORM:
        return str(gettext("We wrote to %(shop)s through the form on its site.", shop=attempt.shop))
    return str(gettext("We called %(shop)s.", shop=attempt.shop))
