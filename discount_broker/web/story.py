"""A request as its buyer sees it: what happened, what comes next, who answered what."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from flask_babel import LazyString, get_locale, gettext, ngettext
from markupsafe import escape

from discount_broker.discount_requests.status import Outcome, RequestStatus
from discount_broker.offers.status import OfferStatus
from discount_broker.outreach.status import OPEN, OutreachStatus
from discount_broker.web.comparison import Compared, compare
from discount_broker.web.filters import day, moment_in_words, unbroken
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
        next_steps=_next_steps(ask, outreaches, compared, now),
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
    tone = "good" if entry.event in GOOD else "bad" if entry.event in BAD else ""
    return Line(entry.at, str(_sentence(entry.event, entry.facts)) % facts, tone)


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


def _next_steps(
    ask: "DiscountRequest", outreaches: "Sequence[Outreach]", offers: list[Compared], now: datetime
) -> list[str]:
    tell: dict[RequestStatus, Callable[[], list[str]]] = {
        RequestStatus.UNCONFIRMED: lambda: [gettext("Please confirm the request by the link in our letter.")],
        RequestStatus.CONFIRMED: lambda: [
            gettext("We are choosing the shops to ask. This usually takes less than a minute.")
        ],
        RequestStatus.ASKED: lambda: _waiting(ask, outreaches, now),
        RequestStatus.OFFERED: lambda: _choosing(offers) + _waiting(ask, outreaches, now),
        RequestStatus.ACCEPTED: lambda: [
            gettext(
                "The shop has your contact details and the number of this request, and will get in touch."
            ),
            escape(gettext("If you order yourself, tell the shop the number %(number)s."))
            % {"number": unbroken(ask.number)},
        ],
        RequestStatus.CLOSED: lambda: [_ending(ask.outcome)],
    }
    return tell[ask.status]() if ask.status in tell else []


def _waiting(ask: "DiscountRequest", outreaches: "Sequence[Outreach]", now: datetime) -> list[str]:
    """Who has not answered, and what we do about it and when."""
    open_ones = [one for one in outreaches if one.status in OPEN]
    silent = [one for one in open_ones if not one.shop_wrote]
    steps = _written([one.shop.name for one in open_ones if one.shop_wrote])
    asked = sum(one.steps_taken > 0 or one.status is not OutreachStatus.EXHAUSTED for one in silent)
    if asked:
        steps.append(
            ngettext("%(num)d shop has not answered yet.", "%(num)d shops have not answered yet.", asked)
        )
    due = min((one.next_step_at for one in silent if one.next_step_at), default=None)
    if due:
        time = moment_in_words(due, now)
        steps.append(
            gettext(
                "If there is no answer we try again %(time)s, by another way where the shop has one.",
                time=time,
            )
        )
    if any(one.status is OutreachStatus.EXHAUSTED for one in silent):
        steps.append(gettext("Where letters did not help, one of our people picks up the phone."))
    if ask.expires_at and open_ones:
        steps.append(gettext("We ask until %(day)s and tell you of every step.", day=day(ask.expires_at)))
    return steps


def _written(shops: list[str]) -> list[str]:
    """Who wrote in words of their own, which is neither silence nor an offer."""
    if not shops:
        return []
    return [
        gettext(
            "%(shops)s wrote to you: read it below, and answer there. One of our people reads it too.",
            shops=", ".join(shops),
        )
    ]


def _choosing(offers: list[Compared]) -> list[str]:
    terms = [one.offer.valid_until for one in offers if one.is_open]
    if not terms:
        return []
    return [
        ngettext(
            "You have %(num)d offer. It is yours to accept until %(day)s.",
            "You have %(num)d offers. The first of them runs out on %(day)s.",
            len(terms),
            day=day(min(terms)),
        )
    ]


def _ending(outcome: Outcome | None) -> str:
    words: dict[Outcome | None, str] = {
        Outcome.BOUGHT: gettext("You bought it with the discount. Enjoy it!"),
        Outcome.CALLED: gettext("The shop got in touch with you. We are glad it did."),
        Outcome.NOTHING: gettext(
            "The shop did not keep its word. We are sorry, and take it up with the shop."
        ),
        Outcome.WITHDRAWN: gettext("You withdrew this request. Nobody is asked any more."),
        Outcome.NO_OFFER: gettext(
            "No shop made an offer this time. We are sorry: you are welcome to try another shop."
        ),
    }
    return words.get(outcome) or str(gettext("This request is closed."))


def _fingerprint(
    ask: "DiscountRequest", outreaches: "Sequence[Outreach]", offers: list[Compared], letters: str
) -> str:
    """Changes exactly when the page would look different."""
    seen = [
        letters,
        (ask.status, ask.outcome, ask.product_id, len(ask.timeline), str(get_locale())),
        *[(one.id, one.status, one.steps_taken, one.next_step_at) for one in outreaches],
        *[(one.offer.id, one.offer.status, one.is_open) for one in offers],
    ]
    return sha256(repr(seen).encode()).hexdigest()[:12]
