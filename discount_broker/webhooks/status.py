"""The life of one call of a webhook. Pure."""

from enum import StrEnum


class HookStatus(StrEnum):
    DUE = "due"
    SENDING = "sending"
    DONE = "done"
    GIVEN_UP = "given_up"
