"""What came back after a form was sent, and what it was taken to say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from discount_broker.outreach.form_filling.answer_words import Verdict


class OutcomeKind(StrEnum):
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"
    CAPTCHA = "captcha"
    """The shop asks for a captcha now: nothing was taken."""
    ERROR = "error"


@dataclass(frozen=True)
class AnswerPage:
    """What came back, after redirects."""

    url: str
    status: int
    content: bytes
    content_type: str = ""
    cookies: Mapping[str, str] = field(default_factory=dict)
    """Those that the answer set or changed."""
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0
    """Seconds for which the server asked to be left alone."""


@dataclass(frozen=True)
class FormOutcome:
    kind: OutcomeKind
    decided_by: str
    """The words, address or datum that decided, as they came."""
    field_messages: Mapping[str, str] = field(default_factory=dict)
    """What the shop says about single fields, by their names."""
    is_stale: bool = False
    """A token was too old, and certainly nothing was taken."""


KINDS = {Verdict.GOOD: OutcomeKind.CONFIRMED, Verdict.BAD: OutcomeKind.REFUSED}
