"""Which door first, and may we knock at all? Pure."""

from collections.abc import Collection
from datetime import datetime, timedelta

from discount_broker.kernel.emails import FREE_MAIL
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.urls import find_link, registrable_domain
from discount_broker.shops.status import ContactKind, ContactState

CONTACTS_STAY_FRESH = timedelta(days=30)
WRITABLE = (ContactKind.EMAIL, ContactKind.FORM)
"""Doors a machine may use; phones and messengers are for people."""
DOUBTFUL = 0.3
"""Below this confidence an address is somebody's whom our question hardly concerns."""
NOT_THEIRS = "not_theirs"
"""Reason of a door that a person has called somebody else's: no crawl and no list revives it."""
MOST_TOLD_BY_SHOP = 5
"""Addresses one shop may tell us of: more would be somebody making us write to others."""
MOST_TOLD_BY_MEMBERS = 30
"""Those who proved that they speak for it may tell of more: a shop has phones and messengers as well."""
MOST_BUDGET = 100
USABLE = (ContactState.UNVERIFIED, ContactState.GOOD)

LANGUAGE_OF_SUFFIX = {"ru": "ru", "su": "ru", "xn--p1ai": "ru", "by": "ru", "kz": "ru"}
COUNTRY_OF_SUFFIX = {
    "ru": "RU",
    "su": "RU",
    "xn--p1ai": "RU",
    "by": "BY",
    "kz": "KZ",
    "ua": "UA",
    "de": "DE",
    "at": "AT",
    "ch": "CH",
    "fr": "FR",
    "es": "ES",
    "it": "IT",
    "pl": "PL",
    "uk": "GB",
    "us": "US",
    "nl": "NL",
    "cz": "CZ",
}


def is_fresh(contacts_read_at: datetime | None, now: datetime) -> bool:
    """Whether what was found on the shop's pages is recent enough not to read them again."""
    return contacts_read_at is not None and now - contacts_read_at < CONTACTS_STAY_FRESH


def country_of(domain: str) -> str | None:
    """The country a domain's suffix names; None for suffixes that name none."""
    return COUNTRY_OF_SUFFIX.get(domain.rpartition(".")[2])


def language_for(domain: str, page_language: str | None) -> str:
    """The language to write to a shop in: of its pages, else of its domain, else English."""
    if page_language in ("ru", "be", "kk"):
        return "ru"
    if page_language is not None:
        return "en"
    return LANGUAGE_OF_SUFFIX.get(domain.rpartition(".")[2], "en")


def door_order(
    kind: ContactKind,
    state: ContactState,
    confidence: float,
    *,
    last_answer_at: datetime | None = None,
    preferred_at: datetime | None = None,
) -> tuple[float, int, int, float]:
    """Sort key of a contact point.

    What a person wants tried first, then what answered before, then what is proven, then e-mail, then
    the surer. An address that is hardly ours to use, such as the privacy officer's, comes behind forms.
    """
    is_doubtful = confidence < DOUBTFUL and state is not ContactState.GOOD
    return (
        -preferred_at.timestamp() if preferred_at else 0,
        0 if last_answer_at else 1 if state is ContactState.GOOD else 2,
        2 if is_doubtful else 0 if kind is ContactKind.EMAIL else 1,
        -confidence,
    )


def stop_keys(domain: str, kind: ContactKind, value: str) -> list[str]:
    """Entries of the stop list that close this door: the door itself, and the whole shop."""
    return [f"shop:{domain}", f"{kind}:{value.lower() if kind is ContactKind.EMAIL else value}"]


def state_of_both(kept: ContactState, other: ContactState) -> ContactState:
    """What is known of one door that two shops had, once they are one: a stop wins, then what was tried."""
    if ContactState.STOPPED in (kept, other):
        return ContactState.STOPPED
    return other if kept is ContactState.UNVERIFIED else kept


def domain_begun(text: str) -> str:
    """What a domain begins with, in letters as it is kept: `www.Müller.de` is `xn--mller-kva.de`."""
    domain = text.lower().removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
    try:
        return domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError:
        return domain


def name_spellings(text: str) -> set[str]:
    """A name as people begin it, small or large."""
    return {text, text.lower(), text.upper(), text.capitalize(), text.title()}


MOST_MEMBERS = 20
"""Addresses that may answer for one shop."""
LONGEST_DOMAIN = 253


def domain_typed(text: str) -> str:
    """The shop that somebody means who types its domain, a link into it, or the name of its machine.

    Raises:
        Refused: `shop_missing`.

    """
    try:
        return registrable_domain(find_link(text))
    except Refused:
        word = text.strip().lower()
        if not word or len(word) > LONGEST_DOMAIN or not word.replace("-", "").isalnum():
            raise Refused("shop_missing", "shop") from None
        return word


def speaks_for(address: str, domains: Collection[str], doors: Collection[str]) -> bool:
    """Whether whoever reads this address may answer for the shop: a door of its, or one at its own domain.

    A mailbox at a free service is anybody's, unless the shop itself names it.
    """
    at = registrable_domain(address.rpartition("@")[2])
    return address in doors or ("@" in address and at in domains and at not in FREE_MAIL)


def in_ascii(address: str) -> str:
    """The address as mail servers spell it, where its domain has letters of its own."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return address
