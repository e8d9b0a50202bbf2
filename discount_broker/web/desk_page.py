"""Everything the page of a case shows, gathered in one place."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from discount_broker.accounts.queries.cards import card_of, wishes_of
from discount_broker.accounts.queries.trail import newest_change
from discount_broker.discount_requests.queries import list_requests_of
from discount_broker.discount_requests.queries.buyers import categories_of
from discount_broker.escalation.queries import (
    AFTER_THE_ANSWER,
    find_entry,
    get_case,
    list_forms_for_people,
    list_open_cases_of_shop,
    list_promises,
)
from discount_broker.escalation.queries.calls import effort_of
from discount_broker.escalation.queries.cases import can_be_reopened
from discount_broker.escalation.queries.forms import FormToFill, form_to_fill
from discount_broker.escalation.queries.history import past_of_shop
from discount_broker.escalation.status import CaseStatus
from discount_broker.kernel.business_time import ZONE_OF_COUNTRY, zone_of
from discount_broker.kernel.money import Money
from discount_broker.messaging.queries import find_delivery_for
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.offers.queries import draft_purpose, find_offer_of, list_drafts
from discount_broker.outreach.queries import list_outreaches, wish_put_to
from discount_broker.outreach.queries.thread import sent_to_shop
from discount_broker.outreach.rules.prices import PriceMove, has_come_true, move_of, price_wished
from discount_broker.outreach.status import ReplyKind
from discount_broker.scorecards.queries import find_scorecard
from discount_broker.shops.queries import list_people, list_phones
from discount_broker.web import desk_buyer_words as buyer_words
from discount_broker.web.desk_letter import undoable, written_again
from discount_broker.web.desk_page_lines import line_of
from discount_broker.web.desk_queue_words import holder_of, standing_of
from discount_broker.web.desk_script import script_of
from discount_broker.web.desk_thread import said_in
from discount_broker.web.language import reader_zone
from discount_broker.web.sentences import reading_failure
from discount_broker.web.story import situation

if TYPE_CHECKING:
    from discount_broker.escalation.models import EscalationCase
    from discount_broker.outreach.models import Outreach, Reply
    from discount_broker.shops.models import Shop


class Clock(NamedTuple):
    """What time it is at the shop."""

    at: datetime
    zone: ZoneInfo
    is_known: bool
    is_open: bool


class Price(NamedTuple):
    """What the shop asked when it was asked for a discount, and what it asks now."""

    move: PriceMove | None
    wished: Decimal | None
    has_come_true: bool
    is_being_read: bool
    failure: str
    """Why the page could not be read again."""


PRICE_FAILURES: Final = {
    "other_currency": _l("The page names a price in another currency now."),
    "no_price": _l("The page names no price any more."),
}


def facts_of(case_id: UUID, operator_id: UUID, now: datetime) -> dict[str, Any]:
    """What the page of a case is made of, its forms apart."""
    case = get_case(case_id)
    outreach = case.outreach
    promises = list_promises(outreach.id)
    script_language, script = script_of(case, promises, now)
    return {
        **_standing(case, operator_id, now),
        **_shop_facts(case, now),
        **_request_facts(case, now),
        **_buyer_facts(case),
        **_letters(case, now),
        "case": case,
        "outreach": outreach,
        "promises": promises,
        "pastes": _pastes(case, outreach),
        "effort": effort_of(case),
        "seen": newest_change(case.id, outreach.shop_id),
        "can_be_reopened": can_be_reopened(case),
        "script": script,
        "script_language": script_language,
        "zone": reader_zone()[0].key,
        "after_answer": case.reason in AFTER_THE_ANSWER,
    }


def _request_facts(case: "EscalationCase", now: datetime) -> dict[str, Any]:
    """What the buyer asked for, what became of it, and what it costs now."""
    outreach, ask = case.outreach, case.outreach.discount_request
    outreaches, offer = list_outreaches(ask.id), find_offer_of(outreach.id)
    return {
        "ask": ask,
        "wanted": wish_put_to(outreach),
        "offer": offer,
        "price": _price(outreach),
        "other_shops": _others(outreaches, outreach.id),
        "story": situation(ask, outreaches, [offer] if offer else [], now).lines,
    }


def _standing(case: "EscalationCase", operator_id: UUID, now: datetime) -> dict[str, Any]:
    """Where the case stands, and who may act on it."""
    standing, tone = standing_of(case, now)
    entry = find_entry(case.outreach.shop_id)
    holder = holder_of(entry, now)
    is_mine = entry is not None and entry.held_by(now) == operator_id
    may_act = case.status is CaseStatus.OPEN and (not holder or is_mine)
    return {
        "standing": standing,
        "tone": tone,
        "entry": entry,
        "holder": holder,
        "is_mine": is_mine,
        "may_act": may_act,
    }


def _shop_facts(case: "EscalationCase", now: datetime) -> dict[str, Any]:
    shop = case.outreach.shop
    return {
        "other_cases": _others(list_open_cases_of_shop(shop.id), case.id),
        "people": list_people(shop.id),
        "past": past_of_shop(shop.id, zone_of(shop.country)),
        "card": find_scorecard(shop.id),
        "phones": [line_of(point.kind, point.value, point.found_at) for point in list_phones(shop.id)],
        "clock": _clock(shop, now),
    }


def _others(rows: Sequence[Any], own_id: UUID) -> list[Any]:
    return [row for row in rows if row.id != own_id]


def _letters(case: "EscalationCase", now: datetime) -> dict[str, Any]:
    """All that was said, and what somebody is writing."""
    outreach = case.outreach
    return {
        "conversation": said_in(outreach, case.calls, now),
        "drafts": [(one, find_delivery_for(draft_purpose(one.id))) for one in list_drafts(outreach.id)],
        "last_words": _last_words(outreach),
        "unknown": [each for each in sent_to_shop(outreach) if each.status is DeliveryStatus.UNKNOWN],
        "undoable": undoable(outreach),
        "written": written_again(outreach.id),
    }


def _last_words(outreach: "Outreach") -> "Reply | None":
    """What a person at the shop wrote last, to be turned into an offer."""
    return next((reply for reply in reversed(outreach.replies) if reply.kind is ReplyKind.HUMAN), None)


def _pastes(case: "EscalationCase", outreach: "Outreach") -> list[FormToFill]:
    if case.status is CaseStatus.CLOSED:
        return []
    return [form_to_fill(outreach, point) for point in list_forms_for_people(outreach)]


def _buyer_facts(case: "EscalationCase") -> dict[str, Any]:
    """How to deal with the buyer, and when to leave them alone."""
    ask = case.outreach.discount_request
    buyer_id = ask.buyer_id
    requests = list_requests_of(buyer_id) if buyer_id else []
    return {
        "other_requests": _others(requests, ask.id),
        "interest": categories_of(requests),
        "buyer_card": card_of(buyer_id),
        "wishes": wishes_of(buyer_id, zone_of(case.outreach.shop.country).key),
        "buyer_words": buyer_words,
    }


def _price(outreach: "Outreach") -> Price:
    then = Money(outreach.price, outreach.currency) if outreach.price and outreach.currency else None
    wanted = wish_put_to(outreach)
    wished = price_wished(then, wanted.percent, wanted.price) if then else None
    return Price(
        move_of(outreach.price, outreach.price_now),
        wished,
        has_come_true(outreach.price_now, wished),
        outreach.price_due_at is not None,
        str(PRICE_FAILURES.get(why) or reading_failure(why)) if (why := outreach.price_failure) else "",
    )


def _clock(shop: "Shop", now: datetime) -> Clock:
    zone = zone_of(shop.country)
    there = now.astimezone(zone)
    hours = shop.calendar.open_on(there.date())
    is_open = hours is not None and hours[0] <= there.time() < hours[1]
    return Clock(there, zone, shop.country in ZONE_OF_COUNTRY, is_open)
