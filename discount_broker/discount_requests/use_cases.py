"""What a buyer does until shops can be asked."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from discount_broker.accounts.operations import buyer_with_email, confirm_email
from discount_broker.accounts.rules import normal_email
from discount_broker.discount_requests.models import DiscountRequest, Product
from discount_broker.discount_requests.operations import advance, tell
from discount_broker.discount_requests.queries import (
    find_request_by_number,
    get_request,
    product_seen,
    wish_of,
)
from discount_broker.discount_requests.rules import (
    ANSWERS_WANTED_FOR,
    CONFIRM_WITHIN,
    LONGEST_NOTE,
    LONGEST_TITLE,
    NUMBER_LETTERS,
    Ask,
    check_wish,
    clean_origin,
    may_ask_unread,
    request_number,
)
from discount_broker.discount_requests.status import ReadingStatus, RequestEvent, RequestStatus
from discount_broker.kernel.clock import paced_for_hands
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import IllegalTransition, Refused, TokenExpired
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.site import site
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.kernel.transaction import transaction
from discount_broker.kernel.urls import find_link
from discount_broker.notifications import catalogue
from discount_broker.notifications.operations import notify
from discount_broker.shops.operations import shop_of_url


def start_draft(
    link_text: str, language: str, now: datetime, origin: Mapping[str, str] | None = None
) -> UUID:
    """Keep the link a buyer pasted, and where they came from, and have its page read.

    Raises:
        Refused: `link_missing`, `link_not_web`, `link_too_long`.

    """
    link = find_link(link_text)
    with transaction():
        request = _new_draft(link, language, now)
        request.origin = clean_origin(origin or {})
        enqueue_after_commit(Job.READ_PRODUCT, request.id)
        return request.id


def repeat_reading(request_id: UUID, now: datetime) -> None:
    """Read the product page once more, after it failed."""
    with transaction():
        request = get_request(request_id, lock=True)
        is_open = request.status in (RequestStatus.DRAFT, RequestStatus.UNCONFIRMED)
        if is_open and request.reading is ReadingStatus.FAILED:
            request.reading, request.reading_failure = ReadingStatus.WAITING, None
            tell(request, "reading_repeated", now)
            enqueue_after_commit(Job.READ_PRODUCT, request.id)


def submit_request(request_id: UUID, ask: Ask, now: datetime) -> UUID:
    """Sign the draft with an e-mail address and send there what confirms it.

    A draft that was already signed with another address stays as it is, and its twin goes
    out under the new one: the link in the first mail must not confirm the second address.
    Returns the id of the request that now waits to be confirmed.

    Raises:
        Refused: codes of `check_wish` and `normal_email`; `product_unread`, `product_title_missing`.
        IllegalTransition: it was confirmed before.

    """
    with transaction():
        request = get_request(request_id, lock=True)
        if request.reading is ReadingStatus.FAILED:
            _take_the_buyers_word(request, ask.product_title, now)
        price = request.product.price if request.product else None
        check_wish(ask.wish_kind, ask.wish_value, price)
        buyer = buyer_with_email(normal_email(ask.email), ask.language, now)
        if request.status is RequestStatus.UNCONFIRMED and request.buyer_id != buyer.id:
            request = _twin(request, now)
        request.buyer, request.language = buyer, ask.language
        _write_down(request, ask)
        advance(request, RequestEvent.SUBMITTED)
        is_first_press, request.submitted_at = request.submitted_at is None, now
        db.session.flush()
        if is_first_press:
            tell(request, "submitted", now)
        _send_confirmation(request, now)
        return request.id


def confirm_request(request_id: UUID, now: datetime) -> DiscountRequest:
    """The owner of the address said yes. Pressing twice is pressing once.

    Raises:
        TokenExpired: submitted too long ago.
        IllegalTransition: it was never submitted.

    """
    with transaction():
        request = get_request(request_id, lock=True)
        if request.confirmed_at is not None:
            return request
        if request.buyer is None or request.submitted_at is None:
            raise IllegalTransition(request.status, RequestEvent.CONFIRMED)
        if now - request.submitted_at > CONFIRM_WITHIN or request.buyer.erased_at is not None:
            raise TokenExpired("confirm")
        advance(request, RequestEvent.CONFIRMED)
        confirm_email(request.buyer, now)
        request.confirmed_at, request.expires_at = now, paced_for_hands(now + ANSWERS_WANTED_FOR, now)
        if request.phone:
            request.buyer.phone = request.phone
        tell(request, "confirmed", now)
        enqueue_after_commit(Job.PLAN_OUTREACH, request.id)
        return request


def _new_draft(link: str, language: str, now: datetime) -> DiscountRequest:
    request = DiscountRequest(number=_free_number(), language=language, product_url=link, created_at=now)
    db.session.add(request)
    db.session.flush()
    tell(request, "draft_started", now)
    return request


def _twin(request: DiscountRequest, now: datetime) -> DiscountRequest:
    twin = _new_draft(request.product_url, request.language, now)
    twin.reading, twin.reading_failure = request.reading, request.reading_failure
    twin.product_id, twin.origin = request.product_id, request.origin
    if request.reading is ReadingStatus.READING:
        twin.reading = ReadingStatus.WAITING
        enqueue_after_commit(Job.READ_PRODUCT, twin.id)
    return twin


def _free_number() -> str:
    while True:
        number = request_number([secrets.randbelow(len(NUMBER_LETTERS)) for _ in range(5)])
        if find_request_by_number(number) is None:
            return number


def _take_the_buyers_word(request: DiscountRequest, title: str, now: datetime) -> None:
    """Where the page could not be read, the buyer says what is sold there."""
    if not may_ask_unread(request.reading_failure):
        raise Refused("product_unread", "link")
    if not title.strip():
        raise Refused("product_title_missing", "product_title")
    shop = shop_of_url(request.product_url, now)
    request.product = Product(
        shop=shop, url=request.product_url, title=title.strip()[:LONGEST_TITLE], confidence=0, read_at=now
    )
    db.session.flush()


def _write_down(request: DiscountRequest, ask: Ask) -> None:
    request.wish_kind, request.wish_value = ask.wish_kind, ask.wish_value
    request.phone = ask.phone.strip() or None
    request.note, request.best_time = ask.note.strip()[:LONGEST_NOTE], ask.best_time.strip()[:100]
    request.may_contact_directly, request.asks_rivals = ask.may_contact_directly, ask.asks_rivals
    request.wants_texts = ask.wants_texts and bool(request.phone)


def _send_confirmation(request: DiscountRequest, now: datetime) -> None:
    assert request.buyer is not None
    token = issue_token(Purpose.CONFIRM, request.id, now)
    notify(
        catalogue.ConfirmRequest(
            confirm_url=f"{site().base_url}/confirm/{token}",
            product=product_seen(request),
            wish=wish_of(request),
        ),
        to=request.buyer.email,
        language=request.language,
        # A second press within the same minute is the same press.
        purpose=f"request:{request.id}:confirm:{now:%Y%m%d%H%M}",
        now=now,
    )
