"""How many parts a text message takes on the air, which is what it costs. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
"""Written as an escape and a letter: two places, which stay together in one part."""
PLAINER = {
    "«": '"', "»": '"', "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "`": "'",
    "–": "-", "—": "-", "−": "-", "‑": "-", "…": "...", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
    "\t": " ", "×": "x", "•": "-",
}  # fmt: skip
"""Signs outside GSM 7-bit that have an honest stand-in inside it."""
SPACES = re.compile("[\u00a0\u202f\u2009\t]")


class Encoding(StrEnum):
    GSM7 = "gsm7"
    UCS2 = "ucs2"


ROOM = {Encoding.GSM7: (160, 153), Encoding.UCS2: (70, 67)}
"""Places in a text of one part, and in each part of a longer one, whose header takes some."""


@dataclass(frozen=True)
class Segments:
    encoding: Encoding
    units: int
    """Places taken: of seven bits, or of sixteen."""
    parts: int


def measure(text: str) -> Segments:
    """The encoding a text needs, and the parts it is sent in."""
    encoding = encoding_of(text)
    sizes = [_size(sign, encoding) for sign in text]
    units = sum(sizes)
    single, each = ROOM[encoding]
    return Segments(encoding, units, 1 if units <= single else _parts(sizes, each))


def encoding_of(text: str) -> Encoding:
    """One sign that GSM 7-bit does not have turns the whole text into UCS-2."""
    return Encoding.GSM7 if set(text) <= GSM_BASIC | GSM_EXTENSION else Encoding.UCS2


def as_sent(text: str) -> str:
    """The text with typographic signs made plain, where that saves the whole of it from UCS-2."""
    plain = "".join(PLAINER.get(sign, sign) for sign in text)
    return plain if encoding_of(plain) is Encoding.GSM7 else SPACES.sub(" ", text)


def _size(sign: str, encoding: Encoding) -> int:
    if encoding is Encoding.GSM7:
        return 2 if sign in GSM_EXTENSION else 1
    return 2 if ord(sign) > 0xFFFF else 1


def _parts(sizes: Iterable[int], room: int) -> int:
    """Neither an escaped letter nor a surrogate pair is split between two parts."""
    parts, left = 1, room
    for size in sizes:
        if size > left:
            parts, left = parts + 1, room
        left -= size
    return parts
