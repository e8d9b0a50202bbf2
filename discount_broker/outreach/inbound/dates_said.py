"""Reads the day until which somebody is away, as people write days in Russian and English."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "янв jan",
            "фев feb",
            "мар mar",
            "апр apr",
            "май мая may",
            "июн jun",
            "июл jul",
            "авг aug",
            "сен sep",
            "окт oct",
            "ноя nov",
            "дек dec",
        ),
        1,
    )
    for name in names.split()
}
DAYS = {
    name: number
    for number, names in enumerate(
        (
            "понедельник monday",
            "вторник tuesday",
            "сред wednesday",
            "четверг thursday",
            "пятниц friday",
            "суббот saturday",
            "воскресень sunday",
        )
    )
    for name in names.split()
}
MONTH = "|".join(MONTHS)
DATE = re.compile(
    rf"(?P<iso>20\d\d-\d\d-\d\d)|(?<![\d.])(?P<day>\d{{1,2}})(?P<mark>[./])(?P<month>\d{{1,2}})(?:[./](?P<year>(?:20)?\d\d))?(?![\d.]*\d)"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th|-?го|-?е)?\s(?:of\s)?(?P<month2>{MONTH})[a-zа-я]*\.?(?:,?\s(?P<year2>20\d\d))?"
    rf"|(?P<month3>{MONTH})[a-z]*\.?\s(?P<day3>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s(?P<year3>20\d\d))?(?!\d)"
    rf"|(?P<weekday>{'|'.join(DAYS)})[a-zа-я]*|(?P<tomorrow>завтра|tomorrow)",
    re.IGNORECASE,
)
LONGEST_AHEAD = timedelta(days=400)


def last_day(text: str, written_on: date | None) -> tuple[str, date | None, bool] | None:
    """The last day named: its words, the day, and whether nothing about it had to be guessed."""
    found = list(DATE.finditer(text))
    if not found:
        return None
    # "From the 1st to the 15th": the last one is when somebody is there again.
    words = found[-1]
    read = list(_readings(words, written_on))
    if not read:
        return words.group(), None, False
    return words.group(), read[0], len(read) == 1


def _readings(words: re.Match[str], written_on: date | None) -> Iterator[date]:
    """What the words can mean, likeliest first."""
    if words["iso"]:
        yield from _day(*map(int, words["iso"].split("-")))
    elif words["weekday"] or words["tomorrow"]:
        yield from _near(words, written_on)
    else:
        yield from _by_calendar(words, written_on)


def _near(words: re.Match[str], written_on: date | None) -> Iterator[date]:
    if written_on is None:
        return
    if words["tomorrow"]:
        yield written_on + timedelta(days=1)
        return
    wanted = next(number for name, number in DAYS.items() if words["weekday"].lower() == name)
    ahead = (wanted - written_on.weekday() - 1) % 7 + 1
    yield written_on + timedelta(days=ahead)


def _by_calendar(words: re.Match[str], written_on: date | None) -> Iterator[date]:
    day = int(words["day"] or words["day2"] or words["day3"])
    month = (
        int(words["month"]) if words["month"] else MONTHS[(words["month2"] or words["month3"])[:3].lower()]
    )
    year = words["year"] or words["year2"] or words["year3"]
    orders = [(month, day)]
    if words["mark"] == "/" and month != day:
        # 05/06: half the world reads it the other way round.
        orders.append((day, month))
    seen = (reading for order in orders for reading in _in_year(*order, year, written_on))
    yield from dict.fromkeys(seen)


def _in_year(month: int, day: int, year: str | None, written_on: date | None) -> Iterator[date]:
    if year:
        yield from _day(int(year) % 100 + 2000, month, day)
    elif written_on is not None:
        coming = [*_day(written_on.year, month, day), *_day(written_on.year + 1, month, day)]
        yield from [each for each in coming if written_on <= each <= written_on + LONGEST_AHEAD][:1]


def _day(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return
