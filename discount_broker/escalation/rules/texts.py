"""What may stand in a text that leads write, and how it is filled with the facts of a case. Pure.

A text is Jinja of a very small kind: declared names, `{% if %}` around them, and one loop over the
attempts. Its tree is checked node by node before it is kept, so that what is kept can always be said.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple

from jinja2 import ChainableUndefined, Template, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

LONGEST_TEXT = 6000
DEEPEST = 20
"""Conditions within conditions: deeper ones nobody can read, and Python cannot compile many."""
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
FILTERS: Final[frozenset[str]] = frozenset({"capitalize", "lower", "upper"})


class Attempt(NamedTuple):
    """One time the shop was written to or called, in words."""

    day: str = ""
    what: str = ""

    def __str__(self) -> str:
        return f"{self.day}: {self.what}"


@dataclass(frozen=True)
class Flaw:
    """Why a text cannot be kept, and where."""

    line: int
    code: str
    """`syntax`, `unknown_name`, `unknown_part`, `unknown_filter`, `not_allowed`, `too_deep`, `too_long`."""
    name: str = ""
    nearest: str = ""
    """A known name that may have been meant."""


def flaws_in(body: str) -> list[Flaw]:
    """Everything that keeps a text from being kept, in the order of its lines."""
    if len(body) > LONGEST_TEXT:
        return [Flaw(body.count("\n", 0, LONGEST_TEXT) + 1, "too_long")]
    try:
        tree = ENVIRONMENT.parse(body)
    except TemplateSyntaxError as wrong:
        return [Flaw(wrong.lineno, "syntax", wrong.message or "")]
    except RecursionError:
        return [Flaw(1, "too_deep")]
    too_deep = _line_too_deep(tree)
    if too_deep:
        return [Flaw(too_deep, "too_deep")]
    return sorted(_inside(tree.body, NAMES), key=lambda flaw: flaw.line)


def _line_too_deep(tree: nodes.Template) -> int | None:
    """The line on which something stands within too much else."""
    level: list[nodes.Node] = [tree]
    for _ in range(DEEPEST):
        level = [child for node in level for child in node.iter_child_nodes()]
    return level[0].lineno if level else None


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


ENVIRONMENT = SandboxedEnvironment(
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=ChainableUndefined,
    autoescape=False,  # the result is plain text, and whoever shows it escapes all of it
)
ENVIRONMENT.globals.clear()
ENVIRONMENT.filters = {name: ENVIRONMENT.filters[name] for name in FILTERS}


@lru_cache(maxsize=512)
def _compiled(body: str) -> Template | None:
    return None if flaws_in(body) else ENVIRONMENT.from_string(body)


def _flaws(node: nodes.Node, names: frozenset[str]) -> Iterator[Flaw]:
    """What is wrong with a part of the tree; every kind of node that is not named here is refused."""
    if isinstance(node, nodes.Output):
        spoken = (part for part in node.nodes if not isinstance(part, nodes.TemplateData))
        yield from chain.from_iterable(_said(part, names) for part in spoken)
    elif isinstance(node, nodes.If):
        yield from _condition(node.test, names)
        yield from _inside((*node.body, *node.elif_, *node.else_), names)
    elif isinstance(node, nodes.For) and _is_over_attempts(node) and "attempt" not in names:
        yield from _inside((*node.body, *node.else_), names | {"attempt"})
    else:
        yield Flaw(node.lineno, "not_allowed", _sign_of(node))


def _inside(parts: Iterable[nodes.Node], names: frozenset[str]) -> Iterator[Flaw]:
    return chain.from_iterable(_flaws(part, names) for part in parts)


def _said(node: nodes.Node, names: frozenset[str]) -> Iterator[Flaw]:
    """What stands between `{{` and `}}`."""
    if isinstance(node, nodes.Filter) and node.node is not None:
        if node.name not in FILTERS or node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:
            yield Flaw(node.lineno, "unknown_filter", node.name, _nearest(node.name, FILTERS))
        yield from _said(node.node, names)
    elif isinstance(node, nodes.Getattr):
        yield from _part(node, names)
    elif isinstance(node, nodes.Name) and node.name != "attempts":  # those are said one by one
        yield from _known(node, names)
    else:
        yield Flaw(node.lineno, "not_allowed", _sign_of(node))


def _known(node: nodes.Name, names: frozenset[str]) -> Iterator[Flaw]:
    if node.name not in names:
        yield Flaw(node.lineno, "unknown_name", node.name, _nearest(node.name, names))


def _part(node: nodes.Getattr, names: frozenset[str]) -> Iterator[Flaw]:
    owner = node.node
    if not isinstance(owner, nodes.Name) or owner.name not in names:
        yield from _said(owner, names)
    elif owner.name != "attempt" or node.attr not in ATTEMPT:
        parts = ATTEMPT if owner.name == "attempt" else frozenset[str]()
        yield Flaw(node.lineno, "unknown_part", f"{owner.name}.{node.attr}", _nearest(node.attr, parts))


def _condition(node: nodes.Node, names: frozenset[str]) -> Iterator[Flaw]:
    """Whether facts are known: `a`, `not a`, `a and b`, `a or b`."""
    if isinstance(node, nodes.Not):
        yield from _condition(node.node, names)
    elif isinstance(node, nodes.And | nodes.Or):
        yield from _condition(node.left, names)
        yield from _condition(node.right, names)
    elif isinstance(node, nodes.Name):
        yield from _known(node, names)
    else:
        yield Flaw(node.lineno, "not_allowed", _sign_of(node))


def _is_over_attempts(node: nodes.For) -> bool:
    """`{% for attempt in attempts %}`, to the letter."""
    target, source = node.target, node.iter
    return (
        isinstance(target, nodes.Name)
        and isinstance(source, nodes.Name)
        and (target.name, source.name) == ("attempt", "attempts")
        and node.test is None
        and not node.recursive
    )


def _nearest(name: str, known: frozenset[str]) -> str:
    return next(iter(get_close_matches(name.lower(), sorted(known), 1, 0.5)), "")


def _sign_of(node: nodes.Node) -> str:
    """What people would call it: `attempts`, `call`, `include`, `add`."""
    return node.name if isinstance(node, nodes.Name) else type(node).__name__.lower()
