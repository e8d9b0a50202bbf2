"""Reads answers that are no page: words alone, data in a wrapper, scripts that show a notice."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

WRAPPED = re.compile(r"^\s*(?:/\*\*/)?\s*[\w.$]{1,80}\s*\(\s*([\[{].*[\]}])\s*\)\s*;?\s*$", re.DOTALL)
IN_TEXTAREA = re.compile(
    r"^\s*(?:<html>.{0,200})?<(textarea|pre)[^>]*>\s*([\[{].*[\]}])\s*</\1>", re.DOTALL | re.IGNORECASE
)
LITERAL = re.compile(r"\"((?:[^\"\\\n]|\\.){3,600})\"|'((?:[^'\\\n]|\\.){3,600})'")
MOVED = re.compile(
    r"(?:location(?:\.href)?\s*=|location\.(?:replace|assign)\s*\()\s*[\"']([^\"']{1,400})[\"']",
    re.IGNORECASE,
)
ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\(.)")
TAG = re.compile(r"<[^>]{0,500}>")
LONGEST = 100_000
MOST_LITERALS = 60


def data_in(text: str, content_type: str) -> Any:
    """The data of an answer that is JSON, also within a call or a text area; None when it is none."""
    start = text.lstrip("\ufeff \t\r\n")
    wrapped = WRAPPED.match(start[:LONGEST]) if "(" in start[:100] else None
    inside = IN_TEXTAREA.match(start[:LONGEST]) if start[:1] == "<" else None
    if wrapped:
        start = wrapped.group(1)
    elif inside:
        start = html.unescape(inside.group(2))
    elif start[:1] not in ("{", "[") and "json" not in content_type:
        return None
    try:
        return json.loads(start)
    except (ValueError, RecursionError):
        return None


def is_script(text: str, content_type: str) -> bool:
    """The answer is there to be run, not to be read."""
    if "javascript" in content_type.lower():
        return True
    start = text.lstrip("\ufeff \t\r\n").lower()
    return (
        start.startswith("<script") and not TAG.sub("", re.sub(r"(?s)<script.*?</script>", "", start)).strip()
    )


def notices_in(script: str) -> Iterator[str]:
    """What a script would show: its texts, with their escapes undone."""
    for count, found in enumerate(LITERAL.finditer(script[:LONGEST])):
        if count >= MOST_LITERALS:
            return
        text = ESCAPE.sub(_unescaped, found.group(1) or found.group(2) or "")
        if said := " ".join(TAG.sub(" ", text).split()):
            yield said


def place_in(script: str) -> str:
    """Where a script sends its reader."""
    found = MOVED.search(script[:LONGEST])
    return found.group(1) if found else ""


def _unescaped(found: re.Match[str]) -> str:
    if found.group(1):
        return chr(int(found.group(1), 16))
    return {"n": "\n", "t": "\t", "r": ""}.get(found.group(2), found.group(2))
