"""A mail as its readers look at it: headers, words, reports and what it carries, each worked out once."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property

from discount_broker.outreach.inbound.headers import all_addresses, message_ids, one_address
from discount_broker.outreach.inbound.html_text import html_to_text
from discount_broker.outreach.inbound.parts import LONGEST_TEXT, Part, parse

RECIPIENT_FIELDS = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
    "x-forwarded-to",
    "x-rcpt-to",
    "resent-to",
    "resent-cc",
    "apparently-to",
    "to",
    "cc",
    "bcc",
)
"""Those that mail servers write come first: they name whom a mail really went to."""
MOST_RECIPIENTS = 50
MOST_REFERENCES = 100


class Mail:
    """An incoming mail."""

    def __init__(self, content: bytes) -> None:
        self.root: Part = parse(content)

    def header(self, name: str) -> str:
        return self.root.header(name)

    def has(self, name: str) -> bool:
        return name.lower() in self.root.fields

    @cached_property
    def subject(self) -> str:
        return self.header("Subject")

    @cached_property
    def sender_line(self) -> str:
        return self.header("From")

    @cached_property
    def sender(self) -> str:
        """The address in `From`, in lower case."""
        return one_address(self.sender_line)

    @cached_property
    def is_from_nobody(self) -> bool:
        """Whether its envelope sender was empty, as reports of servers have it."""
        return self.header("Return-Path").replace(" ", "") == "<>"

    @cached_property
    def recipients(self) -> tuple[str, ...]:
        """Every address that it says it went to, in lower case, what servers noted first."""
        found = [
            address
            for name in RECIPIENT_FIELDS
            for value in self.root.fields.get(name, ())
            for address in all_addresses(value)
        ]
        return tuple(dict.fromkeys(found))[:MOST_RECIPIENTS]

    @cached_property
    def references(self) -> tuple[str, ...]:
        """Message-IDs that it says it answers, nearest first."""
        answered = message_ids(" ".join(self.root.fields.get("in-reply-to", ())))
        thread = message_ids(" ".join(self.root.fields.get("references", ())))
        return tuple(dict.fromkeys((*answered, *reversed(thread))))[:MOST_REFERENCES]

    @cached_property
    def date(self) -> datetime | None:
        try:
            date = parsedate_to_datetime(self.header("Date"))
            # Without a zone it is said to be UTC (RFC 5322, -0000).
            return date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            return None

    @cached_property
    def report_type(self) -> str:
        return self.root.parameter("report-type").lower()

    @cached_property
    def leaves(self) -> list[Part]:
        return list(self.root.leaves())

    @cached_property
    def plain_texts(self) -> list[str]:
        """The plain parts of this mail; a multipart whose boundary is never found is one of them."""
        return [
            part.text()
            for part in self.leaves
            if part.content_type == "text/plain" or part.content_type.startswith("multipart/")
        ]

    @cached_property
    def html_texts(self) -> list[str]:
        return [html_to_text(part.text()) for part in self.leaves if part.content_type == "text/html"]

    @cached_property
    def body(self) -> str:
        """What a person would read: the plain part, or the HTML where there is no other."""
        leaves = [part for part in self.leaves if part.disposition != "attachment"]
        plain = [part.text() for part in leaves if part.content_type == "text/plain"]
        if any(text.strip() for text in plain):
            return "\n".join(plain).strip()[:LONGEST_TEXT]
        rich = [html_to_text(part.text()) for part in leaves if part.content_type == "text/html"]
        return "\n".join(rich).strip()[:LONGEST_TEXT]

    def attached(self, *content_types: str) -> Iterator[Part]:
        """Parts of these types: of this mail first; of the mails it carries only where it has none."""
        own = [part for part in self._own if part.content_type in content_types]
        return iter(own or [part for part in self._all if part.content_type in content_types])

    @cached_property
    def returned(self) -> Part | None:
        """The message of ours that came back, or its headers."""
        for part in self._own:
            if part.is_mail and part.parts:
                return part.parts[0]
            if part.content_type in ("text/rfc822-headers", "message/rfc822-headers", "text/rfc822"):
                return parse(part.body())
        return None

    @cached_property
    def _all(self) -> list[Part]:
        return list(self.root.walk())

    @cached_property
    def _own(self) -> list[Part]:
        """All parts, the mails it carries among them, but nothing from inside those."""
        return list(_own_parts(self.root))


def _own_parts(part: Part) -> Iterator[Part]:
    yield part
    if not part.is_mail:
        for child in part.parts:
            yield from _own_parts(child)
