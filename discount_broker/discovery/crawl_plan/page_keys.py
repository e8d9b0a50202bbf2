"""What several addresses of one page have in common."""

import re
from urllib.parse import urlsplit

from discount_broker.discovery.extract.vocabulary import words
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.urls import clean

LANGUAGES = words(
    "ar az be bg bs by ca cs cz da de dk ee el en es et eu fa fi fr ge gr he hi hr hu hy id il is it ja "
    "jp ka kk ko kr ky kz lt lv me mk mn ms nb nl no pl pt ro rs ru se sk sl sq sr sv th tj tk tr ua uk "
    "us uz vi zh"
)
"""First parts of a path that name a language, or the country whose language is meant."""
ROOT = re.compile(r"^/([a-z]{2})(?:[-_][a-z]{2})?(?=/|$)", re.IGNORECASE)
INDEX = re.compile(r"/(?:index|default)\.(?:php|html?|aspx?|jsp)$", re.IGNORECASE)
LANGUAGE_CHOICE = re.compile(r"(?:^|&)(?:lang|language|locale|hl)=[^&]*", re.IGNORECASE)


def page_key(url: str) -> str:
    """One name for all addresses of a page.

    Without scheme, `www.`, tracking, fragment, `index.php` and slash at the end, and the same in whichever
    language the page is asked for.
    """
    try:
        parts = urlsplit(clean(url))
        host, port = (parts.hostname or "").removeprefix("www.").removeprefix("m."), parts.port
    except (Refused, ValueError):
        return url
    path = INDEX.sub("/", _without_root(parts.path))
    query = LANGUAGE_CHOICE.sub("", parts.query).strip("&")
    return f"{host}{f':{port}' if port else ''}{path.rstrip('/')}{'?' if query else ''}{query}"


def language_root(url: str) -> str:
    """The language that the first part of the path names, `en` of `/en/contact`; empty for none."""
    try:
        found = ROOT.match(urlsplit(url).path)
    except ValueError:
        return ""
    root = found.group(1).lower() if found else ""
    return root if root in LANGUAGES else ""


def _without_root(path: str) -> str:
    found = ROOT.match(path)
    return path[found.end() :] if found and found.group(1).lower() in LANGUAGES else path
