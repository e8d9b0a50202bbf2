"""Walking through a shop's site: which pages were read and what was found there. Writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from discount_broker.discovery import crawl_plan
from discount_broker.discovery.crawl_plan import Errand, Plan, Step, page_key
from discount_broker.discovery.extract.pages.page import decode_page
from discount_broker.discovery.extract.pages.sitemaps import read_sitemap
from discount_broker.discovery.ports import (
    Fetcher,
    FetchRefused,
    MailRoutes,
    Page,
    RefusedWhy,
    Validators,
)
from discount_broker.discovery.use_cases.findings import Findings, read_findings
from discount_broker.discovery.use_cases.mail_routing import RouteBook
from discount_broker.kernel.urls import host_of, registrable_domain
from discount_broker.shops.operations import NO_MAIL_ROUTE, FoundDoor, is_same_form
from discount_broker.shops.rules import WRITABLE
from discount_broker.shops.status import ContactKind

MOST_SECONDS = 15.0
"""On the network, for one shop."""
NOT_FOR_US = (401, 402, 403, 405, 406, 407, 451)
GONE = (404, 410)
NO_USE = (RefusedWhy.NAME_UNKNOWN, RefusedWhy.PRIVATE_ADDRESS, RefusedWhy.PORT, RefusedWhy.BUDGET)
"""What is true of every page of a host."""


class UnreadWhy(StrEnum):
    """Why a page that was fetched was not read."""

    OTHER_SITE = "other_site"
    """The address leads to somebody else: the domain is parked, or was sold."""
    SAME_PAGE = "same_page"
    NO_SUCH_PAGE = "no_such_page"
    """It says so itself, although the server calls it a page."""
    ASKED_TO_WAIT = "asked_to_wait"


@dataclass(frozen=True)
class KnownPage:
    """A page as it was read before."""

    findings: Findings
    validators: Validators
    is_current: bool = False
    """So recently that a walk that begins here need not ask whether it has changed."""


@dataclass(frozen=True)
class Memory:
    """What is known of a shop before the walk."""

    domain: str = ""
    places: Sequence[str] = ()
    """Pages that showed doors of it, the best first: they are looked at before all others."""
    pages: Mapping[str, KnownPage] = field(default_factory=dict)
    """By the address asked for; not read again where they have not changed."""
    closed: frozenset[str] = frozenset()
    """Doors that are of no use: finding them is no reason to stop looking."""


NOTHING_KNOWN = Memory()


@dataclass
class Survey:
    """What a walk through one shop's site brought."""

    start_url: str
    domain: str = ""
    """The registrable domain of the shop; that of the first page when it was not known before."""
    start_page: Page | None = None
    language: str = ""
    shop_name: str = ""
    doors: dict[tuple[ContactKind, str], FoundDoor] = field(default_factory=dict)
    pages: list[dict[str, object]] = field(default_factory=list)
    """`{"url", "status", "bytes", "seconds"}`."""
    refused: list[dict[str, object]] = field(default_factory=list)
    """`{"url", "why"}`."""
    read: dict[str, KnownPage] = field(default_factory=dict)
    """By the address asked for, what is to be kept of each page that was read."""
    seconds: float = 0.0
    """Spent on the network."""
    wait: float = 0.0
    """Seconds for which the site asked to be left alone."""
    is_retryable: bool = False
    """No door was found for a letter, for a reason that may pass."""

    @property
    def answered(self) -> set[str]:
        """Where the pages were found that were read."""
        return {known.findings.url for known in self.read.values()}

    @property
    def has_door_for_letters(self) -> bool:
        return any(
            door.kind in WRITABLE and door.mail_route not in NO_MAIL_ROUTE for door in self.doors.values()
        )

    def add(self, door: FoundDoor) -> None:
        """Keep the surest sighting of a door."""
        known = self._known(door)
        if known is not None and known.confidence >= door.confidence:
            return
        if known is not None:
            del self.doors[known.kind, known.value]
        self.doors[door.kind, door.value] = door

    def _known(self, door: FoundDoor) -> FoundDoor | None:
        """The same door seen before; a form is the same on whichever page of the shop it stands."""
        exact = self.doors.get((door.kind, door.value))
        alike = (known for known in self.doors.values() if is_same_form(known.form, door.form))
        return exact or next(alike, None)


def survey(
    fetcher: Fetcher,
    routes: MailRoutes,
    start_url: str,
    max_pages: int,
    memory: Memory = NOTHING_KNOWN,
) -> Survey:
    """Read the pages of a shop, fewest first, until its doors are found or the budget is spent."""
    walk = _Walk(fetcher, routes, Survey(start_url, memory.domain), memory)
    for _ in range(max_pages):
        if not walk.go_on():
            break
    else:
        walk.tell_what_is_left()
    found = walk.found
    is_hindered = bool(found.wait) or (walk.was_hindered and not found.read)
    found.is_retryable = is_hindered and not found.has_door_for_letters
    return found


def read_known(page: Page, html: str) -> KnownPage:
    """What a page tells of its shop, to be kept."""
    validators = Validators(page.headers.get("etag", ""), page.headers.get("last-modified", ""))
    return KnownPage(read_findings(html, page.url), validators)


