"""How much two offers say in common: models, measures, words, by what each weighs."""

from discount_broker.discovery.extract.rivals.goods import Side, is_number_of_model
from discount_broker.discovery.extract.rivals.measures import measures_shared
from discount_broker.discovery.extract.rivals.spelling import script_of, sound
from discount_broker.discovery.extract.rivals.titles import Title
from discount_broker.discovery.extract.rivals.words import KNOWN_BRANDS

SURE = 0.95


def models_of(own: Side, other: Side) -> tuple[frozenset[str], bool]:
    """The model numbers that both name, and whether each names one that speaks against the other's."""
    first, second = own.title, other.title
    mine = first.models | ({own.model} if is_number_of_model(own.model) else frozenset())
    theirs = second.models | ({other.model} if is_number_of_model(other.model) else frozenset())
    shared = frozenset(
        (mine & (second.runs | theirs | {other.model}))
        | (theirs & (first.runs | mine | {own.model}))
        | (first.marks.codes & second.marks.codes)
    )
    left = [_left(names, shared) for names in (mine, theirs)]
    longer = {a for a in left[0] for b in left[1] if _extends(a, b)}
    torn = bool(left[0] and left[1]) and not longer
    sure = [name for name in shared if len(name) > 3]
    if torn and sure:
        # Beside a model that both name, codes of shops and parts mean little, unless they go on with it.
        torn = all(any(one in name for one in sure for name in names) for names in left)
    return shared | longer, torn or _heads_differ(own, other, shared)


def _heads_differ(own: Side, other: Side, shared: frozenset[str]) -> bool:
    """Batteries of two kinds that fit the same phones: what stands behind `for` is not what is sold."""
    heads = [side.title.models - side.title.tail for side in (own, other)]
    return (
        bool(own.title.tail and other.title.tail) and all(heads) and not any(shared & head for head in heads)
    )


def _left(names: frozenset[str], shared: frozenset[str]) -> list[str]:
    """Models that the other title does not name, in whole or as a part of what it names."""
    return [name for name in names if len(name) > 1 and not any(name in one for one in shared)]


def _extends(one: str, other: str) -> bool:
    """`CB242YE` and `CB242YEbmiprx`: the longer adds a code of country or colour."""
    short, long = sorted((one, other), key=len)
    more = len(long) - len(short)
    return long.startswith(short) and (len(short) >= 5 if more >= 3 else len(short) >= 9)


def have_nothing_in_common(own: Side, other: Side) -> bool:
    """Most pairs of a long list: no word of one is in the other, by whatever spelling."""
    first, second = own.title, other.title
    return (
        first.scripts == second.scripts
        and own.model != other.model
        and first.words.isdisjoint(second.words)
        and first.numbers.isdisjoint(second.figures)
        and first.joined.isdisjoint(second.tokens)
        and second.joined.isdisjoint(first.tokens)
    )


def likeness_of(own: Side, other: Side, shared: frozenset[str], torn: bool) -> tuple[float, str]:
    """How much speaks for the same product, before what speaks against it."""
    is_named = own.brand or other.brand
    if own.model == other.model and is_number_of_model(own.model) and is_named:
        return SURE, "brand+model"
    longest = max(map(len, shared), default=0)
    covered = _coverage(own, other, shared)
    if torn:
        return covered * 0.5, "title"
    if longest >= 5:
        why = "brand+model" if is_named else "title"
        return max(covered, 0.8 + 0.15 * covered), why
    return covered + (0.2 if longest == 4 else 0.12 if longest else 0.0), "title"


def _coverage(own: Side, other: Side, shared: frozenset[str]) -> float:
    """The share of telling words that both titles say, by weight."""
    first, second = weights_of(own, other), weights_of(other, own)
    beyond_words = 2.5 * bool(shared) + 0.5 * len(measures_shared(own.title.measures, other.title.measures))
    same = set(first) & set(second)
    both = sum(min(first[name], second[name]) for name in same) + beyond_words
    lesser, greater = sorted(sum(weights.values()) + beyond_words for weights in (first, second))
    return 0.55 * both / (lesser or 1) + 0.45 * both / (greater or 1)


def weights_of(side: Side, against: Side) -> dict[str, float]:
    """What each word and number of a title weighs beside another title."""
    title, other = side.title, against.title
    weights = dict.fromkeys(title.words & other.words, 1.0)
    strange = {word for word in title.words - other.words if not against.brand.startswith(word)}
    if strange:
        # `whisky glas` beside `whiskyglas`
        parted = other.joined.intersection(title.tokens) | title.joined.intersection(other.tokens)
        heard = {sound(word): word for word in other.words} if other.scripts != title.scripts else {}
        for word in strange:
            whole = next((one for one in parted if word in one), None)
            twin = whole or (heard.get(sound(word)) if len(word) > 3 else None) or _kin(word, other.words)
            weights[twin or word] = 1.0 if twin else _weight_alone(word, title, other)
    for number in title.numbers & other.numbers:
        weights[number] = 1.2
    for number in title.numbers - other.figures:
        weights[number] = 0.6
    for kind in title.marks.variants:
        weights[f"~{kind}"] = 1.0
    return weights


def _weight_alone(word: str, title: Title, other: Title) -> float:
    """What a word weighs that the other title does not say: little where it could not say it."""
    if script_of(word) not in other.scripts or word in KNOWN_BRANDS:
        return 0.15
    if word in title.nouns:
        return 0.3
    # In a Russian title Latin words are names; what an English one says besides may be translated.
    return 0.3 if "cyrillic" in other.scripts and title.scripts == {"latin"} else 1.0


def _kin(word: str, others: frozenset[str]) -> str | None:
    """A word of another title that is this one with another ending: `sandal`, `sandalen`."""
    least = 4 if script_of(word) == "cyrillic" else 5
    if len(word) < least:
        return None
    found = (one for one in others if len(one) >= least and (one.startswith(word) or word.startswith(one)))
    # One name for both, whichever side asks.
    return min((min(one, word) for one in found), default=None)
