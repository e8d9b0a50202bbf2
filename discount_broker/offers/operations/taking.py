"""Taking a shop's answer, however it was given: pressed, confirmed, or written down by an operator."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.operations import advance as advance_request
from discount_broker.discount_requests.operations import tell, text_news
from discount_broker.discount_requests.status import RequestEvent, RequestStatus
from discount_broker.escalation.operations import (
    make_promise,
    settle_case,
    settle_promises_of,
    take_refusal,
    withdraw_promises_of,
)
from discount_broker.escalation.queries import list_pending_promises
from discount_broker.escalation.status import Ending, PromiseKind
from discount_broker.kernel.clock import paced_for_hands
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import IllegalTransition
from discount_broker.kernel.site import zone_for
from discount_broker.messaging.operations import cancel_queued
from discount_broker.notifications.catalogue import BuyerMessage, OfferMade, ShopWillCall
from discount_broker.notifications.operations import notify
from discount_broker.offers.models import Offer, OfferDraft
from discount_broker.offers.queries import find_offer_of, list_open_drafts, terms_of
from discount_broker.offers.rules import LONGEST_TEXT, Answer, check_answer, final_price, offer_ends_at
from discount_broker.offers.status import GIVES, AnswerKind
from discount_broker.outreach.inbound import IntentKind
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.operations import end, forbid, news_from, note_answered
from discount_broker.outreach.operations.answering import settle_suggestion
from discount_broker.outreach.queries import list_open_of_shop
from discount_broker.outreach.queries.suggestions import list_open_suggestions
from discount_broker.outreach.rules import step_ends_at
from discount_broker.outreach.status import OPEN, OutreachEvent, OutreachStatus

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


@dataclass(frozen=True)
class GivenBy:
    """Who gave an answer where the shop's staff did not press themselves."""

    operator_id: UUID | None = None
    rule_id: UUID | None = None


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
    check_answer(answer, outreach.price, now)
    if operator_id is None:
        note_answered(outreach, None, now)
    _take(outreach, request, answer, now, GivenBy(operator_id, rule_id))
    _settle_what_was_read(outreach, answer, now)


def _settle_what_was_read(outreach: Outreach, answer: Answer, now: datetime) -> None:
    """The answer stands: nothing read out of letters needs to be confirmed or entered any more."""
    if answer.kind is not AnswerKind.CALL:
        for draft in list_open_drafts(outreach.id):
            settle_draft(draft, now)
        for suggestion in list_open_suggestions(outreach.id):
            if suggestion.kind in ANSWERS:
                settle_suggestion(suggestion, "taken", now)


def settle_draft(draft: OfferDraft, now: datetime) -> None:
    """Nothing follows from it any more; its letter does not leave if it is here still."""
    draft.settled_at = draft.settled_at or now
    cancel_queued(f"draft:{draft.id}")


def _is_the_same_again(outreach: Outreach, answer: Answer) -> bool:
    offer = find_offer_of(outreach.id)
    if offer is not None:
        given = (offer.kind, offer.percent, offer.final_price, offer.text)
        return given == (answer.kind, *_terms(answer, outreach))
    if answer.kind is AnswerKind.CALL:
        promised = [promise.due_at for promise in list_pending_promises(outreach.id)]
        return answer.call_by in promised
    is_refusal = answer.kind in (AnswerKind.NOT_NOW, AnswerKind.NEVER)
    return is_refusal and outreach.status in (OutreachStatus.DECLINED, OutreachStatus.STOPPED)


def _terms(answer: Answer, outreach: Outreach) -> tuple[Decimal | None, Decimal | None, str]:
    """Per cent, price and words of an answer, as an offer keeps them."""
    percent = answer.percent if answer.kind is AnswerKind.PERCENT else None
    return percent, final_price(answer, outreach.price), answer.text.strip()[:LONGEST_TEXT]


def _take(
    outreach: Outreach, request: DiscountRequest, answer: Answer, now: datetime, given_by: GivenBy
) -> None:
    if answer.kind in GIVES:
        _take_offer(outreach, request, answer, now, given_by)
    elif answer.kind is AnswerKind.CALL:
        _take_promise(outreach, request, answer, now)
    elif answer.kind is AnswerKind.NEVER:
        _take_prohibition(outreach, answer, now)
    else:
        take_refusal(outreach, now)


def _take_offer(
    outreach: Outreach, request: DiscountRequest, answer: Answer, now: datetime, given_by: GivenBy
) -> None:
    ends_at = offer_ends_at(answer.valid_until, zone_for(outreach.shop.country), now)
    percent, price, text = _terms(answer, outreach)
    offer = Offer(
        outreach=outreach,
        kind=answer.kind,
        percent=percent,
        final_price=price,
        text=text,
        valid_until=ends_at if answer.valid_until else paced_for_hands(ends_at, now),
        operator_id=given_by.operator_id,
        rule_id=given_by.rule_id,
        made_at=now,
    )
    db.session.add(offer)
    end(outreach, OutreachEvent.ANSWERED, now)
    settle_case(outreach, Ending.OFFERED, now)
    settle_promises_of(outreach, kept=True, evidence="offer", now=now)
    advance_request(request, RequestEvent.OFFER_MADE)
    event = "shop_answered" if given_by.rule_id is None else "rule_answered"
    tell(request, event, now, shop=outreach.shop.name, kind=answer.kind)
    _inform(
        request,
        OfferMade(**news_from(outreach), shop=outreach.shop.name, terms=terms_of(offer)),
        f"offer:{offer.id}",
        now,
    )


def _take_promise(outreach: Outreach, request: DiscountRequest, answer: Answer, now: datetime) -> None:
    """The shop will call: the ladder rests, and the promise wakes by itself."""
    assert answer.call_by is not None
    calls_buyer = request.may_contact_directly and bool(request.phone)
    kind = PromiseKind.CALL_BUYER if calls_buyer else PromiseKind.CALL_US
    withdraw_promises_of(outreach, "another time was named", now)
    promise = make_promise(outreach, kind, answer.call_by, now)
    if outreach.status is OutreachStatus.ASKED:
        outreach.next_step_at = step_ends_at(answer.call_by, outreach.shop.country)
    tell(request, "shop_will_call", now, shop=outreach.shop.name, call_by=answer.call_by.isoformat())
    message = ShopWillCall(
        **news_from(outreach), shop=outreach.shop.name, call_by=answer.call_by, calls_buyer=calls_buyer
    )
    _inform(request, message, f"promise:{promise.id}:made", now)


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


def _inform(request: DiscountRequest, message: BuyerMessage, purpose: str, now: datetime) -> None:
    assert request.buyer is not None
    notify(message, to=request.buyer.email, language=request.language, purpose=purpose, now=now)
    text_news(request, message, purpose, now)
