"""What speaks against two offers being one product: size, pack, colour, version, a part, a used one."""

from collections.abc import Sequence
from itertools import product

from discount_broker.discovery.extract.rivals.goods import YEAR, Side
from discount_broker.discovery.extract.rivals.likeness import weights_of
from discount_broker.discovery.extract.rivals.measures import measures_differ
from discount_broker.discovery.extract.rivals.nouns import languages_of
from discount_broker.discovery.extract.rivals.spelling import script_of
from discount_broker.discovery.extract.rivals.titles import Title
from discount_broker.discovery.extract.rivals.words import COLOURS, GENERIC, VARIANTS

FOR_WHOM = frozenset({"men", "women", "junior"})


def doubts_about(own: Side, other: Side, shared: frozenset[str]) -> float:
    """What speaks against: another size, pack, colour, generation, a part of it, a used one."""
    first, second = own.title, other.title
    doubt = _doubt_about_things(first, second, shared) * _doubt_about_packs(first, second)
    if max(map(len, shared), default=0) >= 5:
        return doubt * (0.75 if _variants_differ(first, second) else 1.0)
    return doubt * _doubt_about_version(first, second, shared) * _doubt_about_words(own, other, shared)


def _doubt_about_things(first: Title, second: Title, shared: frozenset[str]) -> float:
    """Another kind of thing, however much its title says the same."""
    reasons = (
        first.marks.is_used != second.marks.is_used,
        _is_part(first, second, shared) or _is_part(second, first, shared),
        measures_differ(first.measures, second.measures),
        first.marks.colours and second.marks.colours and not first.marks.colours & second.marks.colours,
        first.marks.editions != second.marks.editions,
    )
    return float(0.5 ** sum(map(bool, reasons)))


def _doubt_about_packs(first: Title, second: Title) -> float:
    """Two of it against one, a set against a piece."""
    doubt = 1.0
    is_said_otherwise = {str(first.pack), str(second.pack)} & first.figures & second.figures
    if first.pack != second.pack and not is_said_otherwise:
        doubt *= 0.55 if first.pack and second.pack else 0.7
    if first.marks.is_set != second.marks.is_set and not (first.pack and second.pack):
        doubt *= 0.65
    return doubt


def _doubt_about_words(own: Side, other: Side, shared: frozenset[str]) -> float:
    """Each title says something in place of what the other says; a title may well leave something out."""
    doubt = 0.6 if _are_siblings(own, other) else 1.0
    if shared:
        return doubt
    first, second = weights_of(own, other), weights_of(other, own)
    same = sum(name in second for name in first)
    instead = min(
        sum(weight for name, weight in one.items() if name not in another and weight > 0.6)
        for one, another in ((first, second), (second, first))
    )
    return doubt * (1 - 1.1 * instead / (same + instead or 1))


def _are_siblings(own: Side, other: Side) -> bool:
    """Two titles of one pattern that differ in one place: `… »Hamilton« …` and `… »Gentleman« …`.

    Shops that sell the same thing word it differently all over; one that differs in one word alone
    is mostly the next item of the same range.
    """
    first, second = (_pattern(side, {own.brand, other.brand}) for side in (own, other))
    start = _common(first, second)
    first, second = first[start:], second[start:]
    end = _common(first[::-1], second[::-1])
    first, second = first[: len(first) - end], second[: len(second) - end]
    differs = bool(first and second) and not any(_may_mean_the_same(a, b) for a, b in product(first, second))
    longer = max(len(first), len(second))
    return differs and longer <= 2 and start + end > (longer > 1)


def _may_mean_the_same(one: str, other: str) -> bool:
    """Two spellings or two languages."""
    if script_of(one) != script_of(other) or one in other or other in one:
        return True
    first, second = languages_of(one), languages_of(other)
    return bool(first and second) and not first & second


def _pattern(side: Side, brands: set[str]) -> list[str]:
    ignored = brands | GENERIC
    spelt = (VARIANTS.get(token) or COLOURS.get(token, token) for token in side.title.tokens)
    return [token for token in spelt if token not in ignored]


def _common(first: Sequence[str], second: Sequence[str]) -> int:
    """How many tokens two sequences begin with in common."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(first), len(second)))


def _doubt_about_version(first: Title, second: Title, shared: frozenset[str]) -> float:
    """`Pro` against `Pro Max`, `35` against `35 II`, `S5` against `S6`, `7` against `7S`."""
    doubt = 0.6 if _variants_differ(first, second) else 1.0
    if first.marks.codes and second.marks.codes and not first.marks.codes & second.marks.codes:
        doubt *= 0.8
    if _goes_on(first, second, shared) or _goes_on(second, first, shared):
        return doubt * 0.6
    strange = (first.numbers - second.figures, second.numbers - first.figures)
    if all(strange):
        return doubt * 0.5
    lone = strange[0] | strange[1]
    if lone & (first.generation | second.generation) and not _years(first) & _years(second):
        return doubt * 0.6
    return doubt * (0.75 if any(len(number) == 1 and number > "1" for number in lone) else 1.0)


def _variants_differ(first: Title, second: Title) -> bool:
    """For whom it is made is often left unsaid; `Pro` and `Max` are not."""
    strange = first.marks.variants ^ second.marks.variants
    for_whom = all(variants & FOR_WHOM for variants in (first.marks.variants, second.marks.variants))
    return bool(strange if for_whom else strange - FOR_WHOM)


def _goes_on(title: Title, other: Title, shared: frozenset[str]) -> bool:
    """The other goes on with letters where this ends with a number: `912` and `912XL`."""
    longer = [model for model in other.models if model not in shared and model[0].isdigit()]
    numbers = title.numbers - other.numbers
    return any(
        model.startswith(number) and model[len(number)].isalpha() for model in longer for number in numbers
    )


def _years(title: Title) -> set[str]:
    return {number for number in title.numbers if YEAR.fullmatch(number)}


def _is_part(title: Title, whole: Title, shared: frozenset[str]) -> bool:
    """A title speaks of something for the other's product: a case, a filter, a remote."""
    if title.marks.accessory and not whole.marks.accessory:
        return True
    if not title.tail or title.head & whole.words or shared - title.tail:
        return False
    names = (
        whole.models | whole.numbers | {word for word in whole.tokens if word.isalpha() and word.isascii()}
    )
    return len(title.tail & names) >= 2 or bool(title.tail & whole.models)
