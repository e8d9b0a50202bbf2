"""Reads until when an offer in a letter is good: "до 30 марта", "valid until 30 March"."""

import re
from datetime import date

from discount_broker.outreach.inbound.dates_said import last_day

UNTIL = re.compile(
    r"(?<!\w)(?:до|по|until|till|through|by|before)\s+(?:the\s+|end of\s+|конца дня\s+)?", re.IGNORECASE
)
LONGEST_DATE = 30
LONGEST_TEXT = 10_000


def find_term(text: str, written_on: date) -> date | None:
    """The one day until which something is said to be good; None where the letter names none, or several."""
    days = {
        day
        for found in UNTIL.finditer(text[:LONGEST_TEXT])
        if (day := _day_at(text, found.end(), written_on))
    }
    return days.pop() if len(days) == 1 else None


def _day_at(text: str, start: int, written_on: date) -> date | None:
    """The day whose words begin here; "up to 10.5 %" is none."""
    rest = re.split(r"[,;()\n]", text[start : start + LONGEST_DATE])[0]
    read = last_day(rest, written_on)
    if read is None:
        return None
    words, day, is_plain = read
    behind = rest.lower().removeprefix(words.lower()).lstrip()
    is_first = rest.lower().startswith(words.lower())
    return day if is_first and is_plain and not behind.startswith(("%", "процент", "руб", "₽")) else None
