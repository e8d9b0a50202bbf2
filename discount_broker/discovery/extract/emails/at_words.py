"""Addresses written in words: `info (at) shop.de`, `info собака shop точка ru`."""

import re
from collections.abc import Iterator
from itertools import islice

from discount_broker.discovery.extract.emails.sources import Sighting
from discount_broker.discovery.extract.pages.page import Document, squeeze
from discount_broker.discovery.extract.vocabulary import words

AT_NAMES = (
    "at|ät|@|a|arroba|arobase|chiocciola|ma[lł]pa|zavin[aá][cč]|apenstaartje|klammeraffe|affe|aet|"
    "собака|собачка|ат|эт|равлик"
)
DOT_NAMES = r"dot|punkt|point|punto|ponto|kropka|te[cč]ka|punt|точка|тчк|крапка|\.|d0t"
RARE_NAMES = words("собака собачка arroba arobase chiocciola małpa zavináč klammeraffe apenstaartje")
"""Words that say nothing but the sign, so that they need no brackets."""
AT = rf"(?:[(\[{{<|_*«#-]\s?(?:{AT_NAMES})\s?[)\]}}>|_*»#-])"
BARE_AT = rf"(?:\s(?:{'|'.join(sorted(RARE_NAMES))}|AT|at)\s)"
DOT = rf"(?:[(\[{{<|_*«#]\s?(?:{DOT_NAMES})\s?[)\]}}>|_*»#])"
BARE_DOT = r"(?:\s(?:DOT|dot|punkt|point|punto|ponto|kropka|точка|крапка)\s)"
LOCAL = r"(?<![\w.@+-])([^\W_][\w.+-]{0,40}"
LABEL = r"[^\W_](?:[\w-]{0,40}[^\W_])?"
BRACKETED = re.compile(
    rf"{LOCAL}(?:\s?{DOT}\s?[\w-]{{1,30}}){{0,2}})\s{{0,3}}{AT}\s{{0,3}}"
    rf"({LABEL}(?:\s{{0,3}}(?:\.|{DOT}|{BARE_DOT})\s{{0,3}}{LABEL}){{1,4}})",
    re.IGNORECASE,
)
SPELT_OUT = re.compile(
    rf"{LOCAL}(?:{BARE_DOT}[\w-]{{1,30}}){{0,2}})(?:{BARE_AT}|\s{{0,2}}@\s{{0,2}})"
    rf"({LABEL}(?:(?:{BARE_DOT}|\s{{0,2}}{DOT}\s{{0,2}}){LABEL}){{1,3}})",
    re.IGNORECASE,
)
RARELY_NAMED = re.compile(
    rf"{LOCAL})\s(?:{'|'.join(sorted(RARE_NAMES))})\s({LABEL}(?:\.{LABEL}){{1,3}})(?!\w)", re.IGNORECASE
)
SPACED = re.compile(rf"{LOCAL})\s{{0,2}}@\s{{1,2}}({LABEL}(?:\.{LABEL}){{1,3}})(?!\w)")
PATTERNS = ((BRACKETED, 0.8), (SPELT_OUT, 0.7), (RARELY_NAMED, 0.7), (SPACED, 0.6))
MARK = re.compile(
    rf"[(\[{{<|_*«#@-](?:(?<=@)(?:\s|[\w-]{{1,40}}\s?[(\[{{<])|(?<!@)\s?(?:{AT_NAMES})\s?[)\]}}>|_*»#-])"
)
DOTS = re.compile(rf"{DOT}|{BARE_DOT}", re.IGNORECASE)
AROUND = 120
"""Characters on both sides of a mark that are looked at."""
MOST_MARKS = 300


def in_words(document: Document) -> Iterator[Sighting]:
    """Addresses in words in what the page shows, also to readers without scripts."""
    texts = [document.text, *_without_script(document)]
    for text in texts:
        for window in _windows(text):
            for pattern, certainty in PATTERNS:
                for found in pattern.finditer(window):
                    local, domain = (_without_dots(part) for part in found.groups())
                    yield Sighting(f"{local}@{domain}", "obfuscated", certainty, window.strip()[:160])


def _windows(text: str) -> Iterator[str]:
    """The surroundings of each mark of such an address, never over the end of a line."""
    lowered = text.lower()
    if len(lowered) != len(text):
        return
    marks = [found.start() for found in islice(MARK.finditer(lowered), MOST_MARKS)]
    for name in RARE_NAMES:
        if name in lowered:
            marks += [found.start() for found in islice(re.finditer(rf"\s{name}\s", lowered), MOST_MARKS)]
    if " at " in lowered and (" dot " in lowered or "dot)" in lowered or "dot]" in lowered):
        marks += [found.start() for found in islice(re.finditer(" at ", lowered), MOST_MARKS)]
    last = -1
    for mark in sorted(marks):
        if mark < last:
            continue
        begin = max(text.rfind("\n", 0, mark) + 1, mark - AROUND)
        end = text.find("\n", mark)
        last = min(end if end >= 0 else len(text), mark + AROUND)
        yield text[begin:last]


def _without_script(document: Document) -> Iterator[str]:
    """What a reader without scripts sees in place of what a script would write."""
    for element in islice(document.tree.iter("noscript"), 100):
        text = squeeze("".join(element.itertext()))
        if 7 <= len(text) < 5_000:
            yield text


def _without_dots(part: str) -> str:
    return re.sub(r"\s+", "", DOTS.sub(".", part))
