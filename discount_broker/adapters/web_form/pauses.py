"""The time a person takes between opening a form and sending it; guards against robots measure it."""

import time
from collections.abc import Callable

Pause = Callable[[float], None]
"""Waits so many seconds."""
SHORTEST, LONGEST = 2.0, 5.0
LETTERS_A_SECOND = 300
"""Somebody who pastes a prepared letter, and looks at it."""


def no_pause(_seconds: float) -> None:
    """Do not wait at all."""


def human_pause(speed: float = 1.0) -> Pause:
    """Wait by the installation's clock, which a demonstration lets run faster."""

    def wait(seconds: float) -> None:
        time.sleep(seconds / speed)

    return wait


def seconds_to_fill(text: str) -> float:
    return min(max(len(text) / LETTERS_A_SECOND, SHORTEST), LONGEST)
