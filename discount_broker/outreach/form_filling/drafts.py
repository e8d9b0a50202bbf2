"""A letter for a shop's form on its way to a request: what is known, what is drafted, what is ready."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from discount_broker.discovery.extract.forms.descriptions import FoundForm
from discount_broker.discovery.extract.pages.page import Document
from discount_broker.messaging.ports import FailureReason
from discount_broker.outreach.form_filling.encoding import Pair


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a visitor of the shop would type."""

    name: str
    email: str
    phone: str = ""
    subject: str = ""
    text: str
    link: str = ""
    """Where the shop answers: it stays in the text when a form allows but a short one."""


class Fix(StrEnum):
    """How to mend a field that a shop complained of."""

    OTHER_SHAPE = "other_shape"
    """The same value, written in another way."""
    SHORTER = "shorter"
    DEMANDED = "demanded"
    """It may not be left as it was."""


@dataclass(frozen=True)
class Correction:
    fix: Fix
    tried: str = ""
    """What the shop did not like."""
    limit: int = 0


Corrections = Mapping[str, Correction]
"""By the name of the field."""


@dataclass(frozen=True)
class OpenForm:
    """A form on its page as it was just served."""

    document: Document
    element: Any
    found: FoundForm
    charset: str
    cookies: Mapping[str, str] = field(default_factory=dict)

    def has_names(self, *names: str) -> bool:
        return set(names) <= {each.name for each in self.found.fields}


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A request before it is written out; recipes change it."""

    action: str
    method: str
    enctype: str
    pairs: tuple[Pair, ...]
    charset: str
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    packed: tuple[Pair, ...] = ()
    """The form's own fields, where they travel inside of one of the pairs."""

    def value_of(self, name: str) -> str:
        return next((pair.value for pair in self.pairs if pair.name == name), "")

    def having(self, values: Mapping[str, str]) -> "Draft":
        """The same with these values; a name that is there keeps its place."""
        kept = [Pair(p.name, values.get(p.name, p.value), p.is_file) for p in self.pairs]
        names = {pair.name for pair in self.pairs}
        added = [Pair(name, value) for name, value in values.items() if name not in names]
        return replace(self, pairs=(*kept, *added))

    def lacking(self, values: Mapping[str, str]) -> "Draft":
        """The same with these values where it has none."""
        return self.having(
            {name: value for name, value in values.items() if value and not self.value_of(name)}
        )


@dataclass(frozen=True, kw_only=True)
class FilledForm:
    """A request ready to be sent, and what is needed to understand the answer."""

    action: str
    method: str
    content_type: str
    body: bytes
    fields: dict[str, str]
    """What was sent, for people to look at."""
    page_url: str
    letter: Letter
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    form_names: frozenset[str] = frozenset()
    page_lines: frozenset[str] = field(default_factory=frozenset, repr=False)
    """The lines of the page before sending: only what is new in the answer says anything."""
    roles: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What each field that people see was taken for."""


@dataclass(frozen=True)
class Circumstances:
    """What filling depends on beside the form and the letter."""

    today: date | None = None
    fresh: str = ""
    """What the recipe asked to be read right before."""
    corrections: Corrections = field(default_factory=dict)


class CannotFill(Exception):
    """We cannot send the form, and trying again will not help."""

    def __init__(self, reason: FailureReason, why: str) -> None:
        super().__init__(why)
        self.reason = reason
