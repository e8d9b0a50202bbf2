"""What a buyer agreed to on a form, in the words they saw. Pure."""

from dataclasses import dataclass

from discount_broker.accounts.status import ConsentKind

ON_PREFERENCES = "preferences"
"""As the ledger names the page on which something was agreed to or taken back."""


@dataclass(frozen=True, kw_only=True)
class ConsentSaid:
    """One box: which, ticked or not, and the sentence beside it."""

    kind: ConsentKind
    is_given: bool
    version: str
    """Of the words, e.g. `processing:3`."""
    text: str
