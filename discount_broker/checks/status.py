"""Why a check is made, and its life. Pure."""

from enum import StrEnum


class CheckReason(StrEnum):
    ASKED_FOR = "asked_for"
    """The shop wants to know how it responds."""
    GONE_QUIET = "gone_quiet"
    """Its address answers nothing any more."""


class CheckStatus(StrEnum):
    DRAWN = "drawn"
    """On the list for the operators."""
    ASKED = "asked"
    """The question is on its way or there."""
    DONE = "done"
    DROPPED = "dropped"
