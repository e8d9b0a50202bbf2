"""A buyer signs what they wish for, with the mailbox in which it is to be confirmed."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from discount_broker.accounts.operations import buyer_with_email
from discount_broker.accounts.operations.consents import note_consents
from discount_broker.accounts.rules import normal_email
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.operations import advance, tell
from discount_broker.discount_requests.operations.confirmation import send_confirmation
from discount_broker.discount_requests.operations.drafts import new_basket, next_place, twin_of
from discount_broker.discount_requests.operations.products import take_the_buyers_word
from discount_broker.discount_requests.queries.baskets import list_open_together, lock_together
from discount_broker.discount_requests.rules import (
    LONGEST_CITY,
    LONGEST_NOTE,
    Ask,
    ProductSaid,
    check_answers_by,
    check_quantity,
    check_wish,
    check_wish_for_all,
    is_for_rivals_alone,
)
from discount_broker.discount_requests.status import ReadingStatus, RequestEvent, RequestStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.site import site
from discount_broker.kernel.transaction import again_if_deadlocked, transaction


@again_if_deadlocked
def submit_request(request_id: UUID, ask: Ask, now: datetime) -> UUID:
    """Sign the draft, and all of its basket, with an e-mail address and send there what confirms it.

    A draft that was already signed with another address stays as it is, and its twin goes
    out under the new one: the link in the first mail must not confirm the second address.
    Returns the id of the request that now waits to be confirmed.

    Raises:
        Refused: codes of `check_wish`, `check_wish_for_all`, `check_quantity`, `check_answers_by`,
            `check_product_said` and `normal_email`; `product_unread`, `product_title_missing`.
        IllegalTransition: it was confirmed before.

    """
    with transaction():
        return _submit(lock_together(request_id), ask, now)


@again_if_deadlocked
def submit_draft(request_id: UUID, ask: Ask, now: datetime) -> UUID:
    """The same for what nobody has signed yet; what is signed stays as it is, whoever of two was quicker.

    Raises:
        Refused: as `submit_request`.

    """
    with transaction():
        request = lock_together(request_id)
        return _submit(request, ask, now) if request.status is RequestStatus.DRAFT else request.id


def _submit(request: DiscountRequest, ask: Ask, now: datetime) -> UUID:
    together = list_open_together(request) or [request]
    _check(ask, together, now)
    for each in together:
        _take_its_product(each, ask, now)
    buyer = buyer_with_email(normal_email(ask.email), ask.language, now)
    if request.status is RequestStatus.UNCONFIRMED and request.buyer_id != buyer.id:
        place = together.index(request)
        together = _twins(together, now)
        request = together[place]
    for each in together:
        each.buyer = buyer
        _sign(each, ask, now)
    note_consents(buyer.id, ask.consents, ask.language, request.number, now)
    send_confirmation(request, together, now)
    return request.id


def _check(ask: Ask, together: list[DiscountRequest], now: datetime) -> None:
    check_quantity(ask.quantity)
    check_answers_by(ask.answers_by, now.astimezone(ZoneInfo(ask.zone or site().time_zone)).date())
    if len(together) > 1:
        check_wish_for_all(ask.wish_kind)


def _take_its_product(request: DiscountRequest, ask: Ask, now: datetime) -> None:
    said = ask.said.get(request.id) or ProductSaid(title=ask.product_title)
    if said != ProductSaid() or request.reading is ReadingStatus.FAILED:
        take_the_buyers_word(request, said, now)
    check_wish(ask.wish_kind, ask.wish_value, request.product.price if request.product else None)


def _twins(together: list[DiscountRequest], now: datetime) -> list[DiscountRequest]:
    twins = [twin_of(each, next_place(now, n)) for n, each in enumerate(together)]
    if len(twins) > 1:
        basket = new_basket(now)
        for twin in twins:
            twin.basket_id = basket.id
    return twins


def _sign(request: DiscountRequest, ask: Ask, now: datetime) -> None:
    request.language = ask.language
    _write_down(request, ask)
    advance(request, RequestEvent.SUBMITTED)
    is_first_press, request.submitted_at = request.submitted_at is None, now
    db.session.flush()
    if is_first_press:
        tell(request, "submitted", now)


def _write_down(request: DiscountRequest, ask: Ask) -> None:
    request.wish_kind, request.wish_value = ask.wish_kind, ask.wish_value
    request.quantity, request.city = ask.quantity, ask.city.strip()[:LONGEST_CITY]
    request.answers_by = ask.answers_by
    request.phone = ask.phone.strip() or None
    request.note, request.best_time = ask.note.strip()[:LONGEST_NOTE], ask.best_time.strip()[:100]
    request.may_contact_directly = ask.may_contact_directly
    request.asks_rivals = ask.asks_rivals or is_for_rivals_alone(request.reading_failure)
    request.wants_texts = ask.wants_texts and bool(request.phone)
