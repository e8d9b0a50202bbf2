"""Whose mail it is, as far as a mail server we trust has proved it (RFC 8601)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses

from discount_broker.kernel.urls import registrable_domain

METHODS = ("spf", "dkim", "dmarc")
MOST_BYTES = 200_000
"""Of the headers; longer ones are nobody's letter."""
QUOTED_OR_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*"|[()]|\\.')
LONGEST_LIST = 20_000
"""Characters of addresses, or of results, that are read."""
A_DOMAIN, A_RESULT = re.compile(r"[a-z0-9.-]+"), re.compile(r"[a-z]+")
PAIR = re.compile(r'(?<![\w.-])([\w.-]+)(?:\s*/\s*\d+)?\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;]+)')


@dataclass(frozen=True)
class Finding:
    """One result of one check: `dkim=pass header.d=shop.example`."""

    method: str
    result: str
    properties: dict[str, str] = field(default_factory=dict)


def authentication_of(raw: bytes, trusted_authserv: str) -> dict[str, str]:
    """What our own mail server found out about a mail: `spf`, `dkim`, `dmarc`, and who says so.

    `domain` is there only where the address in From is proved to be of it: the organisation's
    domain, as shops are known by. Results under another server's name are anybody's words; of
    several under ours the topmost counts, for a server writes above what it was given.
    """
    if not trusted_authserv:
        return {}
    headers = headers_of(raw)
    for value in values(headers, "Authentication-Results"):
        server, findings = _read(value[:LONGEST_LIST])
        if server.lower() == trusted_authserv.lower():
            return summary(findings, from_domain(headers)) | {"by": trusted_authserv.lower()}
    return {}


def headers_of(raw: bytes) -> "Message[str, str]":
    return BytesHeaderParser().parsebytes(raw[:MOST_BYTES].lstrip(b"\r\n"))


def values(headers: "Message[str, str]", name: str) -> list[str]:
    """All headers of a name, from the top; other letters than ASCII as they were meant (RFC 6532)."""
    return [
        str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        for known, value in headers.raw_items()
        if known.lower() == name.lower()
    ]


def from_domain(headers: "Message[str, str]") -> str:
    """The organisation's domain of the one address in From; empty where there are none or more."""
    lines = values(headers, "From")
    found = set(addresses_in(lines))
    is_whole = len(lines) == 1 and len(lines[0]) <= LONGEST_LIST
    return organisation(found.pop()) if is_whole and len(found) == 1 else ""


def addresses_in(lines: list[str]) -> list[str]:
    """The bare addresses of these headers; none where they are nested deeper than any reader goes."""
    try:
        found = getaddresses([", ".join(lines)[:LONGEST_LIST]])
    except (RecursionError, ValueError, IndexError):
        return []
    return [address for _, address in found if address]


def organisation(address_or_domain: str) -> str:
    """The domain under which everything belongs to one organisation; empty for no domain."""
    domain = address_or_domain.strip("<> ").rpartition("@")[2].strip(".")
    found = registrable_domain(domain) if "." in domain else ""
    return found if A_DOMAIN.fullmatch(found) else ""


def summary(findings: list[Finding], author: str) -> dict[str, str]:
    """The best result of each check, and the author's domain where one of them proves it."""
    told = {}
    for method in METHODS:
        results = [finding.result for finding in findings if finding.method == method]
        if results:
            told[method] = "pass" if "pass" in results else results[0]
    if author and told.get("dmarc") != "fail" and any(_proves(finding, author) for finding in findings):
        told["domain"] = author
    return told


def lacks_proof(told: dict[str, str]) -> bool:
    """Whether it is worth finding out ourselves who signed; DMARC that failed is the last word."""
    return "domain" not in told and told.get("dmarc") != "fail"


def completed(told: dict[str, str], found: dict[str, str]) -> dict[str, str]:
    """What others told of a mail, and what we found out: only a proof of ours outweighs their word."""
    if "domain" in found:
        return told | found
    return found | told


def _proves(finding: Finding, author: str) -> bool:
    """Whether it passed for the very organisation that stands in From (RFC 7489: relaxed alignment)."""
    if finding.result != "pass":
        return False
    named = finding.properties
    match finding.method:
        case "dmarc":
            return organisation(named.get("header.from", author)) == author
        case "dkim":
            return organisation(named.get("header.d") or named.get("header.i", "")) == author
        case "spf":
            return organisation(named.get("smtp.mailfrom", "")) == author
    return False


def _read(value: str) -> tuple[str, list[Finding]]:
    """The name of the server and what it found."""
    first, *results = _statements(value)
    server = first.split()[0].strip('"') if first.split() else ""
    findings = []
    for result in results:
        pairs = [(name.lower(), told.strip('"')) for name, told in PAIR.findall(result)]
        if pairs:
            (method, outcome), *properties = pairs
            if A_RESULT.fullmatch(outcome.lower()):
                findings.append(Finding(method, outcome.lower(), dict(properties)))
    return server, findings


def _statements(value: str) -> Iterator[str]:
    """What stands between semicolons, without comments; both mean nothing within quotes."""
    kept, depth, position = "", 0, 0
    for mark in QUOTED_OR_COMMENT.finditer(value):
        if not depth:
            kept += value[position : mark.start()]
        position = mark.end()
        match mark.group():
            case "(":
                depth += 1
            case ")":
                depth = max(depth - 1, 0)
            case quoted if not depth:
                kept += quoted.replace(";", " ")
    if not depth:
        kept += value[position:]
    yield from kept.split(";")
