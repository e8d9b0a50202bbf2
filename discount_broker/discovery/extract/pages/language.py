"""The language a page is written in."""

import re
from collections import Counter
from typing import Any

CYRILLIC = re.compile(r"[\u0400-\u04ff]+")
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+")
NAME = re.compile(r"\s*([A-Za-z]{2})(?:[-_]|\s*$)")
LONGEST_SAMPLE = 8_000
"""Characters; a page says in so many what it is written in."""
STOP_WORDS = {
    "en": {"the", "and", "of", "to", "for", "with", "your", "you", "is", "this"},
    "de": {"und", "der", "die", "das", "mit", "für", "von", "ist", "nicht", "sie"},
    "fr": {"et", "le", "la", "les", "des", "pour", "votre", "vous", "est", "une"},
    "es": {"el", "los", "las", "para", "con", "una", "por", "del", "que", "su"},
}


def language_of(tree: Any, text: str) -> str:
    """ISO 639 code; what is written decides before what the markup says."""
    sample = text[:LONGEST_SAMPLE]
    cyrillic = 0 if sample.isascii() else _count(CYRILLIC, sample)
    if cyrillic > 40 and cyrillic * 2 > _count(LATIN, sample):
        return _cyrillic_language(sample)
    named = _named_language(tree)
    guessed = _by_stop_words(sample)
    # A template made in Russia or Germany says `en` by default: the words know better.
    if guessed and (not named or (named == "en" and guessed != "en")):
        return guessed
    return "en" if named in {"ru", "uk", "be", "bg"} and _count(LATIN, sample) > 400 else named or "en"


def _count(letters: re.Pattern[str], text: str) -> int:
    return sum(map(len, letters.findall(text)))


def _cyrillic_language(sample: str) -> str:
    letters = Counter(sample.lower())
    russian = letters["ы"] + letters["э"] + letters["ё"]
    ukrainian = letters["і"] + letters["ї"] + letters["є"]
    if ukrainian > 2 * russian:
        return "be" if letters["ў"] else "uk"
    return "bg" if not russian and letters["ъ"] > 5 else "ru"


def _named_language(tree: Any) -> str:
    locales = (meta.get("content") for meta in tree.iter("meta") if meta.get("property") == "og:locale")
    for name in (tree.get("lang"), tree.get("xml:lang"), *locales):
        if found := NAME.match(name or ""):
            return found.group(1).lower()
    return ""


def _by_stop_words(sample: str) -> str:
    words = Counter(sample.lower().split())
    counts = {language: sum(words[word] for word in stops) for language, stops in STOP_WORDS.items()}
    best = max(counts, key=lambda language: counts[language])
    others = sorted(counts.values())[-2]
    return best if counts[best] >= 8 and counts[best] > 2 * others else ""
