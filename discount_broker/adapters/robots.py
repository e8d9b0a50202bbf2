"""What a site lets robots read (RFC 9309), remembered for a day."""

import logging
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego
from redis import Redis
from redis.exceptions import RedisError

from discount_broker.discovery.ports import FetchRefused, Page, RefusedWhy

logger = logging.getLogger(__name__)

LARGEST_ROBOTS = 512_000
KEPT_FOR = 24 * 3600
"""Seconds; the longest RFC 9309 lets a robots.txt be reused."""
ASKED_AGAIN_AFTER = 60
"""Seconds a site without a readable robots.txt is left alone."""
MOST_SITES = 500
LONGEST_CRAWL_DELAY = 30.0
RULES = {"allow", "disallow", "crawl-delay"}
MOST_SITEMAPS = 20
PRODUCT = re.compile(r"[a-zA-Z_-]+")
ALLOW_ALL = ""
DISALLOW_ALL = "User-agent: *\nDisallow: /"
# The site cannot be reached at all: say that, and not that it forbids reading.
SAME_FOR_THE_PAGE = {RefusedWhy.UNREACHABLE, RefusedWhy.NAME_UNKNOWN, RefusedWhy.TOO_SLOW, RefusedWhy.BUDGET}


@dataclass(frozen=True)
class Manners:
    """What a site asks of who may read a page."""

    delay: float
    """Seconds to leave between two requests."""
    seconds: float
    """Spent on the network to find that out."""


@dataclass(frozen=True)
class _Rules:
    robots: Protego
    is_certain: bool
    """False when the site could not say; then everything is disallowed for now."""
    stale_at: float
    why: RefusedWhy = RefusedWhy.ROBOTS


class RobotsBook:
    """The rules of every site visited, in this process and, where a Redis is given, among all.

    `read` fetches a robots.txt through the guard, cut at `LARGEST_ROBOTS`.
    """

    def __init__(self, user_agent: str, read: Callable[[str], Page], redis: Redis | None = None) -> None:
        self._token = user_agent.partition("/")[0]
        self._read, self._redis = read, redis
        self._known: OrderedDict[str, _Rules] = OrderedDict()

    def check(self, url: str) -> Manners:
        """How the page may be read.

        Raises:
            FetchRefused

        """
        rules, seconds = self._rules_for(url)
        if not rules.robots.can_fetch(url, self._token):
            refused = FetchRefused(url, rules.why, is_final=rules.is_certain)
            refused.seconds = seconds
            raise refused
        return Manners(min(rules.robots.crawl_delay(self._token) or 0.0, LONGEST_CRAWL_DELAY), seconds)

    def sitemaps(self, url: str) -> list[str]:
        """What the robots.txt of the page's site names, if it is known; nobody is asked."""
        rules = self._known.get(_origin_of(url))
        return list(rules.robots.sitemaps) if rules else []

    def _rules_for(self, url: str) -> tuple[_Rules, float]:
        origin = _origin_of(url)
        rules, seconds = self._known.get(origin), 0.0
        if rules is None or rules.stale_at < time.monotonic():
            rules = self._recall(origin)
            if rules is None:
                rules, seconds = self._ask(origin)
            self._known[origin] = rules
        self._known.move_to_end(origin)
        if len(self._known) > MOST_SITES:
            self._known.popitem(last=False)
        return rules, seconds

    def _ask(self, origin: str) -> tuple[_Rules, float]:
        try:
            page = self._read(f"{origin}/robots.txt")
        except FetchRefused as refused:
            return self._without(origin, refused.why), refused.seconds
        if page.status >= 500 or page.status == 429:
            return self._be_careful(RefusedWhy.ROBOTS), page.seconds
        text = page.content.decode("utf-8-sig", "replace") if page.status < 300 else ALLOW_ALL
        return self._remember(origin, _only_ours(text, self._token)), page.seconds

    def _without(self, origin: str, why: RefusedWhy) -> _Rules:
        # RFC 9309 2.3.1.2: after too many redirects the file may be taken for missing.
        if why == RefusedWhy.TOO_MANY_REDIRECTS:
            return self._remember(origin, ALLOW_ALL)
        return self._be_careful(why if why in SAME_FOR_THE_PAGE else RefusedWhy.ROBOTS)

    def _be_careful(self, why: RefusedWhy) -> _Rules:
        stale_at = time.monotonic() + ASKED_AGAIN_AFTER
        return _Rules(Protego.parse(DISALLOW_ALL), is_certain=False, stale_at=stale_at, why=why)

    def _remember(self, origin: str, text: str) -> _Rules:
        if self._redis is not None:
            try:
                self._redis.set(f"broker:robots:{origin}", text, ex=KEPT_FOR)
            except RedisError:
                logger.info("Redis is gone: a robots.txt is remembered by this process alone")
        return _certain(text, KEPT_FOR)

    def _recall(self, origin: str) -> _Rules | None:
        if self._redis is None:
            return None
        try:
            text = self._redis.get(f"broker:robots:{origin}")
            seconds = self._redis.ttl(f"broker:robots:{origin}")
        except RedisError:
            return None
        if isinstance(text, bytes):
            text = text.decode()
        return _certain(text, max(int(str(seconds)), 0)) if isinstance(text, str) else None


def _certain(text: str, seconds: int) -> _Rules:
    return _Rules(Protego.parse(text), is_certain=True, stale_at=time.monotonic() + seconds)


def _only_ours(text: str, token: str) -> str:
    """Keep the rules alone, with every other robot called `other`, once per group.

    A file that lists twenty thousand robots and as many rules would otherwise cost
    the parser their product.
    """
    kept: list[str] = []
    sitemaps: list[str] = []
    group: set[str] = set()
    for line in text.splitlines():
        name, _, value = line.partition("#")[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if name == "sitemap":
            sitemaps.append(f"sitemap: {value}")
        elif name in RULES:
            group.clear()
            kept.append(f"{name}: {value}")
        elif name == "user-agent" and (robot := _name_of(value, token)) not in group:
            group.add(robot)
            kept.append(f"user-agent: {robot}")
    return "\n".join([*kept, *sitemaps[:MOST_SITEMAPS]])


def _origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _name_of(value: str, token: str) -> str:
    if value.startswith("*"):
        return "*"
    product = PRODUCT.match(value)
    return token if product and product.group().lower() == token.lower() else "other"
