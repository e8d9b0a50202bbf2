"""Article numbers of the trade (EAN, UPC, ISBN-13) and their check digits."""

import re

LENGTHS = (8, 12, 13, 14)


def read_gtin(text: str | None) -> str | None:
    """The digits of a valid GTIN; None for a wrong length, a wrong check digit, or one made up in a shop."""
    digits = re.sub(r"[\s\-\u00a0]", "", text or "")
    if not digits.isascii() or not digits.isdigit() or len(digits) not in LENGTHS or not int(digits):
        return None
    if not has_right_check_digit(digits) or is_in_store(digits):
        return None
    return digits


def has_right_check_digit(digits: str) -> bool:
    """Weights 3 and 1 from the right, the sum with the check digit is a multiple of ten."""
    body, check = digits[:-1], int(digits[-1])
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return (total + check) % 10 == 0


def is_in_store(digits: str) -> bool:
    """Numbers that shops give themselves (GS1 prefixes 02, 04, 2xx): they mean nothing elsewhere."""
    prefix = digits.zfill(14)[1:4]
    return len(digits) > 8 and (prefix.startswith("2") or prefix[:2] in ("02", "04"))


def same_gtin(first: str | None, second: str | None) -> bool:
    """Both are valid and name the same article, with or without leading zeroes."""
    one, other = read_gtin(first), read_gtin(second)
    return bool(one and other and one.zfill(14) == other.zfill(14))
