"""Which account a messenger's link leads to; links that share, invite or advertise lead to none."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

import phonenumbers

from discount_broker.discovery.extract.phones.numbers import is_sample
from discount_broker.discovery.extract.vocabulary import words

WHATSAPP = words("wa.me api.whatsapp.com web.whatsapp.com whatsapp.com wa.clck.bar")
TELEGRAM = words("t.me telegram.me telegram.dog tlgg.ru teleg.run tele.click telegram.im tlg.name")
VK = words("vk.com vk.ru vk.me vkontakte.ru")
HOSTS = WHATSAPP | TELEGRAM | VK | words("max.ru web.max.ru viber.click viber.me web.telegram.org")
SCHEMES = ("viber:", "whatsapp:", "tg:", "skype:", "Viber:", "WhatsApp:", "Skype:", "callto:", "intent:")
OWN_NAMES = re.compile(r"^[A-Za-z][\w.-]{2,63}$")
NOT_ACCOUNTS = words(
    "share share.php sharer intent dialog widget widget_community.php widgets login away.php "
    "rtrg video feed im search support joinchat s addstickers addemoji addlist addtheme setlanguage "
    "iv proxy socks privacy terms confirmphone contact boost giftcode invoice bg "
    "press jobs blog public club home settings wall app apps js api about join download "
    "telegram whatsapp viber durov channel send message catalog help legal business "
    "example username user_name your_username yourusername your_name yourname name nickname account "
    "test test_test my_shop your_channel yourchannel channel_name"
)
VK_TALK = re.compile(r"^write(-?\d+)$")


@dataclass(frozen=True)
class FoundMessenger:
    kind: str
    """telegram, whatsapp, viber, vk, max or skype."""
    handle: str


def is_messenger(href: str) -> bool:
    """Whether a link is worth reading: one look at its scheme or host."""
    rest = href.partition("//")[2]
    if rest and href[:1] in "hH/":
        host = rest.partition("/")[0].partition("?")[0].lower().removeprefix("www.").removeprefix("m.")
        return host in HOSTS or host.endswith(".t.me")
    return href.startswith(SCHEMES)


def read_link(link: str, *, invites: bool = False) -> FoundMessenger | None:
    """The account a link leads to, or None.

    A group's page is no place to write to unless the link `invites` to write there.
    """
    try:
        parts = urlsplit(unquote(link.strip()).replace(" ", "")[:2000])
        host, query = (parts.hostname or "").removeprefix("www.").removeprefix("m."), parse_qs(parts.query)
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme == "intent":
        return _numbered("whatsapp", query.get("phone", [""])[0]) if "whatsapp" in parts.fragment else None
    if scheme in ("viber", "whatsapp", "tg", "skype", "callto"):
        return _of_scheme(scheme, parts.netloc + parts.path, query)
    path = [piece for piece in parts.path.split("/") if piece]
    if host == "web.telegram.org":
        name = parts.fragment.rpartition("@")[2] if "@" in parts.fragment else ""
        return _named("telegram", name)
    return _of_vk(host, path, query, invites) if host in VK else _of_web(host, path, query)


def _of_web(host: str, path: list[str], query: dict[str, list[str]]) -> FoundMessenger | None:
    first = path[0] if path else ""
    if host in WHATSAPP:
        return _of_whatsapp(path, query)
    if host in TELEGRAM:
        # `/s/name` shows a channel, `/name/12` one message in it.
        name = path[1] if first == "s" and len(path) == 2 else first
        return None if len(path) > 1 and path[-1].isdigit() else _named("telegram", name)
    if host.endswith(".t.me"):
        return _named("telegram", host.removesuffix(".t.me"))
    if host in ("max.ru", "web.max.ru"):
        return _of_max(path)
    if host in ("viber.click", "viber.me"):
        return _numbered("viber", query.get("number", [first])[0])
    return None


def _of_whatsapp(path: list[str], query: dict[str, list[str]]) -> FoundMessenger | None:
    if len(path) == 2 and path[0] == "message" and re.fullmatch(r"[A-Z0-9]{8,20}", path[1]):
        return FoundMessenger("whatsapp", "/".join(path))
    own = path[1] if len(path) == 2 and path[0] == "c" else (path[0] if path else "")
    return _numbered("whatsapp", (query.get("phone") or [own])[0])


def _of_vk(host: str, path: list[str], query: dict[str, list[str]], invites: bool) -> FoundMessenger | None:
    first = path[0] if len(path) == 1 else ""
    talk = VK_TALK.match(first)
    number = talk.group(1) if talk else (query.get("sel", [""])[0] if first == "im" else "")
    if re.fullmatch(r"-?\d{3,12}", number):
        return FoundMessenger("vk", f"club{number[1:]}" if number.startswith("-") else f"id{number}")
    return _named("vk", first) if host == "vk.me" or invites else None


def _of_scheme(scheme: str, rest: str, query: dict[str, list[str]]) -> FoundMessenger | None:
    if scheme == "viber":
        return _of_viber(rest, query)
    if scheme == "whatsapp":
        return _numbered("whatsapp", query.get("phone", [""])[0])
    if scheme == "tg":
        name = query.get("domain", [""])[0] if "resolve" in rest else ""
        return _named("telegram", name) if name else _numbered("telegram", query.get("phone", [""])[0])
    name = rest.strip("/").partition("?")[0]
    is_name = re.fullmatch(r"(?:live:)?[\w.,:-]{3,64}", name) and re.search(r"[a-z]", name, re.IGNORECASE)
    return FoundMessenger("skype", name) if is_name and name.lower() not in NOT_ACCOUNTS else None


def _of_viber(rest: str, query: dict[str, list[str]]) -> FoundMessenger | None:
    name = query.get("chatURI", query.get("uri", [""]))[0]
    if name and rest.startswith("pa"):
        return _named("viber", name)
    return _numbered("viber", query.get("number", query.get("chat", [rest.removeprefix("tel:")]))[0])


def _numbered(kind: str, number: str) -> FoundMessenger | None:
    digits = re.sub(r"\D", "", number).removeprefix("00")
    if len(digits) == 11 and digits.startswith("89"):
        digits = f"7{digits[1:]}"  # dialled within Russia it is 8; messengers know +7 alone
    if not 9 < len(digits) < 16:
        return None
    try:
        read = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return None
    own = phonenumbers.national_significant_number(read)
    return None if is_sample(own, read.country_code) else FoundMessenger(kind, f"+{digits}")


def _named(kind: str, name: str) -> FoundMessenger | None:
    name = name.lstrip("@")
    if name.startswith("+") or name.isdigit():
        return _numbered(kind, name) if name.lstrip("+").isdigit() else None
    if name.lower() in NOT_ACCOUNTS or not OWN_NAMES.match(name):
        return None
    return FoundMessenger(kind, name)


def _of_max(path: list[str]) -> FoundMessenger | None:
    name = path[-1] if path and path[0] not in ("join", "ru", "en") and len(path) < 3 else ""
    is_name = re.fullmatch(r"[\w.-]{3,120}", name) and name.lower() not in NOT_ACCOUNTS
    return FoundMessenger("max", name) if is_name else None
