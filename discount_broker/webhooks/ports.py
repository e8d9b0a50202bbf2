"""What telling programs needs from the outside world."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class HookAnswer:
    """What the server of a program said to a call."""

    status: int
    wait: float = 0.0
    """Seconds for which it asked to be left alone."""


class HookUnreached(Exception):
    """The call was not made, or no answer to it was understood; `why` is a code for a sentence."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class HookCaller(Protocol):
    """Calls addresses that strangers named. Contract: `tests/contract/test_webhook_call.py`.

    Public addresses only, https only on a public installation, no redirects, a small answer within seconds.
    """

    def call(self, url: str, headers: Mapping[str, str], body: bytes) -> HookAnswer:
        """POST the body; an answer of any status is an answer.

        Raises:
            HookUnreached

        """
        ...
