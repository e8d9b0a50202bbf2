"""Our figures on forms as new sites will see them: read by models that learnt from other sites alone."""

import importlib
from functools import cache
from typing import Any

from benchmarks.discovery.judging import Figures

LIBRARY = "sklearn"
"""Comes along with Formasaurus."""


def is_possible() -> bool:
    try:
        importlib.import_module(LIBRARY)
    except ImportError:
        return False
    return True


def unseen(set_name: str) -> Figures:
    figures: Figures = _reports()[set_name].figures()
    return figures


@cache
def _reports() -> dict[str, Any]:
    """All sets at once: their sites overlap, and a site is learnt from wholly or not at all."""
    training = importlib.import_module("benchmarks.train_forms")
    pages = [page for name in training.SETS for page in training.pages_of(name)]
    reports: dict[str, Any] = training.unseen(pages, 0)
    return reports
