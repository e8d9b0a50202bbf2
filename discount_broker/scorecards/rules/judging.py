"""How sure a share of few cases is, and who answers well enough to be shown. Pure."""

from math import sqrt
from statistics import NormalDist

CONFIDENCE = 0.95
ENOUGH = 10
"""Fewer cases are too few to say anything of a shop."""
GOOD_SHARE = 0.5
"""A shop that answers well answers surely more often than not."""
Z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)


def wilson(part: int, whole: int, z: float = Z) -> tuple[float, float]:
    """Where the true share lies, in 95 of 100 such cases.

    The score interval of E. B. Wilson, "Probable inference, the law of succession, and statistical
    inference", J. Amer. Statist. Assoc. 22 (1927) 209-212; L. D. Brown, T. T. Cai and A. DasGupta
    recommend it for small numbers (Statist. Sci. 16 (2001) 101-133, doi:10.1214/ss/1009213286).
    """
    if whole <= 0:
        return 0.0, 1.0
    share, spread = part / whole, z * z / whole
    middle = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / whole + spread / (4 * whole)) / (1 + spread)
    # At the very ends the formula gives 0 and 1; a float misses them by a hair.
    return (0.0 if part == 0 else middle - half), (1.0 if part == whole else middle + half)


def least_share(answered: int, asked: int) -> float:
    """The share that a shop surely answers: the lower end of the interval."""
    return wilson(answered, asked)[0]


def is_good(answered: int, asked: int) -> bool:
    """Whether everybody may see how the shop answers: enough cases, and surely half of them answered."""
    return asked >= ENOUGH and least_share(answered, asked) >= GOOD_SHARE
