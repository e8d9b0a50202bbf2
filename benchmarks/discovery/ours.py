"""What this project reads from a page, in the shape of the contract that the scorers judge."""

from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.discovery.corpus import Page
from discount_broker.cli.inspect import form_as_json, product_as_json, read_price
from discount_broker.discovery.extract.emails.finding import find_emails
from discount_broker.discovery.extract.forms.finding import best_contact_form, find_forms
from discount_broker.discovery.extract.messengers.finding import find_messengers
from discount_broker.discovery.extract.pages.links import find_contact_links
from discount_broker.discovery.extract.pages.page import decode_page, open_document
from discount_broker.discovery.extract.phones.finding import find_phones
from discount_broker.discovery.extract.products.finding import read_product

Answer = dict[str, Any]


def forget() -> None:
    """Let no parse of one page pay for the next reading of it."""
    open_document.cache_clear()


def forms(page: Page) -> Answer:
    return {"forms": [form_as_json(form) for form in find_forms(page.html, page.url)]}


def emails(page: Page) -> Answer:
    found = find_emails(page.html, page.url)
    return {"emails": [{"address": each.address, "confidence": each.confidence} for each in found]}


def phones(page: Page) -> Answer:
    return {"phones": [{"number": found.number} for found in find_phones(page.html, page.url)]}


def messengers(page: Page) -> Answer:
    found = find_messengers(page.html, page.url)
    return {"messengers": [{"kind": each.kind, "handle": each.handle} for each in found]}


def product(page: Page) -> Answer:
    found = read_product(page.html, page.url, ignore_metadata=page.is_blind)
    return {"product": found and product_as_json(found)}


def price(row: Answer) -> Answer:
    return read_price({"text": row["price_text"], "currency_hint": row["currency_hint_text"]})


def whole(raw: bytes, content_type: str, url: str) -> None:
    """Everything the crawl reads of one page, from its bytes on."""
    for _, read in parts(raw, content_type, url):
        read()
    forget()


def parts(raw: bytes, content_type: str, url: str) -> Iterator[tuple[str, Callable[[], object]]]:
    """The steps of the whole reading, to be called in turn."""
    markup: list[str] = []
    yield "decoding", lambda: markup.append(decode_page(raw, content_type))
    html = markup[0]
    yield "parsing", lambda: open_document(html, url)
    yield "product", lambda: read_product(html, url)
    yield "e-mails", lambda: find_emails(html, url)
    yield "phones", lambda: find_phones(html, url)
    yield "messengers", lambda: find_messengers(html, url)
    yield "forms", lambda: best_contact_form(find_forms(html, url))
    yield "links", lambda: find_contact_links(html, url)
