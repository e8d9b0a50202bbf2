"""Putting the question of a check to a shop, in our own name."""

from datetime import datetime
from uuid import UUID, uuid4

from discount_broker.accounts.operations import note_change
from discount_broker.checks.models import ResponseCheck
from discount_broker.checks.queries import get_check
from discount_broker.checks.rules import draw_question
from discount_broker.checks.status import CheckStatus
from discount_broker.kernel.errors import IllegalTransition, Refused
from discount_broker.kernel.site import site
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.operations import Envelope, queue_delivery
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.queries import is_suppressed
from discount_broker.messaging.rendering import render_mail
from discount_broker.notifications.catalogue import ShopCheck
from discount_broker.outreach.operations import in_their_hours
from discount_broker.outreach.operations.checking import CHECK_PURPOSE
from discount_broker.outreach.operations.digests import has_had_its_share
from discount_broker.outreach.queries.doors import keys_of
from discount_broker.shops.models import ContactPoint
from discount_broker.shops.queries import list_doors
from discount_broker.shops.rules import language_for
from discount_broker.shops.status import ContactKind


def ask_check(check_id: UUID, operator_id: UUID, now: datetime) -> None:
    """Send the question that was drawn; twice is once.

    Raises:
        Refused: the shop forbids it, has had its letters of the day, or has no address any more.

    """
    with transaction():
        check = get_check(check_id, lock=True)
        if check.status is CheckStatus.ASKED:
            return
        if check.status is not CheckStatus.DRAWN:
            raise IllegalTransition(check.status, "asked")
        point = _address_of(check, now)
        delivery_id = uuid4()
        letter = _question_to(check, point)
        delivery = queue_delivery(
            render_mail(letter, language_for(check.shop.domain, check.shop.language), site()),
            _envelope(check, point, delivery_id, now),
            purpose=f"{CHECK_PURPOSE}{check.shop_id}:{check.round}",
            now=now,
            due_at=in_their_hours(check.shop, now),
            delivery_id=delivery_id,
        )
        assert delivery is not None, "a shop is asked once a round"
        check.contact_point_id, check.delivery_id, check.wording = point.id, delivery.id, delivery.text
        check.status, check.asked_at, check.operator_id = CheckStatus.ASKED, now, operator_id
        note_change("check_asked", now, operator_id, shop_id=check.shop_id, round=check.round)


def _address_of(check: ResponseCheck, now: datetime) -> ContactPoint:
    addresses = [door for door in list_doors(check.shop_id) if door.kind is ContactKind.EMAIL]
    if not addresses:
        raise Refused("no_address")
    open_ = [door for door in addresses if not is_suppressed(keys_of(door), now)]
    if not open_:
        raise Refused("shop_forbids")
    if has_had_its_share(check.shop_id, now):
        raise Refused("had_its_share")
    return open_[0]


def _question_to(check: ResponseCheck, point: ContactPoint) -> ShopCheck:
    return ShopCheck(
        shop=check.shop.name or check.shop.domain,
        question=check.question,
        greeting=draw_question(check.round, check.shop_id)[1],
        stop_url=f"{site().base_url}/check/{issue_token(Purpose.CHECK_STOP, check.id, check.drawn_at)}/stop",
        found_at=point.found_at,
        found_on=point.created_at,
    )


def _envelope(check: ResponseCheck, point: ContactPoint, delivery_id: UUID, now: datetime) -> Envelope:
    token = issue_token(Purpose.CHECK, delivery_id, now)
    return Envelope(
        channel=ChannelKind.EMAIL,
        address=point.value,
        stop_keys=keys_of(point),
        sender_name=site().service_name,
        reply_to=f"reply+{token}@{site().mail_domain}",
        stop_url=f"{site().base_url}/check/{issue_token(Purpose.CHECK_STOP, check.id, check.drawn_at)}/stop",
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
