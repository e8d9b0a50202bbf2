"""The life of one call of a webhook. Pure."""

from enum import StrEnum


class HookStatus(StrEnum):
    DUE = "due"
    SENDING = "sending"
    DONE = "done"
    GIVEN_UP = "given_up"
    KEPT = "kept"
    """Its webhook is paused; it is made as soon as something is taken there again."""
