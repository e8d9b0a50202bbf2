"""Jinja that keeps its questions: it reads a template with symbols for facts, and every way it could go.

`{% if %}` and `{% for %}` are not decided but written down, so that what comes out is a template again: of
declared names, without macros, inheritance and translations, which have all been said by then.
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from babel.support import NullTranslations
from jinja2 import Environment, nodes

from discount_broker.messaging.rendering.asking import written_down
from discount_broker.messaging.rendering.symbols import Book, Condition, Scope, Symbol

BEGINS, ENDS = "\ue100", "\ue101"
"""Around a tag, until it is known where lines end."""
FRAMES: Final = frozenset({"email/base.txt", "sms/_base.txt"})
"""Of these only the place of the words is read: the frame is not to be edited."""
NOT_READ: Final = frozenset({"form/_who_we_are.txt"})
SAMPLE_NUMBERS: Final = {"one": 1, "few": 2, "": 5}
"""A number for each form that English and Russian have."""
COMPARED: Final[dict[str, tuple[str, Callable[[Any, Any], bool]]]] = {
    "eq": ("", operator.eq),
    "ne": ("not_", operator.ne),
    "gt": ("over_", operator.gt),
    "gteq": ("from_", operator.ge),
    "lt": ("under_", operator.lt),
    "lteq": ("up_to_", operator.le),
}
MEMBERS: Final = frozenset({"in", "notin"})


def tag(words: str) -> str:
    return f"{BEGINS}{words}{ENDS}"


@dataclass
class Case:
    """A question that is open while its ways are read."""

    answer: bool | None
    """None where it depends on facts."""
    words: str = ""
    is_first_way: bool = True

    def tag(self, words: str) -> str:
        return tag(words) if self.answer is None else ""


class Reading(Environment):
    """Reads the templates of another environment for one book."""

    def __init__(
        self, real: Environment, translations: NullTranslations, category_of: Callable[[int], str]
    ) -> None:
        super().__init__(
            loader=real.loader,
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
            lstrip_blocks=True,
            cache_size=0,
        )
        self.real, self.translations, self.category_of = real, translations, category_of
        self.book = Book()
        self._cases: list[Case] = []
        self.filters = {name: self._filter(name) for name in real.filters}
        self.tests["none"] = _is_none
        self.globals |= {
            "_begin": self._begin, "_may": self._may, "_otherwise": self._otherwise, "_end": self._end,
            "_begin_list": self._begin_list, "_things": self._things, "_end_list": self._end_list,
            "_either": self._either, "_not": self._not, "_both": self._both, "_compare": self._compare,
            "_phrase": self._phrase, "gettext": self._gettext, "ngettext": self._ngettext,
        }  # fmt: skip
        self._lists: list[tuple[bool, Sequence[Any]]] = []

    def read(self, name: str, roots: Sequence[str]) -> str:
        """What a template says of facts that are not known yet."""
        facts = {root: Symbol(self.book, (root,), _root(root)) for root in roots}
        return self.get_template(name).render(facts)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if name in NOT_READ:
            tree.body = []
        elif name in FRAMES:
            kept = (nodes.FromImport, nodes.Import)
            tree.body = [n for n in tree.body if isinstance(n, kept) or getattr(n, "name", "") == "body"]
        return written_down(tree, self)

    def getattr(self, obj: Any, attribute: str) -> Any:
        return obj.part(attribute) if isinstance(obj, Symbol) else super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return obj.item(argument) if isinstance(obj, Symbol) else super().getitem(obj, argument)

    def _filter(self, name: str) -> Callable[..., Any]:
        def change(_scope: Scope, value: Any, *given: Any) -> Any:
            return self.real.call_filter(name, value, given)

        def write(known: Any, *args: Any) -> Any:
            if isinstance(known, Symbol):
                return known.through(name, change, args)
            return self.real.call_filter(name, known, args)

        return write

    def _phrase(self, template: str, macro: str) -> Callable[..., Any]:
        """A macro that says one phrase of its first fact."""

        def said(scope: Scope, *args: Any) -> str:
            # What it says depends on its facts alone, so one reading serves a whole message.
            read = scope["macros"]
            if template not in read:
                read[template] = self.real.get_template(template).make_module({**scope})
            words: str = getattr(read[template], macro)(*args)
            return words

        return lambda known, *args: known.through(macro, said, args)

    def _question(self, asked: Any) -> str | bool:
        """How a text asks this, or the answer where that does not depend on facts."""
        if isinstance(asked, Symbol):
            return True if asked.name in self.book.things else self.book.note(asked)
        return asked.words if isinstance(asked, Condition) else bool(asked)

    def _begin(self, asked: Any) -> str:
        words = self._question(asked)
        is_open = any(case.words == words and case.is_first_way for case in self._cases)
        if isinstance(words, bool) or is_open:
            self._cases.append(Case(True if is_open else bool(words)))
            return ""
        self._cases.append(Case(None, words))
        return tag(f"if {words}")

    def _may(self, way: str) -> bool:
        answer = self._cases[-1].answer
        return answer is None or answer is (way == "first")

    def _otherwise(self) -> str:
        self._cases[-1].is_first_way = False
        return self._cases[-1].tag("else")

    def _end(self) -> str:
        return self._cases.pop().tag("endif")

    def _either(self, asked: Any, first: Any, other: Any) -> Any:
        words = self._question(asked)
        if isinstance(words, bool):
            return first if words else other
        otherwise = f"{tag('else')}{other}" if other not in ("", None) else ""
        return f"{tag(f'if {words}')}{first}{otherwise}{tag('endif')}"

    def _not(self, asked: Any) -> Any:
        words = self._question(asked)
        return not words if isinstance(words, bool) else ~Condition(words)

    def _both(self, word: str, left: Any, right: Any) -> Any:
        if word == "or" and isinstance(left, Symbol) and isinstance(right, int | str):
            return Symbol(self.book, left.path, lambda scope: left.value(scope) or right)
        words, others = self._question(left), self._question(right)
        if isinstance(words, bool):
            return right if words is (word == "and") else words
        if isinstance(others, bool):
            return left if others is (word == "and") else others
        return Condition(f"({words} {word} {others})")

    def _compare(self, known: Any, how: str, other: Any) -> Any:
        if how in MEMBERS:
            return self._is_among(known, other) if how == "in" else self._not(self._is_among(known, other))
        prefix, compare = COMPARED[how]
        if not isinstance(known, Symbol):
            return compare(known, other)
        slug = re.sub(r"\W+", "_", str(other))
        path = (*known.path[:-1], f"{known.path[-1]}_{prefix}{slug}")
        return Symbol(self.book, path, lambda scope: compare(known.value(scope), other))

    def _is_among(self, known: Any, others: Any) -> Any:
        """Whether it is one of several, as a question for each of them."""
        if not isinstance(known, Symbol):
            return known in others
        asked = [self.book.note(self._compare(known, "eq", other)) for other in others]
        return Condition(f"({' or '.join(asked)})")

    def _begin_list(self, listed: Any, called: str) -> str:
        if not isinstance(listed, Symbol):
            self._lists.append((False, listed))
            return ""
        name, thing = self.book.begin(listed, called)
        self._lists.append((True, [Symbol(self.book, (thing,), _root(thing))]))
        return tag(f"for {thing} in {name}")

    def _things(self) -> Sequence[Any]:
        return self._lists[-1][1]

    def _end_list(self) -> str:
        is_open, _ = self._lists.pop()
        return tag("endfor") if is_open else ""

    def _gettext(self, said: str, **facts: Any) -> str:
        return _put_in(self.translations.ugettext(said), facts)

    def _ngettext(self, one: str, many: str, count: Any, **facts: Any) -> str:
        """One form where the number is known, else a question for each form the language has."""
        facts = {"num": count, **facts}
        if not isinstance(count, Symbol):
            return _put_in(self.translations.ungettext(one, many, count), facts)
        forms = {
            form: _put_in(self.translations.ungettext(one, many, number), facts)
            for form, number in SAMPLE_NUMBERS.items()
        }
        if forms["few"] == forms[""]:
            del forms["few"]
        return self._counted(count, forms)

    def _counted(self, count: Symbol, forms: Mapping[str, str]) -> str:
        """The forms with what is common to all of them said once."""
        asked = {form: self._is_form(count, form) for form in forms if form}
        split = [re.split(r"(\s+)", form) for form in forms.values()]
        ahead = _common(split)
        behind = _common([words[ahead:][::-1] for words in split])
        middles = ["".join(words[ahead : len(words) - behind]) for words in split]
        ways = [tag(f"{word} {name}") for word, name in zip(("if", "elif"), asked.values(), strict=False)]
        said = "".join(way + middle for way, middle in zip([*ways, tag("else")], middles, strict=True))
        first = split[0]
        return "".join(first[:ahead]) + said + tag("endif") + "".join(first[len(first) - behind :])

    def _is_form(self, count: Symbol, form: str) -> str:
        path = (*count.path[:-1], f"{count.path[-1].removesuffix('_count')}_{form}")
        return self.book.note(
            Symbol(self.book, path, lambda scope: self.category_of(count.value(scope) or 0) == form)
        )


def _is_none(known: Any) -> Any:
    if isinstance(known, Symbol):
        return ~Condition(known.book.note(known))
    return known is None


def _root(name: str) -> Callable[[Scope], Any]:
    return lambda scope: scope[name]


def _put_in(said: str, facts: Mapping[str, Any]) -> str:
    return re.sub(r"%\((\w+)\)[sd]", lambda found: str(facts[found[1]]), said).replace("%%", "%")


def _common(several: Sequence[Sequence[str]]) -> int:
    """How many words all of them begin with."""
    same = 0
    for words in zip(*several, strict=False):
        if len(set(words)) > 1:
            break
        same += 1
    return same
