"""Links as people paste them, and the shop a link belongs to. Pure."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

from publicsuffixlist import PublicSuffixList
from w3lib.url import canonicalize_url, url_query_cleaner

from discount_broker.kernel.errors import Refused

SUFFIXES = PublicSuffixList()
TRACKING = re.compile(
    r"^(utm_\w+|gclid|yclid|ymclid|fbclid|msclkid|dclid|_openstat|roistat\w*|from_?source|ref|clid|erid|etext|rs|srsltid)$",
    re.IGNORECASE,
)
LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"'«»]+", re.IGNORECASE)
BARE = re.compile(r"(?<![\w@./-])(?:[\w-]+\.)+[^\W\d_]{2,}/[^\s<>\"'«»]+", re.IGNORECASE)
"""A link without its beginning, in the middle of words: only what has a path is surely one."""
SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)
GLUED = re.compile(r"[,;|]+(?=https?://|www\.)", re.IGNORECASE)
"""Between links that were written as a list without blanks."""
AFTER = ".,;:!?)]}"
"""Marks behind a link that belong to the sentence."""
LONGEST_LINK = 2000
MOBILE = re.compile(r"^(?:www|m|mobile|touch|amp)\.(?=[^.]+\.)")
CODED = re.compile(r"(?:%[89A-F][0-9A-F])+", re.IGNORECASE)
"""Characters beyond ASCII, as they travel in a link."""
PASSES_ON = {
    "www.google.com/url": ("q", "url"),
    "vk.com/away.php": ("to",),
    "m.vk.com/away.php": ("to",),
    "l.facebook.com/l.php": ("u",),
    "www.youtube.com/redirect": ("q",),
    "out.reddit.com/": ("url",),
}
"""Pages that only pass on to the link in one of their parameters: people copy them without noticing."""


def find_links(text: str) -> list[str]:
    """Every web link in what a person pasted, cleaned of tracking, each once and in its order.

    Raises:
        Refused: as `find_link`, where there is none.

    """
    apart = GLUED.sub(" ", text)
    written = [each.rstrip(AFTER) for each in LINK.findall(apart) or BARE.findall(apart)]
    return list(dict.fromkeys(find_link(each) for each in written or [text]))


def page_key(url: str) -> str:
    """What two links to the same page have in common, whether written for a phone or not."""
    parts = urlsplit(url)
    host = MOBILE.sub("", (parts.hostname or "").lower())
    return f"{host}{parts.path.rstrip('/')}" + (f"?{parts.query}" if parts.query else "")


def find_link(text: str) -> str:
    """The one web link in what a person pasted, cleaned of tracking.

    Blanks, quotes and words around the link are forgiven; a bare host is taken for https.

    Raises:
        Refused: `link_missing`, `link_not_web`, `link_too_long`.

    """
    text = text.strip().strip("<>\"'«»")
    found = LINK.search(text)
    link = found.group().rstrip(AFTER) if found else text
    if not found and SCHEME.match(link) and not re.match(r"^[\w.-]+:\d+(/|$)", link):
        raise Refused("link_not_web", "link")
    if not found and (" " in link or "." not in link):
        raise Refused("link_missing", "link")
    if len(link) > LONGEST_LINK:
        raise Refused("link_too_long", "link")
    return clean(_passed_on(link if "://" in link else f"https://{link}"))


def _passed_on(link: str) -> str:
    """Where a link leads that only counts who follows it."""
    try:
        parts = urlsplit(link)
        names = PASSES_ON.get(f"{(parts.hostname or '').lower()}{parts.path}", ())
        given = parse_qs(parts.query)
    except ValueError:
        return link
    found = next((given[name][0] for name in names if name in given), "")
    return found if LINK.match(found) and len(found) <= LONGEST_LINK else link


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


def readable(url: str) -> str:
    """A link as its owner would read it aloud: Cyrillic names and paths are not spelled in codes."""
    try:
        parts = urlsplit(url)
        host, port = readable_host(parts.hostname or ""), parts.port
    except ValueError:
        return url
    netloc = host if port is None else f"{host}:{port}"
    path, query = (CODED.sub(_decoded, part) for part in (parts.path, parts.query))
    return parts._replace(netloc=netloc, path=path, query=query).geturl() if host else url


def readable_host(host: str) -> str:
    """A host or a mail domain with its IDNA undone."""
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def readable_address(address: str) -> str:
    """A mail address as its owner writes it: `anna@почта.рф`."""
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{readable_host(domain)}"


def _decoded(coded: re.Match[str]) -> str:
    """Letters and digits alone: a blank or an invisible mark would make another link of it."""
    try:
        words = unquote(coded.group(), errors="strict")
    except UnicodeDecodeError:
        return coded.group()
    return words if words.isalnum() else coded.group()


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
