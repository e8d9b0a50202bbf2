"""Which closed cases a lead looks through: plainly random, and the same ones at every draw. Pure."""

import hmac
from collections.abc import Iterable
from uuid import UUID

SAMPLE_SIZE = 5
"""Cases an operator and week."""


def draw(case_ids: Iterable[UUID], week: str, secret: bytes, size: int = SAMPLE_SIZE) -> list[UUID]:
    """A sample nobody can choose or foresee: cases in the order of a keyed hash, the first few of it.

    Every case has the same chance, whoever closed it and however it went; a case that joins or leaves
    the week moves at most one other in or out.
    """

    def place(case_id: UUID) -> bytes:
        return hmac.digest(secret, f"lead-review:{week}:{case_id}".encode(), "sha256")

    return sorted(case_ids, key=place)[:size]
