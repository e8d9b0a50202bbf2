"""The real pages that are read, and the scorers that judge it; both stand beside the repository."""

import gzip
import importlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from discount_broker.discovery.extract.pages.page import decode_page

SHARED = Path(__file__).resolve().parents[2].joinpath("..", "shared").resolve()
CORPORA = SHARED / "corpora"
MEASURE = SHARED / "measure"
SETS = {
    "products": "products",
    "ru_products": "products",
    "forms": "pages",
    "ru_forms": "pages",
    "forms2": "forms",
    "emails": "emails",
    "ru_pages": "phones",
}
"""Folder of each set of pages, and the list in it that names them."""
NOWHERE = "http://unknown.example/"
"""For pages that came without an address."""


@dataclass(frozen=True)
class Page:
    """A page as it was served."""

    name: str
    set_name: str
    url: str
    raw: bytes
    content_type: str
    kind: str = ""
    """What a person called it: product, listing, contact, …; empty where nobody said."""
    is_blind: bool = False
    """Its metadata was taken out, and none is to be read."""

    @cached_property
    def html(self) -> str:
        return decode_page(self.raw, self.content_type)


def are_here() -> bool:
    """Whether there is anything to measure with; says so if not."""
    if CORPORA.is_dir() and MEASURE.is_dir():
        return True
    print("  skipped: the pages and their scorers are not here (../shared/corpora and ../shared/measure)")
    return False


def scorer(name: str) -> Any:
    """A module of `../shared/measure`: the judges are the same whoever was reading."""
    if str(MEASURE) not in sys.path:
        sys.path.append(str(MEASURE))
    return importlib.import_module(name)


def folder_of(set_name: str) -> Path:
    return CORPORA / set_name / "open"


def rows(set_name: str, list_name: str) -> Iterator[dict[str, Any]]:
    with (folder_of(set_name) / f"{list_name}.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def page(set_name: str, row: dict[str, Any], *, is_blind: bool = False) -> Page:
    name = (row.get("blind") if is_blind else None) or row["html"]
    content = (folder_of(set_name) / name).read_bytes()
    raw = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
    return Page(
        name=f"{set_name}/{name}",
        set_name=set_name,
        url=row.get("url") or NOWHERE,
        raw=raw,
        content_type=_content_type(raw),
        kind=row.get("kind") or row.get("page_kind") or "",
        is_blind=is_blind,
    )


def _content_type(raw: bytes) -> str:
    """As the scorers say it: most pages were turned into UTF-8, with the old charset left in the markup."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return "text/html; charset=utf-8"


def all_pages() -> list[Page]:
    """Every page of every set once, however many lists name it."""
    pages: dict[tuple[str, bytes], Page] = {}
    for set_name, list_name in SETS.items():
        for row in rows(set_name, list_name):
            found = page(set_name, row)
            pages.setdefault((found.url, found.raw), found)
    return list(pages.values())
