"""What is worked out of an object when it is first asked for, and kept with it."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """`functools.cached_property` without its lock, that costs more than most of what is kept here."""

    def __init__(self, work: Callable[[Any], T]) -> None:
        self._work, self._name = work, work.__name__

    def __get__(self, owner: Any, kind: type | None = None) -> T:
        found = owner.__dict__[self._name] = self._work(owner)
        return found
