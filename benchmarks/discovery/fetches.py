"""How many pages of a shop are fetched until its doors are found, on saved sites over a real web server."""

import importlib
import logging
import random
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from benchmarks.discovery.corpus import are_here
from benchmarks.discovery.peers import EXTRACT_EMAILS, say_missing
from discount_broker.adapters.http_fetch import GuardedFetcher
from discount_broker.discovery.extract.emails.finding import find_emails
from discount_broker.discovery.extract.pages.page import decode_page
from discount_broker.discovery.use_cases import survey
from discount_broker.settings import Settings
from discount_broker.shops.status import ContactKind
from tests.contract.servers import LocalSite, serving
from tests.fakes import Asked, FakeMailRoutes
from tests.real.replay import Replay
from tests.real.saved_pages import SavedSite, read_sites

SEED = 20130
SITES_OF_PEER = 60
"""Sites with several saved pages that extract-emails walks through: it is slow."""
WANTED_FETCHES = 3
FILTERS = {"ContactInfoLinkFilter": "links named contact or about", "DefaultLinkFilter": "all links"}

Addresses = Callable[[str, str], Iterable[str]]
"""What a reader finds in a page: markup and its address in, mail addresses out."""


@dataclass(frozen=True)
class Walk:
    """What one walk through a site asked its server for, robots.txt apart, in order."""

    site: SavedSite
    asked: tuple[Asked, ...]
    found: frozenset[str] = frozenset()
    """Mail addresses that a person found on the site too."""
    has_door: bool = False

    def until(self, addresses: frozenset[str], read: Addresses) -> int | None:
        """The fetch by which all of these were seen; None when they never were."""
        replay, seen = Replay([self.site]), set[str]()
        for place, asked in enumerate(self.asked, 1):
            answer = replay.answer(asked)
            if answer.status == 200:
                html = decode_page(answer.content, answer.content_type)
                seen |= {address.lower() for address in read(html, asked.url)}
            if addresses <= seen:
                return place
        return None


def run() -> None:
    if not are_here():
        return
    sites = [site for site in read_sites() if site.expected]
    # Each refused page is worth a line in production; here thousands are missing on purpose.
    logging.getLogger("discount_broker").setLevel(logging.ERROR)
    with serving(Replay(sites).answer) as web:
        walks = [_ours(site, web) for site in sites]
        _say_ours(walks)
        several = [walk for walk in walks if len(walk.site.pages) > 1 and walk.found]
        chosen = random.Random(SEED).sample(several, min(SITES_OF_PEER, len(several)))
        _compare(chosen, web)


def _ours(site: SavedSite, web: LocalSite) -> Walk:
    names = {name for host in site.hosts for name in (host, f"www.{host}", site.domain)}
    fetcher = GuardedFetcher(
        user_agent="DiscountBrokerBot/1.0",
        resolve=tuple((name, web.place) for name in sorted(names)),
        delay=0,
        look_up=_no_name_server,
    )
    before = len(web.asked)
    found = survey(fetcher, FakeMailRoutes(), site.start.url, Settings().pages_per_shop)
    addresses = {value.lower() for kind, value in found.doors if kind is ContactKind.EMAIL}
    has_door = any(kind in (ContactKind.EMAIL, ContactKind.FORM) for kind, _ in found.doors)
    return Walk(site, _since(before, web), frozenset(addresses & site.expected), has_door)


def _since(before: int, web: LocalSite) -> tuple[Asked, ...]:
    return tuple(asked for asked in web.asked[before:] if asked.path != "/robots.txt")


def _no_name_server(host: str) -> list[str]:
    raise OSError(f"{host} was not saved")


def _say_ours(walks: Sequence[Walk]) -> None:
    open_ = [walk for walk in walks if walk.has_door]
    several = [walk for walk in open_ if len(walk.site.pages) > 1]
    print(f"  {len(walks)} saved sites on which a person found an address; doors found on {len(open_)}")
    print(f"  fetches of a walk where there are doors: {_fetches(open_)} (wanted: median ≤ {WANTED_FETCHES})")
    print(f"  … of sites with more than one saved page: {_fetches(several)}")
    print("  (pages that were not saved are not found, though the shops have them: walks are longer here)")


def _compare(walks: Sequence[Walk], web: LocalSite) -> None:
    print(f"  {len(walks)} sites with several saved pages, until the addresses that we found are seen:")
    untils = [walk.until(walk.found, _our_addresses) for walk in walks]
    first = [until == 1 for until in untils]
    _say("this project", walks, untils, first)
    if not EXTRACT_EMAILS.is_installed():
        say_missing()
        return
    read = _their_addresses()
    for name, said in FILTERS.items():
        theirs = [_theirs(walk.site, name, web) for walk in walks]
        untils = [one.until(walk.found, read) for one, walk in zip(theirs, walks, strict=True)]
        _say(f"{EXTRACT_EMAILS}, {said}", theirs, untils, first)


def _say(name: str, walks: Sequence[Walk], untils: Sequence[int | None], first: Sequence[bool]) -> None:
    """Who never sees them has needed the whole walk at least. `first`: the first page shows them."""
    needed = [until or len(walk.asked) for until, walk in zip(untils, walks, strict=True)]
    behind = [count for count, is_first in zip(needed, first, strict=True) if not is_first]
    seen = sum(until is not None for until in untils)
    print(f"  {name:52}{_spread(needed)}; all seen on {seen} sites; whole walk {_fetches(walks)}")
    print(f"  {'  where they stand behind the first page':52}{_spread(behind)} ({len(behind)} sites)")


def _our_addresses(html: str, url: str) -> Iterable[str]:
    return [found.address for found in find_emails(html, url)]


def _their_addresses() -> Addresses:
    """Its extractor, asked once for each page however many walks come by."""
    module: Any = importlib.import_module("extract_emails.data_extractors.advanced_email_extractor")
    read = cache(module.AdvancedEmailExtractor().get_data)
    return lambda html, _url: read(html)


def _theirs(site: SavedSite, filter_name: str, web: LocalSite) -> Walk:
    """Its own breadth-first walk, from the same page, to its end; what it reads there is read afterwards."""
    importlib.import_module("loguru").logger.disable("extract_emails")
    link_filter: Any = getattr(importlib.import_module("extract_emails.link_filters"), filter_name)
    worker: Any = importlib.import_module("extract_emails.workers").DefaultWorker
    before, start = len(web.asked), site.start.url
    worker(
        start, _Browser(web.place), link_filter=link_filter(start), data_extractors=[_Nothing()]
    ).get_data()
    return Walk(site, _since(before, web))


class _Nothing:
    name = "email"

    def get_data(self, _page_source: str) -> set[str]:
        return set()


class _Browser:
    """What its worker asks for pages; reaches the saved sites, and decodes as well as we do."""

    def __init__(self, place: str) -> None:
        self._place = place

    def get_page_source(self, url: str) -> str:
        """Empty, as its own browser has it, for a page that is not there."""
        parts = urlsplit(url)
        connection = HTTPConnection(self._place, timeout=10)
        try:
            path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
            connection.request("GET", path, headers={"Host": parts.hostname or ""})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        return decode_page(content, answer.headers.get("Content-Type", "")) if answer.status == 200 else ""


def _fetches(walks: Sequence[Walk]) -> str:
    return _spread([len(walk.asked) for walk in walks])


def _spread(counts: Sequence[int]) -> str:
    if not counts:
        return "none"
    return f"median {statistics.median(counts):g}, mean {statistics.fmean(counts):.1f}, most {max(counts)}"
