"""Links as people paste them, and the shop a link belongs to. Pure."""

import re
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList
from w3lib.url import canonicalize_url, url_query_cleaner

from discount_broker.kernel.errors import Refused

SUFFIXES = PublicSuffixList()
TRACKING = re.compile(
    r"^(utm_\w+|gclid|yclid|ymclid|fbclid|msclkid|dclid|_openstat|roistat\w*|from_?source|ref|clid|erid|etext|rs|srsltid)$",
    re.IGNORECASE,
)
LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"'«»]+", re.IGNORECASE)
SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)
LONGEST_LINK = 2000


def find_link(text: str) -> str:
    """The one web link in what a person pasted, cleaned of tracking.

    Blanks, quotes and words around the link are forgiven; a bare host is taken for https.

    Raises:
        Refused: `link_missing`, `link_not_web`, `link_too_long`.

    """
    text = text.strip().strip("<>\"'«»")
    found = LINK.search(text)
    link = found.group().rstrip(".,;:!?)]}") if found else text
    if not found and SCHEME.match(link) and not re.match(r"^[\w.-]+:\d+(/|$)", link):
        raise Refused("link_not_web", "link")
    if not found and (" " in link or "." not in link):
        raise Refused("link_missing", "link")
    if len(link) > LONGEST_LINK:
        raise Refused("link_too_long", "link")
    return clean(link if "://" in link else f"https://{link}")


def clean(link: str) -> str:
    """One spelling of a link: no tracking, no fragment, host in lower case and ASCII (IDNA)."""
    try:
        parts = urlsplit(link)
        host, port = parts.hostname, parts.port
        host = host.encode("idna").decode() if host else None
    except (ValueError, UnicodeError):
        raise Refused("link_missing", "link") from None
    if not host:
        raise Refused("link_missing", "link")
    names = {pair.partition("=")[0] for pair in parts.query.split("&")}
    tracking = [name for name in names if TRACKING.match(name)]
    cleaned = url_query_cleaner(link, tracking, remove=True, unique=False)
    host = f"[{host}]" if ":" in host else host
    netloc = host if port in (None, 80, 443) else f"{host}:{port}"
    return canonicalize_url(urlsplit(cleaned)._replace(netloc=netloc, scheme=parts.scheme.lower()).geturl())


def host_of(url: str) -> str:
    """The host of a link, in lower case, without port or `www.`; empty when there is none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def registrable_domain(url_or_host: str) -> str:
    """The name by which a shop is known: `https://m.shop.co.uk/x` belongs to `shop.co.uk`."""
    host = (host_of(url_or_host) if "//" in url_or_host else url_or_host.lower()).rstrip(".")
    try:  # one shop, one name: the stop list knows it by this spelling
        host = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return host
    if re.fullmatch(r"[\d.]+|\[?[0-9a-f:]+\]?", host):
        return host
    return SUFFIXES.privatesuffix(host) or host
