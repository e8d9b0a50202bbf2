"""The life of a watch. Pure."""

from enum import StrEnum


class WatchKind(StrEnum):
    BACK = "back"
    """Tell me when it is to be had again."""
    BELOW = "below"
    """Tell me when it costs no more than a price."""


class WatchStatus(StrEnum):
    WATCHING = "watching"
    MET = "met"
    """What was waited for has come, and the buyer was told."""
    ENDED = "ended"
    """Its time is over, its page is gone, or the buyer wants it no more."""
