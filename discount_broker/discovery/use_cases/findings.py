"""What one page of a shop tells, and how that is kept for the next visit. Writes nothing."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from discount_broker.discovery.crawl_plan import Sight, page_key
from discount_broker.discovery.extract.emails.finding import FoundEmail, find_emails
from discount_broker.discovery.extract.forms.descriptions import FoundForm
from discount_broker.discovery.extract.forms.finding import best_contact_form, find_forms
from discount_broker.discovery.extract.forms.formless import find_formless
from discount_broker.discovery.extract.messengers.finding import find_messengers
from discount_broker.discovery.extract.pages.links import ContactLink, find_contact_links
from discount_broker.discovery.extract.pages.page import Document, frame_urls, open_document, refresh_target
from discount_broker.discovery.extract.pages.platforms import usual_paths
from discount_broker.discovery.extract.pages.site_names import find_site_name
from discount_broker.discovery.extract.phones.finding import find_phones
from discount_broker.kernel.urls import registrable_domain
from discount_broker.shops.operations import NO_MAIL_ROUTE, FoundDoor
from discount_broker.shops.status import ContactKind

GOOD_ENOUGH = 0.6
"""From this confidence on an address is good enough to stop looking for better ones."""
WORTH_TRYING = 0.3
MESSENGER_CONFIDENCE, FORMLESS_CONFIDENCE = 0.7, 0.4
CONTACT_PAGE = re.compile(
    r"contact|kontakt|contatt|feedback|обратн\w+ связ|контакт|связаться|support|service", re.IGNORECASE
)
MOST_OF_A_KIND = 40
"""Doors of one kind that a page may add: a page of ten thousand addresses is no page of a shop."""
REFRESH_SCORE, FRAME_SCORE, FORM_FRAME_SCORE = 0.99, 0.9, 0.6
MUCH_SAID = 1000
"""Characters."""
MOST_FRAMES = 3
FORM_FRAME = re.compile(r"contact|kontakt|feedback|obratn|form", re.IGNORECASE)
NO_SUCH_PAGE = re.compile(
    r"^\W*404\b|(?:error|ошибка|fehler|erreur|страница)\W{0,3}404"
    r"|\b404\W{0,3}(?:error|not found|ошибка|fehler|erreur)"
    r"|page (?:was |could )?(?:not|n.t) (?:be )?found|page (?:does ?n.t|does not) exist|not found$"
    r"|страниц\w+ (?:не найдена|не существует|не обнаружена)|не найдено?а?$"
    r"|seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvée)|página no encontrada",
    re.IGNORECASE,
)
MOST_FIELDS = 200
LONGEST_LINK = 2000
LONGEST_EXCUSE = 100
"""Characters of a title or heading that says that there is no such page."""


@dataclass(frozen=True)
class Findings:
    """What was read from one page."""

    url: str
    """Where it was found, after redirects."""
    language: str = ""
    shop_name: str = ""
    doors: tuple[FoundDoor, ...] = ()
    links: tuple[ContactLink, ...] = ()
    usual: tuple[str, ...] = ()
    """Paths at which shops built like this one keep their contacts."""
    digest: str = ""
    """Of its words and its form: the same page may be served under any address."""
    is_missing: bool = False
    """The server calls it a page, its words say that there is none."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Findings":
        doors = tuple(_door_from_json(door) for door in kept["doors"])
        links = tuple(ContactLink(**link) for link in kept["links"])
        return cls(**{**kept, "doors": doors, "links": links, "usual": tuple(kept["usual"])})

    def sight(self, doors: Sequence[FoundDoor]) -> Sight:
        """As far as it matters for where to go next; `doors` are the page's, with their mail routes."""
        emails = [d for d in doors if d.kind is ContactKind.EMAIL and d.mail_route not in NO_MAIL_ROUTE]
        forms = [door.form for door in doors if door.form is not None and "service" not in door.form]
        return Sight(
            url=self.url,
            links=self.links,
            usual=self.usual,
            language=self.language,
            has_email=any(door.confidence >= GOOD_ENOUGH for door in emails),
            has_doubtful_email=bool(emails),
            has_form=any(form["captcha"] is None for form in forms),
            has_hard_form=bool(forms),
        )


def _door_from_json(kept: dict[str, Any]) -> FoundDoor:
    return FoundDoor(**{**kept, "kind": ContactKind(kept["kind"]), "why": tuple(kept["why"])})


