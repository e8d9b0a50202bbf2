"""Facts that print as their own names: what a template is read with to become a text that leads can edit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Scope = Mapping[str, Any]
"""What a template is given: `m`, `site`, `zone`, … and the things of the lists it stands in."""
Value = Callable[[Scope], Any]
NAMES: Final[dict[tuple[str, ...], str]] = {
    ("product", "title"): "product",
    ("product", "url"): "product_url",
    ("product", "price"): "price",
    ("product", "seen_at"): "seen_on",
    ("terms",): "offer",
    ("terms", "final_price"): "final_price",
    ("terms", "saving"): "saving",
    ("terms", "text"): "shop_words",
    ("terms", "valid_until"): "valid_until",
    ("contact", "email"): "buyer_email",
    ("contact", "phone"): "buyer_phone",
    ("contact", "best_time"): "best_time",
    ("contact", "alone"): "contact_wishes",
    ("shared", "alone"): "contact_wishes",
    ("answers", "0", "code"): "first_answer",
    ("site", "service_name"): "service",
    ("site", "base_url"): "site_url",
}
"""Short names for what stands deep in the facts; everything else is called by its way there."""


@dataclass
class Listed:
    """A list of the facts, and what is said of each of its things."""

    of: "Symbol"
    called: str
    words: "Symbol | None" = None
    parts: dict[str, "Symbol"] = field(default_factory=dict)


class Book:
    """What was named while a template was read."""

    def __init__(self) -> None:
        self.named: dict[str, Symbol] = {}
        self.lists: dict[str, Listed] = {}
        self.things: dict[str, Listed] = {}
        """The same lists by the name of one of their things."""

    def note(self, symbol: "Symbol") -> str:
        """The name by which a text says this; a second way to write the same fact gets one of its own."""
        owner, _, part = symbol.name.partition(".")
        listed = self.things.get(owner)
        if listed is None:
            return _put(self.named, symbol.name, symbol)
        if part:
            return f"{owner}.{_put(listed.parts, part, symbol)}"
        listed.words = symbol
        return owner

    def begin(self, symbol: "Symbol", called: str) -> tuple[str, str]:
        """Enter a list; its own name, and that of one of its things."""
        name = symbol.name.replace(".", "_")
        thing = (
            called
            if called not in self.things or self.things[called].of.name == symbol.name
            else name + "_one"
        )
        listed = self.lists.setdefault(name, Listed(symbol, thing))
        self.things[listed.called] = listed
        return name, listed.called


def _put(known: dict[str, "Symbol"], name: str, symbol: "Symbol") -> str:
    before = known.get(name)
    if before is not None and not symbol.written:
        return name  # only asked about
    if before is not None and before.written not in ((), symbol.written):
        name = f"{name}_{symbol.written[0]}"
    known[name] = symbol
    return name


class Symbol:
    """Stands for one fact: prints as `{{ name }}`, and finds its value once there are facts."""

    def __init__(
        self, book: Book, path: tuple[str, ...], value: Value, written: tuple[str, ...] = ()
    ) -> None:
        self.book, self.path, self.value, self.written = book, path, value, written

    @property
    def name(self) -> str:
        """`product` for `m.product.title`, and `ask.product` for that of one thing of a list."""
        first, rest = self.path[0], self.path[1:]
        if first == "m":
            return _called(rest)
        if first in self.book.things:
            return f"{first}.{_called(rest)}" if rest else first
        return _called(self.path)

    def part(self, name: str) -> "Symbol":
        def value(scope: Scope) -> Any:
            owner = self.value(scope)
            return None if owner is None else getattr(owner, name)

        return Symbol(self.book, (*self.path, name), value)

    def item(self, place: int) -> "Symbol":
        """One thing of a list that is always there."""
        return Symbol(self.book, (*self.path, str(place)), lambda scope: self.value(scope)[place])

    def through(self, written: str, change: Callable[..., Any], args: tuple[Any, ...] = ()) -> "Symbol":
        """The same fact as a filter or a macro writes it; what is not known stays unknown."""

        def value(scope: Scope) -> Any:
            known = self.value(scope)
            return None if known is None else change(scope, known, *(valued(arg, scope) for arg in args))

        how = (written, *(str(arg) for arg in args if isinstance(arg, str | int)))
        path = (*self.path[:-1], f"{self.path[-1]}_count") if written == "length" else self.path
        return Symbol(self.book, path, value, (*self.written, *how))

    def __call__(self, *args: Any) -> "Symbol":
        return self.through("call", lambda _scope, known, *given: known(*given), args)

    def __str__(self) -> str:
        return f"{{{{ {self.book.note(self)} }}}}"


def valued(thing: Any, scope: Scope) -> Any:
    return thing.value(scope) if isinstance(thing, Symbol) else thing


def _called(path: tuple[str, ...]) -> str:
    return NAMES.get(path) or "_".join(path)


class Condition:
    """A question about facts, as a text asks it."""

    def __init__(self, words: str) -> None:
        self.words = words

    def __invert__(self) -> "Condition":
        bare = self.words.removeprefix("not ")
        is_one_name = bare.replace("_", "").replace(".", "").isalnum()
        if is_one_name and bare != self.words:
            return Condition(bare)
        return Condition(f"not {self.words}" if is_one_name else f"not ({self.words})")
