"""Lists what hangs on a mail, with names that are safe to show and to save."""

import re
import unicodedata
from dataclasses import dataclass

from discount_broker.outreach.inbound.headers import parameter
from discount_broker.outreach.inbound.letter import Mail
from discount_broker.outreach.inbound.parts import Part, parse

MOST_ATTACHMENTS = 20
LONGEST_NAME = 100
NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|%$&;`\'\x00-\x1f\x7f]+')
MACHINE_PARTS = re.compile(
    r"message/(?:delivery-status|global-delivery-status|feedback-report|disposition-notification"
    r"|rfc822-headers)|text/rfc822-headers|application/pgp-signature|multipart/.*"
)
ENDINGS = {"message/rfc822": ".eml", "image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}


@dataclass(frozen=True)
class Attachment:
    """A file that came with a mail."""

    name: str
    """Cleaned: no path, no control characters, no dot in front."""
    content_type: str
    size: int
    """Of the file itself, in bytes; within three of it where the mail is damaged."""
    index: int
    """Where it stands among the parts of the mail; `read_attachment` takes it."""


def list_attachments(mail: Mail) -> tuple[Attachment, ...]:
    """The first twenty files of a mail."""
    found: list[Attachment] = []
    for index, part in enumerate(_pieces(mail.root)):
        if len(found) == MOST_ATTACHMENTS:
            break
        if _is_file(part):
            found.append(Attachment(_name(part, index), part.content_type, _size(part), index))
    return tuple(found)


def read_attachment(content: bytes, index: int) -> bytes | None:
    """The bytes of one file of a mail; None when there is no such part."""
    pieces = _pieces(parse(content))
    if not 0 <= index < len(pieces) or not _is_file(pieces[index]):
        return None
    return pieces[index].body(pieces[index].end - pieces[index].start)


def _pieces(root: Part) -> list[Part]:
    """Leaves, and carried mails as one piece each."""
    if root.is_mail or not root.parts:
        return [root]
    return [piece for part in root.parts for piece in _pieces(part)]


def _is_file(part: Part) -> bool:
    if MACHINE_PARTS.fullmatch(part.content_type):
        return False
    return not part.content_type.startswith("text/") or part.disposition == "attachment" or bool(_named(part))


def _named(part: Part) -> str:
    disposition = part.fields.get("content-disposition", [""])[0]
    return parameter(disposition, "filename") or part.parameter("name")


def _name(part: Part, index: int) -> str:
    """The last piece of what the mail calls it, or a number."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", _named(part)))[-1]
    printable = "".join(letter for letter in last if unicodedata.category(letter) not in ("Cf", "Cc", "Co"))
    name = " ".join(NOT_IN_NAMES.sub("_", printable).split()).strip(" .")
    if len(name) > LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[: LONGEST_NAME - 9]}{dot}{ending[:8]}" if dot else name[:LONGEST_NAME]
    return name or f"part-{index + 1}{ENDINGS.get(part.content_type, '')}"


def _size(part: Part) -> int:
    length = part.end - part.start
    if part.encoding == "base64":
        breaks = part.source.count(b"\n", part.start, part.end)
        padding = part.source.count(b"=", max(part.start, part.end - 4), part.end)
        return max(0, (length - breaks) * 3 // 4 - padding)
    return len(part.body(length)) if part.encoding == "quoted-printable" else length
