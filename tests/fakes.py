"""Stand-ins for the outside world that keep the contracts of the real adapters (`tests/contract`)."""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.cookies import SimpleCookie
from urllib.parse import urljoin, urlsplit
from uuid import UUID

from protego import Protego

from discount_broker.discovery.ports import (
    AnswerLost,
    FetchRefused,
    MailRoute,
    Page,
    RefusedWhy,
    Validators,
)
from discount_broker.messaging.ports import DeliveryFailure, OutgoingMessage, Receipt


@dataclass(frozen=True)
class Asked:
    """A request as it reached a shop."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def path(self) -> str:
        return urlsplit(self.url).path


@dataclass(frozen=True)
class Answer:
    """What a shop says to it."""

    content: bytes = b""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


Site = Callable[[Asked], Answer]
"""A shop's server. Raising ConnectionError hangs up in the middle."""

NOT_FOUND = Answer(b"No such page", 404)


def redirect(location: str, status: int = 302) -> Answer:
    return Answer(b"", status, headers={"Location": location})


def site_of(pages: Mapping[str, Answer | bytes | str]) -> Site:
    """A site that always says the same, by path."""

    def answer(asked: Asked) -> Answer:
        page = pages.get(asked.path, NOT_FOUND)
        if isinstance(page, Answer):
            return page
        return Answer(page.encode() if isinstance(page, str) else page)

    return answer


class FakeFetcher:
    """Reaches the given sites, by host, and nothing else. `asked` tells what reached them."""

    def __init__(self, sites: Mapping[str, Site] | None = None, *, dead: tuple[str, ...] = ()) -> None:
        self.sites = dict(sites or {})
        self.dead = dead
        """Hosts that have a name and refuse connections."""
        self.asked: list[Asked] = []
        self.size = 6_000_000
        self._sitemaps: dict[str, list[str]] = {}

    def fetch(self, url: str, known: Validators | None = None, *, seconds: float | None = None) -> Page:
        if seconds is not None and seconds <= 0:
            raise FetchRefused(url, RefusedWhy.TOO_SLOW, is_final=False)
        wanted = {"if-none-match": known.etag, "if-modified-since": known.last_modified} if known else {}
        conditions = {name: value for name, value in wanted.items() if value}
        return FakeVisit(self).walk(Asked("GET", _clean(url), conditions), keeps_robots=True)

    def sitemaps(self, url: str) -> list[str]:
        return self._sitemaps.get(urljoin(url, "/"), [])

    def fetch_sitemap(self, url: str, *, seconds: float | None = None) -> Page:
        return FakeVisit(self).walk(Asked("GET", _clean(url)), keeps_robots=True, takes_any_type=True)

    def fetch_feed(self, url: str) -> Page:
        return FakeVisit(self).walk(Asked("GET", _clean(url)), keeps_robots=True, takes_any_type=True)

    def visit(self) -> "FakeVisit":
        return FakeVisit(self)

    def site_at(self, url: str) -> Site:
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            raise FetchRefused(url, RefusedWhy.NOT_WEB) from None
        if parts.scheme not in ("http", "https") or not host:
            raise FetchRefused(url, RefusedWhy.NOT_WEB)
        if host in self.dead:
            raise FetchRefused(url, RefusedWhy.UNREACHABLE, is_final=False)
        if host not in self.sites:
            raise FetchRefused(
                url, RefusedWhy.PRIVATE_ADDRESS if _is_private(host) else RefusedWhy.NAME_UNKNOWN
            )
        return self.sites[host]

    def check_robots(self, url: str) -> None:
        answer = self.site_at(url)(Asked("GET", urljoin(url, "/robots.txt")))
        robots = Protego.parse(answer.content.decode() if answer.status < 300 else "")
        self._sitemaps[urljoin(url, "/")] = list(robots.sitemaps)
        if answer.status >= 500 or not robots.can_fetch(url, "DiscountBrokerBot"):
            raise FetchRefused(url, RefusedWhy.ROBOTS, is_final=answer.status < 500)