class _Walk:
    """One step after the other, until the plan knows no more."""

    def __init__(self, fetcher: Fetcher, routes: MailRoutes, found: Survey, memory: Memory) -> None:
        self._fetcher, self._book = fetcher, RouteBook(routes)
        self._known, self._closed = memory.pages, memory.closed
        self._plan: Plan = crawl_plan.begin(found.start_url, memory.places)
        self._digests: set[str] = set()
        self.found = found
        self.was_hindered = False
        """Something was refused that may be had another time."""

    def go_on(self) -> bool:
        """Take the next step; False when there is none."""
        step = self._plan.next_step()
        if step is None:
            return False
        if self.found.seconds >= MOST_SECONDS:
            self._refuse(step.url, RefusedWhy.BUDGET)
            return False
        known = self._known.get(step.url)
        if known is not None and known.is_current and step.errand is Errand.START:
            self._take_in(step, known)
            return True
        try:
            page = self._fetch(step, known)
        except FetchRefused as refused:
            self._note_refusal(step, refused)
        else:
            self._look_at(step, page, known)
        return True

    def tell_what_is_left(self) -> None:
        """The budget of pages is spent; what would have been next is refused for that."""
        if step := self._plan.next_step():
            self._refuse(step.url, RefusedWhy.BUDGET)

    def _fetch(self, step: Step, known: KnownPage | None) -> Page:
        try:
            return self._ask(step.url, step.errand, known)
        except FetchRefused as refused:
            is_open = step.errand is Errand.START and step.url.startswith("http://")
            if not is_open or refused.why is not RefusedWhy.UNREACHABLE:
                raise
            self._count(refused)
            # Some shops have closed the unencrypted way and left no redirect.
            return self._ask(f"https://{step.url.removeprefix('http://')}", step.errand, known)

    def _ask(self, url: str, errand: Errand, known: KnownPage | None) -> Page:
        left = MOST_SECONDS - self.found.seconds
        if errand is Errand.SITEMAP:
            return self._fetcher.fetch_sitemap(url, seconds=left)
        return self._fetcher.fetch(url, known.validators if known else None, seconds=left)

    def _count(self, refused: FetchRefused) -> None:
        self.found.seconds += refused.seconds
        self._refuse(refused.url, refused.why)
        self.was_hindered |= not refused.is_final

    def _note_refusal(self, step: Step, refused: FetchRefused) -> None:
        self._count(refused)
        self.found.wait = max(self.found.wait, refused.wait)
        self._plan = self._plan.missed(step, is_shut=refused.why is RefusedWhy.UNREACHABLE)
        is_everywhere = refused.why in NO_USE or (refused.why is RefusedWhy.ROBOTS and not refused.is_final)
        if is_everywhere and host_of(refused.url) == host_of(self.found.start_url):
            self._plan = self._plan.over()

    def _refuse(self, url: str, why: str) -> None:
        entry: dict[str, object] = {"url": url, "why": str(why)}
        if entry not in self.found.refused:  # several links may end in the same circle
            self.found.refused.append(entry)

    def _look_at(self, step: Step, page: Page, known: KnownPage | None) -> None:
        self._note_page(page)
        self.found.domain = self.found.domain or registrable_domain(page.url)
        if page.status == 429 or page.wait:
            self.found.wait, self.was_hindered = max(self.found.wait, page.wait), True
            self._refuse(page.url, UnreadWhy.ASKED_TO_WAIT)
            self._plan = self._plan.missed(step).over()
        elif registrable_domain(page.url) != self.found.domain:
            self._pass_by(step, page.url, UnreadWhy.OTHER_SITE)
        elif page.status == 304 and known is not None:
            self._take_in(step, known)
        elif page.status != 200:
            self._plan = self._plan.missed(step, is_shut=page.status not in GONE)
            self.was_hindered |= page.status >= 500
        elif step.errand is Errand.SITEMAP:
            sitemap = read_sitemap(page.content, page.content_type, page.url)
            self._plan = self._plan.saw_sitemap(step, sitemap.links, sitemap.parts)
        else:
            self._read(step, page)

    def _note_page(self, page: Page) -> None:
        self.found.seconds += page.seconds
        self.found.pages.append(
            {
                "url": page.url,
                "status": page.status,
                "bytes": len(page.content),
                "seconds": round(page.seconds, 3),
            }
        )

    def _read(self, step: Step, page: Page) -> None:
        if page_key(page.url) != page_key(step.url) and self._plan.knows(page.url):
            self._pass_by(step, page.url, UnreadWhy.SAME_PAGE)
            return
        if step.errand is Errand.START:
            self.found.start_page = page
        self._take_in(step, read_known(page, decode_page(page.content, page.content_type)))

    def _take_in(self, step: Step, known: KnownPage) -> None:
        """Keep what a page tells, and see where to go from it."""
        findings, found = known.findings, self.found
        if findings.digest in self._digests:
            self._pass_by(step, findings.url, UnreadWhy.SAME_PAGE)
            return
        self._digests.add(findings.digest)
        self._plan = self._plan.knowing(self._own_sitemaps(findings.url))
        if findings.is_missing:
            self._pass_by(step, findings.url, UnreadWhy.NO_SUCH_PAGE)
            return
        found.read[step.url] = known
        found.language = found.language or findings.language
        found.shop_name = found.shop_name or findings.shop_name
        doors = self._book.marked(findings.doors, found.domain)
        for door in doors:
            found.add(door)
        usable = [door for door in doors if door.value not in self._closed]
        self._plan = self._plan.seen(step, findings.sight(usable))

    def _own_sitemaps(self, url: str) -> list[str]:
        named = self._fetcher.sitemaps(url)
        return [link for link in named if registrable_domain(link) == self.found.domain]

    def _pass_by(self, step: Step, url: str, why: UnreadWhy) -> None:
        self._refuse(url, why)
        self._plan = self._plan.missed(step)
