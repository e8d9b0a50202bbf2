"""Reads which of our messages a Message-ID names: each is made of the id of its delivery."""

from collections.abc import Iterable
from uuid import UUID


def delivery_ids(message_ids: Iterable[str], mail_domain: str) -> tuple[UUID, ...]:
    """The deliveries these Message-IDs were made for, in their order; other people's are left out."""
    found: dict[UUID, None] = {}
    for message_id in message_ids:
        name, _, domain = message_id.strip().strip("<>").rpartition("@")
        if domain.lower() != mail_domain.lower():
            continue
        try:
            found[UUID(name)] = None
        except ValueError:
            continue
    return tuple(found)
