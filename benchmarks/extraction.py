"""E-mail addresses found on real pages: ours and two libraries, on the same pages in the same run."""

import gzip
import importlib
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from discount_broker.discovery.extract.emails import find_emails
from discount_broker.discovery.extract.page import decode_page

CORPORA = Path(__file__).resolve().parents[1].joinpath("..", "shared", "corpora")
SETS = ("emails", "ru_pages")
NOWHERE = "https://page.invalid/"
NEITHER = {
    "real_but_only_in_script_config",
    "in_source_not_displayed",
    "hidden_form_value",
    "meta_tag",
    "title_attribute",
}
"""Reasons of addresses that are real and not shown: finding them is neither right nor wrong."""

Finder = Callable[[str, str], Iterable[str]]


@dataclass(frozen=True)
class LabelledPage:
    name: str
    url: str
    html: str
    expected: frozenset[str]
    neither: frozenset[str]


@dataclass
class Score:
    found: int = 0
    wrong: int = 0
    wanted: int = 0
    seconds: float = 0.0

    @property
    def recall(self) -> float:
        return self.found / max(1, self.wanted)

    @property
    def precision(self) -> float:
        return self.found / max(1, self.found + self.wrong)


def run() -> None:
    if not CORPORA.is_dir():
        print("  skipped: the pages are not here (../shared/corpora beside the repository)")
        return
    # Some pages are in both sets, under one name.
    pages = list({page.name: page for name in SETS for page in _pages(name)}.values())
    finders = _finders()
    labelled = sum(len(page.expected) for page in pages)
    print(f"  {len(pages)} real pages, {labelled} addresses that people found on them")
    print(f"  {'':32}{'recall':>8}{'precision':>11}{'ms a page':>11}{'time':>8}")
    scores = {name: measure(finder, pages) for name, finder in finders.items()}
    ours = next(iter(scores.values()))
    for name, score in scores.items():
        milliseconds = 1000 * score.seconds / len(pages)
        ratio = f"{score.seconds / ours.seconds:.2f}×"
        print(f"  {name:32}{score.recall:8.1%}{score.precision:11.1%}{milliseconds:11.1f}{ratio:>8}")


def measure(finder: Finder, pages: Iterable[LabelledPage]) -> Score:
    score = Score()
    for page in pages:
        began = time.perf_counter()
        found = {address.lower() for address in finder(page.html, page.url)}
        score.seconds += time.perf_counter() - began
        score.found += len(found & page.expected)
        score.wrong += len(found - page.expected - page.neither)
        score.wanted += len(page.expected)
    return score


def _finders() -> dict[str, Finder]:
    finders: dict[str, Finder] = {"this project": _ours}
    for name, load in {
        "extract-emails 6.2.0, advanced": _extract_emails,
        "email-scraper 0.6": _email_scraper,
    }.items():
        try:
            finders[name] = load()
        except ImportError:
            print(f"  {name} is not installed: .venv/bin/pip install -r benchmarks/requirements.txt")
    return finders


def _ours(html: str, url: str) -> list[str]:
    return [found.address for found in find_emails(html, url)]


def _extract_emails() -> Finder:
    module: Any = importlib.import_module("extract_emails.data_extractors.advanced_email_extractor")
    extractor = module.AdvancedEmailExtractor()
    return lambda html, _url: extractor.get_data(html)


def _email_scraper() -> Finder:
    module: Any = importlib.import_module("email_scraper")

    def find(html: str, _url: str) -> Iterable[str]:
        try:
            found: Iterable[str] = module.scrape_emails(html)
        except (ValueError, UnicodeError):  # it decodes whatever looks like base64
            return []
        return found

    return find


def _pages(name: str) -> Iterable[LabelledPage]:
    folder = CORPORA / name / "open"
    with (folder / "emails.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            raw = (folder / row["html"]).read_bytes()
            content = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
            charset = row.get("encoding")
            yield LabelledPage(
                name=row["id"],
                url=row.get("url") or NOWHERE,
                html=decode_page(content, f"text/html; charset={charset}" if charset else ""),
                expected=frozenset(address.lower() for address in row["expected"]),
                neither=frozenset(e["address"].lower() for e in row["rejected"] if e["reason"] in NEITHER),
            )
