"""The guarded fetcher: reads strangers' pages, sends their forms, is neither led astray nor held up."""

import http.client
import logging
import ssl
import string
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.message import Message
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar
from typing import cast
from urllib.parse import quote, urljoin, urlsplit
from urllib.request import Request

from redis import Redis

from discount_broker.adapters.fetch_guard import FetchGuard, LookUp, Route, clean_url, system_look_up
from discount_broker.adapters.http_exchange import Ask, Caps, Exchange, make_tls, spell
from discount_broker.adapters.pacing import HostBusy, LocalPacer, Pacer, RedisPacer
from discount_broker.adapters.robots import LARGEST_ROBOTS, Manners, RobotsBook
from discount_broker.discovery.ports import AnswerLost, FetchRefused, Page, RefusedWhy, Validators
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.urls import host_of

logger = logging.getLogger(__name__)

LONGEST_HOLD_OFF = 600.0
LARGEST_SITEMAP = 3_000_000
LARGEST_FEED = 40_000_000
LONGEST_FEED = 90.0  # seconds on the network
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
REDIRECTS = {301, 302, 303, 307, 308}
SAME_AGAIN = {307, 308}
"""Redirects that say: nothing happened here, send the same over there."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much one page may cost."""

    size: int = 6_000_000
    """Bytes after decompression; product pages of well-known shops have over five million."""
    seconds: float = 15.0
    """On the network, redirects included; waiting for a turn at the host does not count."""
    redirects: int = 5
    takes_any_type: bool = False
    """Whether to download what is clearly no page: a feed may come as application/octet-stream."""


@dataclass(frozen=True)
class _Terms:
    """How one walk is treated."""

    caps: Caps
    seconds: float
    keeps_robots: bool = True


@dataclass
class _Progress:
    seconds: float = 0.0
    """Spent on the network so far."""
    is_sent: bool = False
    """Whether a form may have been received."""

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Count the time within, also when it ends in a refusal."""
        started = time.monotonic()
        try:
            yield
        finally:
            self.seconds += time.monotonic() - started


class GuardedFetcher:
    """Every request of the crawler and of the form channel goes through one of these.

    `allow` and `resolve` are `BROKER_FETCH_ALLOW` and `BROKER_FETCH_RESOLVE`; a `delay` of 0
    means no pacing at all. With a `redis`, delays are kept and robots.txt remembered across
    all processes that share it; it should have short time-outs and few retries, for pages are
    read without it too.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allow: tuple[str, ...] = (),
        resolve: tuple[tuple[str, str], ...] = (),
        delay: float = 2.0,
        redis: Redis | None = None,
        limits: Limits = Limits(),
        look_up: LookUp = system_look_up,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._headers = {"User-Agent": user_agent, "Accept": ACCEPT}
        self._guard = FetchGuard(allow, resolve, look_up)
        self._delay, self._redirects = delay, limits.redirects
        self._pacer: Pacer = LocalPacer() if redis is None else RedisPacer(redis)
        self._robots = RobotsBook(user_agent, self._read_robots, redis)
        size, seconds = limits.size, limits.seconds
        self._page_terms = _Terms(Caps(size, takes_any_type=limits.takes_any_type), seconds)
        # A form is sent for a person, so robots.txt, which is about crawling, has no say in its answer.
        self._form_terms = _Terms(Caps(size, takes_any_type=True), seconds, keeps_robots=False)
        caps = Caps(LARGEST_ROBOTS, is_cut=True, takes_any_type=True)
        self._robots_terms = _Terms(caps, seconds, keeps_robots=False)
        self._sitemap_terms = _Terms(replace(caps, size=LARGEST_SITEMAP), seconds)
        self._feed_terms = _Terms(Caps(LARGEST_FEED, takes_any_type=True), LONGEST_FEED)
        self._tls = tls or make_tls()

    def fetch(self, url: str, known: Validators | None = None, *, seconds: float | None = None) -> Page:
        # A jar of its own: some shops set a cookie and redirect to the same page to see it come back.
        ask = Ask("GET", clean_url(url), _conditions(known or Validators()))
        return self._walk(ask, CookieJar(), _within(self._page_terms, seconds))

    def sitemaps(self, url: str) -> list[str]:
        return self._robots.sitemaps(clean_url(url))

    def fetch_sitemap(self, url: str, *, seconds: float | None = None) -> Page:
        return self._walk(Ask("GET", clean_url(url)), CookieJar(), _within(self._sitemap_terms, seconds))

    def fetch_feed(self, url: str) -> Page:
        return self._walk(Ask("GET", clean_url(url)), CookieJar(), self._feed_terms)

    def visit(self) -> "GuardedVisit":
        return GuardedVisit(self)

    def read(self, url: str, jar: CookieJar) -> Page:
        return self._walk(Ask("GET", clean_url(url)), jar, self._page_terms)

    def send(self, ask: Ask, jar: CookieJar) -> Page:
        return self._walk(replace(ask, url=clean_url(ask.url)), jar, self._form_terms)

    def _read_robots(self, url: str) -> Page:
        return self._walk(Ask("GET", url), CookieJar(), self._robots_terms)

    def _walk(self, ask: Ask, jar: CookieJar, terms: _Terms) -> Page:
        progress = _Progress()
        try:
            return self._go(ask, jar, terms, progress)
        except FetchRefused as refused:
            logger.info("%s %s: %s", ask.method, host_of(refused.url), refused.why)
            refused.seconds += progress.seconds
            if progress.is_sent:
                raise AnswerLost(refused.url, refused.why, is_final=False) from refused
            raise

    def _go(self, ask: Ask, jar: CookieJar, terms: _Terms, progress: _Progress) -> Page:
        """Ask, and go where the answers point until one points nowhere."""
        for _ in range(self._redirects + 1):
            page = self._step(ask, jar, terms, progress)
            following = _follow(ask, page)
            if following is None:
                return replace(page, seconds=progress.seconds)
            ask = following
            progress.is_sent &= page.status not in SAME_AGAIN
        raise FetchRefused(ask.url, RefusedWhy.TOO_MANY_REDIRECTS)

    def _step(self, ask: Ask, jar: CookieJar, terms: _Terms, progress: _Progress) -> Page:
        with progress.timed():
            route = self._guard.find_route(ask.url, terms.seconds - progress.seconds)
        progress.seconds += self._wait_turn(ask.url, route.host, terms)
        left = terms.seconds - progress.seconds
        with progress.timed():
            answer, content = self._ask(ask, route, jar, replace(terms, seconds=left), progress)
        wait = _asked_to_wait(answer)
        if self._delay and wait:
            self._pacer.hold_off(route.host, min(wait, LONGEST_HOLD_OFF))
        return Page(
            url=ask.url,
            status=answer.status,
            content=content,
            content_type=answer.headers.get("content-type", ""),
            headers={name.lower(): value for name, value in answer.headers.items()},
            wait=wait,
        )

    def _ask(
        self, ask: Ask, route: Route, jar: CookieJar, terms: _Terms, progress: _Progress
    ) -> tuple[http.client.HTTPResponse, bytes]:
        deadline = time.monotonic() + terms.seconds
        errand = Request(ask.url, method=ask.method)  # noqa: S310 - a form of the URL the cookie jar understands
        jar.add_cookie_header(errand)
        cookies = errand.get_header("Cookie")
        headers = self._headers | ask.headers | ({"Cookie": cookies} if cookies else {})
        request = spell(replace(ask, headers=headers))
        with Exchange(route, deadline, self._tls) as exchange:
            progress.is_sent |= ask.method == "POST"
            answer, content = exchange.talk(ask.method, request, terms.caps)
        jar.extract_cookies(answer, errand)
        return answer, content

    def _wait_turn(self, url: str, host: str, terms: _Terms) -> float:
        """Wait as the site wishes; the seconds that asking for its wishes took on the network."""
        manners = self._robots.check(url) if terms.keeps_robots else Manners(0.0, 0.0)
        if self._delay:
            try:
                self._pacer.wait_turn(host, max(self._delay, manners.delay))
            except HostBusy as busy:
                raise FetchRefused(url, RefusedWhy.BUDGET, is_final=False, wait=busy.wait) from None
        return manners.seconds


