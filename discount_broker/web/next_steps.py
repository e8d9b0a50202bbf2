"""What happens next with a request, and when: in sentences for its buyer."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext, ngettext
from markupsafe import escape

from discount_broker.discount_requests.status import Outcome, RequestStatus
from discount_broker.escalation.queries.promises import next_promises
from discount_broker.escalation.status import PromiseKind
from discount_broker.offers.status import OfferStatus
from discount_broker.outreach.queries.ahead import rungs_ahead
from discount_broker.outreach.rules import Rung
from discount_broker.outreach.status import OPEN, OutreachStatus
from discount_broker.web.comparison import Compared
from discount_broker.web.filters import day, unbroken
from discount_broker.web.moments import soon_in_words

if TYPE_CHECKING:
    from discount_broker.discount_requests.models import DiscountRequest
    from discount_broker.escalation.models import Promise
    from discount_broker.outreach.models import Outreach


def next_steps(
    ask: "DiscountRequest", outreaches: "Sequence[Outreach]", offers: list[Compared], now: datetime
) -> list[str]:
    """What the buyer can expect, or how it ended."""
    tell: dict[RequestStatus, Callable[[], list[str]]] = {
        RequestStatus.UNCONFIRMED: lambda: [gettext("Please confirm the request by the link in our letter.")],
        RequestStatus.CONFIRMED: lambda: [
            gettext("We are choosing the shops to ask. This usually takes less than a minute.")
        ],
        RequestStatus.ASKED: lambda: _waiting(ask, outreaches, now),
        RequestStatus.OFFERED: lambda: _choosing(offers) + _waiting(ask, outreaches, now),
        RequestStatus.ACCEPTED: lambda: _accepted(ask),
        RequestStatus.CLOSED: lambda: _ending(ask.outcome, offers),
    }
    return tell[ask.status]() if ask.status in tell else []


def _accepted(ask: "DiscountRequest") -> list[str]:
    return [
        gettext("The shop has your contact details and the number of this request, and will get in touch."),
        escape(gettext("If you order yourself, tell the shop the number %(number)s."))
        % {"number": unbroken(ask.number)},
        gettext("In two days we ask you whether it worked out."),
    ]


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
    promised = next_promises([one.id for one in open_ones])
    steps += [_promised(promised[one.id], now) for one in open_ones if one.id in promised]
    ahead = rungs_ahead([one for one in silent if one.status is OutreachStatus.ASKED])
    steps += [_planned(one, ahead.get(one.id, []), now) for one in silent if one.id not in promised]
    if ask.expires_at and open_ones:
        steps.append(gettext("We ask until %(day)s and tell you of every step.", day=day(ask.expires_at)))
    return [step for step in steps if step]


def _promised(promise: "Promise", now: datetime) -> str:
    facts = {"shop": promise.outreach.shop.name, "time": soon_in_words(promise.due_at, now)}
    if promise.kind is PromiseKind.CALL_BUYER:
        return str(
            gettext(
                "%(shop)s promised to call you, %(time)s at the latest. Then we ask you whether it did.",
                **facts,
            )
        )
    return str(
        gettext("%(shop)s promised to answer, %(time)s at the latest. If it does not, we phone.", **facts)
    )


def _planned(outreach: "Outreach", rungs: list[Rung], now: datetime) -> str:
    """What we do about one shop that is silent."""
    shop = outreach.shop.name
    if outreach.status is OutreachStatus.PLANNED:
        return str(gettext("%(shop)s: we are looking for a way to write to it.", shop=shop))
    if outreach.status is OutreachStatus.EXHAUSTED:
        return _in_our_hands(outreach)
    if outreach.ask_again_on is not None:
        return str(
            gettext(
                "%(shop)s asked us to come back on %(day)s, and we do.",
                shop=shop,
                day=day(outreach.ask_again_on),
            )
        )
    return _climbing(outreach, rungs, now)


def _in_our_hands(outreach: "Outreach") -> str:
    """Letters that never were are not blamed for helping nobody."""
    shop = outreach.shop.name
    if outreach.steps_taken == 0:
        return str(
            gettext(
                "%(shop)s: we found no way to write to it, so one of our people looks into it.", shop=shop
            )
        )
    return str(gettext("%(shop)s: letters did not help, so one of our people picks up the phone.", shop=shop))


def _climbing(outreach: "Outreach", rungs: list[Rung], now: datetime) -> str:
    """The steps of its ladder that are left, the first with its time."""
    facts = {"shop": outreach.shop.name, "time": soon_in_words(outreach.next_step_at or now, now)}
    if not rungs:
        return str(gettext("%(shop)s: if it is still silent %(time)s, one of our people phones.", **facts))
    if rungs[0].is_reminder:
        return str(gettext("%(shop)s: we remind it %(time)s, then we phone.", **facts))
    if any(rung.is_reminder for rung in rungs):
        return str(
            gettext("%(shop)s: we try another way %(time)s, then we remind it, then we phone.", **facts)
        )
    return str(gettext("%(shop)s: we try another way %(time)s, then we phone.", **facts))


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


def _ending(outcome: Outcome | None, offers: list[Compared]) -> list[str]:
    """How it ended; where an offer was there nobody says that none came."""
    gone = [one.offer.outreach.shop.name for one in offers if one.offer.status is OfferStatus.EXPIRED]
    if outcome is Outcome.NO_OFFER and gone:
        return [str(gettext("The term of the offer of %(shop)s is over.", shop=shop)) for shop in gone]
    if outcome is Outcome.NO_OFFER and offers:
        return [str(gettext("This request is closed."))]
    return [_ended_by(outcome)]


def _ended_by(outcome: Outcome | None) -> str:
    words: dict[Outcome | None, str] = {
        Outcome.BOUGHT: gettext("You bought it with the discount. Enjoy it!"),
        Outcome.BOUGHT_ALREADY: gettext("You have bought it. Enjoy it! Nobody writes or calls any more."),
        Outcome.CALLED: gettext("The shop got in touch with you. We are glad it did."),
        Outcome.NOTHING: gettext(
            "The shop did not keep its word. We are sorry, and take it up with the shop."
        ),
        Outcome.WITHDRAWN: gettext("You withdrew this request. Nobody is asked any more."),
        Outcome.NO_OFFER: gettext("No shop made an offer this time. We are sorry."),
    }
    return words.get(outcome) or str(gettext("This request is closed."))
