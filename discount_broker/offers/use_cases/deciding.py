"""The buyer decides, and says what came of it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.operations import advance as advance_request
from discount_broker.discount_requests.operations import close, tell, text_news
from discount_broker.discount_requests.queries import get_request, news_of
from discount_broker.discount_requests.status import Outcome, RequestEvent, RequestStatus
from discount_broker.escalation.operations import (
    open_case,
    settle_case,
    settle_promises_of,
    withdraw_promises_of,
)
from discount_broker.escalation.queries import AFTER_THE_ANSWER, find_case_of
from discount_broker.escalation.status import CaseReason, Ending
from discount_broker.kernel.clock import paced
from discount_broker.kernel.errors import IllegalTransition, NotFound
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.notifications.catalogue import (
    AskOutcome,
    OfferConfirmed,
    RequestEnded,
    ShopAccepted,
    ShopMessage,
    ShopThanked,
)
from discount_broker.notifications.operations import notify
from discount_broker.offers.models import Offer
from discount_broker.offers.operations import settle_draft
from discount_broker.offers.queries import (
    get_offer,
    list_expired,
    list_hopeless,
    list_offers,
    list_open_drafts,
    list_outcomes_to_ask,
    list_untold_acceptances,
    outcome_purpose,
    terms_of,
)
from discount_broker.offers.rules import OUTCOME_IS_ASKED_AFTER
from discount_broker.offers.status import OfferEvent, OfferStatus, next_status
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.operations import (
    LetterFacts,
    answering_point,
    buyer_contact,
    end,
    letter_facts,
    news_from,
    queue_letter,
)
from discount_broker.outreach.operations.conversation import drop_letters
from discount_broker.outreach.queries import attempts_of, list_outreaches
from discount_broker.outreach.status import OPEN, OutreachEvent


@again_if_deadlocked
def accept_offer(request_id: UUID, offer_id: UUID, now: datetime) -> None:
    """The buyer takes this offer: its shop gets the contact and the number, the others are thanked.

    Raises:
        NotFound: the offer is for another request.
        IllegalTransition: another one was accepted before, or this one has run out.

    """
    with transaction():
        request = get_request(request_id, lock=True)
        offer = _offer_for(request, offer_id)
        if offer.status is OfferStatus.ACCEPTED:
            return
        if offer.valid_until <= now:
            raise IllegalTransition(OfferStatus.EXPIRED, OfferEvent.ACCEPTED)
        advance_request(request, RequestEvent.OFFER_ACCEPTED)
        _settle(offer, OfferEvent.ACCEPTED, now)
        tell(request, "offer_accepted", now, shop=offer.outreach.shop.name, outreach=str(offer.outreach_id))
        _tell_the_chosen(request, offer, now)
        _thank_the_others(request, offer, now)


def _offer_for(request: DiscountRequest, offer_id: UUID) -> Offer:
    offer = get_offer(offer_id, lock=True)
    if offer.outreach.discount_request_id != request.id:
        raise NotFound("offer")
    return offer


def _tell_the_chosen(request: DiscountRequest, offer: Offer, now: datetime) -> None:
    outreach, contact = offer.outreach, buyer_contact(offer.outreach)
    told = _write(
        outreach,
        lambda facts: ShopAccepted(**facts, terms=terms_of(offer), contact=contact, note=request.note),
        now,
        "accepted",
    )
    if not told:  # asked by form or phone alone: an operator passes the news on
        open_case(outreach, CaseReason.ACCEPTANCE_TO_TELL, now)
    assert request.buyer is not None
    message = OfferConfirmed(
        **news_from(outreach), shop=outreach.shop.name, terms=terms_of(offer), shared=contact
    )
    purpose = f"request:{request.id}:accepted"
    notify(message, to=request.buyer.email, language=request.language, purpose=purpose, now=now)
    text_news(request, message, purpose, now)


def _thank_the_others(request: DiscountRequest, accepted: Offer, now: datetime) -> None:
    for offer in list_offers(request.id):
        if offer.id != accepted.id and offer.status is OfferStatus.OPEN:
            _settle(offer, OfferEvent.DECLINED, now)
            _thank(offer.outreach, now)
    _end_what_is_open(request, now, but_for=accepted.outreach_id)


def _write(
    outreach: Outreach, letter: Callable[[LetterFacts], ShopMessage], now: datetime, what: str
) -> bool:
    """Write to the address at which the shop was asked; False where it has none."""
    point = answering_point(outreach)
    if point is None:
        return False
    purpose = f"answer:{outreach.id}:{what}"
    queue_letter(outreach, letter(letter_facts(outreach, point)), point, purpose=purpose, now=now)
    return True


def _thank(outreach: Outreach, now: datetime) -> None:
    _write(outreach, lambda facts: ShopThanked(**facts), now, "thanked")


def _settle(offer: Offer, event: OfferEvent, now: datetime) -> None:
    offer.status, offer.settled_at = next_status(offer.status, event), now


def _end_what_is_open(request: DiscountRequest, now: datetime, but_for: UUID | None = None) -> None:
    """Nobody's answer is wanted any more: no message, call or promise is left pending."""
    for outreach in list_outreaches(request.id):
        if outreach.id == but_for:
            continue
        if outreach.status in OPEN:
            end(outreach, OutreachEvent.STOPPED, now)
        drop_letters(outreach)
        for draft in list_open_drafts(outreach.id):
            settle_draft(draft, now)
        settle_case(outreach, Ending.NO_LONGER_NEEDED, now)
        withdraw_promises_of(outreach, "no longer needed", now)