class GuardedVisit:
    """Cookies of one walk through a site."""

    def __init__(self, fetcher: GuardedFetcher) -> None:
        self._fetcher, self._jar = fetcher, CookieJar()

    def get(self, url: str) -> Page:
        return self._fetcher.read(url, self._jar)

    def post(
        self,
        url: str,
        body: bytes,
        content_type: str,
        referer: str,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        referer = clean_url(referer)
        origin = _origin(referer)
        told = {
            "Content-Type": content_type,
            "Origin": origin,
            # Browsers tell another site where from, and not from which page.
            "Referer": referer if _origin(clean_url(url)) == origin else f"{origin}/",
        }
        return self._fetcher.send(Ask("POST", url, told | dict(headers or {}), body), self._jar)

    def cookies(self, url: str) -> dict[str, str]:
        errand = Request(clean_url(url))  # noqa: S310 - a form of the URL the cookie jar understands
        self._jar.add_cookie_header(errand)
        pairs = (pair.partition("=") for pair in (errand.get_header("Cookie") or "").split("; "))
        return {name: value for name, _, value in pairs if name}

    def keep_cookie(self, url: str, name: str, value: str) -> None:
        headers = Message()
        headers["Set-Cookie"] = f"{name}={value}; Path=/"
        answer = cast("http.client.HTTPResponse", _Told(headers))
        self._jar.extract_cookies(answer, Request(clean_url(url)))  # noqa: S310 - asks nobody


class _Told:
    """All of an answer that a cookie jar looks at."""

    def __init__(self, headers: Message) -> None:
        self._headers = headers

    def info(self) -> Message:
        return self._headers


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _conditions(known: Validators) -> dict[str, str]:
    """Headers that ask for the page only if it has changed (RFC 9110, section 13.1)."""
    wanted = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in wanted.items() if value}


def _within(terms: _Terms, seconds: float | None) -> _Terms:
    return terms if seconds is None else replace(terms, seconds=min(terms.seconds, max(seconds, 0.0)))


def _follow(ask: Ask, page: Page) -> Ask | None:
    location = page.headers.get("location", "")
    if page.status not in REDIRECTS or not location:
        return None
    # Headers are read as Latin-1; whatever encoding the server meant, its bytes are escaped as they came.
    location = quote(location.encode("latin-1", "replace"), safe=string.printable)
    try:
        url = clean_url(urljoin(ask.url, location))
    except ValueError:
        raise FetchRefused(ask.url, RefusedWhy.NOT_WEB) from None
    if page.status in SAME_AGAIN:
        return replace(ask, url=url)
    referer = {name: value for name, value in ask.headers.items() if name == "Referer"}
    return Ask("GET", url, referer)


def _asked_to_wait(answer: http.client.HTTPResponse) -> float:
    return _seconds_in(answer.headers.get("retry-after", "")) if answer.status in (429, 503) else 0.0


def _seconds_in(retry_after: str) -> float:
    """Retry-After is a number of seconds or a date."""
    if retry_after.isdecimal():
        return float(retry_after)
    try:
        return max((parsedate_to_datetime(retry_after) - utcnow()).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return 0.0
