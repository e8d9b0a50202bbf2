"""Everything the page of a case shows, gathered in one place."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from discount_broker.discount_requests.queries import list_requests_of
from discount_broker.escalation.queries import (
    AFTER_THE_ANSWER,
    find_entry,
    get_case,
    list_forms_for_people,
    list_open_cases_of_shop,
    list_promises,
    text_to_paste,
)
from discount_broker.escalation.status import CaseStatus
from discount_broker.kernel.business_time import CLOSES, OPENS, ZONE_OF_COUNTRY, is_working_day, zone_of
from discount_broker.messaging.queries import find_delivery_for
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.offers.queries import draft_purpose, find_offer_of, list_drafts
from discount_broker.outreach.queries import list_outreaches, wish_put_to
from discount_broker.outreach.queries.thread import sent_to_shop
from discount_broker.outreach.status import ReplyKind
from discount_broker.scorecards.queries import find_scorecard
from discount_broker.shops.queries import list_phones
from discount_broker.web.desk_letter import undoable, written_again
from discount_broker.web.desk_page_lines import line_of
from discount_broker.web.desk_queue import holder_of, standing_of
from discount_broker.web.desk_script import script_of
from discount_broker.web.desk_thread import said_in
from discount_broker.web.language import reader_zone
from discount_broker.web.story import situation

if TYPE_CHECKING:
    from discount_broker.escalation.models import EscalationCase
    from discount_broker.outreach.models import Outreach, Reply


class Clock(NamedTuple):
    """What time it is at the shop."""

    at: datetime
    zone: ZoneInfo
    is_known: bool
    is_open: bool


class Paste(NamedTuple):
    """A form that a person fills in, and what to write there."""

    point_id: UUID
    page: str
    text: str


def facts_of(case_id: UUID, operator_id: UUID, now: datetime) -> dict[str, Any]:
    """What the page of a case is made of, its forms apart."""
    case = get_case(case_id)
    outreach, ask = case.outreach, case.outreach.discount_request
    promises = list_promises(outreach.id)
    outreaches = list_outreaches(ask.id)
    offer = find_offer_of(outreach.id)
    script_language, script = script_of(case, promises, now)
    return {
        **_standing(case, operator_id, now),
        **_shop_facts(case, now),
        "case": case,
        "outreach": outreach,
        "wanted": wish_put_to(outreach),
        "ask": ask,
        "offer": offer,
        "drafts": [(one, find_delivery_for(draft_purpose(one.id))) for one in list_drafts(outreach.id)],
        "promises": promises,
        "other_requests": _others(list_requests_of(ask.buyer_id) if ask.buyer_id else [], ask.id),
        "other_shops": _others(outreaches, outreach.id),
        **_letters(case, now),
        "last_words": _last_words(outreach),
        "pastes": _pastes(case, outreach),
        "unknown": [each for each in sent_to_shop(outreach) if each.status is DeliveryStatus.UNKNOWN],
        "script": script,
        "script_language": script_language,
        "story": situation(ask, outreaches, [offer] if offer else [], now).lines,
        "zone": reader_zone()[0].key,
        "after_answer": case.reason in AFTER_THE_ANSWER,
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
        "card": find_scorecard(shop.id),
        "phones": [line_of(point.kind, point.value, point.found_at) for point in list_phones(shop.id)],
        "clock": _clock(shop.country, now),
    }


def _others(rows: Sequence[Any], own_id: UUID) -> list[Any]:
    return [row for row in rows if row.id != own_id]


def _letters(case: "EscalationCase", now: datetime) -> dict[str, Any]:
    """All that was said, and what somebody is writing."""
    outreach = case.outreach
    return {
        "conversation": said_in(outreach, case.calls, now),
        "undoable": undoable(outreach),
        "written": written_again(outreach.id),
    }


def _last_words(outreach: "Outreach") -> "Reply | None":
    """What a person at the shop wrote last, to be turned into an offer."""
    return next((reply for reply in reversed(outreach.replies) if reply.kind is ReplyKind.HUMAN), None)


def _pastes(case: "EscalationCase", outreach: "Outreach") -> list[Paste]:
    if case.status is CaseStatus.CLOSED:
        return []
    return [
        Paste(point.id, point.value, text_to_paste(outreach, point).text)
        for point in list_forms_for_people(outreach)
    ]


def _clock(country: str | None, now: datetime) -> Clock:
    zone = zone_of(country)
    there = now.astimezone(zone)
    is_open = is_working_day(there.date(), country) and OPENS <= there.time() < CLOSES
    return Clock(there, zone, country in ZONE_OF_COUNTRY, is_open)
