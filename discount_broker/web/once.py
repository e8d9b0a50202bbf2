"""What several parts of one page ask for is looked up once."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from flask import request

T = TypeVar("T")
ANSWERS = "broker.once"


def once_a_request(ask: Callable[[], T]) -> Callable[[], T]:
    """The same answer for the whole page; it lies with the request, for tests share everything else."""

    @wraps(ask)
    def remembered() -> T:
        answers = request.environ.setdefault(ANSWERS, {})
        if ask not in answers:
            answers[ask] = ask()
        answer: T = answers[ask]
        return answer

    return remembered