def read_findings(html: str, url: str) -> Findings:
    """Everything a page tells of how to reach its shop."""
    document = open_document(html, url)
    is_missing = _says_missing(document)
    doors = () if is_missing else tuple(_doors(html, document))
    return Findings(
        url=url,
        language=document.language,
        shop_name=find_site_name(html, url),
        doors=doors,
        links=tuple(link for link in _links(html, document) if len(link.url) <= LONGEST_LINK),
        usual=usual_paths(html),
        digest=_digest(document.text, doors),
        is_missing=is_missing,
    )


def _digest(text: str, doors: Sequence[FoundDoor]) -> str:
    names = [name for door in doors if door.form for name in door.form["fields"]]
    return hashlib.sha256("\n".join([text, *names]).encode("utf-8", "replace")).hexdigest()[:16]


def _says_missing(document: Document) -> bool:
    heading = next((element for element in document.tree.iter("h1")), None)
    said = (document.title, "" if heading is None else " ".join(heading.itertext()).strip())
    return any(len(text) <= LONGEST_EXCUSE and NO_SUCH_PAGE.search(text) for text in said)


def _links(html: str, document: Document) -> Iterator[ContactLink]:
    yield from find_contact_links(html, document.url)
    # A page with much to say leads elsewhere only who runs no scripts, or who has stayed for long.
    target = refresh_target(html, document.url) if len(document.text) < MUCH_SAID else None
    if target and page_key(target) != page_key(document.url):
        yield ContactLink(target, REFRESH_SCORE)
    is_frameset = "<frameset" in html or "<FRAMESET" in html
    own = registrable_domain(document.url)
    frames = (url for url in frame_urls(html, document.url) if registrable_domain(url) == own)
    fit = (url for url in frames if is_frameset or FORM_FRAME.search(url))
    for url in islice(fit, MOST_FRAMES):
        yield ContactLink(url, FRAME_SCORE if is_frameset else FORM_FRAME_SCORE)


def _doors(html: str, document: Document) -> Iterator[FoundDoor]:
    emails = (email for email in find_emails(html, document.url) if email.confidence >= WORTH_TRYING)
    yield from (_address(email, document.url) for email in islice(emails, MOST_OF_A_KIND))
    yield from islice(_numbers(html, document.url), MOST_OF_A_KIND)
    yield from islice(_accounts(html, document.url), MOST_OF_A_KIND)
    form = best_contact_form(find_forms(html, document.url))
    yield from _formless(document) if form is None else _form(form, document.url)


def _address(email: FoundEmail, url: str) -> FoundDoor:
    is_own = registrable_domain(email.address.rpartition("@")[2]) == registrable_domain(url)
    return FoundDoor(
        ContactKind.EMAIL,
        email.address,
        url,
        email.confidence,
        email.snippet,
        written=email.source,
        why=("own_domain" if is_own else "other_domain",),
    )


def _numbers(html: str, url: str) -> Iterator[FoundDoor]:
    for phone in find_phones(html, url):
        yield FoundDoor(ContactKind.PHONE, phone.number, url, phone.confidence, phone.snippet)


def _accounts(html: str, url: str) -> Iterator[FoundDoor]:
    for account in find_messengers(html, url):
        value = f"{account.kind}:{account.handle}"
        yield FoundDoor(ContactKind.MESSENGER, value, url, MESSENGER_CONFIDENCE, written="link")


def _formless(document: Document) -> Iterator[FoundDoor]:
    """What takes a letter without being a form of the page; elsewhere it mostly takes something else."""
    if not CONTACT_PAGE.search(f"{document.url} {document.title}"):
        return
    for found in find_formless(document)[:1]:
        seen = {"kind": "contact", "captcha": "other", "action": "", "fields": {}, "service": found.service}
        url, why = document.url, (found.why,)
        yield FoundDoor(ContactKind.FORM, url, url, FORMLESS_CONFIDENCE, form=seen, written="script", why=why)


def _form(form: FoundForm, url: str) -> Iterator[FoundDoor]:
    """The page's contact form as a door; one only a script can send is left to people."""
    if form.confidence < WORTH_TRYING:
        return
    seen = {
        "kind": str(form.kind),
        "captcha": str(form.captcha) if form.captcha else "other" if form.needs_script else None,
        "action": form.action,
        "fields": {field.name: str(field.role) for field in form.fields[:MOST_FIELDS]},
        "why": list(form.why),
    }
    is_own = registrable_domain(form.action) == registrable_domain(url)
    why = (*form.why, *(() if is_own else ("sent_to_other_domain",)))
    yield FoundDoor(ContactKind.FORM, url, url, form.confidence, form=seen, written="form", why=why)
