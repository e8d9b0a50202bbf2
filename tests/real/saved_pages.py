"""The saved pages of real sites, each with the address it was served under."""

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from discount_broker.kernel.errors import Refused
from discount_broker.kernel.urls import clean, registrable_domain

ROOT = Path(__file__).resolve().parents[2]
CORPORA = ROOT.joinpath("..", "shared", "corpora")
SETS = (
    # Where a page is in two of them, the first says more about it.
    ("products", "products"),
    ("ru_products", "products"),
    ("ru_pages", "emails"),
    ("emails", "emails"),
)
FIRST_TO_OPEN = ("product", "listing", "home", "contact", "other", None)
"""Kinds of pages in the order in which a buyer would paste their link."""
OF_REPOSITORY = re.compile(r"gh_(?P<path>.+)_[0-9a-f]{6}$")


@dataclass(frozen=True)
class SavedPage:
    url: str
    path: Path
    content_type: str
    kind: str | None
    language: str

    def read(self) -> bytes:
        raw = self.path.read_bytes()
        return gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw


@dataclass
class SavedSite:
    """Everything that was saved of one registrable domain."""

    domain: str
    pages: dict[str, SavedPage] = field(default_factory=dict)
    expected: set[str] = field(default_factory=set)
    """Addresses that a person found on these pages."""
    rejected: set[str] = field(default_factory=set)
    """Look-alikes that a person turned down on all of them."""

    @property
    def start(self) -> SavedPage:
        return min(self.pages.values(), key=lambda page: (FIRST_TO_OPEN.index(page.kind), page.url))

    @property
    def is_russian(self) -> bool:
        languages = [page.language for page in self.pages.values()]
        return languages.count("ru") * 2 > len(languages)

    @property
    def is_shop(self) -> bool:
        return self.start.kind in ("product", "listing")

    @property
    def hosts(self) -> set[str]:
        return {urlsplit(page.url).hostname or "" for page in self.pages.values()}


def read_sites() -> list[SavedSite]:
    """Every site of the four sets whose host is known."""
    sites: dict[str, SavedSite] = {}
    rejected: dict[str, set[str]] = defaultdict(set)
    for folder, row in _rows():
        url = _address_of(row)
        if url is None:
            continue
        domain = registrable_domain(url)
        site = sites.setdefault(domain, SavedSite(domain))
        site.pages.setdefault(page_key(url), _page(folder, row, url))
        site.expected |= {address.lower() for address in row.get("expected", ())}
        rejected[domain] |= {found["address"].lower() for found in row.get("rejected", ())}
    for site in sites.values():
        site.rejected = rejected[site.domain] - site.expected
    return sorted(sites.values(), key=lambda site: site.domain)


def choose(sites: list[SavedSite], most: int) -> list[SavedSite]:
    """The Russian ones, then the shops, then those where a person found an address, then the rest."""
    return sorted(sites, key=lambda s: (not s.is_russian, not s.is_shop, not s.expected, s.domain))[:most]


def page_key(url: str) -> str:
    """What two spellings of one address have in common: no scheme, no `www.`, no tracking, no index.html."""
    try:
        url = clean(url)
    except Refused:
        return url
    name = url.partition("://")[2].removeprefix("www.")
    return re.sub(r"(?:index)?\.html?$", "", name).rstrip("/")


def _rows() -> Iterator[tuple[Path, dict[str, Any]]]:
    for name, list_name in SETS:
        folder = CORPORA / name / "open"
        with (folder / f"{list_name}.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                yield folder, json.loads(line)


def _page(folder: Path, row: dict[str, Any], url: str) -> SavedPage:
    charset = row.get("encoding")
    return SavedPage(
        url=url,
        path=folder / row["html"],
        content_type=f"text/html; charset={charset}" if charset else "text/html",
        kind=row.get("kind") or row.get("page_kind"),
        language=row.get("lang") or "",
    )


def _address_of(row: dict[str, Any]) -> str | None:
    """The address a page came from; of a site kept in a repository, its file under the site's domain."""
    if row.get("url"):
        return str(row["url"]).replace(" ", "%20")
    kept = OF_REPOSITORY.match(row["id"])
    domain = str(row.get("domain"))
    if kept is None or not re.fullmatch(r"[\w-]+(\.[\w-]+)+", domain):
        return None
    owner_and_name = str(row["source"]).removeprefix("github:").replace("/", "_")
    file = kept["path"].removeprefix(f"{owner_and_name}_")
    return f"https://{domain}/{file.replace('_', '/')}.html"
