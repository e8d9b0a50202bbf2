"""What of the queue a page shows, as its address says it: view, search, filters and place."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from flask import url_for
from flask_babel import get_locale, gettext
from werkzeug.datastructures import MultiDict

from discount_broker.accounts.queries import operator_names
from discount_broker.escalation.queries import View
from discount_broker.escalation.queries.queue_pages import Cursor, Narrowing, Reader
from discount_broker.escalation.status import CaseReason
from discount_broker.web import desk_words
from discount_broker.web.language import reader_zone

LONGEST_SEARCH = 100
FILTERS: Final = ("country", "language", "reason", "value", "operator", "days")
PLACE = re.compile(r"(-?\d{1,19})\.([0-9a-f]{32})", re.ASCII)


@dataclass(frozen=True)
class Shown:
    """The address of a page of the queue, taken apart; what makes no sense in it is left out."""

    view: View = View.DUE
    text: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    """What the view is narrowed down to, as it stands in the address."""
    cursor: Cursor | None = None

    @property
    def narrowing(self) -> Narrowing:
        given = self.filters
        return Narrowing(
            country=given.get("country", ""),
            language=given.get("language", ""),
            reason=CaseReason(given["reason"]) if "reason" in given else None,
            value=Decimal(given["value"]) if "value" in given else None,
            operator_id=UUID(given["operator"]) if "operator" in given else None,
            days=int(given["days"]) if "days" in given else None,
        )

    def address(self, **changes: str | None) -> str:
        """The address of this page with something else in it; from the beginning of the list."""
        usual: dict[str, Any] = {"view": self.view.value, "q": self.text or None, **self.filters}
        return url_for("desk.queue", **{**usual, **changes})

    def place(self, cursor: Cursor | None) -> str:
        """The address of the page behind this place, or before it; empty where there is none."""
        if cursor is None:
            return ""
        name = "before" if cursor.is_back else "after"
        return self.address(**{name: f"{cursor.key}.{cursor.row_id.hex}"})

    @property
    def here(self) -> dict[str, Any]:
        """What leads back to this very page."""
        place = self.cursor
        name = "before" if place and place.is_back else "after"
        at = {name: f"{place.key}.{place.row_id.hex}"} if place else {}
        return {"view": self.view.value, **({"q": self.text} if self.text else {}), **self.filters, **at}


def shown_in(args: "MultiDict[str, str]") -> Shown:
    """What an address asks for."""
    view = args.get("view", View.DUE)
    filters = {name: CHECKS[name](args.get(name, "").strip()) for name in FILTERS}
    return Shown(
        View(view) if view in {*View} else View.DUE,
        " ".join(args.get("q", "").split())[:LONGEST_SEARCH],
        {name: value for name, value in filters.items() if value},
        _cursor(args),
    )


def _cursor(args: "MultiDict[str, str]") -> Cursor | None:
    for name in ("after", "before"):
        place = PLACE.fullmatch(args.get(name, ""))
        if place is not None and abs(int(place[1])) < 2**62:
            return Cursor(int(place[1]), UUID(place[2]), is_back=name == "before")
    return None


def _operator(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def _matching(pattern: str, change: Callable[[str], str] = str) -> Callable[[str], str]:
    return lambda text: change(text) if re.fullmatch(pattern, text, re.ASCII) else ""


CHECKS: Final[dict[str, Callable[[str], str]]] = {
    "country": _matching(r"[A-Za-z]{2}", str.upper),
    "language": _matching(r"[A-Za-z]{2,3}", str.lower),
    "reason": lambda text: text if text in {*CaseReason} else "",
    "value": _matching(r"\d{1,9}"),
    "operator": _operator,
    "days": _matching(r"\d{1,4}"),
}


def reader_of(operator_id: UUID, now: datetime) -> Reader:
    """Who reads, and when the day ends where they sit."""
    zone, _ = reader_zone()
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return Reader(operator_id, now, datetime.combine(tomorrow, time(), zone))


def chips(shown: Shown) -> list[tuple[str, str]]:
    """What the view is narrowed down to, in words, each with the address of the page without it."""
    return [(_said(name, value), shown.address(**{name: None})) for name, value in shown.filters.items()]


def _said(name: str, value: str) -> str:
    locale: Any = get_locale()
    if name == "country":
        return str(locale.territories.get(value, value))
    if name == "language":
        return str(gettext("Shop speaks %(language)s", language=locale.languages.get(value, value)))
    if name == "reason":
        return str(desk_words.REASONS[value])
    if name == "value":
        return str(gettext("At least €%(sum)s to save", sum=value))
    if name == "days":
        return str(gettext("Open for %(days)s days or more", days=value))
    return operator_names([UUID(value)]).get(UUID(value), str(gettext("Somebody")))
