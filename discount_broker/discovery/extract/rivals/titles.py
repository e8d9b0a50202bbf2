"""What a title says of a product: models, numbers, measures, packs, colours, condition, words."""

import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from discount_broker.discovery.extract.rivals.measures import (
    Measures,
    number_of,
    without_measures,
    without_pack,
)
from discount_broker.discovery.extract.rivals.nouns import languages_of
from discount_broker.discovery.extract.rivals.spelling import CYRILLIC, fold, script_of
from discount_broker.discovery.extract.rivals.words import (
    ACCESSORIES,
    BRANDS,
    COLOURS,
    FOR,
    GENERIC,
    PEOPLE_AND_PLACES,
    PHRASES,
    SETS,
    USED,
    VARIANTS,
)

CYRILLIC_TWINS = str.maketrans("авекмнорстухё", "abekmhopctyxe")
GENERATION = re.compile(
    r"(?<!\w)(?:(\d{1,2})(?:st|nd|rd|th|\.|-е|-го|-й)?\s?(?:gen|generation|generacion|поколени\w*|edition|ed)(?!\w)"
    r"|(?:gen|generation|series|серия|mark|mk)\.?\s?(\d{1,2})(?!\w)|(?:mk|g|v)(\d)(?!\w))"
)
ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
ROMAN_FIVE = re.compile(r"(?<=\w\s)V(?=\s|$)")
TOKEN = re.compile(r"[^\W_]+(?:\.\d+)?")
COMPOUND = re.compile(r"[^\W_]+(?:-[^\W_]+)+")
SPEC = re.compile(
    r"^(?:\d{3,4}[pi]|[248]k|usb\d?|hdmi\d?|ip\d\d|ddr\d|wi-?fi\d?|bt\d|[23]d|\d+bit|u?w?[qfu]*hd|m2|mp[34]|"
    r"\d+(?:st|nd|rd|th|er|v|in)\d?|\d+x\d+|qd|led|lcd|ips|va|rj45|h264|rgb\d?|\d+keys|\d+(?:mm|cm|kg|ml|gb|mah))$"
)
PHRASE = re.compile("|".join(PHRASES))
PHRASE_SIGNS = tuple({phrase.split()[-1] for phrase in PHRASES})
EDITION = re.compile(r"(?<!\w)([^\W\d_]{4,}) edition(?!\w)")
ATTACHED_PLUS = re.compile(r"(?<!\w)(\w*\d\w*|\w{1,2})\+(?!\w)")
TIMES = re.compile(r"(?<=\d)\s?[x×х*]\s?(?=\d)")
QUOTES = re.compile(r"[″“”]|''|′′|′")


NO_WORDS = (
    COLOURS.keys()
    | VARIANTS.keys()
    | FOR
    | SETS
    | GENERIC
    | {
        "led",
        "lcd",
        "ips",
        "va",
        "qd",
        "hd",
        "fhd",
        "uhd",
        "qhd",
        "wqhd",
        "wuxga",
        "usb",
        "hdmi",
        "wifi",
        "rgb",
    }
)


_NONE: frozenset[str] = frozenset()


class Marks(NamedTuple):
    """What a title says by words that mean the same in every title."""

    colours: frozenset[str]
    codes: frozenset[str]
    """Long numbers: of a set, of an article, of a shop's own shelf."""
    variants: frozenset[str]
    editions: frozenset[str]
    """`arcade` of an `Arcade Edition`."""
    is_used: bool
    is_set: bool
    accessory: frozenset[str]
    """Words for things that belong to other things."""


class Title(NamedTuple):
    """One title, taken apart."""

    tokens: tuple[str, ...]
    """Words and numbers in their order."""
    words: frozenset[str]
    """Telling words, by their stems."""
    models: frozenset[str]
    """Tokens and hyphenated compounds that mix letters and digits and are no measure."""
    runs: frozenset[str]
    """Every one to four neighbours written together."""
    nouns: frozenset[str]
    """Stems of those words that say what kind of thing it is."""
    joined: frozenset[str]
    """Neighbouring words written as one."""
    numbers: frozenset[str]
    figures: frozenset[str]
    """Numbers, with those inside measures, packs and models."""
    measures: Measures
    pack: int | None
    generation: frozenset[str]
    """Numbers that count generations: `II`, `2nd gen`, `Mark II`."""
    marks: Marks
    head: frozenset[str]
    """The stem of the word before a `for`; empty where there is none."""
    tail: frozenset[str]
    """What stands behind it, as in `runs`."""
    scripts: frozenset[str]
    """Alphabets of its telling words."""


@lru_cache(maxsize=2048)
def read_title(title: str) -> Title:
    """Take a title apart."""
    text = _prepared(title)
    bare, measures, in_measures = without_measures(text)
    pack, bare = without_pack(bare)
    bare, generation = _without_generations(_with_plus(bare))
    pieces = [_spelt(token) for token in TOKEN.findall(bare)]
    whole = pieces if bare == text else [_spelt(token) for token in TOKEN.findall(text)]
    pairs = _pairs(pieces)
    telling = {piece: _stem(piece) for piece in pieces if _is_word(piece)}
    models = _models(pieces, bare)
    numbers = {number_of(piece) for piece in pieces if _is_number(piece)}
    head, tail = _around_for(pieces)
    return Title(
        tokens=tuple(pieces),
        words=frozenset(telling.values()),
        models=models,
        runs=_runs(pieces) | (_runs(whole) if whole is not pieces else _NONE) | _romanised(bare),
        nouns=frozenset(stem for piece, stem in telling.items() if languages_of(piece)),
        joined=frozenset(pair for pair in pairs if pair.isalpha()),
        numbers=frozenset(numbers),
        figures=frozenset(numbers | in_measures | _inside(models) | ({str(pack)} if pack else set())),
        measures=measures,
        pack=pack,
        generation=generation,
        marks=_marks(pieces, pairs, bare),
        head=head,
        tail=tail,
        scripts=frozenset(map(script_of, telling)),
    )


