"""Ways to talk to a shop at once: numbers as people read them aloud, and links that dial."""

import re
from typing import NamedTuple

import phonenumbers

from discount_broker.shops.status import ContactKind

MESSENGER_LINKS = {
    "telegram": "https://t.me/{}",
    "whatsapp": "https://wa.me/{}",
    "viber": "viber://chat?number=%2B{}",
    "vk": "https://vk.com/{}",
}


class Line(NamedTuple):
    """A way to talk to the shop at once."""

    shown: str
    href: str
    kind: str
    found_at: str
    number: str = ""
    """E.164, of a phone."""


def line_of(kind: ContactKind, value: str, found_at: str) -> Line:
    if kind is ContactKind.PHONE:
        return Line(spoken_number(value), dial(value), "phone", found_at, value)
    service, _, handle = value.partition(":")
    # Handles come from strangers' pages: only plain ones become links.
    is_plain = re.fullmatch(r"[\w.+-]{2,64}", handle, re.ASCII) and service in MESSENGER_LINKS
    href = MESSENGER_LINKS[service].format(handle.lstrip("+")) if is_plain else ""
    return Line(handle or value, href, service, found_at)


def dial(number: str) -> str:
    """What a phone or a softphone understands."""
    return f"tel:{re.sub(r'[^+0-9]', '', number)}"


def spoken_number(value: str) -> str:
    """`+7 495 123-45-67`: grouped as people read numbers aloud."""
    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        return value
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
