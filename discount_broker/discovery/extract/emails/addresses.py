"""What is an e-mail address that a shop could be written to, and what only looks like one."""

import codecs
import re
from functools import lru_cache
from urllib.parse import unquote

from discount_broker.discovery.extract.emails.decoys import is_file, is_machine, is_placeholder
from discount_broker.kernel.urls import SUFFIXES, registrable_domain

ADDRESS = re.compile(
    r"(?<![\w.+%'/=&-])([^\W_][\w.+%'&/=-]{0,63}|"
    r"[\w]{1,64})@((?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,6}[^\W\d_][\w-]{1,22})(?![\w@-])"
)
ONE_SCRIPT = re.compile(r"[a-z0-9\u00df-\u024f-]+|[\u0400-\u04ff0-9-]+|[\u0370-\u03ff0-9-]+|[^\x00-\u04ff]+")
"""A label in letters of one kind: a look-alike among others belongs to a cheat or to a slip."""
BAIT = re.compile(r"[._-]?(?:NO-?SPAM|REMOVE-?(?:THIS|ME)|ENTFERNEN)[._-]?")
LONGEST = 254
LONGEST_CANDIDATE = 600
GLUED_PHONE = re.compile(r"^[+\d][\d().-]{5,20}\d(?=[a-z])")
FULL_WIDTH = str.maketrans({chr(0xFF01 + offset): chr(0x21 + offset) for offset in range(94)})


def tidy(candidate: str) -> str | None:
    """One spelling of an address: lower case, without `mailto:`, escapes and punctuation at its ends."""
    if len(candidate) > LONGEST_CANDIDATE:
        return None
    text = unquote(candidate).translate(FULL_WIDTH).strip().strip("<>()[]{}\"'«»;,:.!?*• \u200b")
    text = re.sub(r"^(?:mailto:|u003[ce]|u002f|e-?mail:)\s*", "", text, flags=re.IGNORECASE).strip()
    local, at, domain = BAIT.sub("", text).rpartition("@")
    local, domain = local.lstrip(".-/=&").lower(), domain.rstrip(".").lower()
    if not at or not local or not local.isascii() or not _is_of_one_script(domain):
        return None
    local = GLUED_PHONE.sub("", local) if "-" in local or "(" in local else local
    text = f"{local}@{domain}"
    return text if ADDRESS.fullmatch(text) and len(text) <= LONGEST and ".." not in text else None


def _is_of_one_script(domain: str) -> bool:
    return domain.isascii() or all(ONE_SCRIPT.fullmatch(label) for label in domain.split("."))


def is_real(address: str, page_host: str) -> bool:
    """Somebody could answer there: a known ending (or the page's own), no sample, no machine, no file."""
    local, _, domain = address.rpartition("@")
    if not has_known_suffix(domain, page_host) or is_file(domain):
        return False
    own = is_own(domain, page_host)
    return not is_placeholder(local, domain, is_own=own) and not is_machine(local, domain, is_own=own)


def has_known_suffix(domain: str, page_host: str) -> bool:
    """The top-level domain exists, or it is the one the page itself lives under, as in a demonstration."""
    ending = domain.rpartition(".")[2]
    return _is_suffix(ending) or (bool(page_host) and page_host.rpartition(".")[2] == ending)


@lru_cache(maxsize=1024)
def _is_suffix(ending: str) -> bool:
    try:
        return bool(SUFFIXES.publicsuffix(ending.encode("idna").decode(), accept_unknown=False))
    except UnicodeError:
        return False


def is_own(domain: str, page_host: str) -> bool:
    """The address lives on the page's own registrable domain."""
    return bool(page_host) and _registrable(domain) == _registrable(page_host)


@lru_cache(maxsize=1024)
def _registrable(domain: str) -> str:
    return registrable_domain(domain)


def same_name(domain: str, page_host: str) -> bool:
    """The same name under another ending: `shop.ru` and `shop.com`."""
    first, second = (_registrable(name).partition(".")[0].replace("-", "") for name in (domain, page_host))
    return len(first) > 3 and len(second) > 3 and (first in second or second in first)


def rot13(address: str) -> str:
    return codecs.encode(address, "rot13")
