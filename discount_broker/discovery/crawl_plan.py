"""Which page of a shop next, and when to stop. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from discount_broker.discovery.extract.links import ContactLink

LIKELY = 0.5
"""From this score on a link probably leads to a page that tells how to reach the shop."""
HOME_SCORE = 0.5
CONVENTIONAL_PATHS = {
    "ru": ("/contacts/", "/kontakty/", "/contact"),
    "de": ("/kontakt", "/impressum"),
    "fr": ("/nous-contacter", "/contact"),
    "es": ("/contacto", "/contact"),
    "": ("/contact", "/contact-us", "/pages/contact"),
}
"""Where shops keep their contacts when no link says so; tried last."""


@dataclass(frozen=True)
class Plan:
    """Where the walk stands. Every step gives a new plan."""

    start_url: str
    tried: frozenset[str] = frozenset()
    links: tuple[tuple[str, float], ...] = ()
    """Pages of the shop not seen yet, with the promise of each."""
    language: str = ""
    has_email: bool = False
    has_form: bool = False
    saw_contact_page: bool = False

    def next_page(self) -> str | None:
        """The page to fetch now; None when what was found is enough or nothing promising is left."""
        if not self.tried:
            return self.start_url
        if self.has_email and (self.has_form or self.saw_contact_page):
            return None
        untried = [(score, url) for url, score in self.links if url not in self.tried]
        if untried:
            return max(untried, key=lambda link: link[0])[1]
        return None if self.has_email and self.has_form else self._conventional_page()

    def _conventional_page(self) -> str | None:
        paths = CONVENTIONAL_PATHS.get(self.language, CONVENTIONAL_PATHS[""])
        candidates = (urljoin(self.start_url, path) for path in paths)
        tried = {url.rstrip("/") for url in self.tried}
        return next((url for url in candidates if url.rstrip("/") not in tried), None)

    def refused(self, url: str) -> "Plan":
        """The page could not be had."""
        return self._after(url)

    def seen(
        self, url: str, links: Sequence[ContactLink], *, language: str, has_email: bool, has_form: bool
    ) -> "Plan":
        """The page was read; `links` are those it shows, the flags what it gave."""
        plan = self._after(url)
        known = dict(plan.links)
        for link in links:
            known[link.url] = max(link.score, known.get(link.url, 0.0))
        promise = dict(self.links).get(url, 0.0)
        return replace(
            plan,
            links=tuple(known.items()),
            language=plan.language or language,
            has_email=plan.has_email or has_email,
            has_form=plan.has_form or has_form,
            saw_contact_page=plan.saw_contact_page or (promise > LIKELY and has_email),
        )

    def _after(self, url: str) -> "Plan":
        home = _home_of(self.start_url)
        links = self.links or ((home, HOME_SCORE),)
        return replace(self, tried=self.tried | {url}, links=links)


def begin(start_url: str) -> Plan:
    return Plan(start_url)


def _home_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"
