"""Everything that is known of one buyer, as a file for them."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from discount_broker.accounts.queries.buyers import emails_of
from discount_broker.web.desk_buyer_page import facts_of

if TYPE_CHECKING:
    from discount_broker.discount_requests.models import DiscountRequest

Known = dict[str, Any]
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""With which a cell becomes a formula when a spreadsheet opens the file."""


def known_of(buyer_id: UUID, now: datetime) -> Known:
    """What the card shows, every part of it, as plain values."""
    facts = facts_of(buyer_id, now)
    buyer, card = facts["buyer"], facts["buyer_card"]
    return {
        "buyer": {
            "addresses": emails_of(buyer_id),
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
            "saved": {currency: str(sum_) for currency, sum_ in facts["savings"].items()},
        },
        "contact_wishes": [
            {
                "at": row.created_at,
                "kind": row.kind,
                "from_minute": row.from_minute,
                "until_minute": row.until_minute,
                "on_day": row.on_day,
                "words": row.words,
            }
            for row in facts["wishes"].rows
        ],
        "requests": [_request(each) for each in facts["asked"]],
        "offers": [
            {
                "at": offer.made_at,
                "number": offer.outreach.discount_request.number,
                "shop": offer.outreach.shop.name,
                "kind": offer.kind,
                "percent": said.percent,
                "final_price": str(said.final_price.amount) if said.final_price else None,
                "status": offer.status,
                "text": offer.text,
            }
            for offer, said in facts["offers"]
        ],
        "messages": [
            {
                "at": each.at,
                "from_buyer": each.is_from_buyer,
                "by": each.means,
                "subject": each.head,
                "text": each.text,
                "status": each.delivery.status if each.delivery else "",
            }
            for each in facts["messages"]
        ],
        "notes": [
            {"at": each.created_at, "by": each.operator.name if each.operator else "", "text": each.text}
            for each in facts["notes"]
        ],
        "changes": [
            {"at": each.at, "what": each.what, "by": each.operator.name if each.operator else ""}
            for each in facts["changes"]
        ],
    }


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
