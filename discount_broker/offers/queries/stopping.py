"""Reading what the end of a request would stop."""

from dataclasses import dataclass
from uuid import UUID

from discount_broker.escalation.queries import find_case_of
from discount_broker.escalation.queries.promises import next_promises
from discount_broker.escalation.status import CaseStatus
from discount_broker.offers.queries.made import list_offers
from discount_broker.offers.status import OfferStatus
from discount_broker.outreach.queries import list_outreaches
from discount_broker.outreach.status import OPEN


@dataclass(frozen=True)
class Stops:
    """What ends at once when a request ends."""

    shops: tuple[str, ...]
    """Asked and silent: no further letter leaves."""
    calls: tuple[str, ...]
    """On the list of our people, who would phone."""
    promises: tuple[str, ...]
    """Undertook to call or to answer."""
    offers: tuple[str, ...]
    """Made an offer that can still be accepted, and are thanked."""


def what_stops(request_id: UUID) -> Stops:
    """The shops that are written to, phoned, waited for and thanked no more."""
    outreaches = list_outreaches(request_id)
    cases = [(one, find_case_of(one.id)) for one in outreaches]
    promised = next_promises([one.id for one in outreaches])
    standing = list_offers(request_id)
    return Stops(
        shops=tuple(one.shop.name for one in outreaches if one.status in OPEN),
        calls=tuple(one.shop.name for one, case in cases if case and case.status is CaseStatus.OPEN),
        promises=tuple(one.shop.name for one in outreaches if one.id in promised),
        offers=tuple(each.outreach.shop.name for each in standing if each.status is OfferStatus.OPEN),
    )
