"""XPath compiled once: what it finds in a part of a page, and what a part says."""

from collections.abc import Callable
from typing import Any, cast

from lxml import etree

Path = Callable[[Any], list[Any]]


def path(expression: str) -> Path:
    """The elements that an expression finds, in the order of the page.

    `//*[@class[…]]` is right; `//@class[…]/..` compares each element with all that it has found before.
    """
    return cast("Path", etree.XPath(expression))


string_of = cast("Callable[[Any], str]", etree.XPath("string()", smart_strings=False))
"""All text of an element, scripts and all."""
