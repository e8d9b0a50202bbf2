"""What came of it: asked twice at most, and told by the buyer at any time."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.operations import close, tell, text_news
from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.status import Outcome, RequestStatus
from discount_broker.escalation.operations import open_case, settle_promises_of
from discount_broker.escalation.status import CaseReason
from discount_broker.kernel.clock import paced
from discount_broker.kernel.sweeping import for_each, in_turn
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.messaging.operations import cancel_queued
from discount_broker.notifications.catalogue import AskOutcome
from discount_broker.notifications.operations import notify
from discount_broker.offers.models import Offer
from discount_broker.offers.queries import acceptance_purpose, find_accepted, get_offer, list_outcomes_to_ask
from discount_broker.offers.queries.due import outcome_purposes
from discount_broker.offers.rules import OUTCOME_IS_ASKED_AFTER
from discount_broker.offers.status import DeclineReason
from discount_broker.offers.use_cases.settling import (
    decline_open_offers,
    end_what_is_open,
    leave_in_peace,
    thank,
)
from discount_broker.outreach.operations import news_from
from discount_broker.outreach.queries import list_outreaches

ASKED_AGAIN_AFTER = timedelta(days=5)
"""A buyer who has not said what came of it is asked once more, and then left in peace."""


def ask_outcomes(now: datetime) -> None:
    """Ask each buyer what came of the offer they accepted; twice at most."""
    in_turn(
        lambda: _ask_outcomes_after(OUTCOME_IS_ASKED_AFTER, 0, now),
        lambda: _ask_outcomes_after(OUTCOME_IS_ASKED_AFTER + ASKED_AGAIN_AFTER, 1, now),
    )


def _ask_outcomes_after(wait: timedelta, number: int, now: datetime) -> None:
    patience = paced(now + wait, now) - now
    due = [offer.id for offer in list_outcomes_to_ask(now - patience, number)]
    for_each(due, partial(_ask_if_accepted, number=number, now=now))


def _ask_if_accepted(offer_id: UUID, number: int, now: datetime) -> None:
    with transaction():
        offer = get_offer(offer_id)
        request = get_request(offer.outreach.discount_request_id, lock=True)
        if request.status is RequestStatus.ACCEPTED:
            _ask_outcome(request, offer, number, now)


def _ask_outcome(request: DiscountRequest, offer: Offer, number: int, now: datetime) -> None:
    assert request.buyer is not None
    message = AskOutcome(**news_from(offer.outreach), shop=offer.outreach.shop.name)
    purpose = outcome_purposes(request.id)[number]
    notify(message, to=request.buyer.email, language=request.language, purpose=purpose, now=now)
    text_news(request, message, purpose, now)


@again_if_deadlocked
def report_outcome(request_id: UUID, outcome: Outcome, now: datetime) -> None:
    """The buyer's word counts: it closes the request, settles the shop's promises, or calls the desk.

    Raises:
        IllegalTransition: no offer was accepted and no shop promised to call.

    """
    with transaction():
        request = get_request(request_id, lock=True)
        if request.outcome is outcome:
            return
        close(request, outcome, now)
        tell(request, "outcome_reported", now, outcome=outcome)
        leave_in_peace(request)
        for outreach in list_outreaches(request.id):
            was_kept = outcome is not Outcome.NOTHING
            settle_promises_of(outreach, kept=was_kept, evidence="buyer", now=now)
        accepted = find_accepted(request.id)
        if outcome is Outcome.NOTHING and accepted is not None:
            open_case(accepted.outreach, CaseReason.NOT_REACHED, now)
        else:
            end_what_is_open(request, now)


@again_if_deadlocked
def note_bought(request_id: UUID, now: datetime, *, elsewhere: bool) -> None:
    """The buyer has bought it already: every message, call and promise that was still to come stops.

    In a shop that was asked, or elsewhere; nothing happens where the request has ended.

    Raises:
        IllegalTransition: it was never confirmed.

    """
    with transaction():
        request = get_request(request_id, lock=True)
        if request.status is RequestStatus.CLOSED:
            return
        accepted = find_accepted(request.id)
        if accepted is not None and elsewhere:
            cancel_queued(acceptance_purpose(accepted.outreach_id))
            thank(accepted.outreach, now, DeclineReason.BOUGHT_ELSEWHERE)
        decline_open_offers(request, now, DeclineReason.BOUGHT_ELSEWHERE)
        end_what_is_open(request, now)
        leave_in_peace(request)
        is_ours = accepted is not None and not elsewhere
        close(request, Outcome.BOUGHT if is_ours else Outcome.BOUGHT_ALREADY, now)
        tell(request, "bought_already", now, kind="elsewhere" if elsewhere else "here")
