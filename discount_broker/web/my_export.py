"""Everything we hold on a buyer, as files for themselves: one of JSON, or one table for each thing."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from discount_broker.accounts.queries import get_buyer
from discount_broker.accounts.queries.cards import card_of
from discount_broker.accounts.queries.consents import list_consents
from discount_broker.discount_requests.queries.buyers import list_asked
from discount_broker.notifications.queries import list_news_of
from discount_broker.notifications.status import NewsKind
from discount_broker.offers.queries.countering import list_counters
from discount_broker.offers.queries.watched import list_watches_of
from discount_broker.web.desk_buyer_export import FORMULA_SIGNS, Known, known_of
from discount_broker.web.preferences import ways_of

if TYPE_CHECKING:
    from discount_broker.accounts.models import Consent
    from discount_broker.notifications.models import NewsItem
    from discount_broker.offers.models import CounterOffer
    from discount_broker.watches.models import Watch

OUR_PEOPLE = "by"
"""Who of us wrote a note is no detail of the buyer."""
A_FILE_TIME = (1980, 1, 1, 0, 0, 0)
"""The same data make the same file."""


def held_on(buyer_id: UUID, now: datetime) -> Known:
    """All of it: what the desk's card shows, and what buyers say of themselves on these pages."""
    known = known_of(buyer_id, now)
    for part in ("notes", "changes"):
        known[part] = [_without(row, OUR_PEOPLE) for row in known[part]]
    buyer = get_buyer(buyer_id)
    known["buyer"] |= {
        "last_login_at": buyer.last_login_at,
        "deletion_due_at": buyer.deletion_due_at,
        "wants_greeting": card_of(buyer_id).wants_greeting,
    }
    return known | {
        "request_wishes": [_more_of(each) for each in list_asked(buyer_id)],
        "counter_offers": list(_counters(buyer_id)),
        "consents": [_consent(each) for each in list_consents(buyer_id)],
        "preferences": [{"kind": kind, "way": way} for kind, way in _ways(buyer_id).items()],
        "news": [_news(each) for each in list_news_of(buyer_id)],
        "watches": [_watch(each) for each in list_watches_of(buyer_id)],
    }


def _without(row: Known, name: str) -> Known:
    return {key: value for key, value in row.items() if key != name}


def _more_of(each: Any) -> Known:
    names = ("number", "quantity", "city", "answers_by", "asks_rivals", "language", "closed_at")
    return {name: getattr(each, name) for name in names}


def _counters(buyer_id: UUID) -> Iterator[Known]:
    for request in list_asked(buyer_id):
        for counter in list_counters(request.id).values():
            yield {"number": request.number, **_counter(counter)}


def _counter(each: "CounterOffer") -> Known:
    return {"at": each.made_at, "percent": each.percent, "price": each.price, "words": each.words}


def _consent(each: "Consent") -> Known:
    names = ("at", "kind", "is_given", "version", "language", "text", "subject")
    return {name: getattr(each, name) for name in names}


def _ways(buyer_id: UUID) -> dict[NewsKind, str]:
    return {kind: str(way) for kind, way in ways_of(buyer_id).items()}


def _news(each: "NewsItem") -> Known:
    return {
        "at": each.created_at,
        "kind": each.kind,
        "number": each.subject,
        "headline": each.headline,
        "state": each.state,
    }


def _watch(each: "Watch") -> Known:
    return {
        "at": each.created_at,
        "product": each.watched_page.title,
        "link": each.watched_page.url,
        "kind": each.kind,
        "below": each.below,
        "currency": each.currency,
        "status": each.status,
        "expires_at": each.expires_at,
    }


def as_tables(known: Known) -> bytes:
    """A ZIP with one CSV for each thing we hold, in UTF-8 as spreadsheets recognise it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parcel:
        for part, value in known.items():
            rows = value if isinstance(value, list) else [value]
            name = zipfile.ZipInfo(f"{part}.csv", A_FILE_TIME)
            parcel.writestr(name, _table(rows).encode("utf-8-sig"), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _table(rows: list[Known]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    page = io.StringIO()
    writer = csv.writer(page)
    writer.writerow(names)
    writer.writerows([_cell(row.get(name)) for name in names] for row in rows)
    return page.getvalue()


def _cell(value: Any) -> str:
    """The value as text that no spreadsheet takes for a formula."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    said = "" if value is None else _plain(value)
    return f"'{said}" if said.startswith(FORMULA_SIGNS) else said


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
