"""What is an e-mail address that a shop could be written to, and what only looks like one."""

import codecs
import re
from urllib.parse import unquote

from discount_broker.discovery.extract.vocabulary import words
from discount_broker.kernel.urls import SUFFIXES, registrable_domain

ADDRESS = re.compile(
    r"(?<![\w.+%'/=&-])([^\W_][\w.+%'&/=-]{0,63}|"
    r"[\w]{1,64})@((?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,6}[^\W\d_][\w-]{1,22})(?![\w@-])"
)
PLACEHOLDER_LOCAL = re.compile(
    r"^(?:e-?mail|mail|name|your?|your[._-]?(?:e?mail|name)|user(?:name)?|login|vorname[._]nachname|you|me|"
    r"(?:john|jane)[._]?(?:doe|smith)|jan[._]kowalski|nome[._]cognome|max[._]mustermann|"
    r"ivan(?:ov)?[._]?ivanov|"
    r"someone|somebody|example|sample|test|foo|xxx+|abc|o\.teu\.email|ejemplo|exemplo|primer|"
    r"ваш.*|имя|почта)$",
    re.IGNORECASE,
)
PLACEHOLDER_DOMAIN = re.compile(
    r"(?:^|\.)(?:example|exemple|exemplo|ejemplo|beispiel|primer|yourdomain|your-?domain|"
    r"yoursite|yourcompany|your-?e?mail|"
    r"domain|domena|domaine|dominio|mydomain|mysite|website|yourwebsite|company|server|site|test|email|host|"
    r"somewhere|sample|xyz|abc|acme|bigpond|agency)\.[a-zа-я.]{2,6}$",
    re.IGNORECASE,
)
EXAMPLE_DOMAIN = re.compile(
    r"(?:^|\.)(?:example|exemple|exemplo|ejemplo|beispiel|yourdomain|your-domain|yoursite|"
    r"youremail|your-email|mysite|"
    r"yourcompany|mydomain|domena|yourwebsite|primer)\.[a-zа-я.]{2,6}$|(?:^|\.)domain\.(?:com|"
    r"ru|tld|de|org)$|\.(?:invalid|example)$"
    r"|^(?:email|website|server|test)\.(?:com|ru|net)$",
    re.IGNORECASE,
)
MACHINE_DOMAIN = re.compile(
    r"(?:^|\.)(?:sentry\.io|sentry[\w.-]*|ingest\.[\w.-]+|wixpress\.com|sentry\.wixpress\.com|"
    r"group\.calendar\.google\.com|"
    r"schema\.org|w3\.org|mastodon\.[a-z]+|lemmy\.[a-z]+|hachyderm\.io|webmention\.io)$|(?:^|"
    r"\.)(?:social|community|mastodon|lemmy)\.",
    re.IGNORECASE,
)
FILE_ENDING = re.compile(
    r"\.(?:png|jpe?g|gif|webp|svg|avif|ico|bmp|css|js|mjs|json|map|html?|php|woff2?|ttf|eot|"
    r"mp4|webm|pdf|zip|ts|vue|min)$",
    re.IGNORECASE,
)
VERSION = re.compile(r"@\d+(?:\.\d+)+")
STUDIO = re.compile(
    r"(?:web|сайт|site)[-\w]*(?:studio|студия|design|dev|master)|(?:разработ|создан|продвиж|"
    r"поддержк|made|develop|design|powered)"
    r"[\w\s]{0,20}(?:сайт|site|web|by\b)|(?:разработка|создание|продвижение)\s+сайт",
    re.IGNORECASE,
)
FREE_MAIL = words(
    "gmail.com mail.ru yandex.ru ya.ru bk.ru list.ru inbox.ru rambler.ru internet.ru "
    "yandex.by yandex.kz ukr.net i.ua tut.by yahoo.com hotmail.com outlook.com live.com "
    "icloud.com aol.com msn.com gmx.de gmx.net gmx.at web.de t-online.de freenet.de orange.fr "
    "wanadoo.fr free.fr laposte.net btinternet.com googlemail.com proton.me protonmail.com "
    "seznam.cz wp.pl o2.pl libero.it abv.bg"
)
CYRILLIC_TWINS = str.maketrans("аеорсухАЕОРСУХВМНКТ", "aeopcyxAEOPCYXBMHKT")
FULL_WIDTH = str.maketrans({chr(0xFF01 + offset): chr(0x21 + offset) for offset in range(94)})


def tidy(candidate: str) -> str | None:
    """One spelling of an address: lower case, without `mailto:`, escapes and punctuation at its ends."""
    text = unquote(candidate).translate(FULL_WIDTH).strip().strip("<>()[]{}\"'«»;,:.!?*• \u200b")
    text = re.sub(r"^(?:mailto:|u003[ce]|u002f|e-?mail:)\s*", "", text, flags=re.IGNORECASE).strip()
    local, at, domain = text.rpartition("@")
    if not at or not local:
        return None
    domain = domain.rstrip(".")
    if not re.search(r"[^\x00-\x7f]", domain.rpartition(".")[2]):
        local, domain = local.translate(CYRILLIC_TWINS), domain.translate(CYRILLIC_TWINS)
    text = f"{local.lstrip('.-/=&')}@{domain}".lower()
    return text if ADDRESS.fullmatch(text) and len(text) <= 254 and ".." not in text else None


def is_real(address: str, page_host: str) -> bool:
    """Somebody could answer there: a known ending (or the page's own), no sample, no machine, no file."""
    local, _, domain = address.rpartition("@")
    if not has_known_suffix(domain, page_host) or FILE_ENDING.search(domain) or VERSION.search(address):
        return False
    return (
        not is_sample(local, domain, page_host) and not MACHINE_DOMAIN.search(domain) and not _is_hash(local)
    )


def is_sample(local: str, domain: str, page_host: str) -> bool:
    """A place-holder of a template; a shop's own domain never is one."""
    if is_own(domain, page_host):
        return bool(re.fullmatch(r"nome\.cognome|vorname\.nachname|matricola|name\.surname", local))
    return bool(EXAMPLE_DOMAIN.search(domain)) or bool(
        PLACEHOLDER_LOCAL.match(local)
        and (PLACEHOLDER_DOMAIN.search(domain) or local not in ("mail", "email", "me"))
    )


def has_known_suffix(domain: str, page_host: str) -> bool:
    """The top-level domain exists, or it is the one the page itself lives under, as in a demonstration."""
    try:
        ascii_domain = domain.encode("idna").decode()
    except UnicodeError:
        return False
    if SUFFIXES.publicsuffix(ascii_domain, accept_unknown=False):
        return True
    return bool(page_host) and page_host.rpartition(".")[2] == ascii_domain.rpartition(".")[2]


def _is_hash(local: str) -> bool:
    return bool(re.fullmatch(r"[0-9a-f]{16,}", local))


def is_own(domain: str, page_host: str) -> bool:
    """The address lives on the page's own registrable domain."""
    return bool(page_host) and registrable_domain(domain) == registrable_domain(page_host)


def same_name(domain: str, page_host: str) -> bool:
    """The same name under another ending: `shop.ru` and `shop.com`."""
    first, second = (
        registrable_domain(name).partition(".")[0].replace("-", "") for name in (domain, page_host)
    )
    return len(first) > 3 and len(second) > 3 and (first in second or second in first)


def rot13(address: str) -> str:
    return codecs.encode(address, "rot13")
