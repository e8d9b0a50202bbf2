"""How the controls of a form stand on the page: in which order, and between which words."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from discount_broker.discovery.extract.forms.controls import MOST_CONTROLS, Control, Labels, type_of
from discount_broker.discovery.extract.pages.page import squeeze

MOST_PIECES = 4000
PIECES: Callable[[Any], Any] = etree.XPath(
    "descendant::node()[self::input or self::textarea or self::select or self::button or self::img or"
    " self::text()[normalize-space() and not(parent::option or parent::script or parent::style"
    " or parent::textarea or parent::button)]]",
    smart_strings=False,
)
"""Controls, pictures and texts in the order of the page, by one walk in C."""


@dataclass(frozen=True, eq=False)
class Layout:
    """The controls of a form in document order with what stands between them; those elsewhere come last."""

    controls: tuple[Control, ...]
    text: str


def layout_of(form: Any, labels: Labels) -> Layout:
    pieces: list[Any] = PIECES(form)[:MOST_PIECES]
    if next(form.iterdescendants("form"), None) is not None:
        pieces = [
            piece
            for piece in pieces
            if isinstance(piece, str) or next(piece.iterancestors("form"), None) is form
        ]
    stops = [*_stops(form, pieces), *_tied_stops(form, labels)]
    text = squeeze(" ".join(piece for piece in pieces[:200] if isinstance(piece, str))[:3000])
    return Layout(tuple(_controls(stops, form, labels))[:MOST_CONTROLS], text[:1500])


@dataclass(eq=False)
class Stop:
    """A control, and what stands between the one before and this."""

    element: Any
    attributes: dict[str, str]
    type: str
    between: str
    picture: str


def _stops(form: Any, pieces: Iterable[Any]) -> Iterator[Stop]:
    said: list[str] = []
    picture, owner = "", form.get("id")
    for piece in pieces:
        if isinstance(piece, str):
            said.append(piece)
            continue
        if piece.tag == "img":
            picture = piece.get("src") or "img"
            continue
        attributes = dict(piece.attrib)
        kind = type_of(piece, attributes)
        if attributes.get("form", owner) != owner:
            continue
        yield Stop(
            piece, attributes, kind, squeeze(" ".join(said)[-400:]) if kind != "hidden" else "", picture
        )
        if kind != "hidden":
            said, picture = [], ""
    yield Stop(None, {}, "", squeeze(" ".join(said)[:400]), picture)


def _tied_stops(form: Any, labels: Labels) -> Iterator[Stop]:
    for element in labels.tied.get(form.get("id") or "", ()):
        if form not in element.iterancestors("form"):
            attributes = dict(element.attrib)
            yield Stop(element, attributes, type_of(element, attributes), "", "")


def _controls(stops: list[Stop], form: Any, labels: Labels) -> Iterator[Control]:
    following: list[tuple[str, str]] = []
    after, picture = "", ""
    for stop in reversed(stops):
        following.append((after, picture))
        if stop.type != "hidden":
            after, picture = stop.between[:120], stop.picture
    lead = last = ""
    for stop, (after, picture) in zip(stops, reversed(following), strict=True):
        if stop.type not in (last, "hidden"):
            lead, last = stop.between[-120:] if stop.type in ("checkbox", "radio") else "", stop.type
        if stop.element is not None:
            yield Control(
                stop.element, form, stop.attributes, stop.type, labels,
                stop.between[-120:], after, stop.picture or picture, lead,
            )  # fmt: skip
