"""Links of a page that may lead to the shop's addresses and forms."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urldefrag, urlsplit

from discount_broker.discovery.extract.page import Anchor, open_document
from discount_broker.kernel.urls import registrable_domain


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


WORDS: tuple[tuple[float, re.Pattern[str]], ...] = (
    (
        1.0,
        _words(
            r"^(?:наши\s+)?контакт|^contacts?\b|contact[\s_-]?us|^kontakty?\b|contatt[io]|contacto|"
            r"contactez|nous[\s_-]contacter|contact[\s_-]opnemen"
        ),
    ),
    (
        0.9,
        _words(
            r"контакт|contact|kontakt|impressum|imprint|связаться|обратн\w+ связ|"
            r"obratn\w*[-_]svyaz|feedback|свяжитесь|напи(?:шите|сать) нам"
        ),
    ),
    (
        0.7,
        _words(
            r"реквизит|rekvizit|requisites|about[\s_-]?us|о\s+(?:нас|компании|магазине)\b|"
            r"o[-_](?:nas|kompanii|magazine)|über uns|ueber[-_]uns|mentions[\s_-]l[eé]gales|"
            r"aviso[\s_-]legal"
        ),
    ),
    (
        0.55,
        _words(
            r"\babout\b|company|компани|support|поддержк|служба|customer[\s_-]?(?:service|care)|"
            r"kundenservice|help|помощь|service|o-firme|о фирме|qui[\s_-]sommes"
        ),
    ),
    (
        0.4,
        _words(
            r"доставк|dostavk|delivery|shipping|versand|оплат|гарант|возврат|оптов|\bopt\b|адрес|"
            r"магазины|shops|stores|\bagb\b|terms|оферт|privacy|политик|legal|datenschutz|faq"
        ),
    ),
)
STEMS = (
    "конта conta konta impr imprint связ svya feedb свяж напиши реквиз rekviz requis about "
    "о нас о-нас о нас о ком о маг o-nas o_nas o-kom o_kom"
    " über ueber mention aviso comp комп supp подд служ custom kunden help помощ serv o-firm "
    "о фир qui достав dostav deliv ship versand оплат гарант"
    " возвр опт opt адрес магазин shops stores agb terms оферт priv полит legal daten faq"
)
ANY_STEM = re.compile(
    "|".join(
        sorted(
            {re.escape(stem) for stem in STEMS.split(" ") if len(stem) > 2}
            | {"о нас", "о ком", "о маг", "о фир", "opt"}
        )
    )
)
FILES = re.compile(r"\.(?:pdf|docx?|xlsx?|zip|rar|jpe?g|png|gif|webp|svg|mp4|xml|css|js)$", re.IGNORECASE)
ACTIONS = re.compile(
    r"(?:log.?in|log.?out|sign.?in|register|cart|basket|checkout|compare|wishlist|favorites|add)(?:[/?.]|$)",
    re.IGNORECASE,
)
FOOT = re.compile(r"foot|header|top|nav|menu|bottom|contact", re.IGNORECASE)
MOST_LINKS = 40


@dataclass(frozen=True)
class ContactLink:
    url: str
    score: float


def find_contact_links(html: str, page_url: str) -> list[ContactLink]:
    """Pages of the same shop that may tell how to reach it, the likeliest first."""
    document = open_document(html, page_url)
    own, here = registrable_domain(page_url), urldefrag(page_url).url
    best: dict[str, float] = {}
    for anchor in document.anchors:
        if not ANY_STEM.search(
            f"{anchor.text} {unquote(anchor.href)} {anchor.element.get('title') or ''}".lower()
        ):
            continue
        url = urldefrag(document.resolve(anchor.href)).url
        if not url.startswith(("http://", "https://")) or url == here or registrable_domain(url) != own:
            continue
        if score := _score(anchor, url):
            best[url] = max(score, best.get(url, 0.0))
    ranked = sorted(best.items(), key=lambda pair: -pair[1])
    return [ContactLink(url, round(score, 2)) for url, score in ranked[:MOST_LINKS]]


def _score(anchor: Anchor, url: str) -> float:
    try:
        parts = urlsplit(url)
    except ValueError:
        return 0.0
    path = unquote(parts.path).rstrip("/")
    if FILES.search(path) or ACTIONS.search(path):
        return 0.0
    said = anchor.text or anchor.element.get("title") or ""
    by_text = _weight(said) if len(said) < 60 else 0.0
    by_path = max(_weight(path.rpartition("/")[2]), _weight(parts.query) * 0.9)
    score = max(by_text, by_path)
    if not score:
        return 0.0
    score = score + 0.1 * bool(by_text and by_path) - 0.06 * max(0, path.count("/") - 2)
    return min(max(score + 0.04 * _is_in_frame(anchor), 0.05), 1.0) * 0.98


def _weight(text: str) -> float:
    return next((weight for weight, pattern in WORDS if pattern.search(text)), 0.0)


def _is_in_frame(anchor: Anchor) -> bool:
    """In the head, the foot or the menu of the page."""
    for element in anchor.element.iterancestors():
        if element.tag in ("footer", "header", "nav") or FOOT.search(
            f"{element.get('id') or ''} {element.get('class') or ''}"
        ):
            return True
    return False
