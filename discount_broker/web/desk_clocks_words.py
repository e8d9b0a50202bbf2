"""What the clocks are called, and what they count."""

from collections.abc import Mapping
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from discount_broker.escalation.status import ClockKind

CLOCKS: Final[Mapping[str, LazyString]] = {
    ClockKind.FIRST_ANSWER: _l("First answer"),
    ClockKind.NEXT_ANSWER: _l("Next answer"),
    ClockKind.SOLVED: _l("Solved"),
}
MEANINGS: Final[Mapping[str, LazyString]] = {
    ClockKind.FIRST_ANSWER: _l("From the first message that reached the shop until a person there answers."),
    ClockKind.NEXT_ANSWER: _l(
        "From what we or the buyer said last until a person at the shop answers again."
    ),
    ClockKind.SOLVED: _l("From the opening of the case until its ending."),
}
