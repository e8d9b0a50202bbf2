"""What may stand in a text that leads write, and how it is filled with the facts of a case. Pure.

The language itself is in `kernel.sandbox`: declared names, `{% if %}` around them, and here one loop over
the attempts.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from jinja2 import Template

from discount_broker.kernel import sandbox
from discount_broker.kernel.sandbox import Each, Flaw, Vocabulary

__all__ = ["ATTEMPT", "LONGEST_TEXT", "NAMES", "Attempt", "Flaw", "fill", "flaws_in"]

LONGEST_TEXT = 6000
NAMES: Final[frozenset[str]] = frozenset(
    {
        "attempts", "best_time", "buyer_email", "buyer_phone", "company", "contact_wishes", "deadline",
        "link", "number", "operator", "person", "price", "price_now", "product", "promise_by", "promise_day",
        "promise_due", "service", "shop", "site_address", "unreached", "wish",
    }
)  # fmt: skip
"""What a text may name; each is a phrase in the reader's language, and empty where nobody knows it."""
ATTEMPT: Final[frozenset[str]] = frozenset({"day", "what"})
"""What can be said of one attempt."""
WORDS: Final = Vocabulary(NAMES, (Each("attempts", "attempt", ATTEMPT),), LONGEST_TEXT)
ENVIRONMENT: Final = sandbox.small_environment(trim_blocks=True, lstrip_blocks=True)


class Attempt(NamedTuple):
    """One time the shop was written to or called, in words."""

    day: str = ""
    what: str = ""

    def __str__(self) -> str:
        return f"{self.day}: {self.what}"


def flaws_in(body: str) -> list[Flaw]:
    """Everything that keeps a text from being kept, in the order of its lines."""
    return sandbox.flaws_in(body, WORDS)


def fill(body: str, facts: Mapping[str, object]) -> str:
    """The text with its facts, as plain text: it is escaped where it is shown.

    Whatever happens to a text or its facts, a page that shows it opens: a fact nobody knows is left out,
    and a text that could not have been kept stands there as it is.
    """
    template = _compiled(body)
    if template is None:
        return body
    said = template.render({name: _plain(facts.get(name, "")) for name in NAMES})
    lines = [re.sub(" {2,}", " ", line).strip() for line in said.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _plain(fact: object) -> object:
    """Facts come from strangers' pages: each is one line, so that none can add a paragraph."""
    if isinstance(fact, list | tuple):
        return [Attempt(*(" ".join(str(part).split()) for part in attempt[:2])) for attempt in fact]
    return "" if fact is None or fact is False else " ".join(str(fact).split())


@lru_cache(maxsize=512)
def _compiled(body: str) -> Template | None:
    return None if flaws_in(body) else ENVIRONMENT.from_string(body)
