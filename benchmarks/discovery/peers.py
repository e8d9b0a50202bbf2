"""The libraries that are measured beside this project; each is left out where it is not installed."""

import importlib
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from lxml import etree

from benchmarks.discovery.corpus import Page, scorer
from benchmarks.discovery.ours import Answer

HOW = "`make bench` installs them; by hand: pip install -r benchmarks/requirements.txt"
FORM_KINDS = {
    "search": "search",
    "login": "login",
    "registration": "registration",
    "password/login recovery": "password",
    "contact/comment": "contact",
    "join mailing list": "newsletter",
    "order/add to cart": "order",
}
FIELD_ROLES = {
    "full name": "name",
    "first name": "first_name",
    "last name": "last_name",
    "email": "email",
    "email confirmation": "email",
    "username or email": "email",
    "phone": "phone",
    "comment title or subject": "subject",
    "comment text": "message",
    "about me text": "message",
    "TOS confirmation": "consent",
    "receive emails confirmation": "newsletter",
    "captcha": "captcha",
    "answer to security question": "captcha",
    "honeypot": "honeypot",
    "submit button": "submit",
    "address": "address",
    "city": "address",
    "state": "address",
    "country": "address",
    "postal code": "address",
}
PREFERRED = {
    "$": "USD",
    "£": "GBP",
    "¥": "JPY",
    "kr": "SEK",
    "Rs": "INR",
    "₹": "INR",
    "руб": "RUB",
    "₽": "RUB",
}
"""Which of the currencies a sign may mean it is taken for."""

Reader = Callable[[Any], Answer]


@dataclass(frozen=True)
class Peer:
    """A library, and how to make its readers."""

    name: str
    version: str
    needs: tuple[str, ...]
    """Modules."""

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    def is_installed(self) -> bool:
        try:
            for module in self.needs:
                importlib.import_module(module)
        except ImportError:
            return False
        return True


FORMASAURUS = Peer("Formasaurus", "0.10.0", ("formasaurus",))
EXTRACT_EMAILS = Peer("extract-emails", "6.2.0", ("extract_emails",))
EXTRUCT = Peer("extruct", "0.18.0", ("extruct", "price_parser", "zyte_parsers"))
PRICE_PARSER = Peer("price-parser", "0.5.1", ("price_parser",))
PEERS = (FORMASAURUS, EXTRACT_EMAILS, EXTRUCT, PRICE_PARSER)


def say_missing() -> None:
    missing = [str(peer) for peer in PEERS if not peer.is_installed()]
    if missing:
        print(f"  not installed, and so left out: {', '.join(missing)} ({HOW})")


def formasaurus_forms() -> Reader:
    """Its own model, loaded before the first page."""
    instance: Any = importlib.import_module("formasaurus.classifiers").get_instance()

    def read(page: Page) -> Answer:
        with suppress(etree.ParserError):
            return {"forms": [_form(instance, *found) for found in instance.extract_forms(page.html)]}
        return {"forms": []}

    return read


def formasaurus_plain() -> Callable[[Page], object]:
    """What it does by itself, and no more: kinds of forms and fields."""
    extract: Any = importlib.import_module("formasaurus").extract_forms

    def read(page: Page) -> object:
        with suppress(etree.ParserError):
            return extract(page.html)
        return None

    return read


def _form(instance: Any, form: Any, said: Any) -> Answer:
    kind = FORM_KINDS.get(said["form"], "other")
    sure = instance.form_classifier.classify_proba(form)[said["form"]] if kind == "contact" else 0.0
    roles = {name: FIELD_ROLES.get(role, "other") for name, role in said["fields"].items()}
    method = (form.get("method") or "get").lower()
    return {"kind": kind, "confidence": sure, "action": form.get("action"), "method": method, "fields": roles}


def extract_emails() -> Reader:
    """The better and the faster of its two extractors; its addresses in the order of the page."""
    module: Any = importlib.import_module("extract_emails.data_extractors.advanced_email_extractor")
    extractor = module.AdvancedEmailExtractor()
    return lambda page: _in_order(page.html, extractor.get_data(page.html))


def _in_order(markup: str, addresses: set[str]) -> Answer:
    """Sets have no first: the address that stands first in the page is taken for the best."""
    lower = markup.lower()
    places = {address: lower.find(address.lower()) % (len(lower) + 1) for address in addresses}
    ordered = sorted(addresses, key=lambda address: (places[address], address))
    return {"emails": [{"address": each, "confidence": 1 / place} for place, each in enumerate(ordered, 1)]}


def price_parser_prices() -> Reader:
    price_of: Any = importlib.import_module("price_parser").Price.fromstring

    def read(row: Answer) -> Answer:
        price = price_of(row["price_text"], currency_hint=row["currency_hint_text"])
        amount = None if price.amount is None else str(price.amount)
        return {"amount": amount, "currency": iso_code(price.currency)}

    return read


def iso_code(sign: str | None) -> str | None:
    """The sign that price-parser gives, as the code that the scorers want."""
    if not sign:
        return None
    may_mean = scorer("currencies").codes(sign)
    return PREFERRED.get(sign) or min(may_mean, default=re.sub(r"\W", "", sign).upper() or None)
