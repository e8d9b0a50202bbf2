"""What looks the same to everybody who reads the same language: it is drawn once."""

from collections.abc import Callable, Hashable

from flask import Flask, current_app, g, request, session
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from discount_broker.web.access import visitor

MOST = 1000
"""Pieces that a process keeps; beyond that it begins anew."""
HOLE = "the-token-of-whoever-reads-this"
"""Where the token of the reader's session goes in a page that is kept whole."""


def init_app(app: Flask) -> None:
    app.extensions["kept"] = {}
    app.add_template_global(piece, "kept")


def piece(name: str, *differs_by: Hashable, caller: Callable[[], str]) -> Markup:
    """The block of a template under its name, drawn anew only for another language or other values.

    `{% call kept("foot") %}…{% endcall %}`: nothing in the block may depend on the reader, a token or
    the time, unless it stands among the values; and these must be few, for each is kept.
    """
    return Markup(once((name, *differs_by), caller))  # noqa: S704 - drawn by Jinja, which escapes


def for_strangers(name: str, draw: Callable[[], str]) -> str:
    """A page that differs for nobody in particular, with the token of the reader's own session in it."""
    if visitor() or request.query_string or "_flashes" in session:
        return draw()
    return once((name, "page"), lambda: _with_a_place(draw)).replace(HOLE, generate_csrf())


def _with_a_place(draw: Callable[[], str]) -> str:
    own, g.csrf_token = generate_csrf(), HOLE
    try:
        return draw()
    finally:
        g.csrf_token = own


def once(key: tuple[Hashable, ...], draw: Callable[[], str]) -> str:
    """What was drawn under this key for readers of the language; `draw` is asked the first time alone."""
    if current_app.debug:  # templates change while they are worked on
        return draw()
    pieces: dict[Hashable, str] = current_app.extensions["kept"]
    locale = get_locale()
    full = (locale and locale.language, request.script_root, *key)
    found = pieces.get(full)
    if found is None:
        if len(pieces) >= MOST:
            pieces.clear()
        found = pieces[full] = draw()
    return found