def pass_on_acceptances(now: datetime) -> None:
    """Where the letter about an acceptance came back, an operator tells the shop; once."""
    with transaction():
        for offer in list_untold_acceptances():
            case = find_case_of(offer.outreach_id)
            if case is None or case.reason not in AFTER_THE_ANSWER:
                open_case(offer.outreach, CaseReason.ACCEPTANCE_TO_TELL, now)


def decline_offer(request_id: UUID, offer_id: UUID, now: datetime) -> None:
    """The buyer does not want this one; the request goes on."""
    with transaction():
        request = get_request(request_id, lock=True)
        offer = _offer_for(request, offer_id)
        if offer.status in (OfferStatus.DECLINED, OfferStatus.EXPIRED):
            return
        _settle(offer, OfferEvent.DECLINED, now)
        _thank(offer.outreach, now)
        tell(request, "offer_declined", now, shop=offer.outreach.shop.name)
        _note_offers_gone(request, now)


def expire_offers(now: datetime) -> None:
    """Let offers run out, and end the requests for which nothing came."""
    for offer_id in list_expired(now):
        with transaction():
            request = get_request(get_offer(offer_id).outreach.discount_request_id, lock=True)
            offer = get_offer(offer_id, lock=True)
            if offer.status is OfferStatus.OPEN:
                _settle(offer, OfferEvent.EXPIRED, now)
                tell(request, "offer_expired", now, shop=offer.outreach.shop.name)
                _note_offers_gone(request, now)
    for request_id in list_hopeless(now):
        with transaction():
            _end_without_offer(get_request(request_id, lock=True), now)


def _note_offers_gone(request: DiscountRequest, now: datetime) -> None:
    still_open = any(offer.status is OfferStatus.OPEN for offer in list_offers(request.id))
    if request.status is RequestStatus.OFFERED and not still_open:
        advance_request(request, RequestEvent.OFFERS_GONE)
        tell(request, "offers_gone", now)


def _end_without_offer(request: DiscountRequest, now: datetime) -> None:
    if request.status is not RequestStatus.ASKED:
        return
    _end_what_is_open(request, now)
    close(request, Outcome.NO_OFFER, now)
    tell(request, "closed", now)
    assert request.buyer is not None
    notify(
        RequestEnded(**news_of(request), tried=attempts_of(list_outreaches(request.id))),
        to=request.buyer.email,
        language=request.language,
        purpose=f"request:{request.id}:ended",
        now=now,
    )


@again_if_deadlocked
def withdraw_request(request_id: UUID, now: datetime) -> None:
    """The buyer wants no answers any more; every pending message stops at once."""
    with transaction():
        withdraw(get_request(request_id, lock=True), now)


def withdraw(request: DiscountRequest, now: datetime) -> None:
    """End a request politely; nothing happens where it has ended."""
    if request.status is RequestStatus.CLOSED:
        return
    for offer in list_offers(request.id):
        if offer.status is OfferStatus.OPEN:
            _settle(offer, OfferEvent.DECLINED, now)
            _thank(offer.outreach, now)
    _end_what_is_open(request, now)
    close(request, Outcome.WITHDRAWN, now)
    tell(request, "withdrawn", now)


def ask_outcomes(now: datetime) -> None:
    """Ask each buyer once what came of the offer they accepted."""
    patience = paced(now + OUTCOME_IS_ASKED_AFTER, now) - now
    for offer in list_outcomes_to_ask(now - patience):
        with transaction():
            request = get_request(offer.outreach.discount_request_id, lock=True)
            if request.status is not RequestStatus.ACCEPTED:
                continue
            assert request.buyer is not None
            notify(
                AskOutcome(**news_from(offer.outreach), shop=offer.outreach.shop.name),
                to=request.buyer.email,
                language=request.language,
                purpose=outcome_purpose(request.id),
                now=now,
            )


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
        for outreach in list_outreaches(request.id):
            was_kept = outcome is not Outcome.NOTHING
            settle_promises_of(outreach, kept=was_kept, evidence="buyer", now=now)
        accepted = [o for o in list_offers(request.id) if o.status is OfferStatus.ACCEPTED]
        if outcome is Outcome.NOTHING and accepted:
            open_case(accepted[0].outreach, CaseReason.NOT_REACHED, now)
        else:
            _end_what_is_open(request, now)
