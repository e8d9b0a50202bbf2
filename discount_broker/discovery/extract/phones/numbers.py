"""One spelling (E.164) for a phone number, and what only looks like one."""

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

DASHES = re.compile(r"[–—‑−]")
AMERICAN = re.compile(r"^(?:1[\s.-]?)?\(?[2-9]\d\d\)?[\s.–-]{1,2}\d{3}[\s.–-]\d{4}$")
BRACKETED_CODE = re.compile(r"^\(\s?[1-9]\d{0,2}\s?\)")
STEPS = "01234567890123456789"
LONGEST_NUMBER = 60
"""Characters of what may be a number; more is something else."""


@lru_cache(maxsize=4096)
def read_number(raw: str, regions: tuple[str, ...], *, is_sure: bool = False) -> str | None:
    """The number as E.164, by the first region where it is valid.

    Links often leave the plus of a whole number out (`is_sure` that it is a number, and a whole one).
    """
    if len(raw) > LONGEST_NUMBER:
        return None
    for text, region in _readings(DASHES.sub("-", raw), regions, is_sure):
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        # The first question is the cheaper one by far where many countries share a code.
        if phonenumbers.is_valid_number_for_region(number, region) or phonenumbers.is_valid_number(number):
            own = str(phonenumbers.national_significant_number(number))
            return None if is_sample(own, number.country_code) else f"+{number.country_code}{own}"
    return None


def national_groups(number: str) -> list[str]:
    """How the country of a number writes it: `8`, `495`, `104`, `83`, `86`."""
    shown = phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.NATIONAL)
    return re.findall(r"\d+", shown)


def _readings(raw: str, regions: tuple[str, ...], is_sure: bool) -> Iterator[tuple[str, str]]:
    first = regions[0]
    yield raw, first
    if raw.strip().startswith("+"):
        return
    digits = re.sub(r"\D", "", raw)
    code = str(phonenumbers.country_code_for_region(first))
    if len(digits) >= 11 and (is_sure or digits.startswith((code, "00")) or BRACKETED_CODE.match(raw)):
        yield f"+{digits.removeprefix('00')}", first
    # Russian pages write 8 where +7 is meant.
    if digits.startswith("8") and len(digits) == 11:
        yield f"+7{digits[1:]}", "RU"
    # A number with its trunk zero on a page in Russian is Ukrainian or Belarusian: Russian ones have none.
    if digits.startswith("0") and len(digits) == 10 and first in ("RU", "BY"):
        yield f"+375{digits[1:]}" if first == "BY" else f"+38{digits}", first
    for region in regions[1:]:
        if digits.startswith("0") or (region == "US" and AMERICAN.match(raw)):
            yield raw, region


def is_sample(own: str, code: int | None) -> bool:
    """A number that stands for any number: 1234567890, 000-00-00, the American 555."""
    if own.endswith("0000000") or len(set(own)) == 1:
        return True
    if own[:9] in STEPS or own[:9] in STEPS[::-1] or own == "2345678910":
        return True
    return code == 1 and (own.startswith("555") or own[3:8] == "55501")
