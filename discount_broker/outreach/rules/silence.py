"""What silence means: some shops acknowledge every letter within minutes, and then did not. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

LEAST_CASES = 3
USUAL_SHARE = 0.7
LEAST_PATIENCE = timedelta(minutes=30)
MOST_PATIENCE = timedelta(hours=4)
"""Who takes longer than half of that is not a machine."""


@dataclass(frozen=True)
class Acknowledged:
    """One earlier letter that arrived at this door: how long its acknowledgement took, if one came."""

    after: timedelta | None


def acknowledgement_due(earlier: Sequence[Acknowledged], sent_at: datetime) -> datetime | None:
    """Until when a machine of this shop usually says that a letter came; None where it usually does not.

    "Usually" is a share of at least 0.7 by Laplace's rule, (acknowledged + 1) / (letters + 2), over at
    least three letters. Twice the longest it ever took is waited for.
    """
    quick = [case.after for case in earlier if case.after is not None and case.after <= MOST_PATIENCE / 2]
    if len(earlier) < LEAST_CASES or (len(quick) + 1) / (len(earlier) + 2) < USUAL_SHARE:
        return None
    return sent_at + max(2 * max(quick), LEAST_PATIENCE)
