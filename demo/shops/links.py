"""Makes the links in a plain text message clickable."""

import re

from markupsafe import Markup, escape

LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")


def linked(text: str) -> Markup:
    """The text as HTML; every web link opens in a tab of its own."""
    pieces, end = [], 0
    for found in LINK.finditer(text):
        link = escape(found.group())
        pieces += [
            escape(text[end : found.start()]),
            Markup(f'<a href="{link}" target="_blank" rel="noopener">{link}</a>'),
        ]
        end = found.end()
    return Markup("").join([*pieces, escape(text[end:])])
