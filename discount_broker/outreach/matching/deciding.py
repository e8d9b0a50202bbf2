"""Decides which conversation a mail without a token belongs to, and never between two."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class MatchedBy(StrEnum):
    """What tied a mail to its conversation; the order in which they are tried."""

    TOKEN = "token"  # noqa: S105 - the name of a way, no secret
    """The secret in an address that we gave out."""
    REFERENCES = "references"
    """The Message-ID of a message of ours, which nobody can guess either."""
    NUMBER = "number"
    """The number of the request, and a sender who is of the shop that was asked."""
    LEARNT = "learnt"
    """A person once said whose address it is."""
    SENDER = "sender"
    """The domain or the very address of a shop of which exactly one answer is awaited."""
    PERSON = "person"


SECRETS = frozenset({MatchedBy.TOKEN, MatchedBy.REFERENCES})
"""Ways that only whoever got a message of ours can know."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An outreach as matching sees it."""

    outreach_id: UUID
    shop_id: UUID
    number: str
    shop_name: str = ""
    product: str = ""
    domains: frozenset[str] = frozenset()
    """Of the shop and of the addresses it shows; none at which anybody can have a mailbox."""
    addresses: frozenset[str] = frozenset()
    buyer: str = ""
    """The address of the buyer for whom it asks."""
    is_awaited: bool = True
    """It was asked and has not answered yet."""
    asked_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Clues:
    """What a mail shows of where it belongs."""

    sender: str = ""
    domain: str = ""
    """The sender's registrable domain; empty for free mail, which says nothing of a shop."""
    numbers: tuple[str, ...] = ()
    learnt_shop_id: UUID | None = None
    """Whose address it is, as a person once decided."""
    text: str = ""
    """Subject, words, signature and the sender's name."""
    at: datetime


def is_theirs(candidate: Candidate, clues: Clues) -> bool:
    """Whether the sender is of the shop that was asked; a person's word goes before a domain."""
    if clues.learnt_shop_id is not None:
        return candidate.shop_id == clues.learnt_shop_id
    return clues.sender in candidate.addresses or (bool(clues.domain) and clues.domain in candidate.domains)


def decide(clues: Clues, candidates: Iterable[Candidate]) -> tuple[Candidate, MatchedBy] | None:
    """The one conversation the clues point to; None where they point to none, to two, or at odds.

    A mail that names a request of which its sender was not asked may be about that one after all:
    then the sender's other conversations do not count.
    """
    known = list({each.outreach_id: each for each in candidates}.values())
    theirs = [each for each in known if is_theirs(each, clues)]
    if any(each.number in clues.numbers for each in known):
        named = [each for each in theirs if each.number in clues.numbers]
        return (named[0], MatchedBy.NUMBER) if len(named) == 1 else None
    awaited = [each for each in theirs if each.is_awaited]
    if len(awaited) != 1:
        return None
    return awaited[0], MatchedBy.SENDER if clues.learnt_shop_id is None else MatchedBy.LEARNT
