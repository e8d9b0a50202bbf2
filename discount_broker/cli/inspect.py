"""Commands that show what the parsers read: of a saved page, of a price, of rival offers."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click
from flask import Flask

from discount_broker.cli.jsonl import BadLine, answer_lines, optional_text, text_of
from discount_broker.discovery.extract.emails.finding import find_emails
from discount_broker.discovery.extract.forms.descriptions import FieldRole, FoundForm
from discount_broker.discovery.extract.forms.finding import find_forms
from discount_broker.discovery.extract.messengers.finding import find_messengers
from discount_broker.discovery.extract.pages.links import find_contact_links
from discount_broker.discovery.extract.pages.page import decode_page, open_document
from discount_broker.discovery.extract.phones.finding import find_phones
from discount_broker.discovery.extract.products.finding import read_product
from discount_broker.discovery.extract.products.prices import parse_price, read_hint
from discount_broker.discovery.extract.products.reading import ProductReading
from discount_broker.discovery.extract.rivals.matching import Goods, match_products

CENT = Decimal("0.01")
MOST_MONEY = Decimal(10) ** 15
"""No price is as high; what is compares with nothing."""


def register(app: Flask) -> None:
    for name, help_text, answer in (
        ("inspect-page", "Say what is read from saved pages.", inspect_page),
        ("parse-price", "Read prices from texts.", read_price),
        ("rivals", "Say which candidates are the same product.", judge_rivals),
    ):
        app.cli.add_command(_command(name, help_text, answer))


def _command(name: str, help_text: str, answer: Any) -> click.Command:
    def run(jsonl: bool) -> None:
        if not jsonl:
            raise click.UsageError("Pass --jsonl and write one JSON object a line to standard input.")
        answer_lines(answer)

    option = click.Option(["--jsonl"], is_flag=True, help="JSON lines in, JSON lines out.")
    return click.Command(name, callback=run, params=[option], help=help_text)


def inspect_page(request: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that is read of one saved page."""
    content = Path(text_of(request, "path")).read_bytes()
    html, url = decode_page(content, optional_text(request, "content_type") or ""), text_of(request, "url")
    product = read_product(html, url, ignore_metadata=bool(request.get("ignore_metadata")))
    return {
        "product": product and product_as_json(product),
        "emails": [
            {"address": found.address, "source": found.source, "confidence": found.confidence}
            for found in find_emails(html, url)
        ],
        "phones": [
            {"number": found.number, "confidence": found.confidence} for found in find_phones(html, url)
        ],
        "messengers": [{"kind": found.kind, "handle": found.handle} for found in find_messengers(html, url)],
        "forms": [form_as_json(form) for form in find_forms(html, url)],
        "contact_links": [{"url": link.url, "score": link.score} for link in find_contact_links(html, url)],
        "language": open_document(html, url).language,
    }


def product_as_json(product: ProductReading) -> dict[str, Any]:
    """A product in the shape of the command's contract."""
    return {
        "title": product.title,
        "price": _money(product.price, product.currency),
        "old_price": _money(product.old_price, product.currency),
        "brand": product.brand,
        "model": product.model,
        "sku": product.sku,
        "gtin": product.gtin,
        "image": product.image,
        "availability": product.availability,
        "category": list(product.category),
        "confidence": product.confidence,
        "sources": dict(product.sources),
        "disagreements": {name: dict(said) for name, said in product.disagreements.items()},
    }


def form_as_json(form: FoundForm) -> dict[str, Any]:
    """A form in the shape of the contract; of fields with one name the first that means something counts."""
    fields: dict[str, str] = {}
    for field in form.fields:
        if fields.get(field.name, FieldRole.OTHER) == FieldRole.OTHER:
            fields[field.name] = field.role
    return {
        "index": form.index,
        "kind": form.kind,
        "confidence": form.confidence,
        "action": form.action,
        "method": form.method,
        "enctype": form.enctype,
        "captcha": form.captcha,
        "needs_script": form.needs_script,
        "why": list(form.why),
        "fields": fields,
    }


def read_price(request: Mapping[str, Any]) -> dict[str, Any]:
    """Amount and currency of one text."""
    amount, currency = parse_price(text_of(request, "text"), optional_text(request, "currency_hint"))
    return {"amount": None if amount is None else f"{_cents(amount):f}", "currency": currency}


def judge_rivals(request: Mapping[str, Any]) -> dict[str, Any]:
    """Which candidates are the product."""
    candidates = request.get("candidates")
    if not isinstance(candidates, list):
        raise BadLine("the line has no list 'candidates'")
    product = _goods(request.get("product"), is_product=True)
    matches = match_products(product, [_goods(candidate) for candidate in candidates])
    return {
        "matches": [
            {"id": match.id, "same": match.same, "score": match.score, "why": match.why} for match in matches
        ]
    }


def _goods(described: Any, *, is_product: bool = False) -> Goods:
    if not isinstance(described, dict):
        raise BadLine("a product is not a JSON object")
    amount, currency = _read_money(described.get("price"))
    return Goods(
        id="" if is_product else text_of(described, "id"),
        title=text_of(described, "title"),
        brand=optional_text(described, "brand"),
        model=optional_text(described, "model"),
        gtin=optional_text(described, "gtin"),
        price=amount,
        currency=currency,
    )


def _read_money(price: Any) -> tuple[Decimal | None, str | None]:
    if not isinstance(price, dict):
        return None, None
    try:
        amount = Decimal(str(price.get("amount")))
        is_price = 0 < amount < MOST_MONEY
    except InvalidOperation:
        return None, None
    return (amount if is_price else None), read_hint(optional_text(price, "currency"))


def _money(amount: Decimal | None, currency: str | None) -> dict[str, Any] | None:
    return None if amount is None else {"amount": f"{_cents(amount):f}", "currency": currency}


def _cents(amount: Decimal) -> Decimal:
    """With two decimals at least; what is more exact stays so."""
    return amount.quantize(CENT) if amount == amount.quantize(CENT) else amount
