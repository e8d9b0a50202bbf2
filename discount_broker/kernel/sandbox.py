"""A template language so small that leads may write in it: declared names, conditions and lists. Pure.

A text is Jinja whose tree is checked node by node before it is kept, so that what is kept can always be
said. Which names and lists there are differs from text to text: each kind brings its own `Vocabulary`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain
from typing import Final, NamedTuple

from jinja2 import ChainableUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

DEEPEST = 20
"""Conditions within conditions: deeper ones nobody can read, and Python cannot compile many."""
FILTERS: Final[frozenset[str]] = frozenset({"capitalize", "lower", "upper"})


class Each(NamedTuple):
    """One list: `{% for attempt in attempts %}`, and what can be said of one of its things."""

    of: str
    called: str
    parts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Vocabulary:
    """What a kind of text may name."""

    names: frozenset[str]
    """Lists included: whether there is anything in one can be asked."""
    lists: tuple[Each, ...] = ()
    longest: int = 6000

    def each(self, called: str) -> Each | None:
        return next((one for one in self.lists if one.called == called), None)


@dataclass(frozen=True)
class Flaw:
    """Why a text cannot be kept, and where."""

    line: int
    code: str
    """`syntax`, `unknown_name`, `unknown_part`, `unknown_filter`, `not_allowed`, `too_deep`, `too_long`."""
    name: str = ""
    nearest: str = ""
    """A known name that may have been meant."""


def small_environment(**options: bool) -> SandboxedEnvironment:
    """Where checked texts are compiled: no globals, three filters, and a missing fact is no error."""
    environment = SandboxedEnvironment(
        undefined=ChainableUndefined,
        autoescape=False,  # the result is plain text, and whoever shows it escapes all of it
        **options,
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    return environment


READER: Final = small_environment()


def parse(body: str) -> nodes.Template:
    """The tree of a text.

    Raises:
        jinja2.TemplateSyntaxError, RecursionError

    """
    return READER.parse(body)


def flaws_in(body: str, words: Vocabulary) -> list[Flaw]:
    """Everything that keeps a text from being kept, in the order of its lines."""
    if len(body) > words.longest:
        return [Flaw(body.count("\n", 0, words.longest) + 1, "too_long")]
    try:
        tree = parse(body)
    except TemplateSyntaxError as wrong:
        return [Flaw(wrong.lineno, "syntax", wrong.message or "")]
    except RecursionError:
        return [Flaw(1, "too_deep")]
    too_deep = _line_too_deep(tree)
    if too_deep:
        return [Flaw(too_deep, "too_deep")]
    return sorted(_Check(words, words.names).inside(tree.body), key=lambda flaw: flaw.line)


def _line_too_deep(tree: nodes.Template) -> int | None:
    """The line on which something stands within too much else."""
    level: list[nodes.Node] = [tree]
    for _ in range(DEEPEST):
        level = [child for node in level for child in node.iter_child_nodes()]
    return level[0].lineno if level else None


class _Check:
    """Looks through a tree with the names that are known where it stands; other nodes are refused."""

    def __init__(self, words: Vocabulary, names: frozenset[str]) -> None:
        self.words, self.names = words, names
        self.lists = {one.of for one in words.lists}

    def inside(self, parts: Iterable[nodes.Node]) -> Iterator[Flaw]:
        return chain.from_iterable(self.flaws(part) for part in parts)

    def flaws(self, node: nodes.Node) -> Iterator[Flaw]:
        each = self._list_of(node)
        if isinstance(node, nodes.Output):
            spoken = (part for part in node.nodes if not isinstance(part, nodes.TemplateData))
            yield from chain.from_iterable(self._said(part) for part in spoken)
        elif isinstance(node, nodes.If):
            yield from self._condition(node.test)
            yield from self.inside((*node.body, *node.elif_, *node.else_))
        elif isinstance(node, nodes.For) and each and each.called not in self.names:
            within = _Check(self.words, self.names | {each.called})
            yield from within.inside((*node.body, *node.else_))
        else:
            yield Flaw(node.lineno, "not_allowed", _sign_of(node))

    def _said(self, node: nodes.Node) -> Iterator[Flaw]:
        """What stands between `{{` and `}}`."""
        if isinstance(node, nodes.Filter) and node.node is not None:
            if node.name not in FILTERS or node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:
                yield Flaw(node.lineno, "unknown_filter", node.name, _nearest(node.name, FILTERS))
            yield from self._said(node.node)
        elif isinstance(node, nodes.Getattr):
            yield from self._part(node)
        elif isinstance(node, nodes.Name) and node.name not in self.lists:  # those are said one by one
            yield from self._known(node)
        else:
            yield Flaw(node.lineno, "not_allowed", _sign_of(node))

    def _known(self, node: nodes.Name) -> Iterator[Flaw]:
        if node.name not in self.names:
            yield Flaw(node.lineno, "unknown_name", node.name, _nearest(node.name, self.names))

    def _part(self, node: nodes.Getattr) -> Iterator[Flaw]:
        owner = node.node
        if not isinstance(owner, nodes.Name) or owner.name not in self.names:
            yield from self._said(owner)
            return
        each = self.words.each(owner.name)
        parts = each.parts if each else frozenset[str]()
        if node.attr not in parts:
            yield Flaw(node.lineno, "unknown_part", f"{owner.name}.{node.attr}", _nearest(node.attr, parts))

    def _condition(self, node: nodes.Node) -> Iterator[Flaw]:
        """Whether facts are known: `a`, `not a`, `a and b`, `a or b`."""
        if isinstance(node, nodes.Not):
            yield from self._condition(node.node)
        elif isinstance(node, nodes.And | nodes.Or):
            yield from self._condition(node.left)
            yield from self._condition(node.right)
        elif isinstance(node, nodes.Getattr):
            yield from self._part(node)
        elif isinstance(node, nodes.Name):
            yield from self._known(node)
        else:
            yield Flaw(node.lineno, "not_allowed", _sign_of(node))

    def _list_of(self, node: nodes.Node) -> Each | None:
        """The list of `{% for attempt in attempts %}`, written to the letter."""
        if not isinstance(node, nodes.For) or node.test is not None or node.recursive:
            return None
        target, source = node.target, node.iter
        if not isinstance(target, nodes.Name) or not isinstance(source, nodes.Name):
            return None
        return next(
            (one for one in self.words.lists if (one.called, one.of) == (target.name, source.name)), None
        )


def _nearest(name: str, known: frozenset[str]) -> str:
    return next(iter(get_close_matches(name.lower(), sorted(known), 1, 0.5)), "")


def _sign_of(node: nodes.Node) -> str:
    """What people would call it: `attempts`, `call`, `include`, `add`."""
    return node.name if isinstance(node, nodes.Name) else type(node).__name__.lower()
