"""XPath compiled once: what it finds in a part of a page, and what a part says."""

from collections.abc import Callable
from typing import Any, cast

from lxml import etree

Path = Callable[[Any], list[Any]]


def path(expression: str) -> Path:
    """The elements that an expression finds, in the order of the page."""
    return cast("Path", etree.XPath(expression))


def owners(expression: str) -> Callable[[Any, int], list[Any]]:
    """The elements of the attributes that an expression finds, up to a number.

    `//@class[…]/..` would compare each element with all others that it has found.
    """
    found = path(expression)
    return lambda tree, most: [attribute.getparent() for attribute in found(tree)[:most]]


string_of = cast("Callable[[Any], str]", etree.XPath("string()", smart_strings=False))
"""All text of an element, scripts and all."""
