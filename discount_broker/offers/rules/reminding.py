"""Whether a word about an offer that ends soon is worth a letter. Pure."""

from datetime import datetime


def is_worth_reminding(made_at: datetime, valid_until: datetime, now: datetime) -> bool:
    """Not while it is as good as new: one that was made for a day has been told of this very day."""
    return now - made_at >= (valid_until - made_at) / 2
