"""Links of a page that may lead to the shop's addresses and forms."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, islice
from urllib.parse import unquote, urlsplit

from discount_broker.discovery.extract.pages.page import Anchor, Document, open_document
from discount_broker.discovery.extract.vocabulary import words
from discount_broker.kernel.urls import registrable_domain

WORDS: tuple[tuple[float, re.Pattern[str]], ...] = (
    (
        1.0,
        re.compile(
            r"^(?:наши\s+)?контакт|^contacts?\b|contact[\s_-]?us|^kontakty?\b|contatt[io]|contacto|"
            r"contactez|nous[\s_-]contacter|contact[\s_-]opnemen|fale[\s_-]conosco|ileti[sş]im"
        ),
    ),
    (
        0.9,
        re.compile(
            r"контакт|contact|kontakt|contato|impressum|imprint|связаться|обратн\w+ связ|"
            r"obratn\w*[-_]svyaz|feedback|свяжитесь|напи(?:шите|сать) нам|get[\s_-]in[\s_-]touch|"
            r"write[\s_-]to[\s_-]us|email[\s_-]us|написати нам|зворотн\w+ зв"
        ),
    ),
    (
        0.7,
        re.compile(
            r"реквизит|rekvizit|requisites|about[\s_-]?us|о\s+(?:нас|компании|магазине)\b|про нас|"
            r"\bo[-_ ](?:nas|kompanii|magazine|firmie)|über uns|ueber[-_]uns|mentions[\s_-]l[eé]gales|"
            r"aviso[\s_-]legal|note[\s_-]legali|chi[\s_-]siamo|qui[eé]nes[\s_-]somos|quem[\s_-]somos|"
            r"over[\s_-]ons"
        ),
    ),
    (
        0.55,
        re.compile(
            r"\babout\b|company|компани|support|поддержк|служба|customer[\s_-]?(?:service|care)|"
            r"kundenservice|kundendienst|help|помощь|service|o-firme|о фирме|qui[\s_-]sommes|"
            r"[aà][\s_-]propos|klantenservice|atenci[oó]n[\s_-]al|ayuda|pomoc\b|obs[lł]uga|assistenza|"
            r"\bhilfe(?:[_-]?(?:center|seite))?\b"
        ),
    ),
    (
        0.4,
        re.compile(
            r"доставк|dostavk|delivery|shipping|versand|оплат|гарант|возврат|оптов|\bopt\b|адрес|"
            r"магазины|shops|stores|\bagb\b|terms|оферт|privacy|политик|legal|datenschutz|faq|"
            r"regulamin|livraison|\bcgv\b|env[ií]os|spedizion|widerruf|r(?:ü|ue)ckgabe"
        ),
    ),
)
LATIN_STEMS = words(
    "onta impr svya feedb touch -us rekv requis about nas komp magaz firm uns mention aviso note siamo "
    "somos -ons compan supp custom kunde klant help serv sommes propos atenci ayuda pomoc obs hilfe "
    "assist dost deliv ship versan opt shops stores agb terms priv daten legal faq regul livrais cgv "
    "env spediz widerr ckgabe fale iletis"
) | {" us", " ons"}
OTHER_STEMS = words(
    "онта свя напи реквиз компан магаз фирм подд служ помощ зв дост оплат гарант возвр опт адрес оферт "
    "полит iletiş обр"
) | {" нас"}
"""Every word of WORDS holds one of these, those beyond ASCII one of the latter."""
FILES = tuple(
    f".{ending}" for ending in words("pdf doc docx xls xlsx zip rar jpg jpeg png gif webp svg mp4 xml css js")
)
ACTIONS = re.compile(
    r"(?:log.?in|log.?out|sign.?in|register|cart|basket|checkout|compare|wishlist|favorites|add)(?:[/?.]|$)"
)
FOOT = re.compile(r"foot|header|top|nav|menu|bottom|contact", re.IGNORECASE)
ELSEWHERE = ("#", "mailto:", "tel:", "javascript:", "data:", "sms:", "callto:", "/cdn-cgi/")
LONGEST_TEXT = 60
"""Characters of a link's text; a longer one is a headline or a whole card."""
MOST_LINKS = 40
MOST_LIKELY = 400
MOST_ANCESTORS = 40


@dataclass(frozen=True)
class ContactLink:
    url: str
    score: float


