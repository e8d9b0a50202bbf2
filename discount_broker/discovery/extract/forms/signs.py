"""The signs of a form: what it is made of and which words stand where, as names that a model weighs."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from discount_broker.discovery.extract.forms.traits import Traits
from discount_broker.discovery.extract.forms.words import concepts_of, stem_of, words_of

MOST_WORDS = 60
PAIRED = frozenset({"code", "target", "button", "head", "url", "say", "field", "text"})


@lru_cache(maxsize=50_000)
def _of_word(zone: str, word: str) -> tuple[str, ...]:
    """`zone:stem` and `zone~concept` of one word."""
    marks = tuple(f"{zone}~{concept}" for concept in concepts_of(word))
    return (f"{zone}:{stem_of(word)}", *marks) if len(word) > 1 else marks


def signs_of_text(zone: str, text: str) -> list[str]:
    """Signs of the words of a text, each named by the zone it stands in."""
    return [sign for word in words_of(text)[:MOST_WORDS] for sign in _of_word(zone, word)] if text else []


def signs_of_phrase(zone: str, text: str) -> Iterator[str]:
    """The same for a short text, that may speak of something as a whole."""
    yield from signs_of_text(zone, text)
    for concept in concepts_of(text.lower()):
        yield f"{zone}~{concept}"


def _step(count: int, most: int) -> str:
    return f"{count}" if count < most else f"{most}+"


def _counts(form: Traits) -> Iterator[str]:
    types = form.types
    yield f"typed={_step(len(form.typed), 6)}"
    yield f"asked={_step(len(form.asked) // 4, 4)}"
    yield f"password={_step(types['password'], 2)}"
    yield f"area={_step(types['textarea'], 2) if form.has_message else 0}"
    for kind in (
        "select",
        "checkbox",
        "radio",
        "file",
        "search",
        "email",
        "tel",
        "submit",
        "image",
        "number",
    ):
        if types[kind]:
            yield f"{kind}={_step(types[kind], 3)}"
    yield f"method={form.method}"
    if not form.action:
        yield "no action"
    yield f"hidden={_step(types['hidden'] // 3, 3)}"
    if not form.buttons:
        yield "no button"


PERSONAL = (
    "email",
    "phone",
    "name",
    "first",
    "last",
    "subject",
    "address",
    "company",
    "user",
    "website",
    "query",
)


def _questions(form: Traits) -> Iterator[str]:
    """What it asks for, and what of that goes together."""
    personal = [concept for concept in PERSONAL if concept in form.asks_for]
    yield from (f"asks~{concept}" for concept in personal)
    reachable = "email" in personal or "phone" in personal
    if form.has_message:
        yield "message and address" if reachable else "message without address"
        yield from (f"message+{concept}" for concept in personal)
    elif reachable:
        yield f"address without message, typed={_step(len(form.typed), 4)}"
    elif len(form.typed) == 1 and not form.types["password"]:
        yield "one field, no address"
    if "phone" in personal and "email" not in personal and not form.has_message:
        yield "phone only"
    if form.types["password"]:
        yield f"password, typed={_step(len(form.typed), 4)}"


def _words(form: Traits) -> Iterator[str]:
    yield from signs_of_text("code", form.code)
    yield from signs_of_text("target", form.target)
    for control in form.asked[:25]:
        yield from signs_of_text("field", control.code)
        yield from signs_of_text("say", control.said)
    for control in form.controls[:40]:
        if control.type == "hidden":
            yield from signs_of_text("hidden", control.name)
    for text in form.buttons:
        yield from signs_of_phrase("button", text)
    yield from signs_of_text("text", form.layout.text[:200])
    yield from signs_of_text("head", form.heading)
    yield from signs_of_text("box", form.boxes)
    yield from (sign for sign in signs_of_text("url", form.place) if "~" in sign)


def _shape(form: Traits) -> str:
    """What kind of a thing it is to fill in: words mean something else in each."""
    if form.types["password"]:
        return "passwords" if form.types["password"] > 1 else "password"
    if form.has_message:
        return "message"
    if not form.asked:
        return "nothing"
    if not form.typed:
        return "choices"
    if "email" in form.asks_for:
        return "address" if len(form.typed) < 4 else "address and more"
    return "one" if len(form.typed) == 1 else "several"


def _pairs(seen: Iterable[str], shape: str) -> Iterator[str]:
    for sign in seen:
        zone, tilde, concept = sign.partition("~")
        if tilde and zone in PAIRED:
            yield f"{shape}&{zone}~{concept}"


def signs_of(form: Traits) -> set[str]:
    found = {*_counts(form), *_questions(form), *_words(form)}
    shape = _shape(form)
    found.update(list(_pairs(found, shape)))
    found.add(shape)
    found.add(
        "first form" if form.index == 0 else "last form" if form.index == form.count - 1 else "a middle form"
    )
    return found
