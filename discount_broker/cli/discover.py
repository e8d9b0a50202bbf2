"""`flask discover URL`: read a shop as the workers do, and show what was found. Writes nothing."""

import json
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click
from flask import Flask, current_app

from discount_broker.cli.inspect import product_as_json
from discount_broker.discovery.extract.pages.page import decode_page
from discount_broker.discovery.extract.products.finding import read_product
from discount_broker.discovery.use_cases import survey
from discount_broker.discovery.use_cases.surveying import Survey
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.site import site
from discount_broker.kernel.urls import find_link, registrable_domain
from discount_broker.shops.operations import FoundDoor

ROUTES = {
    "null_mx": "no door: its domain says that it takes no mail",
    "no_domain": "no door: its domain does not exist",
    "no_host": "no door: its domain has no mail server",
}


def register(app: Flask) -> None:
    app.cli.add_command(discover)


@click.command()
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--max-pages", type=click.IntRange(1, 50), help="How many pages may be fetched.")
def discover(url: str, *, as_json: bool, max_pages: int | None) -> None:
    """Read the product page at URL and the shop behind it, within its page budget."""
    with current_app.app_context():
        try:
            link = find_link(url)
        except Refused:
            raise click.ClickException(f"{url} is not a web link.") from None
        began, now = time.monotonic(), utcnow()
        world = current_app.extensions
        found = survey(world["fetcher"], world["mail_routes"], link, max_pages or site().pages_per_shop)
        report = as_report(link, found, now, round(time.monotonic() - began, 3))
    click.echo(json.dumps(report, ensure_ascii=False) if as_json else in_words(report))


def as_report(url: str, found: Survey, now: datetime, seconds: float) -> dict[str, Any]:
    """The shape of `docs/commands.md`."""
    doors = sorted(found.doors.values(), key=lambda door: -door.confidence)
    page = found.start_page
    product = read_product(decode_page(page.content, page.content_type), page.url) if page else None
    return {
        "url": url,
        "shop": found.domain or registrable_domain(url),
        "product": product_as_json(product) if product else None,
        "contact_points": [_door_as_json(door, now) for door in doors],
        "pages": found.pages,
        "refused": found.refused,
        "seconds": seconds,
    }


def _door_as_json(door: FoundDoor, now: datetime) -> dict[str, Any]:
    shown = {
        "kind": str(door.kind),
        "value": door.value,
        "found_at": door.found_at,
        "confidence": door.confidence,
        "seen_at": now.isoformat(timespec="seconds"),
        "source": door.written,
        "snippet": door.snippet,
        "why": list(door.why),
    }
    if door.mail_route:
        shown["mail_route"] = door.mail_route
    return shown if door.form is None else {**shown, "form": door.form}


def in_words(report: dict[str, Any]) -> str:
    lines = [f"Shop      {report['shop']}"]
    product = report["product"]
    if product:
        price = product["price"]
        lines.append(f"Product   {product['title']}")
        lines.append(f"Price     {price['amount']} {price['currency']}" if price else "Price     not shown")
    else:
        lines.append("Product   none on this page")
    lines += [line for door in report["contact_points"] for line in _door_in_words(door)]
    lines += [
        f"page      {page['status']} {page['bytes']} B {page['seconds']} s  {page['url']}"
        for page in report["pages"]
    ]
    lines += [f"refused   {refused['why']}  {refused['url']}" for refused in report["refused"]]
    lines.append(f"{len(report['pages'])} pages in {report['seconds']} s")
    return "\n".join(lines)


def _door_in_words(door: dict[str, Any]) -> Iterator[str]:
    yield f"{door['kind']:<9} {door['value']}  ({door['confidence']:.2f})"
    yield f"{'':<9} seen {door['seen_at']} at {door['found_at']}"
    if door["source"]:
        yield f"{'':<9} written as {door['source']}{': ' if door['snippet'] else ''}{door['snippet']}"
    if door["why"]:
        yield f"{'':<9} because {', '.join(door['why'])}"
    if route := ROUTES.get(door.get("mail_route", "")):
        yield f"{'':<9} {route}"
    if captcha := (door.get("form") or {}).get("captcha"):
        yield f"{'':<9} for people alone: captcha or script ({captcha})"
