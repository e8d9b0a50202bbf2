"""Takes the words a person wrote out of a mail body: no quotes, no headers of quotes, no signature."""

import re
from dataclasses import dataclass

from discount_broker.outreach.inbound.quotes import REPLY_ABOVE, next_text, unquoted
from discount_broker.outreach.inbound.signatures import without_signature

UNSEEN = re.compile("[\u200b\ufeff\u202a-\u202c\u200e\u200f\u2066-\u2069\u1427]")
"""Letters that show nothing: marks of direction, joints, and what trackers of mail leave behind."""

MOST_LINES = 5_000


@dataclass(frozen=True)
class ReplyText:
    text: str
    signature: str


def split_reply(body: str) -> ReplyText:
    """What was written, and the signature under it."""
    lines = [
        line.rstrip()
        for line in UNSEEN.sub("", body.replace("\xa0", " ")).split("\n", MOST_LINES)[:MOST_LINES]
    ]
    begins = next_text(lines, 0)
    if begins < len(lines) and REPLY_ABOVE.match(lines[begins]):
        # A help desk's own letter, with its mark on top: what it says stands below.
        lines = lines[begins + 1 :]
    written = unquoted(lines)
    # A mail that is nothing but a quote or a forwarded letter is shown as it came.
    text, signature = without_signature(written if any(line.strip() for line in written) else lines)
    return ReplyText("\n".join(text).strip(), "\n".join(signature).strip())
