"""Numbers of seeded requests: as random to look at as real ones, and never twice the same."""

from discount_broker.discount_requests.rules import NUMBER_LETTERS, request_number

OF_ONE_DESK = 1000
"""Requests of the small desk; those of its copies are counted from the next thousands on."""
ALL = len(NUMBER_LETTERS) ** 5
STRIDE = 7_368_787
"""Has no divisor in common with `ALL`, so that steps of it meet every number before one comes again."""


def number_at(place: int, seed: int) -> str:
    """The number of the request at this place of the count."""
    rest, draws = (place * STRIDE + seed) % ALL, []
    for _ in range(5):
        rest, draw = divmod(rest, len(NUMBER_LETTERS))
        draws.append(draw)
    return request_number(draws)
