"""Takes the words a person wrote out of a mail body: no quotes, no headers of quotes, no signature."""

import re
from dataclasses import dataclass

from discount_broker.outreach.inbound.quotes import REPLY_ABOVE, next_text, unquoted
from discount_broker.outreach.inbound.signatures import without_signature

UNSEEN = re.compile("[\u200b\ufeff\u202a-\u202c\u200e\u200f\u2066-\u2069\u1427]")
"""Letters that show nothing: marks of direction, joints, and what trackers of mail leave behind."""

BROKEN_LINK = re.compile(r"(<(?:https?://|mailto:)[^\s<>]{1,2000})\n>")
LINK_END = "\ue000"
"""Stands for the `>` of such a link while quotes are looked for; nobody can type it."""
MOST_LINES = 5_000


@dataclass(frozen=True)
class ReplyText:
    text: str
    signature: str


def split_reply(body: str) -> ReplyText:
    """What was written, and the signature under it."""
    # The end of a link that was broken over two lines is no quote.
    kept = BROKEN_LINK.sub(rf"\1\n{LINK_END}", UNSEEN.sub("", body.replace("\xa0", " ")))
    lines = [line.rstrip() for line in kept.split("\n", MOST_LINES)[:MOST_LINES]]
    begins = next_text(lines, 0)
    if begins < len(lines) and REPLY_ABOVE.match(lines[begins]):
        # A help desk's own letter, with its mark on top: what it says stands below.
        lines = lines[begins + 1 :]
    written = unquoted(lines)
    # A mail that is nothing but a quote or a forwarded letter is shown as it came.
    text, signature = without_signature(written if any(line.strip() for line in written) else lines)
    return ReplyText(_joined(text), _joined(signature))


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).replace(LINK_END, ">").strip()
