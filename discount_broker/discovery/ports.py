"""What discovery needs from the outside world."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class RefusedWhy(StrEnum):
    """Why a page was not fetched, or not to the end. Each has a sentence for people."""

    NOT_WEB = "not_web"
    PRIVATE_ADDRESS = "private_address"
    PORT = "port"
    ROBOTS = "robots"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    NAME_UNKNOWN = "name_unknown"
    UNREACHABLE = "unreachable"
    NOT_HTML = "not_html"
    BUDGET = "budget"


def why_status(status: int) -> str:
    """The sentence a refusing server deserves: `http_404`, or its class."""
    if status in (403, 404, 410, 429):
        return f"http_{404 if status == 410 else status}"
    return "http_500" if status >= 500 else "http_400"


class FetchRefused(Exception):
    """The page was not, or may not be, fetched. `is_final`: asking again later is no use."""

    seconds = 0.0
    """Spent on the network all the same."""

    def __init__(self, url: str, why: RefusedWhy, *, is_final: bool = True, wait: float = 0.0) -> None:
        super().__init__(f"{why}: {url}")
        self.url, self.why, self.is_final = url, why, is_final
        self.wait = wait
        """Seconds until the host may be asked again, where that is known."""


class AnswerLost(FetchRefused):
    """A form was sent, perhaps received, and no answer to it was understood.

    Only `Visit.post` raises it. Any other `FetchRefused` from there means that
    surely nothing was accepted, so that sending again is safe.
    """


@dataclass(frozen=True)
class Page:
    """An answer of a web server, decoded from its transfer encodings, as bytes."""

    url: str
    """Where it came from after redirects."""
    status: int
    content: bytes
    content_type: str = ""
    """The header as sent, with its charset where it names one."""
    seconds: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    """Names in lower case."""
    wait: float = 0.0
    """Seconds for which the server asked to be left alone (429 and 503 with Retry-After)."""


@dataclass(frozen=True)
class Validators:
    """What a server said of a page when it last sent it (RFC 9110, section 8.8); empty for nothing."""

    etag: str = ""
    last_modified: str = ""


class Visit(Protocol):
    """One visitor's walk through a site: cookies are kept between its requests."""

    def get(self, url: str) -> Page: ...

    def post(
        self,
        url: str,
        body: bytes,
        content_type: str,
        referer: str,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        """Send a form once; redirects after it are followed as a browser would.

        `headers` are those that a page's script would add.
        """
        ...

    def cookies(self, url: str) -> dict[str, str]:
        """What a request to this address would carry."""
        ...

    def keep_cookie(self, url: str, name: str, value: str) -> None:
        """Keep a cookie for the site of this address, as a page's script would."""
        ...


class Fetcher(Protocol):
    """The guarded way to other people's servers. Contract: `tests/contract/test_fetchers.py`.

    Public addresses only, at ports 80 and 443, robots.txt and the delay between two
    requests to one host kept, size and time capped. A server's own 4xx and 5xx are
    answers (`Page.status`), not errors.
    """

    def fetch(self, url: str, known: Validators | None = None, *, seconds: float | None = None) -> Page:
        """One page; with `known` the answer may be 304: it is still what it was then.

        `seconds` is the time on the network that is left for it, where that is less than usual.

        Raises:
            FetchRefused

        """
        ...

    def sitemaps(self, url: str) -> list[str]:
        """Addresses of sitemaps in the robots.txt of the page's site, if that was read. Asks nobody."""
        ...

    def fetch_sitemap(self, url: str, *, seconds: float | None = None) -> Page:
        """One sitemap as it lies there, packed or not; a long one is cut.

        Raises:
            FetchRefused

        """
        ...

    def fetch_feed(self, url: str) -> Page:
        """A shop's catalogue as it lies there, packed or not, of any type; larger than any page.

        Raises:
            FetchRefused

        """
        ...

    def visit(self) -> Visit:
        """A new walk with an empty cookie jar; its requests are guarded like `fetch`."""
        ...


class MailRoute(StrEnum):
    """Whether letters to a domain have somewhere to go."""

    OPEN = "open"
    NULL_MX = "null_mx"
    """The domain says that it takes no mail (RFC 7505)."""
    NO_DOMAIN = "no_domain"
    NO_HOST = "no_host"
    """The name is there, with neither MX nor address records (RFC 5321, section 5.1)."""
    UNKNOWN = "unknown"
    """No name server answered: nothing is said against the domain."""


class MailRoutes(Protocol):
    """Looks domains up in the DNS. Contract: `tests/contract/test_mail_routes.py`.

    Never asks a mail server whether it knows a mailbox.
    """

    def look_up(self, domain: str) -> MailRoute: ...


@dataclass(frozen=True)
class SearchHit:
    url: str
    title: str
    text: str = ""
    """What the engine shows beneath the title."""


class SearchUnavailable(Exception):
    """The engine did not answer, refused or was asked too often. `is_final`: asking again is no use."""

    def __init__(self, why: str, *, is_final: bool = False) -> None:
        super().__init__(why)
        self.why, self.is_final = why, is_final


class SearchEngine(Protocol):
    """A search of the whole web. Contract: `tests/contract/test_search_engines.py`."""

    def search(self, query: str, *, language: str, country: str | None) -> list[SearchHit]:
        """What the engine finds, its best first; nothing found is an empty list.

        `language` is `ru` or `en`, `country` an ISO 3166 code.

        Raises:
            SearchUnavailable

        """
        ...
