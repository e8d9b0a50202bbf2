"""A buyer waits for a product: begins, confirms, goes on, stops, and asks the shop once more."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from discount_broker.accounts.models import Buyer
from discount_broker.accounts.operations import buyer_with_email, confirm_email
from discount_broker.accounts.operations.consents import note_consents
from discount_broker.accounts.queries import get_buyer
from discount_broker.accounts.rules import normal_email
from discount_broker.accounts.rules.consents import ConsentSaid
from discount_broker.discount_requests.models import DiscountRequest, Product
from discount_broker.discount_requests.operations import advance, tell
from discount_broker.discount_requests.operations.drafts import new_draft
from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.queries.baskets import find_running_repeat
from discount_broker.discount_requests.rules import check_wish
from discount_broker.discount_requests.status import RequestEvent
from discount_broker.kernel.clock import paced
from discount_broker.kernel.db import add_or_find, db
from discount_broker.kernel.errors import NotFound, Refused, TokenExpired
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.site import site
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.kernel.transaction import transaction
from discount_broker.kernel.urls import host_of
from discount_broker.notifications.catalogue import WatchConfirm
from discount_broker.notifications.operations import notify
from discount_broker.watches.models import PriceReading, Watch, WatchedPage
from discount_broker.watches.queries import (
    below_of,
    count_watching,
    find_page,
    find_same_watch,
    get_page,
    get_watch,
    last_price,
    latest_reading,
    page_seen,
)
from discount_broker.watches.rules import (
    BETWEEN_READINGS,
    CONFIRM_WITHIN,
    MOST_WATCHES,
    WATCHED_FOR,
    check_watch,
)
from discount_broker.watches.status import WatchKind, WatchStatus


@dataclass(frozen=True, kw_only=True)
class WatchWish:
    """What somebody waits for, and who: a buyer we know, or whoever owns an address."""

    kind: WatchKind
    below: Decimal | None = None
    buyer_id: UUID | None = None
    email: str = ""
    language: str = "en"


def begin_watch(request_id: UUID, wish: WatchWish, now: datetime) -> UUID:
    """Watch the page of the product of a request. An address we do not know gets a letter to confirm it.

    Raises:
        Refused: `product_unread`, `too_many_watches`, codes of `check_watch` and `normal_email`.

    """
    with transaction():
        request = get_request(request_id, lock=True)
        product = request.product
        if product is None or product.confidence == 0:
            raise Refused("product_unread", "kind")
        check_watch(wish.kind, wish.below, product.price, product.availability)
        buyer, is_known = _whose(wish, now)
        watch = _watch_of(buyer, _page_of(product, now), wish, product, now)
        if is_known:
            # The owner alone changes what a running watch waits for.
            watch.below, watch.currency = wish.below, _money_of(wish, product)
        if request.buyer_id == buyer.id and request.confirmed_at is not None:
            watch.discount_request_id = request.id
        if is_known:
            _start(watch, now)
        elif watch.confirmed_at is None:
            _ask_owner(watch, now)
        return watch.id


def confirm_watch(watch_id: UUID, now: datetime) -> None:
    """The owner of the address said yes. Pressing twice is pressing once.

    Raises:
        TokenExpired: begun too long ago, or ended meanwhile.

    """
    with transaction():
        watch = _watch_of_somebody(watch_id)
        if watch.confirmed_at is not None:
            return
        if watch.status is not WatchStatus.WATCHING or now - watch.created_at > CONFIRM_WITHIN:
            raise TokenExpired("watch")
        confirm_email(watch.buyer, now)
        _start(watch, now)


def stop_watch(watch_id: UUID, now: datetime) -> None:
    """The buyer does not want to be told any more."""
    with transaction():
        watch = get_watch(watch_id, lock=True)
        if watch.status is WatchStatus.WATCHING:
            watch.status, watch.ended_at, watch.ended_why = WatchStatus.ENDED, now, "stopped"


def renew_watch(watch_id: UUID, now: datetime) -> None:
    """Look for ninety days more, from today.

    Raises:
        Refused: `too_many_watches`, codes of `check_watch`: it is there already.

    """
    with transaction():
        watch = _watch_of_somebody(watch_id)
        if watch.status is not WatchStatus.WATCHING:
            last = last_price(watch.watched_page)
            latest = latest_reading(watch.watched_page_id)
            price = last.price if last and last.currency == watch.currency else None
            check_watch(watch.kind, watch.below, price, latest.availability if latest else "")
            _check_number(watch.buyer)
            watch.status, watch.ended_at, watch.ended_why = WatchStatus.WATCHING, None, ""
        _start(watch, now)


def repeat_request(watch_id: UUID, consents: tuple[ConsentSaid, ...], now: datetime) -> UUID:
    """Ask anew what was asked before; what comes back waits to be confirmed by the same press.

    While it is being asked it is not asked once more: pressing twice is pressing once.

    Raises:
        NotFound: nothing was asked before.
        Refused: codes of `check_wish`: the price of today is below the wish already.

    """
    with transaction():
        watch = _watch_of_somebody(watch_id)
        old = watch.discount_request
        if old is None or old.wish_kind is None or old.wish_value is None:
            raise NotFound("request to repeat")
        if (running := find_running_repeat(old)) is not None:
            return running.id
        last = last_price(watch.watched_page)
        check_wish(old.wish_kind, old.wish_value, last.price if last else None)
        request = new_draft(old.product_url, watch.language, now)
        _copy(old, request)
        advance(request, RequestEvent.SUBMITTED)
        request.submitted_at = now
        tell(request, "submitted", now)
        note_consents(watch.buyer_id, consents, watch.language, request.number, now)
        enqueue_after_commit(Job.READ_PRODUCT, request.id)
        return request.id


def _watch_of_somebody(watch_id: UUID) -> Watch:
    """A watch whose buyer is still known.

    Raises:
        NotFound: they were forgotten, and so was what they waited for.

    """
    watch = get_watch(watch_id, lock=True)
    if watch.buyer.erased_at is not None:
        raise NotFound("watch")
    return watch


def _copy(old: DiscountRequest, request: DiscountRequest) -> None:
    request.repeats_id, request.buyer_id = old.id, old.buyer_id
    request.wish_kind, request.wish_value = old.wish_kind, old.wish_value
    request.quantity, request.city, request.phone = old.quantity, old.city, old.phone
    request.note, request.best_time = old.note, old.best_time
    request.may_contact_directly, request.asks_rivals = old.may_contact_directly, old.asks_rivals
    request.wants_texts, request.origin = old.wants_texts, old.origin


def _whose(wish: WatchWish, now: datetime) -> tuple[Buyer, bool]:
    """Who waits, and whether their address is known to be theirs."""
    if wish.buyer_id is not None:
        known = get_buyer(wish.buyer_id)
        if known.erased_at is not None:
            raise NotFound("buyer")
        return known, True
    return buyer_with_email(normal_email(wish.email), wish.language, now), False


def _page_of(product: Product, now: datetime) -> WatchedPage:
    """The page, locked before its watches, with what was read of it for the request as a reading."""
    page = find_page(product.url)
    if page is None:
        title = host_of(product.url) if _is_the_buyers(product, "title") else product.title
        made = WatchedPage(url=product.url, shop_id=product.shop_id, title=title, created_at=now)
        page = add_or_find(made, lambda: find_page(product.url))
    page, before = get_page(page.id, lock=True), latest_reading(page.id)
    if before is None or before.at < product.read_at:
        db.session.add(_reading_of(product, page))
        db.session.flush()
    return page


def _reading_of(product: Product, page: WatchedPage) -> PriceReading:
    """What the page said: others see its history, so what a buyer says of it has no place there."""
    is_said = _is_the_buyers(product, "price") or _is_the_buyers(product, "currency")
    return PriceReading(
        watched_page_id=page.id,
        at=product.read_at,
        price=None if is_said else product.price,
        old_price=None if is_said else product.old_price,
        currency=None if is_said else product.currency,
        availability=product.availability,
    )


def _is_the_buyers(product: Product, field: str) -> bool:
    return bool(product.evidence.get("sources", {}).get(field) == "buyer")


def _money_of(wish: WatchWish, product: Product) -> str | None:
    return product.currency if wish.below is not None else None


def _watch_of(buyer: Buyer, page: WatchedPage, wish: WatchWish, product: Product, now: datetime) -> Watch:
    known = find_same_watch(buyer.id, page.id, wish.kind)
    if known is not None:
        return known
    _check_number(buyer)
    watch = Watch(
        buyer_id=buyer.id,
        watched_page_id=page.id,
        kind=wish.kind,
        below=wish.below,
        currency=_money_of(wish, product),
        language=wish.language,
        created_at=now,
        expires_at=now + CONFIRM_WITHIN,
    )
    db.session.add(watch)
    db.session.flush()
    return watch


def _check_number(buyer: Buyer) -> None:
    if count_watching(buyer.id) >= MOST_WATCHES:
        raise Refused("too_many_watches", "kind")


def _start(watch: Watch, now: datetime) -> None:
    watch.confirmed_at, watch.expires_at = watch.confirmed_at or now, paced(now + WATCHED_FOR, now)
    page = watch.watched_page
    if page.due_at is None:
        page.due_at = paced(now + BETWEEN_READINGS, now)


def _ask_owner(watch: Watch, now: datetime) -> None:
    notify(
        WatchConfirm(
            product=page_seen(watch.watched_page),
            below=below_of(watch),
            confirm_url=watch_url(watch),
        ),
        to=watch.buyer.email,
        language=watch.language,
        purpose=f"watch:{watch.id}:confirm:{now:%Y%m%d%H%M}",
        now=now,
    )


def watch_url(watch: Watch) -> str:
    return f"{site().base_url}/watch/{issue_token(Purpose.WATCH, watch.id, watch.created_at)}"
