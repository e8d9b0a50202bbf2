"""Putting the question of a check to a shop, in our own name."""

from datetime import datetime
from uuid import UUID

from discount_broker.accounts.operations import note_change
from discount_broker.checks.models import ResponseCheck
from discount_broker.checks.queries import doors_left, get_check
from discount_broker.checks.rules import ANSWERED_WITHIN, draw_question
from discount_broker.checks.status import CheckStatus
from discount_broker.checks.use_cases.writing import Ways, at_door, first_open, write
from discount_broker.kernel.errors import IllegalTransition
from discount_broker.kernel.transaction import transaction
from discount_broker.notifications.catalogue import ShopCheck
from discount_broker.outreach.operations.checking import CHECK_PURPOSE
from discount_broker.shops.models import ContactPoint


def ask_check(check_id: UUID, operator_id: UUID, now: datetime) -> None:
    """Send the question that was drawn, by mail or through the shop's form; twice is once.

    Raises:
        Refused: the shop forbids it, has had its letters of the day, or has no door left.

    """
    with transaction():
        check = get_check(check_id, lock=True)
        if check.status is CheckStatus.ASKED:
            return
        if check.status is not CheckStatus.DRAWN:
            raise IllegalTransition(check.status, "asked")
        reader = first_open([at_door(door) for door in doors_left(check)], check, now)
        point = reader.point
        assert point is not None, "a question goes to a door"
        delivery = write(
            lambda ways: _question(check, point, ways),
            reader,
            check,
            purpose=_purpose(check),
            now=now,
            of_use_for=ANSWERED_WITHIN,
        )
        assert delivery is not None, "a door is asked once a round"
        check.contact_point_id, check.delivery_id, check.wording = point.id, delivery.id, delivery.text
        check.status, check.asked_at, check.operator_id = CheckStatus.ASKED, now, operator_id
        note_change("check_asked", now, operator_id, shop_id=check.shop_id, round=check.round)


def _purpose(check: ResponseCheck) -> str:
    """Each door that could not take the question makes room for the next."""
    tried = len(check.findings.get("tried", ()))
    return f"{CHECK_PURPOSE}{check.shop_id}:{check.round}" + (f":{tried + 1}" if tried else "")


def _question(check: ResponseCheck, point: ContactPoint, ways: Ways) -> ShopCheck:
    return ShopCheck(
        shop=check.shop.name or check.shop.domain,
        question=check.question,
        greeting=draw_question(check.round, check.shop_id)[1],
        reply_address=ways.reply_address,
        stop_url=ways.stop_url,
        found_at=point.found_at,
        found_on=point.created_at,
    )


def drop_check(check_id: UUID, operator_id: UUID, now: datetime) -> None:
    """Leave a shop out of this round: nothing was sent to it.

    Raises:
        IllegalTransition: the question has been sent.

    """
    with transaction():
        check = get_check(check_id, lock=True)
        if check.status is CheckStatus.DROPPED:
            return
        if check.status is not CheckStatus.DRAWN:
            raise IllegalTransition(check.status, "dropped")
        check.status, check.operator_id = CheckStatus.DROPPED, operator_id
        note_change("check_dropped", now, operator_id, shop_id=check.shop_id, round=check.round)