def _marks(pieces: list[str], pairs: list[str], text: str) -> Marks:
    return Marks(
        colours=frozenset(COLOURS[piece] for piece in pieces if piece in COLOURS),
        codes=frozenset(piece for piece in pieces if len(piece) > 4 and piece.isdigit()),
        variants=frozenset(VARIANTS[piece] for piece in pieces if piece in VARIANTS),
        editions=frozenset(EDITION.findall(text)),
        is_used="б/у" in text or not (USED.isdisjoint(pieces) and USED.isdisjoint(pairs)),
        is_set=not SETS.isdisjoint(pieces),
        accessory=ACCESSORIES.intersection(pieces),
    )


def _with_plus(text: str) -> str:
    """`S25+` is `s25 plus`; and `160x200` two numbers."""
    return TIMES.sub(" ", ATTACHED_PLUS.sub(r"\1 plus ", text) if "+" in text else text)


def _without_generations(text: str) -> tuple[str, frozenset[str]]:
    """`2nd gen`, `Mark II`, `(2. Generation)` as the bare number; and which numbers were such."""
    found: set[str] = set()

    def take(match: re.Match[str]) -> str:
        number = next(group for group in match.groups() if group)
        found.add(number_of(number))
        return f" {number} "

    bare = GENERATION.sub(take, text) if any(word in text for word in COUNTED) else text
    found.update(ROMAN[token] for token in bare.split() if token in ROMAN)
    return bare, frozenset(found)


COUNTED = (
    "gen",
    "покол",
    "ed",
    "ser",
    "сер",
    "mk",
    "mark",
    "g2",
    "g3",
    "g4",
    "g5",
    "g6",
    "g7",
    "g8",
    "g9",
    "v",
)


def _prepared(title: str) -> str:
    """One spelling of what is written in many ways; expressions run only where their prey may be."""
    text = ROMAN_FIVE.sub("5", title[:400]) if " V" in title else title[:400]
    text = fold(text if text.isascii() else QUOTES.sub('"', text))
    if "'" in text or not text.isascii():
        text = QUOTES.sub('"', text)
    if any(sign in text for sign in PHRASE_SIGNS):
        text = PHRASE.sub(lambda phrase: PHRASES[phrase.group()], text)
    return re.sub(r"(?<=\d),(?=\d)", ".", text) if "," in text else text


def _spelt(token: str) -> str:
    """One spelling of a token: Roman numerals, brands in Cyrillic, look-alike letters in a model."""
    token = ROMAN.get(token) or BRANDS.get(token) or token
    if token.isascii():
        return token
    if token.isalpha() and not re.search(r"[a-z]", token):
        return token
    return token.translate(CYRILLIC_TWINS) if CYRILLIC.search(token) else token


def _is_number(piece: str) -> bool:
    digits = piece.replace(".", "")
    return digits.isdigit() and len(digits) <= 4


def _is_word(piece: str) -> bool:
    return len(piece) > 1 and piece.isalpha() and piece not in NO_WORDS


def _stem(word: str) -> str:
    """The beginning of a word, so that its endings do not count."""
    if CYRILLIC.match(word):
        return word[: 4 if len(word) < 7 else 5]
    return word[:7].rstrip("s") or word


def is_model(token: str) -> bool:
    """Letters and digits in one token that is no measure and no standard."""
    if len(token) < 2 or token.isalpha() or token.replace(".", "").isdigit():
        return False
    return any(map(str.isdigit, token)) and not SPEC.match(token)


def _models(pieces: list[str], text: str) -> frozenset[str]:
    joined = ("".join(_spelt(part) for part in whole.split("-")) for whole in COMPOUND.findall(text))
    whole = {one for one in joined if re.search(r"\d", one) and is_model(one) and len(one) >= 4}
    return frozenset({piece for piece in pieces if is_model(piece)} | whole)


def _inside(models: frozenset[str]) -> set[str]:
    return {digits for model in models for digits in re.findall(r"\d{2,}", model)}


def _runs(pieces: list[str]) -> frozenset[str]:
    """What one to four neighbours make together, as far as a digit is in it."""
    runs: set[str] = set()
    for start in range(len(pieces)):
        run = ""
        for piece in pieces[start : start + 4]:
            run += piece
            runs.add(run)
    return frozenset(runs)


_LETTERS_OF_MODELS = str.maketrans("абвгдезиклмнопрстуфхц", "abvgdeziklmnoprstufhc")


def _romanised(text: str) -> frozenset[str]:
    """Models in Cyrillic as they sound in Latin: `ТР-1047` is `tr1047` to some."""
    if text.isascii():
        return _NONE
    wholes = ("".join(whole.split("-")) for whole in COMPOUND.findall(text) if CYRILLIC.search(whole))
    return frozenset(whole.translate(_LETTERS_OF_MODELS) for whole in wholes if re.search(r"\d", whole))


def _pairs(pieces: list[str]) -> list[str]:
    return [one + other for one, other in pairwise(pieces)]


def _around_for(pieces: list[str]) -> tuple[frozenset[str], frozenset[str]]:
    """What is sold, and for what: `case for …`."""
    places = (n for n, piece in enumerate(pieces[:-1]) if n and piece in FOR)
    place = next((n for n in places if pieces[n + 1] not in PEOPLE_AND_PLACES), None)
    if place is None:
        return _NONE, _NONE
    before = [_stem(piece) for piece in pieces[:place] if _is_word(piece)]
    return frozenset(before[-1:]), _runs(pieces[place + 1 :])
