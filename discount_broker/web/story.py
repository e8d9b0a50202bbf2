"""A request as its buyer sees it: what happened, what comes next, who answered what."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from flask_babel import LazyString, get_locale

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.offers.status import OfferStatus
from discount_broker.web.comparison import Compared, compare
from discount_broker.web.filters import day, moment_in_words, money, percent
from discount_broker.web.next_steps import next_steps
from discount_broker.web.timeline_words import BAD, GOOD, SENTENCES, UNKNOWN

if TYPE_CHECKING:
    from discount_broker.discount_requests.models import DiscountRequest, TimelineEntry
    from discount_broker.offers.models import Offer
    from discount_broker.outreach.models import Outreach


class Line(NamedTuple):
    """One sentence of the story."""

    at: datetime
    text: str
    tone: str


class Situation(NamedTuple):
    """Everything the status page shows."""

    ask: "DiscountRequest"
    lines: list[Line]
    next_steps: list[str]
    outreaches: "Sequence[Outreach]"
    offers: list[Compared]
    accepted: Compared | None
    may_withdraw: bool
    may_report: bool
    is_moving: bool
    """Whether anything can still happen: only then does the page go on asking."""
    fingerprint: str


def situation(
    ask: "DiscountRequest",
    outreaches: "Sequence[Outreach]",
    offers: "Sequence[Offer]",
    now: datetime,
    letters: str = "",
) -> Situation:
    """Gather what the page shows; `letters` changes when the conversations beside it do."""
    compared = compare(ask, offers, now)
    accepted = next((one for one in compared if one.offer.status is OfferStatus.ACCEPTED), None)
    is_running = ask.status in RUNNING
    return Situation(
        ask=ask,
        lines=[_line(entry, now) for entry in reversed(ask.timeline)],
        next_steps=next_steps(ask, outreaches, compared, now),
        outreaches=outreaches,
        offers=compared,
        accepted=accepted,
        may_withdraw=is_running,
        may_report=ask.status is RequestStatus.ACCEPTED,
        is_moving=ask.status is not RequestStatus.CLOSED,
        fingerprint=_fingerprint(ask, outreaches, compared, letters),
    )


RUNNING = frozenset(
    {RequestStatus.CONFIRMED, RequestStatus.ASKED, RequestStatus.OFFERED, RequestStatus.ACCEPTED}
)


def _line(entry: "TimelineEntry", now: datetime) -> Line:
    facts = defaultdict(str, {name: _fact(value, now) for name, value in entry.facts.items()})
    facts |= _sums(entry.facts)
    tone = "good" if entry.event in GOOD else "bad" if entry.event in BAD else ""
    return Line(entry.at, str(_sentence(entry.event, entry.facts)) % facts, tone)


def _sums(facts: dict[str, Any]) -> dict[str, str]:
    """Prices and percentages, as the reader's language writes them."""
    told: dict[str, str] = {}
    if facts.get("price") and facts.get("currency"):
        told["price"] = money(Decimal(facts["price"]), facts["currency"])
    if facts.get("percent"):
        told["percent"] = percent(Decimal(facts["percent"]))
    return told


def _sentence(event: str, facts: dict[str, Any]) -> LazyString:
    """The most particular sentence that the facts allow: `asked_shop:form` before `asked_shop`."""
    kinds = [facts[name] for name in ("door", "why", "outcome", "kind", "result") if facts.get(name)]
    names = [*(f"{event}:{kind}" for kind in kinds), event]
    return next((SENTENCES[name] for name in names if name in SENTENCES), UNKNOWN)


def _fact(value: object, now: datetime) -> str:
    """A fact as a sentence shows it: times and days in words, lists with commas."""
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    try:
        if isinstance(value, str) and len(value) == len("2026-11-22"):
            return day(date.fromisoformat(value))
        if isinstance(value, str) and len(value) >= len("2026-11-22T10:00"):
            return moment_in_words(datetime.fromisoformat(value), now)
    except (ValueError, TypeError):
        return str(value)
    return str(value)


def _fingerprint(
    ask: "DiscountRequest", outreaches: "Sequence[Outreach]", offers: list[Compared], letters: str
) -> str:
    """Changes exactly when the page would look different."""
    seen = [
        letters,
        (ask.status, ask.outcome, ask.product_id, len(ask.timeline), str(get_locale())),
        *[(one.id, one.status, one.steps_taken, one.next_step_at) for one in outreaches],
        *[(one.offer.id, one.offer.status, one.is_open, one.counter_state) for one in offers],
    ]
    return sha256(repr(seen).encode()).hexdigest()[:12]
