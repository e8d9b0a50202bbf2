"""Lists of companies, as tables and as JSON: each entry with the place where it stands. Pure."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from discount_broker.kernel.errors import BrokerError

COLUMNS = {
    "site": "domain site url web website homepage www host сайт домен адрес_сайта",
    "name": "name company title shop название компания магазин имя наименование",
    "emails": "email emails e-mail mail почта e_mail",
    "phones": "phone phones tel telephone телефон телефоны",
    "country": "country countries relevant-countries страна",
    "language": "language languages lang язык",
    "forms": "form forms webform contact_form форма",
    "source": "source sources источник",
}
"""The names under which lists call what we look for."""
MEANING = {word: key for key, names in COLUMNS.items() for word in names.split()}
DELIMITERS = ",;\t|"
LONGEST_CELL = 5_000
CYRILLIC_WORD = re.compile(r"[а-яё]{3}", re.IGNORECASE)


class DirectoryError(BrokerError):
    """What was handed over is no list of companies; the text says why."""


@dataclass(frozen=True)
class Entry:
    """One company of a list."""

    where: str
    """`line 12`, `company 3`: what a person looks for to mend it."""
    site: str
    name: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    country: str = ""
    language: str = ""
    source: str = ""
    """The page that the list names as its own source."""


@dataclass(frozen=True)
class BadEntry:
    where: str
    why: str


def decode(content: bytes) -> str:
    """The text of a file: by its mark, else UTF-8, else the Windows page that makes words of it."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        russian = content.decode("cp1251", "replace")
        return russian if CYRILLIC_WORD.search(russian) else content.decode("cp1252", "replace")


def looks_like_json(text: str) -> bool:
    return text.lstrip()[:1] in ("{", "[")


def read_csv(text: str) -> Iterator[Entry | BadEntry]:
    """The companies of a table whose first line names its columns.

    Raises:
        DirectoryError: no column is a site.

    """
    csv.field_size_limit(10_000_000)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=False)
    try:
        header = [MEANING.get(_plain(cell), "") for cell in next(lines, [])]
        if "site" not in header:
            raise DirectoryError("the first line names no column `domain`, `site` or `url`")
        for cells in lines:
            if any(cell.strip() for cell in cells):
                yield _row(f"line {lines.line_num}", header, cells)
    except csv.Error as error:
        yield BadEntry(f"line {lines.line_num}", f"the table cannot be read on: {error}")


def _delimiter(text: str) -> str:
    first = text.lstrip("\r\n").partition("\n")[0]
    return max(DELIMITERS, key=first.count)


def _plain(cell: str) -> str:
    return cell.strip().strip("\ufeff").lower().replace(" ", "_")


def _row(where: str, header: list[str], cells: list[str]) -> Entry | BadEntry:
    if len(cells) > len(header):
        return BadEntry(where, f"{len(cells)} cells, and the first line names {len(header)} columns")
    return _entry(where, [*zip(header, cells, strict=False)])


def read_json(text: str) -> Iterator[Entry | BadEntry]:
    """The companies of a JSON file: one object, an array of them, or one a line.

    Raises:
        DirectoryError: it is not JSON.

    """
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        yield from _json_lines(text)
        return
    companies = whole if isinstance(whole, list) else [whole]
    for number, company in enumerate(companies, 1):
        yield _company(f"company {number}" if isinstance(whole, list) else "the file", company)


def _json_lines(text: str) -> Iterator[Entry | BadEntry]:
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) < 2:
        raise DirectoryError("the file is not valid JSON")
    for number, line in lines:
        try:
            yield _company(f"line {number}", json.loads(line))
        except (ValueError, RecursionError):
            yield BadEntry(f"line {number}", "this is not valid JSON")


def _company(where: str, company: object) -> Entry | BadEntry:
    if not isinstance(company, Mapping):
        return BadEntry(where, "this is not a JSON object")
    found = [(MEANING[key], cell) for key, cell in _cells(company) if key in MEANING]
    return _entry(where, found)


def _cells(company: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Keys with their texts; a list gives one for each of its members, `null` none."""
    for key, value in company.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str):
                yield key.lower(), one


def _entry(where: str, cells: list[tuple[str, str]]) -> Entry | BadEntry:
    given: dict[str, list[str]] = {key: [] for key in COLUMNS}
    for key, cell in cells:
        if key and (text := cell.strip()[:LONGEST_CELL]):
            given[key].append(text)
    if not given["site"]:
        return BadEntry(where, "no site is named")
    countries = [country for country in given["country"] if country.lower() != "all"]
    return Entry(
        where,
        site=given["site"][0],
        name=" ".join(given["name"][:1])[:200],
        emails=_parts(given["emails"], r"[\s,;|]+"),
        phones=_parts(given["phones"], r"[,;|\n]+"),
        forms=_parts(given["forms"], r"[\s;|]+"),
        country=_code(countries),
        language=_code(given["language"]).lower(),
        source=next((text for text in given["source"] if text.startswith(("http://", "https://"))), ""),
    )


def _parts(cells: list[str], between: str) -> tuple[str, ...]:
    parts = (part.strip() for cell in cells for part in re.split(between, cell))
    return tuple(dict.fromkeys(part for part in parts if part))


def _code(cells: list[str]) -> str:
    """The one two-letter code that is given; none where there are several or something else stands there."""
    return cells[0].upper() if len(cells) == 1 and re.fullmatch(r"[A-Za-z]{2}", cells[0]) else ""
