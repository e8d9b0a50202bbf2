"""Opens the page of a form, and looks nearby when the form is not on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from discount_broker.discovery.extract.forms.descriptions import FoundForm
from discount_broker.discovery.extract.forms.finding import best_contact_form, find_forms
from discount_broker.discovery.extract.forms.formless import find_formless
from discount_broker.discovery.extract.pages.links import find_contact_links
from discount_broker.discovery.extract.pages.page import (
    decode_page,
    frame_urls,
    open_document,
    refresh_target,
)
from discount_broker.discovery.ports import FetchRefused, Page, RefusedWhy, Visit
from discount_broker.kernel.urls import registrable_domain
from discount_broker.messaging.ports import (
    DeliveryFailure,
    FailureReason,
    PermanentFailure,
    TemporaryFailure,
)
from discount_broker.outreach.form_filling import is_wall

COME_AGAIN = {408, 425, 429}
"""Answers that say for sure: nothing was taken, try later."""
MOST_FRAMES = 3
SHORT_TEXT = 600
"""A page that says no more than that and speaks of a challenge is one."""


@dataclass(frozen=True)
class FoundPage:
    page: Page
    form: FoundForm


def find_form(visit: Visit, url: str, hops: int) -> FoundPage:
    """The form on the page, in its frames, or on one of so many pages that it links to.

    Raises:
        PermanentFailure, TemporaryFailure

    """
    start = read(visit, url)
    if found := _on(start):
        return found
    for near in _nearby(start, hops):
        try:
            page = read(visit, near, start.url)
        except DeliveryFailure:
            continue
        if found := _on(page):
            return found
    raise _nothing_here(start)


def _on(page: Page) -> FoundPage | None:
    form = best_contact_form(find_forms(text_of(page), page.url))
    return FoundPage(page, form) if form else None


def _nearby(page: Page, hops: int) -> Iterator[str]:
    """Where the page leads by itself, what it is made of, what it links to; nowhere but on its own site."""
    text = text_of(page)
    target = refresh_target(text, page.url)
    links = [link.url for link in find_contact_links(text, page.url)[:hops]]
    for url in (*([target] if target else []), *frame_urls(text, page.url)[:MOST_FRAMES], *links):
        if url != page.url and is_same_site(url, page.url):
            yield url


def _nothing_here(page: Page) -> PermanentFailure:
    document, evidence = open_document(text_of(page), page.url), {"page": page.url, "status": page.status}
    if doors := find_formless(document):
        return PermanentFailure(doors[0].why, FailureReason.SCRIPT_ONLY, evidence)
    if len(document.text) < SHORT_TEXT and is_wall(page.headers, document.html):
        return PermanentFailure("a guard wants to see a person", FailureReason.CAPTCHA, evidence)
    return PermanentFailure("no contact form here", FailureReason.FORM_GONE, evidence)


def read(visit: Visit, url: str, site: str = "") -> Page:
    """A page of the site that was asked for.

    Raises:
        PermanentFailure, TemporaryFailure

    """
    try:
        page = visit.get(url)
    except FetchRefused as refused:
        raise not_reached(refused) from refused
    evidence = {"page": page.url, "status": page.status}
    if not is_same_site(page.url, site or url):
        # The form of somebody else is no door of this shop, and a way around the stop list.
        raise PermanentFailure("the page leads to another site", FailureReason.FORM_GONE, evidence)
    if page.status < 400:
        return page
    if page.status in (404, 410):
        raise PermanentFailure("the page is gone", FailureReason.FORM_GONE, evidence)
    if page.status in (401, 403, 429, 503) and is_wall(page.headers, text_of(page), page.url):
        raise PermanentFailure("a guard wants to see a person", FailureReason.CAPTCHA, evidence)
    if page.status >= 500 or page.status in COME_AGAIN:
        raise TemporaryFailure(
            f"the page answered {page.status}", evidence=evidence, retry_after=_wait(page.wait)
        )
    raise PermanentFailure(f"the page answered {page.status}", FailureReason.REFUSED, evidence)


def not_reached(refused: FetchRefused, what: str = "the page was not read") -> DeliveryFailure:
    evidence = {"page": refused.url, "refused": refused.why}
    if not refused.is_final:
        return TemporaryFailure(
            f"{what}: {refused.why}",
            evidence=evidence,
            retry_after=_wait(refused.wait),
            # Somebody else has the turn at this host: nothing was asked of it.
            counts=refused.why != RefusedWhy.BUDGET,
        )
    reason = FailureReason.REFUSED if refused.why == RefusedWhy.ROBOTS else FailureReason.OTHER
    return PermanentFailure(f"{what}: {refused.why}", reason, evidence)


def _wait(seconds: float) -> timedelta | None:
    return timedelta(seconds=seconds) if seconds else None


def is_same_site(url: str, other: str) -> bool:
    return registrable_domain(url) == registrable_domain(other)


def text_of(page: Page) -> str:
    return decode_page(page.content, page.content_type)
