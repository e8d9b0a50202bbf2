"""Searching the web for other shops that sell a product, and making sure of each by its own page."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from discount_broker.discovery.extract.pages.page import decode_page
from discount_broker.discovery.extract.pages.site_names import find_site_name
from discount_broker.discovery.extract.products.finding import read_product, why_not_product
from discount_broker.discovery.extract.products.reading import Availability, ProductReading
from discount_broker.discovery.extract.rivals.matching import Goods, Match, match_products
from discount_broker.discovery.extract.rivals.search import (
    Prospect,
    judge_hits,
    queries_for,
    why_no_rival,
    worth_reading,
)
from discount_broker.discovery.models import CrawlStatus, ListingSource, RivalSearch
from discount_broker.discovery.operations import end_rival_search, note_listing
from discount_broker.discovery.ports import Fetcher, FetchRefused, SearchEngine, SearchUnavailable
from discount_broker.discovery.queries import find_rival_search, goods_of, list_waiting_searches
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.transaction import transaction
from discount_broker.kernel.urls import registrable_domain
from discount_broker.messaging.queries import is_suppressed
from discount_broker.shops.operations import shop_of_url
from discount_broker.shops.queries import domains_of, find_shop_by_domain, is_stopped

LEASE = timedelta(seconds=100)
MOST_ATTEMPTS = 2
MOST_PAGES = 8
MOST_SECONDS = 30.0
"""For all pages together; begun when it runs out, a page is still read to its end."""
MOST_KEPT = 60
RUSSIAN = ("ru", "be", "kk", "uk")

Clock = Callable[[], float]


@dataclass(frozen=True)
class Errand:
    """What is looked for, for whom."""

    request_id: UUID
    attempt: int
    product: Goods
    own_domains: tuple[str, ...]
    language: str
    country: str | None


@dataclass(frozen=True)
class Judged:
    """A page of a search, and whether it sells the product."""

    prospect: Prospect
    match: Match
    reading: ProductReading | None = None
    shop_name: str = ""

    def as_row(self) -> dict[str, Any]:
        price = self.reading and self.reading.price
        return {
            "url": self.prospect.url,
            "title": self.prospect.title,
            "domain": self.prospect.domain,
            "same": self.match.same,
            "score": self.match.score,
            "why": self.match.why,
            "price": f"{price} {self.reading.currency or ''}".strip() if self.reading and price else "",
            "availability": str(self.reading.availability) if self.reading else "",
        }


def find_rivals(
    request_id: UUID,
    engine: SearchEngine | None,
    fetcher: Fetcher,
    now: datetime,
    clock: Clock = time.monotonic,
) -> None:
    """Search, read what was found, keep it and say why. Claim, walk, record."""
    errand = _claim(request_id, now)
    if errand is None:
        return
    prospects, asked, unavailable = _search(errand, engine)  # no transaction is open here
    if unavailable is not None:
        _record_failure(errand, unavailable, now)
        return
    prospects = _without_stopped(prospects)
    judged = _read_all(errand, prospects, fetcher, clock)  # nor here
    _record(errand, judged, asked, now)


def requeue_lost_searches(now: datetime) -> None:
    """Ring again for searches that wait, or whose searcher never came back."""
    with transaction():
        for request_id in list_waiting_searches(now):
            enqueue_after_commit(Job.FIND_RIVALS, request_id)


def _claim(request_id: UUID, now: datetime) -> Errand | None:
    """The search for exactly one searcher; one that no searcher comes back from is given up."""
    with transaction():
        search = find_rival_search(request_id, lock=True)
        if search is None or not _is_free(search, now):
            return None
        product = search.discount_request.product
        if product is None or search.attempts >= MOST_ATTEMPTS:
            end_rival_search(search, "given_up", now)
            return None
        search.status, search.leased_until = CrawlStatus.RUNNING, now + LEASE
        search.attempts += 1
        language = product.language or product.shop.language or ""
        return Errand(
            request_id,
            search.attempts,
            goods_of(product),
            tuple(domains_of(product.shop)),
            "ru" if language in RUSSIAN else "en",
            product.shop.country,
        )


def _is_free(search: RivalSearch, now: datetime) -> bool:
    is_abandoned = search.leased_until is not None and search.leased_until < now
    return search.status is CrawlStatus.WAITING or is_abandoned


def _search(
    errand: Errand, engine: SearchEngine | None
) -> tuple[list[Prospect], list[str], SearchUnavailable | None]:
    """What the engine finds, what it was asked, and why nothing was found where it failed."""
    if engine is None:  # it was taken out of the settings while this waited
        return [], [], SearchUnavailable("no_engine", is_final=True)
    hits: list[tuple[str, str]] = []
    asked: list[str] = []
    prospects: list[Prospect] = []
    for query in queries_for(errand.product, errand.language):
        try:
            found = engine.search(query, language=errand.language, country=errand.country)
        except SearchUnavailable as unavailable:
            return prospects, asked, None if prospects else unavailable
        asked.append(query)
        hits += [(hit.url, hit.title) for hit in found]
        prospects = judge_hits(errand.product, hits, errand.own_domains)
        if len(worth_reading(prospects, MOST_PAGES)) == MOST_PAGES:
            break
    return prospects, asked, None


def _without_stopped(prospects: Sequence[Prospect]) -> list[Prospect]:
    with transaction():
        return [replace(one, why_not="stopped") if _is_stopped(one) else one for one in prospects]


def _is_stopped(prospect: Prospect) -> bool:
    shop = find_shop_by_domain(prospect.domain)
    return is_stopped(shop) if shop else is_suppressed([f"shop:{prospect.domain}"])


def _read_all(errand: Errand, prospects: Sequence[Prospect], fetcher: Fetcher, clock: Clock) -> list[Judged]:
    """The most promising pages read, as many as the time allows; the others with the reason why not."""
    ends_at = clock() + MOST_SECONDS
    promising = worth_reading(prospects, MOST_PAGES)
    judged = [_judge(errand, one, fetcher) if clock() < ends_at else _no(one, "budget") for one in promising]
    read = {one.prospect.domain for one in judged}
    return judged + [
        _no(one, one.why_not or "beyond_the_best") for one in prospects if one.domain not in read
    ]


def _no(prospect: Prospect, why: str) -> Judged:
    return Judged(prospect, Match(prospect.domain, same=False, score=0.0, why=why))


def _judge(errand: Errand, prospect: Prospect, fetcher: Fetcher) -> Judged:
    """Whether the page sells the product, by what it says itself."""
    try:
        page = fetcher.fetch(prospect.url)
    except FetchRefused as refused:
        return _no(prospect, str(refused.why))
    if page.status != 200:
        return _no(prospect, f"http_{page.status}")
    landed = replace(prospect, url=page.url, domain=registrable_domain(page.url))
    if why_not := why_no_rival(landed.url, landed.domain, errand.own_domains):
        return _no(landed, why_not)
    html = decode_page(page.content, page.content_type)
    reading = read_product(html, page.url)
    if reading is None:
        return _no(landed, why_not_product(html, page.url))
    (match,) = match_products(errand.product, [_goods_read(landed.domain, reading)])
    landed = replace(landed, title=reading.title[:300])
    return Judged(landed, match, reading, find_site_name(html, page.url) if match.same else "")


def _goods_read(domain: str, reading: ProductReading) -> Goods:
    return Goods(
        id=domain,
        title=reading.title,
        brand=reading.brand,
        model=reading.model,
        gtin=reading.gtin,
        price=reading.price,
        currency=reading.currency,
    )


def _record_failure(errand: Errand, unavailable: SearchUnavailable, now: datetime) -> None:
    """Keep why nothing was searched; what may pass is tried once more, when the sweep rings."""
    with transaction():
        search = _search_in_hand(errand)
        if search is None:
            return
        if unavailable.is_final or search.attempts >= MOST_ATTEMPTS:
            end_rival_search(search, unavailable.why, now)
        else:
            search.status, search.leased_until = CrawlStatus.WAITING, None
            search.failure = unavailable.why


def _record(errand: Errand, judged: Sequence[Judged], asked: Sequence[str], now: datetime) -> None:
    with transaction():
        search = _search_in_hand(errand)
        if search is None:
            return
        search.query = "\n".join(asked)
        search.candidates = [one.as_row() for one in judged[:MOST_KEPT]]
        for one in judged:
            if one.match.same and one.reading is not None:
                _keep(one, one.reading, now)
        end_rival_search(search, "", now)


def _search_in_hand(errand: Errand) -> RivalSearch | None:
    """The search, unless it was given up or another searcher took over meanwhile."""
    search = find_rival_search(errand.request_id, lock=True)
    is_ours = search is not None and search.attempts == errand.attempt
    return search if search is not None and is_ours and search.status is CrawlStatus.RUNNING else None


def _keep(one: Judged, reading: ProductReading, now: datetime) -> None:
    """The listing stays for later requests; sold out, it is asked about when it is back."""
    if reading.availability is Availability.UNKNOWN and reading.price is None:
        return  # nothing shows that it is for sale there
    shop = shop_of_url(one.prospect.url, now, one.shop_name)
    note_listing(shop, one.prospect.url, reading, ListingSource.SEARCH, now)
