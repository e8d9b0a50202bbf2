"""The shop's own accounts in messengers; links that share the page are not among them."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from discount_broker.discovery.extract.page import open_document
from discount_broker.discovery.extract.vocabulary import words

WHATSAPP = frozenset({"wa.me", "api.whatsapp.com", "web.whatsapp.com", "whatsapp.com"})
TELEGRAM = frozenset({"t.me", "telegram.me", "telegram.dog", "tlgg.ru", "teleg.run"})
VK = frozenset({"vk.com", "vk.ru", "vk.me", "vkontakte.ru"})
OWN_NAMES = re.compile(r"^[A-Za-z][\w.-]{2,63}$")
NOT_ACCOUNTS = words(
    "share share.php sharer intent dialog widget widget_community.php widgets login away.php "
    "rtrg video feed im search support joinchat s addstickers iv proxy socks privacy terms "
    "press jobs blog public club home settings wall app apps js api about"
)


@dataclass(frozen=True)
class FoundMessenger:
    kind: str
    """telegram, whatsapp, viber, vk, max or skype."""
    handle: str


def find_messengers(html: str, page_url: str) -> list[FoundMessenger]:
    """Accounts by which the shop can be written to, in document order."""
    document = open_document(html, page_url)
    found: dict[FoundMessenger, None] = {}
    for anchor in document.anchors:
        if account := read_link(anchor.href):
            found.setdefault(account)
    return list(found)


def read_link(link: str) -> FoundMessenger | None:
    """The account a link leads to, or None."""
    try:
        parts = urlsplit(unquote(link.strip()).replace(" ", ""))
        host, query = (parts.hostname or "").removeprefix("www.").removeprefix("m."), parse_qs(parts.query)
    except ValueError:
        return None
    if (scheme := parts.scheme.lower()) in ("viber", "whatsapp", "tg", "skype"):
        return _of_scheme(scheme, parts.netloc + parts.path, query)
    return _of_web(host, [piece for piece in parts.path.split("/") if piece], query)


def _of_web(host: str, path: list[str], query: dict[str, list[str]]) -> FoundMessenger | None:
    first = path[0] if path else ""
    if host in WHATSAPP:
        return _numbered("whatsapp", (query.get("phone") or [first])[0])
    if host in TELEGRAM:
        return _named("telegram", first)
    if host in VK:
        return _named("vk", path[-1]) if first not in NOT_ACCOUNTS and len(path) in (1, 2) else None
    if host in ("max.ru", "web.max.ru"):
        return _max(path)
    return _numbered("viber", query.get("number", [first])[0]) if host == "viber.click" else None


def _of_scheme(scheme: str, rest: str, query: dict[str, list[str]]) -> FoundMessenger | None:
    if scheme == "viber":
        return _numbered("viber", query.get("number", query.get("chat", [""]))[0])
    if scheme == "whatsapp":
        return _numbered("whatsapp", query.get("phone", [""])[0])
    if scheme == "tg":
        name = query.get("domain", [""])[0]
        return _named("telegram", name) if name else _numbered("telegram", query.get("phone", [""])[0])
    name = rest.strip("/").partition("?")[0]
    return FoundMessenger("skype", name) if re.fullmatch(r"(?:live:)?[\w.,:-]{3,64}", name) else None


def _numbered(kind: str, number: str) -> FoundMessenger | None:
    digits = re.sub(r"\D", "", number)
    return FoundMessenger(kind, f"+{digits}") if 9 < len(digits) < 16 else None


def _named(kind: str, name: str) -> FoundMessenger | None:
    name = name.lstrip("@")
    if name.startswith("+") and name[1:].isdigit():
        return _numbered(kind, name)
    if name.lower() in NOT_ACCOUNTS or not OWN_NAMES.match(name):
        return None
    return FoundMessenger(kind, name)


def _max(path: list[str]) -> FoundMessenger | None:
    name = path[-1] if path else ""
    return (
        FoundMessenger("max", name)
        if re.fullmatch(r"[\w.-]{3,120}", name) and name.lower() not in NOT_ACCOUNTS
        else None
    )
