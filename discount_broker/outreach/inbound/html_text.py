"""Turns the HTML of a mail into the lines a reader sees, quoted parts marked with `>`."""

import re

from lxml import html

BLOCKS = re.compile(
    r"address|article|blockquote|center|div|d[ldt]|fieldset|footer|form|h[1-6r]|header|li|main|[ou]l|p|pre"
    r"|section|table|tr"
)
UNSEEN = frozenset({"head", "script", "style", "title", "meta", "link", "noscript"})
QUOTE_CLASS = re.compile(
    r"gmail_quote|gmail_extra|yahoo_quoted|moz-cite-prefix|protonmail_quote|zmail_extra|tutanota_quote"
    r"|mail-quote|OutlookMessageHeader"
)
QUOTE_ID = re.compile(
    r"divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION|reply-intro|mail-app-auto-quote|mailcontent-quote"
)
HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|max-height\s*:\s*0(?![.\d])"
    r"|opacity\s*:\s*0(?![.\d])|mso-hide\s*:\s*all",
    re.IGNORECASE,
)
RULER = "_" * 30
DEEPEST = 200


def html_to_text(source: str) -> str:
    """The text of an HTML mail; quotes begin with `> `."""
    try:
        root = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*>", "", source))
    except (ValueError, html.etree.ParserError):
        return re.sub(r"<[^>]{0,2000}>", " ", source)
    lines = _Lines()
    _walk(root, lines, quoted=False, depth=0)
    return lines.text()


class _Lines:
    def __init__(self) -> None:
        self.lines: list[str] = [""]

    def write(self, text: str | None, *, quoted: bool) -> None:
        flat = re.sub(r"[ \t\r\n\f]+", " ", text or "")
        if not flat.strip() and not self.lines[-1]:
            return
        if quoted and not self.lines[-1]:
            self.lines[-1] = "> "
        self.lines[-1] += flat

    def end_line(self, *, always: bool = False) -> None:
        if self.lines[-1] or always:
            self.lines.append("")

    def text(self) -> str:
        return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in self.lines)).strip()


def _walk(element: html.HtmlElement, lines: _Lines, *, quoted: bool, depth: int) -> None:
    if not isinstance(element.tag, str) or depth > DEEPEST or _is_unseen(element):
        return
    quoted = quoted or _is_quote(element)
    is_block = BLOCKS.fullmatch(element.tag) is not None
    if is_block:
        lines.end_line()
    if element.tag == "br":
        lines.end_line(always=True)
    elif element.tag == "hr":
        lines.write(RULER, quoted=quoted)
    lines.write(element.text, quoted=quoted)
    for child in element:
        _walk(child, lines, quoted=quoted, depth=depth + 1)
        lines.write(child.tail, quoted=quoted)
    if is_block:
        lines.end_line()
        if element.tag == "p":
            lines.end_line(always=True)


def _is_unseen(element: html.HtmlElement) -> bool:
    """Whether no reader sees it: what programs hide in a mail, nobody has said."""
    if element.tag in UNSEEN or "hidden" in element.attrib:
        return True
    style = element.get("style")
    return style is not None and HIDDEN_STYLE.search(style) is not None


def _is_quote(element: html.HtmlElement) -> bool:
    return (
        element.tag == "blockquote"
        or QUOTE_CLASS.search(element.get("class") or "") is not None
        or QUOTE_ID.search(element.get("id") or "") is not None
    )
