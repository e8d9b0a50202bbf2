"""Finds in reports of machines what they say of the message of ours that they are about."""

import re
from typing import NamedTuple

from discount_broker.outreach.inbound.headers import all_addresses, message_ids
from discount_broker.outreach.inbound.letter import Mail

ORIGINAL_ID = re.compile(r"^original-message-id:[ \t]*(<[^<>\s]{1,500}>)", re.IGNORECASE | re.MULTILINE)
SHOWN = re.compile(r"^disposition:[^;\n]*;[ \t]*displayed", re.IGNORECASE | re.MULTILINE)
READ_RECEIPT = "message/disposition-notification"
ADDRESSED = ("return-path", "reply-to", "from", "x-envelope-from")
MOST_FIELDS = 5


class Original(NamedTuple):
    """What a bounce, a complaint or a receipt shows of a message of ours."""

    addresses: tuple[str, ...] = ()
    """Of ours, in which the tokens are."""
    message_ids: tuple[str, ...] = ()
    was_read: bool = False
    """A person's mail program says that it showed the message."""


def find_original(content: bytes) -> Original:
    """What comes back with a report: the message itself, its headers, or its Message-ID alone."""
    mail = Mail(content)
    returned = mail.returned
    fields = returned.fields if returned is not None else {}
    notes = "\n".join(part.text() for part in mail.attached(READ_RECEIPT))
    ids = message_ids(" ".join(fields.get("message-id", [])[:MOST_FIELDS]))
    return Original(
        tuple(
            a
            for name in ADDRESSED
            for value in fields.get(name, [])[:MOST_FIELDS]
            for a in all_addresses(value)
        ),
        (*ids, *ORIGINAL_ID.findall(notes)),
        was_read=SHOWN.search(notes) is not None,
    )
