"""For which of our addresses a mail in a mailbox is: what its envelope said is in its headers, at best."""

import re
from collections.abc import Iterable

from discount_broker.messaging.inbound.authentication import addresses_in, headers_of, values

OF_THE_ENVELOPE = ("X-Original-To", "Delivered-To", "X-Delivered-To", "Envelope-To", "X-Envelope-To")
"""Written by servers on the way; the mailbox itself stands there too, where mail is forwarded to it."""
OF_THE_LETTER = ("To", "Cc", "Resent-To", "Resent-Cc")
OURS = re.compile(r"(?:reply|answer|bounce)\+[a-z0-9]+", re.IGNORECASE)


def recipients_of(raw: bytes, domain: str, mailbox: str) -> tuple[str, ...]:
    """The addresses with a token of ours, else the mailbox in which the mail lay."""
    headers = headers_of(raw)
    for names in (OF_THE_ENVELOPE, OF_THE_LETTER):
        lines = [line for name in names for line in values(headers, name)]
        found = _ours(addresses_in(lines), domain)
        if found:
            return found
    return (mailbox,)


def _ours(addresses: Iterable[str], domain: str) -> tuple[str, ...]:
    """Each once, however it is spelt."""
    found: dict[str, str] = {}
    for address in addresses:
        local, _, place = address.strip().rpartition("@")
        if place.lower() == domain.lower() and OURS.fullmatch(local):
            found.setdefault(address.lower(), address)
    return tuple(found.values())
