"""The life of a webhook, and of one call of it. Pure."""

from enum import StrEnum


class HookStatus(StrEnum):
    DUE = "due"
    SENDING = "sending"
    DONE = "done"
    GIVEN_UP = "given_up"
    KEPT = "kept"
    """Its webhook is paused; it is made as soon as something is taken there again."""


class HookState(StrEnum):
    ACTIVE = "active"
    FAILING = "failing"
    """The last tries were in vain; each call is tried again by its own schedule."""
    PAUSED = "paused"
    """So many were in vain that calls are kept; one is tried now and then."""
    ENDED = "ended"
