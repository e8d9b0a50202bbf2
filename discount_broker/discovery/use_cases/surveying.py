"""Walking through a shop's site: which pages were read and what was found there. Writes nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from discount_broker.discovery import crawl_plan
from discount_broker.discovery.crawl_plan import Plan
from discount_broker.discovery.extract.emails import FoundEmail, find_emails
from discount_broker.discovery.extract.feedback_forms import best_contact_form, find_forms
from discount_broker.discovery.extract.forms import FoundForm
from discount_broker.discovery.extract.links import find_contact_links
from discount_broker.discovery.extract.messengers import find_messengers
from discount_broker.discovery.extract.page import decode_page, open_document
from discount_broker.discovery.extract.phones import find_phones
from discount_broker.discovery.extract.product import ProductReading, read_product
from discount_broker.discovery.extract.site_names import find_site_name
from discount_broker.discovery.ports import Fetcher, FetchRefused, Page
from discount_broker.shops.operations import FoundDoor
from discount_broker.shops.status import ContactKind

GOOD_ENOUGH = 0.6
"""From this confidence on an address is good enough to stop looking for better ones."""
WORTH_TRYING = 0.3


@dataclass
class Survey:
    """What a walk through one shop's site brought."""

    start_url: str
    product: ProductReading | None = None
    language: str = ""
    shop_name: str = ""
    doors: dict[tuple[ContactKind, str], FoundDoor] = field(default_factory=dict)
    pages: list[dict[str, object]] = field(default_factory=list)
    """`{"url", "status", "bytes", "seconds"}`."""
    refused: list[dict[str, object]] = field(default_factory=list)
    """`{"url", "why"}`."""
    is_retryable: bool = False
    """Nothing could be fetched, for a reason that may pass."""

    def add(self, door: FoundDoor) -> None:
        """Keep the surest sighting of a door."""
        known = self._known(door)
        if known is not None and known.confidence >= door.confidence:
            return
        if known is not None:
            del self.doors[known.kind, known.value]
        self.doors[door.kind, door.value] = door

    def _known(self, door: FoundDoor) -> FoundDoor | None:
        """The same door seen before; a form is the same on whichever page of the shop it stands."""
        if door.kind is not ContactKind.FORM:
            return self.doors.get((door.kind, door.value))
        return next((known for known in self.doors.values() if _is_same_form(known, door)), None)


def survey(fetcher: Fetcher, start_url: str, max_pages: int) -> Survey:
    """Read the pages of a shop, fewest first, until its doors are found or the budget is spent."""
    found = Survey(start_url)
    plan = crawl_plan.begin(start_url)
    while len(found.pages) + len(found.refused) < max_pages and (url := plan.next_page()) is not None:
        try:
            page = fetcher.fetch(url)
        except FetchRefused as refused:
            plan = plan.refused(url)
            found.refused.append({"url": url, "why": str(refused.why)})
            found.is_retryable = found.is_retryable or not refused.is_final
            continue
        found.pages.append(
            {
                "url": page.url,
                "status": page.status,
                "bytes": len(page.content),
                "seconds": round(page.seconds, 3),
            }
        )
        plan = _take_in(found, plan, url, page)
    found.is_retryable = found.is_retryable and not found.pages
    return found


def _take_in(found: Survey, plan: Plan, url: str, page: Page) -> Plan:
    """Keep what a page tells, and see where to go from it."""
    if page.status != 200:
        return plan.refused(url)
    html = decode_page(page.content, page.content_type)
    language = open_document(html, page.url).language
    found.language = found.language or language
    found.shop_name = found.shop_name or find_site_name(html, page.url)
    if found.product is None and not found.pages[1:]:
        found.product = read_product(html, page.url)
    emails, form = find_emails(html, page.url), best_contact_form(find_forms(html, page.url))
    for door in (*_addresses(emails, page.url), *_numbers(html, page.url), *_form(form, page.url)):
        found.add(door)
    return plan.seen(
        url,
        find_contact_links(html, page.url),
        language=language,
        has_email=any(email.confidence >= GOOD_ENOUGH for email in emails),
        has_form=form is not None and form.captcha is None and not form.needs_script,
    )


def _addresses(emails: Iterable[FoundEmail], page_url: str) -> Iterator[FoundDoor]:
    for email in emails:
        if email.confidence >= WORTH_TRYING:
            yield FoundDoor(ContactKind.EMAIL, email.address, page_url, email.confidence, email.snippet)


def _numbers(html: str, page_url: str) -> Iterator[FoundDoor]:
    for phone in find_phones(html, page_url):
        yield FoundDoor(ContactKind.PHONE, phone.number, page_url, phone.confidence, phone.snippet)
    for account in find_messengers(html, page_url):
        yield FoundDoor(ContactKind.MESSENGER, f"{account.kind}:{account.handle}", page_url, 0.7)


def _form(form: FoundForm | None, page_url: str) -> Iterator[FoundDoor]:
    """The page's contact form as a door; one only a script can send is left to people."""
    if form is None or form.confidence < WORTH_TRYING:
        return
    seen = {
        "kind": form.kind,
        "captcha": form.captcha or ("other" if form.needs_script else None),
        "action": form.action,
        "fields": {field.name: field.role for field in form.fields},
        "why": list(form.why),
    }
    yield FoundDoor(ContactKind.FORM, page_url, page_url, form.confidence, form=seen)


def _is_same_form(known: FoundDoor, door: FoundDoor) -> bool:
    """Whether a letter through both would arrive twice: they go to one place, or are alike in every field."""
    one, other = known.form, door.form
    if one is None or other is None:
        return False
    return bool(one["action"] == other["action"] or one["fields"].keys() == other["fields"].keys())
