"""Headers and texts as the bytes of a mail: seven bits, every address and token whole.

The standard library's way through its registry of headers folds and encodes long addresses, drops
blanks between encoded words, and takes most of the time that sending a mail takes.
"""

import binascii
import re
from collections.abc import Iterable
from email.header import Header
from email.utils import formataddr

from discount_broker.messaging.ports import PermanentFailure

CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
"""Everything that some reader takes for the end of a line, and what no header has a use for."""
LONGEST_LINE = 998
"""RFC 5322 §2.1.1; everything but free text stands whole on one line."""
FREE_TEXT, FOLDED = {"Subject"}, {"References"}
USUAL_LINE = 78
LONGEST_CODED_SHARE = 0.2
"""Above this share of other letters than ASCII base64 is shorter than quoted-printable."""


def write_mail(
    headers: Iterable[tuple[str, str]],
    text: str,
    html: str | None = None,
    *,
    boundary: str,
    utf8: bool = False,
) -> bytes:
    """The mail; letters other than ASCII stand in its headers only with `utf8` (RFC 6532).

    Raises:
        PermanentFailure: a header would carry a line break, or a text cannot be written.

    """
    try:
        lines = [_header(name, value, utf8=utf8) for name, value in headers]
        parts = [_part(text, "plain")] + ([_part(html, "html")] if html is not None else [])
    except ValueError as wrong:
        raise _unwritable(wrong) from None
    lines.append(b"MIME-Version: 1.0\r\n")
    if html is None:
        return b"".join([*lines, parts[0]])
    # No encoded text holds this: `=` is followed by two digits, or ends a line.
    border = f"=_{boundary}".encode("ascii")
    lines.append(b'Content-Type: multipart/alternative; boundary="' + border + b'"\r\n\r\n')
    inner = [b"--" + border + b"\r\n" + part + b"\r\n" for part in parts]
    return b"".join([*lines, *inner, b"--", border, b"--\r\n"])


def mailbox(name: str, address: str) -> str:
    """A display name with its address, as a header has it.

    Raises:
        PermanentFailure: the name has more than one line, or cannot be written.

    """
    if CONTROL.search(name):
        raise _unwritable("a line break in a name")
    if not _needs_code(name):
        return formataddr((name, address))
    try:
        coded = _encoded(name, used=len("From"))
    except ValueError as wrong:
        raise _unwritable(wrong) from None
    return f"{' '.join(coded.split())} <{address}>"


def _unwritable(why: object) -> PermanentFailure:
    return PermanentFailure(f"the message cannot be written as a mail: {why}")


def _header(name: str, value: str, *, utf8: bool) -> bytes:
    if CONTROL.search(value):
        raise ValueError(f"a line break in {name}")
    if name in FREE_TEXT and (_needs_code(value) or len(name) + len(value) + 2 > USUAL_LINE):
        value = _encoded(value, used=len(name))
    elif name in FOLDED or value.startswith("=?"):  # a coded name, with its address
        value = "\r\n ".join(value.split())
    line = f"{name}: {value}\r\n".encode("utf-8" if utf8 else "ascii")
    if max(map(len, line.split(b"\r\n"))) > LONGEST_LINE:
        raise ValueError(f"{name} is too long")
    return line


def _needs_code(text: str) -> bool:
    """Whether a reader would misunderstand it as it is; what looks like code would be decoded (RFC 2047)."""
    return not text.isascii() or "=?" in text


def _encoded(text: str, *, used: int) -> str:
    charset = "utf-8" if _needs_code(text) else "ascii"
    return Header(text, charset, header_name="x" * used).encode(linesep="\r\n")


def _part(text: str, kind: str) -> bytes:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
    foreign = len(lines) - len(lines.encode("ascii", "ignore"))
    # Never 8bit: a relay that re-encodes it breaks the signature (RFC 6376 §5.3).
    if foreign > len(lines) * LONGEST_CODED_SHARE:
        encoding, body = "base64", _base64(lines.replace("\n", "\r\n").encode())
    else:
        encoding, body = (
            "quoted-printable",
            binascii.b2a_qp(lines.encode(), istext=True).replace(b"\n", b"\r\n"),
        )
    head = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    return head.encode("ascii") + body


def _base64(content: bytes) -> bytes:
    """In lines of 76."""
    chunks = range(0, len(content), 57)
    return b"".join(binascii.b2a_base64(content[at : at + 57], newline=False) + b"\r\n" for at in chunks)
