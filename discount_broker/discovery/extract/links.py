"""Links of a page that may lead to the shop's addresses and forms."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urldefrag, urlsplit

from discount_broker.discovery.extract.page import Anchor, Document, open_document
from discount_broker.kernel.urls import registrable_domain

WORDS: tuple[tuple[float, re.Pattern[str]], ...] = tuple(
    (weight, re.compile(pattern, re.IGNORECASE))
    for weight, pattern in (
        (1.0, r"^(?:наши\s+)?контакт|^contacts?\b|contact[\s_-]?us|^kontakty?\b|contatt[io]|contacto|contactez|nous[\s_-]contacter|contact[\s_-]opnemen"),
        (0.9, r"контакт|contact|kontakt|impressum|imprint|связаться|обратн\w+ связ|obratn\w*[-_]svyaz|feedback|свяжитесь|напи(?:шите|сать) нам"),
        (0.7, r"реквизит|rekvizit|requisites|about[\s_-]?us|о\s+(?:нас|компании|магазине)\b|o[-_](?:nas|kompanii|magazine)|über uns|ueber[-_]uns|mentions[\s_-]l[eé]gales|aviso[\s_-]legal"),
        (0.55, r"\babout\b|company|компани|support|поддержк|служба|customer[\s_-]?(?:service|care)|kundenservice|help|помощь|service|o-firme|о фирме|qui[\s_-]sommes"),
        (0.4, r"доставк|dostavk|delivery|shipping|versand|оплат|гарант|возврат|оптов|\bopt\b|адрес|магазины|shops|stores|\bagb\b|terms|оферт|privacy|политик|legal|datenschutz|faq"),
    )
)
ANY_WORD = re.compile("|".join(pattern.pattern.replace("^", "") for _, pattern in WORDS), re.IGNORECASE)
FILES = re.compile(r"\.(?:pdf|docx?|xlsx?|zip|rar|jpe?g|png|gif|webp|svg|mp4|xml|css|js)$", re.IGNORECASE)
ACTIONS = re.compile(r"(?:log.?in|log.?out|sign.?in|register|cart|basket|checkout|compare|wishlist|favorites|add)(?:[/?.]|$)", re.IGNORECASE)
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
        if not ANY_WORD.search(f"{anchor.text} {unquote(anchor.href)} {anchor.element.get('title') or ''}"):
            continue
        url = urldefrag(document.resolve(anchor.href)).url
        if not url.startswith(("http://", "https://")) or url == here or registrable_domain(url) != own:
            continue
        if score := _score(anchor, url, document):
            best[url] = max(score, best.get(url, 0.0))
    ranked = sorted(best.items(), key=lambda pair: -pair[1])
    return [ContactLink(url, round(score, 2)) for url, score in ranked[:MOST_LINKS]]


def _score(anchor: Anchor, url: str, document: Document) -> float:
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
        if element.tag in ("footer", "header", "nav") or FOOT.search(f"{element.get('id') or ''} {element.get('class') or ''}"):
            return True
    return False
