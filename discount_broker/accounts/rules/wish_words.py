"""Contact wishes in the words of buyers (“asleep 13:00 to 15:00”, «писать»), as proposals. Pure."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from discount_broker.accounts.rules.wishes import MINUTES, Wish
from discount_broker.accounts.status import ContactWishKind

CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?\s*(a\.?m\.?|p\.?m\.?|утра|дня|вечера|ночи|час\w*|ч\.?)?(?![\d:.]\d)"
RANGE = re.compile(rf"{CLOCK}\s*(?:до|по|to|till?|until|and|и|-|–|—)\s*{CLOCK}(?!\s*[./]\d)")
NOT_BEFORE = re.compile(rf"(?:не раньше|не ранее|not before|после|after)\s+{CLOCK}")
NOT_AFTER = re.compile(rf"(?:не позже|не позднее|not after|not later than|(?:до|before|until))\s+{CLOCK}")
LEAVE_ALONE = re.compile(
    r"\b(?:не|нельзя|сплю|спит|занят\w*|кроме|not|no|never|don.?t|asleep|sleep\w*|busy|except)\b"
)
NO_CALLS = re.compile(
    r"не (?:надо |нужно )?звон|без звонк|только (?:писать|письм|почт|по почте)"
    r"|(?:do not|don.?t|never|not|no) (?:ever )?(?:call|phone|ring)"
    r"|only (?:write|mail|by e?-?mail)|(?:write|mail|e-mail) only"
)
DAYS = ("понедельник|monday", "вторник|tuesday", "сред[уаы]|wednesday", "четверг|thursday",
        "пятниц[уаы]|friday", "суббот[уаы]|saturday", "воскресенье?|sunday")  # fmt: skip
MONTHS = ("январ|jan", "феврал|feb", "март|mar", "апрел|apr", "ма[йя]|may", "июн|jun",
          "июл|jul", "август|aug", "сентябр|sep", "октябр|oct", "ноябр|nov", "декабр|dec")  # fmt: skip
ISO = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")
NUMBERS = re.compile(r"\b(\d{1,2})[./](\d{1,2})(?:[./](20\d\d))?(?![\d:])")
WEEK, LONGEST = 7, 300


def read_wishes(words: str, today: date) -> list[Wish]:
    """What the words may mean, for a person to confirm; nothing where they say nothing plain.

    Args:
        words: as typed.
        today: by the clock of the buyer; days without a year are the next ones from it on.

    """
    text = " ".join(words.lower().replace("ё", "е").split())[:LONGEST]
    days = [Wish(kind=ContactWishKind.NOT_ON, on_day=day) for day in sorted(set(_days(text, today)))]
    hours = list(_hours(text))
    if NO_CALLS.search(text) and not days and not hours:
        return [Wish(kind=ContactWishKind.WRITE_ONLY)]
    return hours + days


def _hours(text: str) -> Iterator[Wish]:
    is_refusal = LEAVE_ALONE.search(text) is not None
    if found := RANGE.search(text):
        begin, end = _minute(found.groups()[:3]), _minute(found.groups()[3:])
        if begin is not None and end is not None and begin != end:
            # "Call between 10 and 12" leaves all other hours quiet.
            says_when = re.search(r"звон|call|удобн|можно|best|good", text) and not is_refusal
            yield _quiet(end, begin) if says_when else _quiet(begin, end)
        return
    for pattern, is_before in ((NOT_BEFORE, True), (NOT_AFTER, False)):
        if found := pattern.search(text):
            minute = _minute(found.groups())
            # "Do not call after nine" is the other way round than "call after nine".
            is_plain = found.group().startswith(("не ", "not ")) or not is_refusal
            if minute:
                yield _quiet(0, minute) if is_before is is_plain else _quiet(minute, 0)
            return


def _quiet(begin: int, end: int) -> Wish:
    return Wish(kind=ContactWishKind.QUIET_HOURS, from_minute=begin, until_minute=end)


def _minute(said: tuple[str | None, ...]) -> int | None:
    """Minutes after midnight of "1", "13:30", "9 p.m.", "9 вечера"; None where no clock shows it."""
    hour, minute, half = int(said[0] or 0), int(said[1] or 0), (said[2] or "").replace(".", "")
    if half in ("pm", "вечера", "дня") and hour < 12:
        hour += 12
    if half in ("am", "утра", "ночи") and hour == 12:
        hour = 0
    if hour > 24 or minute > 59:
        return None
    return (hour * 60 + minute) % MINUTES


def _days(text: str, today: date) -> Iterator[date]:
    if re.search(r"\b(?:сегодня|today)\b", text):
        yield today
    if re.search(r"\b(?:завтра|tomorrow)\b", text):
        yield today + timedelta(days=1)
    dated = list(_dates(text, today))
    yield from dated
    for weekday, names in enumerate(DAYS):
        if not dated and re.search(rf"\b(?:{names})\b", text):
            yield today + timedelta(days=(weekday - today.weekday()) % WEEK)
    if not dated and (found := re.search(r"\b(\d{1,2})(?:st|nd|rd|th|-?го|-е)\b", text)):
        yield from _next_date(int(found[1]), None, None, today)


def _dates(text: str, today: date) -> Iterator[date]:
    for year, month, day in ISO.findall(text):
        yield from _next_date(int(day), int(month), int(year), today)
    for day, month, year in NUMBERS.findall(text):
        yield from _next_date(int(day), int(month), int(year) if year else None, today)
    for month, names in enumerate(MONTHS, 1):
        found = re.search(rf"\b(\d{{1,2}})(?:st|nd|rd|th|-?го)?\s+(?:{names})", text) or re.search(
            rf"\b(?:{names})\w*\s+(\d{{1,2}})(?!\d|:)", text
        )
        if found:
            yield from _next_date(int(found[1]), month, None, today)


def _next_date(day: int, month: int | None, year: int | None, today: date) -> Iterator[date]:
    """The first such day from today on; nothing where the calendar has none."""
    for ahead in range(366):
        each = today + timedelta(days=ahead)
        if each.day == day and month in (None, each.month) and year in (None, each.year):
            yield each
            return
