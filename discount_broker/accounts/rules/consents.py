"""What a buyer agreed to on a form, in the words they saw. Pure."""

from dataclasses import dataclass

from discount_broker.accounts.status import ConsentKind

ON_PREFERENCES = "preferences"
"""As the ledger names the page on which something was agreed to or taken back."""
BY_MAIL = "mail"
"""Taken back on the page that a mail leads to; nothing is agreed to there."""
CONFIRMED = "confirmed:"
"""Before the number of a request whose mailbox confirmed what was ticked with it."""


def is_proved(kind: ConsentKind, subject: str) -> bool:
    """Whether the buyer themselves said it: anybody can type an address into a form and tick a box for it.

    What a request alone needs is asked of the request, which does nothing before it is confirmed.
    """
    is_theirs = subject in (ON_PREFERENCES, BY_MAIL) or subject.startswith(CONFIRMED)
    return is_theirs or kind is not ConsentKind.NEWS


@dataclass(frozen=True, kw_only=True)
class ConsentSaid:
    """One box: which, ticked or not, and the sentence beside it."""

    kind: ConsentKind
    is_given: bool
    version: str
    """Of the words, e.g. `processing:3`."""
    text: str