class FakeVisit:
    def __init__(self, fetcher: FakeFetcher) -> None:
        self._fetcher = fetcher
        self._cookies: dict[str, dict[str, str]] = {}

    def get(self, url: str) -> Page:
        return self.walk(Asked("GET", _clean(url)), keeps_robots=True)

    def post(
        self,
        url: str,
        body: bytes,
        content_type: str,
        referer: str,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        origin = urljoin(referer, "/")
        told = {
            "content-type": content_type,
            "referer": referer if urljoin(url, "/") == origin else origin,
            "origin": origin[:-1],
        }
        told |= {name.lower(): value for name, value in (headers or {}).items()}
        return self.walk(Asked("POST", _clean(url), told, body), keeps_robots=False)

    def cookies(self, url: str) -> dict[str, str]:
        return dict(self._cookies.get(urlsplit(url).hostname or "", {}))

    def keep_cookie(self, url: str, name: str, value: str) -> None:
        self._cookies.setdefault(urlsplit(url).hostname or "", {})[name] = value

    def walk(self, asked: Asked, *, keeps_robots: bool, takes_any_type: bool = False) -> Page:
        for _ in range(6):
            if keeps_robots:
                self._fetcher.check_robots(asked.url)
            any_type = takes_any_type or not keeps_robots
            page = self._ask(self._fetcher.site_at(asked.url), asked, takes_any_type=any_type)
            if "location" not in page.headers:
                return page
            if asked.method == "POST" and page.status not in (307, 308):
                return self._read_after_form(asked.url, page.headers["location"])
            headers = asked.headers if page.status in (307, 308) else {}
            asked = replace(asked, url=_join(asked.url, page.headers["location"]), headers=headers)
        raise FetchRefused(asked.url, RefusedWhy.TOO_MANY_REDIRECTS)

    def _read_after_form(self, url: str, location: str) -> Page:
        try:
            return self.walk(Asked("GET", _join(url, location)), keeps_robots=False)
        except FetchRefused as refused:
            raise AnswerLost(refused.url, refused.why, is_final=False) from refused

    def _ask(self, site: Site, asked: Asked, *, takes_any_type: bool) -> Page:
        cookies = self._cookies.setdefault(urlsplit(asked.url).hostname or "", {})
        if cookies:
            asked.headers["cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self._fetcher.asked.append(asked)
        try:
            answer = site(asked)
        except ConnectionError:
            lost = FetchRefused if asked.method == "GET" else AnswerLost
            raise lost(asked.url, RefusedWhy.UNREACHABLE, is_final=False) from None
        is_page = answer.content_type.startswith(("text/", "application/json", "application/xml"))
        if not takes_any_type and not is_page:
            raise FetchRefused(asked.url, RefusedWhy.NOT_HTML)
        if len(answer.content) > self._fetcher.size:
            raise FetchRefused(asked.url, RefusedWhy.TOO_LARGE)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        cookie = SimpleCookie(headers.get("set-cookie", ""))
        cookies.update({name: morsel.value for name, morsel in cookie.items()})
        headers["content-type"] = answer.content_type
        wait = float(headers.get("retry-after", 0)) if answer.status in (429, 503) else 0.0
        return Page(asked.url, answer.status, answer.content, answer.content_type, headers=headers, wait=wait)


class FakeMailRoutes:
    """Name servers that know what they are told, and find a way to every other domain."""

    def __init__(self, told: Mapping[str, MailRoute] | None = None) -> None:
        self.told = dict(told or {})
        self.asked: list[str] = []

    def look_up(self, domain: str) -> MailRoute:
        self.asked.append(domain)
        return self.told.get(domain.lower(), MailRoute.OPEN)


class FakeAuthenticity:
    """Knows who signed the mails it is told of; nobody signed any other."""

    def __init__(self, told: Mapping[bytes, dict[str, str]] | None = None) -> None:
        self.told = dict(told or {})
        self.asked: list[bytes] = []

    def check(self, content: bytes) -> dict[str, str]:
        self.asked.append(content)
        return self.told.get(content, {"dkim": "none", "by": "us"})


def _clean(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise FetchRefused(url, RefusedWhy.NOT_WEB) from None
    netloc = parts.netloc.rpartition("@")[2].lower()
    return parts._replace(netloc=netloc, path=parts.path or "/", fragment="").geturl()


def _join(url: str, location: str) -> str:
    try:
        return _clean(urljoin(url, location))
    except ValueError:
        raise FetchRefused(location, RefusedWhy.NOT_WEB) from None


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


class RecordingQueue:
    """A doorbell that remembers who rang; `down` makes it a dead Redis."""

    def __init__(self) -> None:
        self.rung: list[tuple[str, UUID]] = []
        self.down = False
        self.before_us = 0
        """Rings of others that wait to be heard."""

    def put(self, job: str, subject_id: UUID) -> None:
        if self.down:
            raise ConnectionError("redis is down")
        self.rung.append((job, subject_id))

    def waiting(self) -> int | None:
        return None if self.down else self.before_us

    def take(self) -> list[tuple[str, UUID]]:
        """What was rung since last asked."""
        rung, self.rung = self.rung, []
        return rung


class FakeChannel:
    """Takes every message, unless told how to fail; remembers what it took."""

    def __init__(self) -> None:
        self.sent: list[OutgoingMessage] = []
        self.failing_with: DeliveryFailure | None = None
        self.dead: dict[str, DeliveryFailure] = {}
        """Failure by address."""

    def send(self, message: OutgoingMessage) -> Receipt:
        failure = self.failing_with or self.dead.get(message.to)
        if failure:
            raise failure
        self.sent.append(message)
        return Receipt(f"ref-{len(self.sent)}")
