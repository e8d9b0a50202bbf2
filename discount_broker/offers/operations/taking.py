"""Taking a shop's answer, however it was given: pressed, confirmed, or written down by an operator."""

from datetime import datetime
from uuid import UUID

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.operations import tell
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.operations import settle_case, take_refusal, withdraw_promises_of
from discount_broker.escalation.queries import list_pending_promises
from discount_broker.escalation.status import Ending
from discount_broker.kernel.errors import IllegalTransition, Refused
from discount_broker.kernel.site import zone_for
from discount_broker.messaging.operations import cancel_queued
from discount_broker.offers.models import Offer, OfferDraft
from discount_broker.offers.operations.offering import GivenBy, make_offer, terms_given
from discount_broker.offers.operations.putting_off import (
    is_put_off_again,
    take_forward,
    take_later,
    take_promise,
)
from discount_broker.offers.queries import find_offer_of, list_open_drafts
from discount_broker.offers.rules import LONGEST_TEXT, Answer, check_answer, final_price
from discount_broker.offers.status import GIVES, AnswerKind
from discount_broker.outreach.inbound import IntentKind
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.operations import end, forbid, note_answered
from discount_broker.outreach.operations.answering import settle_suggestion
from discount_broker.outreach.queries import list_open_of_shop
from discount_broker.outreach.queries.suggestions import list_open_suggestions
from discount_broker.outreach.status import OPEN, OutreachEvent, OutreachStatus
from discount_broker.shops.models import Shop

ANSWERABLE = (RequestStatus.ASKED, RequestStatus.OFFERED)
ANSWERS = frozenset(
    {
        IntentKind.OFFER,
        IntentKind.DECLINE,
        IntentKind.LOWEST_PRICE,
        IntentKind.PROMO_CODE,
        IntentKind.FREE_DELIVERY,
        IntentKind.OUT_OF_STOCK,
    }
)
"""What a letter says of the answer itself."""


def take_answer(
    outreach: Outreach,
    request: DiscountRequest,
    answer: Answer,
    now: datetime,
    operator_id: UUID | None = None,
    *,
    rule_id: UUID | None = None,
) -> None:
    """Take what the shop of a locked outreach answers. The same answer again changes nothing.

    Raises:
        Refused: codes of `check_answer`.
        IllegalTransition: another answer was given before, or the buyer wants none any more.

    """
    if _is_the_same_again(outreach, answer):
        return
    if outreach.status not in OPEN or request.status not in ANSWERABLE:
        raise IllegalTransition(outreach.status, OutreachEvent.ANSWERED)
    check_against(outreach, answer, now)
    if operator_id is None:
        note_answered(outreach, None, now)
    _take(outreach, request, answer, now, GivenBy(operator_id, rule_id))
    settle_what_was_read(outreach, answer, now)


def check_against(outreach: Outreach, answer: Answer, now: datetime) -> None:
    """Refuse what nobody could act on, or what is no less than the price on the page by now.

    Raises:
        Refused: codes of `check_answer`; `offer_not_lower`.

    """
    seen = [price for price in (outreach.price, outreach.price_now) if price is not None]
    present = min(seen, default=None)
    check_answer(answer, present, now_at(outreach.shop, now))
    final = final_price(answer, outreach.price) if answer.kind is AnswerKind.PERCENT else None
    if final is not None and present is not None and final >= present:
        raise Refused("offer_not_lower", "percent")


def now_at(shop: Shop, now: datetime) -> datetime:
    """The same moment by the shop's clock: `today` is said there, and its last day ends there."""
    return now.astimezone(zone_for(shop.country))


def settle_what_was_read(outreach: Outreach, answer: Answer, now: datetime) -> None:
    """The answer stands: nothing read out of letters needs to be confirmed or entered any more."""
    if answer.kind not in (AnswerKind.CALL, AnswerKind.LATER, AnswerKind.FORWARD):
        for draft in list_open_drafts(outreach.id):
            settle_draft(draft, now)
        for suggestion in list_open_suggestions(outreach.id):
            if suggestion.kind in ANSWERS:
                settle_suggestion(suggestion, "taken", now)


def settle_draft(draft: OfferDraft, now: datetime) -> None:
    """Nothing follows from it any more; its letter does not leave if it is here still."""
    draft.settled_at = draft.settled_at or now
    cancel_queued(f"draft:{draft.id}")


def is_the_same(offer: Offer, answer: Answer) -> bool:
    """Whether this is what the shop gives already."""
    percent, price, text = terms_given(answer, offer.outreach)
    given = (offer.kind, offer.percent, offer.final_price, offer.text, offer.delivery, offer.condition)
    return given == (answer.kind, percent, price, text, answer.delivery.strip(), answer.condition.strip())


def _is_the_same_again(outreach: Outreach, answer: Answer) -> bool:
    offer = find_offer_of(outreach.id)
    if offer is not None:
        return is_the_same(offer, answer)
    if answer.kind is AnswerKind.CALL:
        promised = [promise.due_at for promise in list_pending_promises(outreach.id)]
        return answer.call_by in promised
    if answer.kind in (AnswerKind.LATER, AnswerKind.FORWARD):
        return is_put_off_again(outreach, answer)
    is_refusal = answer.kind in (AnswerKind.NOT_NOW, AnswerKind.NEVER)
    return is_refusal and outreach.status in (OutreachStatus.DECLINED, OutreachStatus.STOPPED)


def _take(
    outreach: Outreach, request: DiscountRequest, answer: Answer, now: datetime, given_by: GivenBy
) -> None:
    if answer.kind in GIVES:
        make_offer(outreach, request, answer, now, given_by)
        return
    put_off = {
        AnswerKind.CALL: take_promise,
        AnswerKind.LATER: take_later,
        AnswerKind.FORWARD: take_forward,
    }
    if answer.kind in put_off:
        put_off[answer.kind](outreach, request, answer, now)
    elif answer.kind is AnswerKind.NEVER:
        _take_prohibition(outreach, answer, now)
    else:
        take_refusal(outreach, now)


def _take_prohibition(outreach: Outreach, answer: Answer, now: datetime) -> None:
    """Never again: for this shop's every request, through every door."""
    shop = outreach.shop
    cause = answer.text.strip()[:LONGEST_TEXT] or "offer page"
    forbid(shop, reason="never", cause=cause, now=now)
    for forbidden in list_open_of_shop(shop.id):
        is_this = forbidden.id == outreach.id
        end(forbidden, OutreachEvent.DECLINED if is_this else OutreachEvent.STOPPED, now)
        settle_case(forbidden, Ending.STOPPED, now)
        withdraw_promises_of(forbidden, "stopped", now)
        tell(forbidden.discount_request, "shop_forbids", now, shop=shop.name)
