"""Numbers as people write them: which mark parts the thousands, and which the cents."""

import re
from decimal import Decimal
from functools import lru_cache

LARGEST = Decimal(10) ** 12
LONGEST = 40
APOSTROPHES = re.compile(r"['’‘`´]")
DECIMALS = re.compile(r"[.,](\d{1,2}|\d{4,})$")
FRACTION = re.compile(r"0?[.,]\d+")
MIXED = re.compile(r"(?=[\d,]+\.\d+$|[\d.]+,\d+$).+[.,](\d{3})")
"""`1,234.567`: another mark than the one that parts the thousands."""
GROUPS = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")


@lru_cache(maxsize=4096)
def read_number(written: str) -> Decimal | None:
    """The amount of one number without blanks; None for what is none, and for more than any price is."""
    if len(written) > LONGEST:
        return None
    number = APOSTROPHES.sub("", written).strip(".,")
    if written[:1] in (".", ",") and number:
        number = f"0{written[0]}{number}"
    if not number:
        return None
    whole, cents = _parted(number)
    digits = re.sub(r"\D", "", whole)
    amount = Decimal(f"{digits or 0}.{cents}" if cents else digits or 0)
    return amount if amount < LARGEST else None


def _parted(number: str) -> tuple[str, str]:
    """What stands before and after the decimal mark."""
    if FRACTION.fullmatch(number):
        mark = max(number.find("."), number.find(","))
        return number[:mark], number[mark + 1 :]
    if GROUPS.fullmatch(number):
        return number, ""
    found = DECIMALS.search(number) or MIXED.fullmatch(number)
    return (number[: found.start(1) - 1], found.group(1)) if found else (number, "")
