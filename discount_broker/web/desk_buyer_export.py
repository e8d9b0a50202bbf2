"""Everything that is known of one buyer, as a file for them."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from discount_broker.accounts.queries.buyers import emails_of
from discount_broker.notifications.catalogue import Terms
from discount_broker.web.desk_buyer_page import Said, facts_of

if TYPE_CHECKING:
    from discount_broker.accounts.models import AuditEntry, BuyerNote, ContactWish
    from discount_broker.discount_requests.models import DiscountRequest
    from discount_broker.offers.models import Offer

Known = dict[str, Any]
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""With which a cell becomes a formula when a spreadsheet opens the file."""


def known_of(buyer_id: UUID, now: datetime) -> Known:
    """What the card shows, every part of it, as plain values."""
    facts = facts_of(buyer_id, now)
    return {
        "buyer": {"addresses": emails_of(buyer_id), **_person(facts)},
        "contact_wishes": [_wish(row) for row in facts["wishes"].rows],
        "requests": [_request(each) for each in facts["asked"]],
        "offers": [_offer(offer, said) for offer, said in facts["offers"]],
        "messages": [_message(each) for each in facts["messages"]],
        "notes": [{"at": each.created_at, "by": _name(each), "text": each.text} for each in facts["notes"]],
        "changes": [{"at": each.at, "by": _name(each), "what": each.what} for each in facts["changes"]],
    }


def _person(facts: Known) -> Known:
    buyer, card = facts["buyer"], facts["buyer_card"]
    return {
        "phone": buyer.phone,
        "language": buyer.language,
        "known_since": buyer.created_at,
        "came_by": facts["origin"],
        "kind_of_lead": facts["lead"],
        "standing": card.standing,
        "standing_reason": card.standing_reason,
        "birthday": card.birthday,
        "time_zone": facts["wishes"].zone,
        "first_interest": facts["first_interest"],
        "present_interest": facts["present_interest"],
        "saved": {currency: str(amount) for currency, amount in facts["savings"].items()},
    }


def _wish(row: "ContactWish") -> Known:
    names = ("kind", "from_minute", "until_minute", "on_day", "words")
    return {"at": row.created_at, **{name: getattr(row, name) for name in names}}


def _offer(offer: "Offer", said: Terms) -> Known:
    return {
        "at": offer.made_at,
        "number": offer.outreach.discount_request.number,
        "shop": offer.outreach.shop.name,
        "kind": offer.kind,
        "percent": said.percent,
        "final_price": str(said.final_price.amount) if said.final_price else None,
        "status": offer.status,
        "text": offer.text,
    }


def _message(each: Said) -> Known:
    return {
        "at": each.at,
        "from_buyer": each.is_from_buyer,
        "by": each.means,
        "subject": each.head,
        "text": each.text,
        "status": each.delivery.status if each.delivery else "",
    }


def _name(each: "BuyerNote | AuditEntry") -> str:
    return each.operator.name if each.operator else ""


def _request(each: "DiscountRequest") -> Known:
    return {
        "at": each.created_at,
        "number": each.number,
        "status": each.status,
        "outcome": each.outcome,
        "product": each.product.title if each.product else "",
        "link": each.product_url,
        "wish": f"{each.wish_kind}: {each.wish_value}",
        "phone": each.phone,
        "note": each.note,
        "best_time": each.best_time,
        "shops_may_call": each.may_contact_directly,
        "wants_texts": each.wants_texts,
        "origin": each.origin,
        "story": [{"at": entry.at, "event": entry.event, **entry.facts} for entry in each.timeline],
    }


def as_json(known: Known) -> str:
    return json.dumps(known, ensure_ascii=False, indent=2, default=_plain) + "\n"


def as_csv(known: Known) -> str:
    """One line for each thing known: its part, its number within it, its name, its value."""
    page = io.StringIO()
    writer = csv.writer(page)
    writer.writerow(["part", "number", "name", "value"])
    for part, value in known.items():
        rows = value if isinstance(value, list) else [value]
        for number, row in enumerate(rows, 1):
            writer.writerows([part, number, name, _cell(each)] for name, each in _flat(row))
    return page.getvalue()


def _flat(row: Known) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        yield (
            name,
            json.dumps(value, ensure_ascii=False, default=_plain)
            if isinstance(value, dict | list)
            else value,
        )


def _cell(value: Any) -> str:
    """The value as text that no spreadsheet takes for a formula."""
    said = "" if value is None else _plain(value) if isinstance(value, datetime) else str(value)
    return f"'{said}" if said.startswith(FORMULA_SIGNS) else said


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