def find_contact_links(html: str, page_url: str) -> list[ContactLink]:
    """Pages of the same shop that may tell how to reach it, the likeliest first."""
    document = open_document(html, page_url)
    scores: dict[str, float] = {}
    for anchor in _likely(document):
        if score := _score(anchor):
            href = anchor.href.partition("#")[0]
            scores[href] = max(score, scores.get(href, 0.0))
    return _on_the_shop(document, sorted(scores.items(), key=lambda pair: -pair[1])[: 2 * MOST_LINKS])


def _likely(document: Document) -> list[Anchor]:
    """Links that hold a stem of any of the words: one search in all of them together, a stem at a time."""
    labels = _labels(document)
    said = [f" {label} {_end_of(anchor.href)}".lower().replace("\n", " ") for anchor, label in labels]
    whole, starts = "\n".join(said), [0, *accumulate(len(line) + 1 for line in said)]
    places: set[int] = set()
    for stem in LATIN_STEMS if whole.isascii() else LATIN_STEMS | OTHER_STEMS:
        place = whole.find(stem)
        while place >= 0:
            at = bisect_right(starts, place) - 1
            places.add(at)
            place = whole.find(stem, starts[at + 1])
    return [labels[place][0] for place in sorted(places)[:MOST_LIKELY]]


def _labels(document: Document) -> list[tuple[Anchor, str]]:
    """One link of all that lead to the same place on this shop: the first that says anything."""
    own = registrable_domain(document.url)
    known: dict[str, tuple[Anchor, str]] = {}
    for anchor in document.anchors:
        href = anchor.href
        if href.startswith(ELSEWHERE) or ("//" in href[:8] and own not in href.lower()):
            continue
        if href not in known or not known[href][1]:
            # Most links hold nothing but text, which is read at once.
            label = anchor.element.text
            if not label or label.isspace():
                label = anchor.text or anchor.element.get("title") or ""
            known[href] = (anchor, label if len(label) < 2 * LONGEST_TEXT else "")
    return list(known.values())


def _end_of(href: str) -> str:
    path, _, query = href[-80:].partition("?")
    end = f"{path.rstrip('/').rpartition('/')[2]} {query}"
    return unquote(end) if "%" in end else end


def _score(anchor: Anchor) -> float:
    path, _, query = unquote(anchor.href.partition("#")[0]).lower().rstrip("/").partition("?")
    if path.endswith(FILES) or ACTIONS.search(path):
        return 0.0
    said = (anchor.text or anchor.element.get("title") or "").lower()
    by_text = _weight(said) if len(said) < LONGEST_TEXT else 0.0
    by_path = max(_weight(path.rpartition("/")[2]), _weight(query[:200]) * 0.9)
    score = max(by_text, by_path)
    if not score:
        return 0.0
    depth = path.partition("//")[2].count("/") if "//" in path else path.count("/")
    score = score + 0.1 * bool(by_text and by_path) - 0.06 * max(0, depth - 2)
    return min(max(score + 0.04 * _is_in_frame(anchor), 0.05), 1.0) * 0.98


@lru_cache(maxsize=2048)
def _weight(text: str) -> float:
    return next((weight for weight, pattern in WORDS if pattern.search(text)), 0.0) if text else 0.0


def _is_in_frame(anchor: Anchor) -> bool:
    """In the head, the foot or the menu of the page."""
    for element in islice(anchor.element.iterancestors(), MOST_ANCESTORS):
        if element.tag in ("footer", "header", "nav"):
            return True
        if FOOT.search(f"{element.get('id') or ''} {element.get('class') or ''}"):
            return True
    return False


def _on_the_shop(document: Document, scores: list[tuple[str, float]]) -> list[ContactLink]:
    """The links as whole addresses, without those that leave the shop or stay on this page."""
    own, here = registrable_domain(document.url), document.url.partition("#")[0]
    best: dict[str, float] = {}
    for href, score in scores:
        url = document.resolve(href)
        if url.startswith(("http://", "https://")) and url != here and _domain_of(url) == own:
            best.setdefault(url, score)
    return [ContactLink(url, round(score, 2)) for url, score in list(best.items())[:MOST_LINKS]]


def _domain_of(url: str) -> str:
    try:
        return _domain_of_host(urlsplit(url).hostname or "")
    except ValueError:
        return ""


@lru_cache(maxsize=256)
def _domain_of_host(host: str) -> str:
    return registrable_domain(host.removeprefix("www."))
