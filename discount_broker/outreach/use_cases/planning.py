"""Choosing the shops for a request: its own at once, its rivals when they are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.operations import advance as advance_request
from discount_broker.discount_requests.operations import tell
from discount_broker.discount_requests.queries import follow_url, get_request, product_seen
from discount_broker.discount_requests.rules import is_for_rivals_alone
from discount_broker.discount_requests.status import ReadingStatus, RequestEvent, RequestStatus
from discount_broker.discovery.models import RivalSearch
from discount_broker.discovery.operations import begin_crawl, begin_rival_search, end_rival_search
from discount_broker.discovery.queries import Rival, find_rival_search, list_rivals
from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.kernel.urls import page_key
from discount_broker.notifications.catalogue import AskedShops
from discount_broker.notifications.operations import notify
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.operations import end
from discount_broker.outreach.queries import (
    answer_records,
    are_rivals_told,
    list_outreaches,
    pages_asked_meanwhile,
)
from discount_broker.outreach.rules import AnswerRecord, RivalOption, choose_rivals
from discount_broker.outreach.status import OutreachEvent, OutreachStatus
from discount_broker.shops.models import Shop
from discount_broker.shops.operations import shop_of_url
from discount_broker.shops.queries import is_stopped
from discount_broker.shops.rules import is_fresh

SEARCH_PATIENCE = timedelta(minutes=2)
"""So long a search of the web may wait to be taken up; then the rivals we know are asked."""
WANTS_RIVALS = (RequestStatus.ASKED, RequestStatus.OFFERED)


@dataclass(frozen=True)
class Candidate:
    """A shop to be asked, and the page on which it sells the product."""

    shop: Shop
    url: str
    title: str
    price: Decimal | None
    currency: str | None
    seen_at: datetime
    why_rival: str = ""


@again_if_deadlocked
def plan_outreach(request_id: UUID, now: datetime, *, may_search: bool = False) -> None:
    """Choose the shops for a confirmed request: its own, and the best rivals.

    Where the web can be searched (`may_search`) the rivals are chosen when that is over.
    Does nothing while the product page is still being read: reading it rings again.
    """
    with transaction():
        request = get_request(request_id, lock=True)
        is_reading = request.reading in (ReadingStatus.WAITING, ReadingStatus.READING)
        if request.status is not RequestStatus.CONFIRMED or is_reading:
            return
        searches = may_search and request.asks_rivals and request.product is not None
        own = [] if is_for_rivals_alone(request.reading_failure) else [_own_shop(request, now)]
        candidates = own + ([] if searches else _rivals(request))
        outreaches = [_plan(request, candidate, now) for candidate in candidates]
        advance_request(request, RequestEvent.SHOPS_CHOSEN)
        asked = _names(outreaches)
        rivals = sum(outreach.is_rival for outreach in outreaches)
        if asked:  # else every shop forbids it: the sweep ends the request and tells the buyer
            tell(request, "shops_chosen", now, shops=asked, rivals=rivals)
        if searches:
            begin_rival_search(request, now)
            tell(request, "rivals_sought", now)
        elif asked:
            _tell_the_buyer(request, asked, now)


@again_if_deadlocked
def plan_rivals(request_id: UUID, now: datetime) -> None:
    """Ask the best rivals once the search of the web is over, or has lasted too long; once."""
    with transaction():
        request = get_request(request_id, lock=True)
        search = find_rival_search(request_id, lock=True)
        if search is None or request.status not in WANTS_RIVALS or are_rivals_told(request.id):
            return
        if search.finished_at is None and not _is_given_up(search, now):
            return
        if search.finished_at is None:
            end_rival_search(search, "too_slow", now)
        earlier = list_outreaches(request.id)
        rivals = [_plan(request, candidate, now) for candidate in _rivals(request)]
        if rivals:
            tell(request, "rivals_chosen", now, shops=_names(rivals))
        else:
            tell(request, "no_rivals", now, why="search_failed" if search.failure else "none_found")
        # One letter about all shops: the buyer need not read two within a minute.
        asked = _names([*earlier, *rivals])
        if asked:
            _tell_the_buyer(request, asked, now)


def _is_given_up(search: RivalSearch, now: datetime) -> bool:
    """Nobody has it in hand, and it has waited long enough."""
    in_hand = search.leased_until is not None and search.leased_until >= now
    return not in_hand and now - search.created_at > SEARCH_PATIENCE


def _names(outreaches: Sequence[Outreach]) -> list[str]:
    """The shops that are asked; not those that forbid it."""
    return [o.shop.name for o in outreaches if o.status is not OutreachStatus.STOPPED]


def _own_shop(request: DiscountRequest, now: datetime) -> Candidate:
    product = request.product
    if product is None:  # its page could not be read in time: the link must do
        shop = shop_of_url(request.product_url, now)
        return Candidate(shop, request.product_url, request.product_url, None, None, now)
    return Candidate(
        product.shop, product.url, product.title, product.price, product.currency, product.read_at
    )


def _rivals(request: DiscountRequest) -> list[Candidate]:
    """The best other shops that sell it and have not been asked for it, here or for the same buyer."""
    if request.product is None or not request.asks_rivals:
        return []
    asked = {outreach.shop_id for outreach in list_outreaches(request.id)}
    meanwhile = pages_asked_meanwhile(request)  # of one bicycle's two shops each is the other's rival
    known = {
        rival.listing.shop_id: rival
        for rival in list_rivals(request.product)
        if page_key(rival.listing.url) not in meanwhile
    }
    records = answer_records(known)
    options = [
        _option(rival, records.get(shop_id, AnswerRecord()))
        for shop_id, rival in known.items()
        if shop_id not in asked and not is_stopped(rival.listing.shop)
    ]
    best = choose_rivals(options, request.product.currency)
    return [_as_candidate(known[option.shop_id]) for option in best]


def _option(rival: Rival, record: AnswerRecord) -> RivalOption:
    listing = rival.listing
    return RivalOption(listing.shop_id, rival.score, listing.price, listing.currency, record)


def _as_candidate(rival: Rival) -> Candidate:
    listing = rival.listing
    return Candidate(
        listing.shop,
        listing.url,
        listing.title,
        listing.price,
        listing.currency,
        listing.seen_at,
        rival.why,
    )


def _plan(request: DiscountRequest, candidate: Candidate, now: datetime) -> Outreach:
    shop = candidate.shop
    outreach = Outreach(
        discount_request=request,
        shop=shop,
        is_rival=bool(candidate.why_rival),
        why_rival=candidate.why_rival,
        product_url=candidate.url,
        product_title=candidate.title,
        price=candidate.price,
        currency=candidate.currency,
        seen_at=candidate.seen_at,
        created_at=now,
    )
    db.session.add(outreach)
    db.session.flush()
    if is_stopped(shop):
        end(outreach, OutreachEvent.STOPPED, now)
        tell(request, "shop_forbids", now, shop=shop.name)
    elif is_fresh(shop.contacts_read_at, now):
        enqueue_after_commit(Job.ASK_SHOP, shop.id)
    else:
        enqueue_after_commit(Job.ANSWER_BY_RULE, outreach.id)  # a rule need not wait for doors
        begin_crawl(shop, candidate.url, now)
    return outreach


def _tell_the_buyer(request: DiscountRequest, shops: Sequence[str], now: datetime) -> None:
    assert request.buyer is not None
    notify(
        AskedShops(
            number=request.number,
            product=product_seen(request),
            follow_url=follow_url(request),
            shops=tuple(shops),
            next_step_at=None,
        ),
        to=request.buyer.email,
        language=request.language,
        purpose=f"request:{request.id}:asked",
        now=now,
    )
