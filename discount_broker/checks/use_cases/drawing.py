"""Drawing up who is checked in this half of the month."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from discount_broker.checks.models import ResponseCheck
from discount_broker.checks.queries import count_in_round, doors_to_ask, last_question_to, list_to_check
from discount_broker.checks.rules import MOST_A_ROUND, draw_question, lot, round_of
from discount_broker.checks.status import CheckReason
from discount_broker.kernel.db import db
from discount_broker.kernel.site import site
from discount_broker.kernel.sweeping import for_each
from discount_broker.kernel.transaction import transaction
from discount_broker.shops.queries import get_shop, is_stopped


def draw_round(now: datetime) -> int:
    """Fill the list of this round up to its size; who asked for a check comes first. How many were drawn."""
    round_ = round_of(now.astimezone(ZoneInfo(site().time_zone)).date())
    if count_in_round(round_) >= MOST_A_ROUND:
        return 0
    reasons = dict(sorted(list_to_check(round_, now), key=lambda each: _place(round_, *each)))
    return for_each(reasons, lambda shop_id: _draw_if_room(shop_id, reasons[shop_id], round_, now))


def _draw_if_room(shop_id: UUID, reason: CheckReason, round_: str, now: datetime) -> bool:
    with transaction():
        return count_in_round(round_) < MOST_A_ROUND and _draw(shop_id, reason, round_, now)


def _place(round_: str, shop_id: UUID, reason: CheckReason) -> tuple[bool, str]:
    return reason is not CheckReason.ASKED_FOR, lot(round_, shop_id)


def _draw(shop_id: UUID, reason: CheckReason, round_: str, now: datetime) -> bool:
    """Whether the shop is on the list now: never one that forbids our letters or has no door."""
    if is_stopped(get_shop(shop_id)) or not doors_to_ask(shop_id):
        return False
    question, _ = draw_question(round_, shop_id, last_question_to(shop_id))
    db.session.add(
        ResponseCheck(shop_id=shop_id, round=round_, reason=reason, question=question, drawn_at=now)
    )
    return True
