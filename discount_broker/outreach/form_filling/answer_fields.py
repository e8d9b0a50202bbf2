"""Tells which field each complaint of a page is about."""

from collections.abc import Iterator
from typing import Any

from discount_broker.discovery.extract.vocabulary import words

SAYING = ("span", "div", "p", "label", "small", "li", "em", "strong", "td", "font", "dd", "b", "i")
NAMES_NEAR = ".//input[not(@type='hidden')]/@name | .//textarea/@name | .//select/@name"
BY_IDENTITY = (
    "//*[@name][@id=$i or @aria-errormessage=$i"
    " or contains(concat(' ', @aria-describedby, ' '), concat(' ', $i, ' '))]/@name"
)
MARKED = words(
    "is-invalid invalid error has-error input-error field-error wpcf7-not-valid not-valid mf-error"
)
"""Classes of fields that were filled in wrongly."""
CLIMBED = 3
LONGEST = 200


def field_messages(tree: Any, said: list[str]) -> dict[str, str]:
    """The complaints by the names of the controls they are about; by no name where that cannot be told."""
    known = set(said)
    messages: dict[str, str] = {}
    for element in tree.iter(*SAYING):
        text = " ".join("".join(element.itertext()).split())
        if text in known:
            messages.setdefault(_name_beside(element, tree), text[:LONGEST])
    # A box around a complaint says the same as the complaint.
    named = {name: text for name, text in messages.items() if name}
    return named or _of_marked(tree, said) or messages


def _name_beside(element: Any, tree: Any) -> str:
    """The one control that names the complaint, or that it is for, or that shares its nearest box."""
    for identity in _identities(element):
        if told := tree.xpath(BY_IDENTITY, i=identity):
            return str(told[0])
    around = element.getparent()
    for _ in range(CLIMBED):
        if around is None or around.tag in ("form", "body"):
            break
        names = set(around.xpath(NAMES_NEAR))
        if names:
            return str(names.pop()) if len(names) == 1 else ""
        around = around.getparent()
    return ""


def _identities(element: Any) -> Iterator[str]:
    """What the complaint is for, and what it and the boxes around it are called."""
    if element.get("for"):
        yield element.get("for")
    for box in (element, *list(element.iterancestors())[:CLIMBED]):
        if box.tag in ("form", "body"):
            return
        if box.get("id"):
            yield box.get("id")


def _of_marked(tree: Any, said: list[str]) -> dict[str, str]:
    """Complaints that stand apart, by the fields that the page marks, if there are as many of both."""
    marked = [
        str(control.get("name"))
        for control in tree.iter("input", "textarea", "select")
        if control.get("name") and _is_marked(control)
    ]
    complaints = [text[:LONGEST] for text in said]
    return dict(zip(marked, complaints, strict=True)) if len(marked) == len(complaints) else {}


def _is_marked(control: Any) -> bool:
    classes = (control.get("class") or "").lower().split()
    return control.get("aria-invalid") == "true" or not MARKED.isdisjoint(classes)
