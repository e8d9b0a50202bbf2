"""How a word is spelt and how it sounds: without accents, and in Latin where it is a name in Cyrillic."""

import re
import unicodedata
from functools import lru_cache

CYRILLIC = re.compile(r"[а-яё]")
_SOUNDS = (
    (re.compile(r"sch|sh|щ|ш"), "s"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"th"), "t"),
    (re.compile(r"gh"), "g"),
    (re.compile(r"ch|kh|ck|[хhqч]"), "k"),
    (re.compile(r"c(?=[eiy])|[сszзц]"), "s"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"[cк]"), "k"),
    (re.compile(r"[wвv]"), "v"),
    (re.compile(r"[aeiouyjаеёиоуыэюяйьъ]"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)
_LETTERS = str.maketrans("бгджлмнпрткф", "bgdzlmnprtkf")


@lru_cache(maxsize=8192)
def sound(word: str) -> str:
    """The consonants of a word as they are heard: `керхер` and `karcher` are `krkr`."""
    for pattern, letter in _SOUNDS:
        word = pattern.sub(letter, word)
    return word.translate(_LETTERS)


def fold(text: str | None) -> str:
    """Lower case, without accents and marks; what looks the same is the same."""
    plain = (text or "").casefold()
    if plain.isascii():
        return plain
    plain = unicodedata.normalize("NFKD", plain.replace("й", "и\u200b"))
    return COMBINING.sub("", plain).replace("и\u200b", "й").translate(MARKS)


COMBINING = re.compile(r"[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u20d0-\u20f0]+")
MARKS = {ord(mark): " " for mark in "®™©\u200c\u200d\ufeff"} | {ord("\u2011"): "-", ord("\u2010"): "-"}


def script_of(word: str) -> str:
    """Latin, Cyrillic or another: words of two alphabets cannot be compared by their letters."""
    return "latin" if word[0] < "\u0250" else "cyrillic" if CYRILLIC.match(word) else "other"
