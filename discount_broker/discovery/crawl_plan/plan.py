"""The state of a walk through a shop's site, and the next step from it."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urljoin, urlsplit

from discount_broker.discovery.crawl_plan.page_keys import language_root, page_key
from discount_broker.discovery.extract.pages.links import ContactLink

STRONG = 0.8
"""From this score on a link says itself that it leads to the contacts."""
LIKELY = 0.5
"""From this score on a link probably leads to a page that tells how to reach the shop."""
HOME_SCORE = 0.5
SURE = 1.0
"""The promise of a page on which a door of the shop was found before."""
FOREIGN = 0.6
"""What remains of a link's promise when its address names another language than the shop's."""
MOST_LOOKS_FOR_MORE = 2
"""Pages that may be read in the hope of something better than what was found."""
MOST_WEAK_LINKS = 2
MOST_SITEMAPS = 2
MOST_WRONG_GUESSES = 3
MOST_ALIKE = 2
"""Pages without a door whose addresses differ in numbers alone: calendars and archives go on for ever."""
MOST_MISSES = 5
MOST_SHUT = 2
"""Pages in a row that the site would not show us: it shows robots none."""
CONVENTIONAL_PATHS = {
    "ru": ("/contacts/", "/kontakty/", "/contact"),
    "de": ("/kontakt", "/impressum", "/contact"),
    "fr": ("/nous-contacter", "/contact", "/contactez-nous"),
    "es": ("/contacto", "/contact", "/contactenos"),
    "": ("/contact", "/contact-us", "/pages/contact"),
}
"""Where shops keep their contacts when no link says so; tried last."""


class Errand(StrEnum):
    """Why a page is fetched."""

    START = "start"
    LINK = "link"
    GUESS = "guess"
    SITEMAP = "sitemap"


@dataclass(frozen=True)
class Step:
    url: str
    errand: Errand
    promise: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What a page gave, as far as it matters where to go next."""

    url: str
    """Where the page was found, after redirects."""
    links: Sequence[ContactLink] = ()
    usual: Sequence[str] = ()
    """Paths at which shops built like this one keep their contacts."""
    language: str = ""
    has_email: bool = False
    """An address good enough to look for no better one."""
    has_doubtful_email: bool = False
    has_form: bool = False
    has_hard_form: bool = False
    """A contact form that only people can send."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Where the walk stands. Every step gives a new plan."""

    start_url: str
    tried: frozenset[str] = frozenset()
    """Names (`page_key`) of pages asked for and of pages found there."""
    links: tuple[tuple[str, float], ...] = ()
    """Pages of the shop not seen yet, with the promise of each."""
    sitemaps: tuple[str, ...] = ()
    usual: tuple[str, ...] = ()
    language: str = ""
    has_email: bool = False
    has_form: bool = False
    has_hard_form: bool = False
    has_doubtful_email: bool = False
    saw_contact_page: bool = False
    looks_for_more: int = 0
    weak_links: int = 0
    sitemaps_read: int = 0
    wrong_guesses: int = 0
    misses: int = 0
    shut: int = 0
    is_over: bool = False

    def next_step(self) -> Step | None:
        """What to fetch now; None when what was found is enough or nothing promising is left."""
        if self.is_over or self.misses >= MOST_MISSES or self.shut >= MOST_SHUT:
            return None
        if self.has_email:
            return self._step_for_a_form()
        if self._has_some_door:
            return self._best_link(LIKELY) if self.looks_for_more < MOST_LOOKS_FOR_MORE else None
        return self._step_for_anything()

    @property
    def _has_some_door(self) -> bool:
        return self.has_email or self.has_form or self.has_hard_form or self.has_doubtful_email

    def _step_for_a_form(self) -> Step | None:
        """A letter to a good address usually suffices: for a form one more page is read, if a sure one."""
        has_any_form = self.has_form or self.has_hard_form
        is_enough = has_any_form or self.saw_contact_page or self.looks_for_more
        return None if is_enough else self._best_link(STRONG)

    def _step_for_anything(self) -> Step | None:
        if page_key(self.start_url) not in self.tried and not self._best_link(SURE):
            return Step(self.start_url, Errand.START)
        weakest = 0.0 if self.weak_links < MOST_WEAK_LINKS else HOME_SCORE
        return self._best_link(HOME_SCORE) or self._sitemap() or self._best_link(weakest) or self._guess()

    def _best_link(self, least: float) -> Step | None:
        endless = self._endless_shapes
        fit = [
            (score, url)
            for url, score in self.links
            if score >= least and (key := page_key(url)) not in self.tried and _shape(key) not in endless
        ]
        # Of two equal ones the first met: it stands higher on the page.
        score, url = max(fit, key=lambda link: link[0], default=(0.0, ""))
        return Step(url, Errand.LINK, score) if url else None

    @property
    def _endless_shapes(self) -> set[str]:
        shapes = Counter(_shape(key) for key in self.tried)
        return {shape for shape, times in shapes.items() if "#" in shape and times >= MOST_ALIKE}

    def _sitemap(self) -> Step | None:
        """Only where no page has shown a way: it is long, and says less than a link."""
        if self.sitemaps_read >= MOST_SITEMAPS or any(score > HOME_SCORE for _, score in self.links):
            return None
        untried = (url for url in self.sitemaps if page_key(url) not in self.tried)
        return next((Step(url, Errand.SITEMAP) for url in untried), None)

    def _guess(self) -> Step | None:
        if self.wrong_guesses >= MOST_WRONG_GUESSES:
            return None
        paths = (*self.usual, *CONVENTIONAL_PATHS.get(self.language, CONVENTIONAL_PATHS[""]))
        guesses = (urljoin(self.start_url, path) for path in paths)
        return next((Step(url, Errand.GUESS) for url in guesses if page_key(url) not in self.tried), None)

    def missed(self, step: Step, *, is_shut: bool = False) -> "Plan":
        """There was no such page, or it was not for us: `is_shut` when the site refuses to show it."""
        return replace(
            self._after(step),
            misses=self.misses + 1,
            wrong_guesses=self.wrong_guesses + (step.errand is Errand.GUESS),
            shut=self.shut + 1 if is_shut else 0,
        )

    def seen(self, step: Step, sight: Sight) -> "Plan":
        """The page was read."""
        plan = self._after(step)
        language = self.language or sight.language
        return replace(
            plan,
            tried=plan.tried | {page_key(sight.url)},
            links=_merged(plan.links, sight.links, language, language_root(self.start_url)),
            usual=plan.usual or tuple(sight.usual),
            language=language,
            has_email=plan.has_email or sight.has_email,
            has_doubtful_email=plan.has_doubtful_email or sight.has_doubtful_email,
            has_form=plan.has_form or sight.has_form,
            has_hard_form=plan.has_hard_form or sight.has_hard_form,
            saw_contact_page=plan.saw_contact_page or (step.promise > LIKELY and sight.has_email),
            shut=0,
        )

    def saw_sitemap(self, step: Step, links: Sequence[ContactLink], parts: Sequence[str]) -> "Plan":
        """The sitemap was read; `parts` are others it consists of, the likeliest first."""
        plan = self._after(step)
        known = _merged(plan.links, links, self.language, language_root(self.start_url))
        return replace(
            plan, links=known, sitemaps=(*parts, *plan.sitemaps), sitemaps_read=plan.sitemaps_read + 1
        )

    def knowing(self, sitemaps: Iterable[str]) -> "Plan":
        """The site has told of sitemaps."""
        return self if self.sitemaps else replace(self, sitemaps=tuple(sitemaps))

    def knows(self, url: str) -> bool:
        """Whether the page has been asked for, under whichever address."""
        return page_key(url) in self.tried

    def over(self) -> "Plan":
        """The site is not to be asked any more, or cannot be."""
        return replace(self, is_over=True)

    def _after(self, step: Step) -> "Plan":
        return replace(
            self,
            tried=self.tried | {page_key(step.url)},
            links=_with_home(self.links, self.start_url),
            looks_for_more=self.looks_for_more + self._has_some_door,
            weak_links=self.weak_links + (step.errand is Errand.LINK and step.promise < HOME_SCORE),
        )


def _shape(key: str) -> str:
    """The name of a page, whichever numbers stand in it."""
    return re.sub(r"\d+", "#", key)


def begin(start_url: str, known: Iterable[str] = ()) -> Plan:
    """A walk from a page of the shop; `known` pages showed doors of it before, the best first."""
    return Plan(start_url=start_url, links=tuple((url, SURE) for url in known))


def _with_home(links: tuple[tuple[str, float], ...], start_url: str) -> tuple[tuple[str, float], ...]:
    parts = urlsplit(start_url)
    home = f"{parts.scheme}://{parts.netloc}/"
    return links if any(url == home for url, _ in links) else (*links, (home, HOME_SCORE))


def _merged(
    known: tuple[tuple[str, float], ...], links: Sequence[ContactLink], language: str, root: str
) -> tuple[tuple[str, float], ...]:
    """Each page once, under the address first met, with its best promise."""
    best = {page_key(url): (url, score) for url, score in known}
    for link in links:
        own = language_root(link.url)
        score = link.score * FOREIGN if own and own not in (root, language) else link.score
        url, before = best.get(page_key(link.url), (link.url, 0.0))
        best[page_key(link.url)] = (url, max(score, before))
    return tuple(best.values())
