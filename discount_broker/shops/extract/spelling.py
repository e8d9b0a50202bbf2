"""One spelling for each door, whatever way a person wrote it. Pure."""

import re
from contextlib import suppress

import phonenumbers

from discount_broker.kernel.emails import normal_email
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.urls import find_link, host_of
from discount_broker.shops.status import ContactKind

MESSENGERS = ("telegram", "whatsapp", "viber", "vk", "max", "skype")
NUMBERED = ("whatsapp", "viber")
"""Messengers whose accounts are phone numbers."""
HANDLE = re.compile(r"[\w.+:-]{2,64}", re.ASCII)


def normal_value(kind: ContactKind, text: str, country: str | None) -> str:
    """The value under which a door is kept: two spellings of one door are one.

    Raises:
        Refused: the code tells what is wrong, the field is `value`.

    """
    text = text.strip()
    if not text:
        raise Refused("value_missing", "value")
    try:
        return SPELLINGS[kind](text, country)
    except Refused as refused:
        raise Refused(refused.code, "value") from None


def normal_phone(text: str, country: str | None) -> str:
    """E.164; a number without its country's code is read as one of `country`.

    Raises:
        Refused: `phone_unclear`.

    """
    for spelling in _spellings(text, country):
        try:
            number = phonenumbers.parse(spelling, country)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    raise Refused("phone_unclear", "value")


def _spellings(text: str, country: str | None) -> list[str]:
    """The number as it was written, and with the plus that people leave out."""
    digits = re.sub(r"\D", "", text)
    is_bare = len(digits) >= 11 and not text.strip().startswith(("+", "00"))
    is_russian = is_bare and digits[0] == "8" and len(digits) == 11 and country in (None, "RU", "KZ")
    return [text, *([f"+7{digits[1:]}"] if is_russian else []), *([f"+{digits}"] if is_bare else [])]


def phone_digits(text: str) -> list[str]:
    """What of a typed number stands in every spelling of it; empty for what is no number."""
    if re.search(r"[^\d\s+().\-–—/]", text.strip()):
        return []
    digits = re.sub(r"\D", "", text)
    if len(digits) < 4:
        return []
    # Trunk prefixes and international ones are not kept: 8 495 …, 0 30 …, 00 49 ….
    trimmed = digits[1:] if digits.startswith("8") and len(digits) == 11 else digits.lstrip("0")
    return [*dict.fromkeys(part for part in (digits, trimmed) if len(part) >= 4)]


def _email(text: str, _country: str | None) -> str:
    """As pages write it: a domain in letters of its own keeps them."""
    local, _, domain = normal_email(text.removeprefix("mailto:")).rpartition("@")
    with suppress(UnicodeError):
        domain = domain.encode().decode("idna")
    return f"{local}@{domain}"


def _form(text: str, _country: str | None) -> str:
    link = find_link(text)
    if "." not in host_of(link):
        raise Refused("link_missing", "value")
    return link


def _messenger(text: str, country: str | None) -> str:
    """`telegram:name`, `whatsapp:+79991234567`.

    Raises:
        Refused: `messenger_unclear`.

    """
    service, _, handle = text.partition(":")
    handle = handle.strip().removeprefix("@")
    if service not in MESSENGERS:
        raise Refused("messenger_unclear", "value")
    if service in NUMBERED:
        return f"{service}:{normal_phone(handle, country)}"
    if not HANDLE.fullmatch(handle):
        raise Refused("messenger_unclear", "value")
    return f"{service}:{handle}"


SPELLINGS = {
    ContactKind.EMAIL: _email,
    ContactKind.FORM: _form,
    ContactKind.PHONE: normal_phone,
    ContactKind.MESSENGER: _messenger,
}
