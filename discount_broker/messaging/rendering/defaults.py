"""The words the program comes with, as a text that leads can edit, and the facts such a text may name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from jinja2 import Environment

from discount_broker.kernel.money import Money
from discount_broker.kernel.sandbox import Each, Vocabulary
from discount_broker.messaging.rendering.environments import locale_of, translations_of
from discount_broker.messaging.rendering.phrases import one_line
from discount_broker.messaging.rendering.reading import Reading
from discount_broker.messaging.rendering.source import source_of
from discount_broker.messaging.rendering.symbols import Book, Listed, Scope, Symbol
from discount_broker.messaging.rules.texts import LONGEST_BODY, LONGEST_SUBJECT, QUOTED, always_said, as_fact
from discount_broker.messaging.status import ChannelKind

BODIES: Final = {
    ChannelKind.EMAIL: "email/{}/body.txt",
    ChannelKind.WEB_FORM: "form/{}.txt",
    ChannelKind.SMS: "sms/{}.txt",
}
SUBJECT: Final = "email/{}/subject.txt"
ROOTS: Final = ("m", "site", "zone", "language", "room")
WORDS_OF_PEOPLE: Final = "written"
"""The macro that says what somebody wrote, line by line."""
NO_WAY_BACK: Final = frozenset({"product_url", "site_url"})
"""Links that lead to others, or to our first page: a text may do without them."""


class _Flag(str):
    """A fact that can only be asked about: it prints as nothing, and counts as known."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True)
class Part:
    """The subject or the body of a default."""

    source: str
    book: Book
    environment: Environment

    def facts(self, scope: Scope) -> dict[str, object]:
        """Every name of this part with its words for these facts."""
        said = {name: self._said(symbol, scope) for name, symbol in self.book.named.items()}
        return said | {name: self._things(listed, scope) for name, listed in self.book.lists.items()}

    def _things(self, listed: Listed, scope: Scope) -> list["Thing"]:
        found = listed.of.value(scope) or ()
        return [self._thing(listed, {**scope, listed.called: one}) for one in found]

    def _thing(self, listed: Listed, scope: Scope) -> "Thing":
        words = listed.words or Symbol(self.book, (listed.called,), lambda facts: facts[listed.called])
        parts = {name: self._said(symbol, scope) for name, symbol in listed.parts.items()}
        return Thing(str(self._said(words, scope)) if listed.words else "", parts)

    def _said(self, symbol: Symbol, scope: Scope) -> object:
        value = symbol.value(scope)
        if WORDS_OF_PEOPLE in symbol.written:
            return "\n".join(f"{QUOTED}{line.strip()}" for line in str(value or "").strip("\n").split("\n"))
        said = self._plain(value, scope)
        is_link = symbol.path[-1].endswith(("url", "link"))
        return as_fact(said) if type(said) is str and not is_link else said

    def _plain(self, value: object, scope: Scope) -> object:
        """One line of words, a number, or something that is only asked about."""
        if value is None or value is False:
            return ""
        if value is True:
            return _Flag()
        if isinstance(value, int):
            return value
        return one_line(str(self._written(value, scope)))

    def _written(self, value: object, scope: Scope) -> object:
        """As the language writes it, where the default only asks whether it is known."""
        filters = self.environment.filters
        if isinstance(value, datetime):
            return filters["day"](value, scope["zone"])
        if isinstance(value, Money):
            return filters["money"](value)
        if isinstance(value, Decimal):
            return filters["percent"](value)
        return ", ".join(map(str, value)) if isinstance(value, tuple) else value


@dataclass(frozen=True)
class Thing:
    """One thing of a list, as a text says it."""

    words: str
    parts: Mapping[str, object]

    def __str__(self) -> str:
        return self.words

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.parts.get(name, "")


@dataclass(frozen=True)
class Default:
    """The words of one message over one channel in one language."""

    message: str
    channel: ChannelKind
    language: str
    subject: Part | None
    body: Part

    @property
    def vocabulary(self) -> Vocabulary:
        """What a body may name."""
        return _vocabulary([self.body, *([self.subject] if self.subject else [])], LONGEST_BODY)

    @property
    def subject_vocabulary(self) -> Vocabulary:
        whole = self.vocabulary
        lists = {each.of for each in whole.lists}
        return Vocabulary(whole.names - lists, (), LONGEST_SUBJECT)

    @property
    def required(self) -> frozenset[str]:
        """What no version may leave out: our own links, the address for answers, what people wrote."""
        said = always_said(self.body.source)
        return frozenset(
            name
            for name in said
            if (name.endswith(("_url", "_address")) and name not in NO_WAY_BACK)
            or WORDS_OF_PEOPLE in self._written(name)
        )

    def _written(self, name: str) -> tuple[str, ...]:
        symbol = self.body.book.named.get(name)
        return symbol.written if symbol else ()

    def facts(self, scope: Scope) -> dict[str, object]:
        return (self.subject.facts(scope) if self.subject else {}) | self.body.facts(scope)


def _vocabulary(parts: list[Part], longest: int) -> Vocabulary:
    names, lists = set[str](), dict[str, Each]()
    for part in parts:
        names |= {*part.book.named, *part.book.lists}
        for of, listed in part.book.lists.items():
            before = lists.get(of, Each(of, listed.called))
            lists[of] = before._replace(parts=before.parts | frozenset(listed.parts))
    return Vocabulary(frozenset(names), tuple(lists.values()), longest)


def _joined(subject: str) -> str:
    """A subject in one line: where lines end beside a tag, there is no blank."""
    return re.sub(r"(?<=%})\n|\n(?={%)", "", subject)


def read_default(
    environment: Environment, translations: Path, message: str, channel: ChannelKind, language: str
) -> Default:
    """What the templates say in one language, with names for facts."""

    def read(template: str) -> Part:
        reading = Reading(
            environment, translations_of(translations, language), locale_of(language).plural_form
        )
        said = reading.read(template.format(message), ROOTS)
        return Part(source_of(said), reading.book, environment)

    subject = None if channel is ChannelKind.SMS else read(SUBJECT)
    body = read(BODIES[channel])
    if channel is ChannelKind.SMS:
        body = Part(one_line(body.source), body.book, environment)
    if subject:
        subject = Part(one_line(_joined(subject.source)), subject.book, environment)
    return Default(message, channel, language, subject, body)
