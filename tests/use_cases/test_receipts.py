"""Receipts of messages that have left, and messages that are held back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import permutations
from random import Random
from uuid import UUID

import pytest
from flask import Flask

from discount_broker.kernel.errors import NotFound
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import cancel_by_hand
from discount_broker.messaging.ports import FailureReason, PermanentFailure, TemporaryFailure
from discount_broker.messaging.queries import get_delivery, list_holds, list_stuck, own_sender_key
from discount_broker.messaging.status import ChannelKind, DeliveryStatus, ReceiptKind
from discount_broker.messaging.use_cases import (
    deliver,
    take_receipt,
)
from discount_broker.outreach.use_cases import hold_sending, lift_hold
from tests.builders import an_operator, saved
from tests.fakes import FakeChannel

pytestmark = pytest.mark.usefixtures("app")
Send = Callable[[UUID, datetime], DeliveryStatus | None]
K, S = ReceiptKind, DeliveryStatus


@pytest.fixture
def send(app: Flask) -> Send:
    return lambda delivery_id, at: deliver(delivery_id, app.extensions["channels"], at)


def a_mail(now: datetime, address: str = "sales@tools.ru", **more: object) -> UUID:
    given = {
        "purpose": f"outreach:{address}:1",
        "template": "shop_request",
        "channel": ChannelKind.EMAIL,
        "stop_keys": [f"shop:{address.partition('@')[2]}", f"email:{address}"],
        "language": "ru",
        "subject": "?",
        "text": "!",
        "created_at": now,
        "due_at": now,
    }
    return saved(Delivery(**(given | {"address": address} | more))).id


def take_back(delivery_id: UUID) -> bool:
    with transaction():
        return cancel_by_hand(delivery_id)


def tell(delivery_id: UUID, kind: ReceiptKind, now: datetime, reference: str = "1") -> DeliveryStatus:
    return take_receipt(delivery_id, kind, reference=reference, detail=str(kind), at=now, now=now)


def test_receipts_of_one_mail_end_the_same_in_every_order(send: Send, now: datetime) -> None:
    told = [K.ACCEPTED, K.DELIVERED, K.HARD_BOUNCE, K.SOFT_BOUNCE]
    for number, order in enumerate(permutations(told)):
        delivery_id = a_mail(now, f"box{number}@tools.ru")
        send(delivery_id, now)
        for kind in (*order, Random(number).choice(order)):
            tell(delivery_id, kind, now)
        kept = get_delivery(delivery_id)
        assert (kept.status, kept.failure) == (S.BOUNCED, FailureReason.ADDRESS_DEAD)
        assert len(kept.receipts) == len(told)


def test_a_receipt_that_is_quicker_than_our_own_note_is_not_lost(send: Send, now: datetime) -> None:
    delivery_id = a_mail(now)
    assert tell(delivery_id, K.HARD_BOUNCE, now) is S.QUEUED
    send(delivery_id, now)
    assert get_delivery(delivery_id).status is S.BOUNCED


def test_a_receipt_for_nothing_of_ours_is_refused(now: datetime) -> None:
    with pytest.raises(NotFound):
        tell(UUID(int=7), K.DELIVERED, now)


def test_a_kill_switch_keeps_everything_queued_until_it_is_lifted(
    send: Send, mail: FakeChannel, now: datetime
) -> None:
    delivery_id = a_mail(now)
    hold_sending("all", an_operator(now).id, "the texts are wrong", now)
    assert send(delivery_id, now) is None
    kept = get_delivery(delivery_id)
    assert (kept.status, kept.attempts, mail.sent) == (S.QUEUED, 0, [])
    assert list_stuck(now + timedelta(minutes=4)) == []
    lift_hold("all", an_operator(now).id, now)
    assert send(delivery_id, now + timedelta(minutes=5)) is S.SENT


def test_one_shop_is_held_and_another_is_written_to(send: Send, now: datetime) -> None:
    held, free = a_mail(now), a_mail(now, "info@garden.ru")
    hold_sending("shop:tools.ru", an_operator(now).id, "they asked for a week", now)
    assert (send(held, now), send(free, now)) == (None, S.SENT)


def test_three_servers_that_refuse_us_as_such_pause_our_domain_and_no_address(
    send: Send, mail: FakeChannel, now: datetime
) -> None:
    for domain in ("a.example", "b.example", "c.example"):
        mail.dead[f"info@{domain}"] = PermanentFailure("550 5.7.1 blocked", FailureReason.POLICY)
        send(a_mail(now, f"info@{domain}"), now)
    (hold,) = list_holds(now)
    assert (hold.key, hold.reason, hold.operator_id) == (own_sender_key(), "policy", None)
    waiting = a_mail(now, "info@d.example")
    assert send(waiting, now) is None
    assert list_holds(now + timedelta(hours=7)) == []
    assert send(waiting, now + timedelta(hours=7)) is S.SENT


def test_what_comes_too_late_does_not_leave(send: Send, mail: FakeChannel, now: datetime) -> None:
    delivery_id = a_mail(now, expires_at=now)
    assert send(delivery_id, now) is None
    kept = get_delivery(delivery_id)
    assert (kept.status, kept.failure, mail.sent) == (S.FAILED, FailureReason.EXPIRED, [])


def test_a_turn_that_is_taken_uses_up_no_attempt(send: Send, mail: FakeChannel, now: datetime) -> None:
    delivery_id = a_mail(now)
    mail.failing_with = TemporaryFailure("not its turn", retry_after=timedelta(minutes=2), counts=False)
    assert send(delivery_id, now) is S.QUEUED
    kept = get_delivery(delivery_id)
    assert (kept.attempts, kept.due_at) == (0, now + timedelta(minutes=2))


def test_what_a_person_sent_can_be_taken_back_until_it_leaves(send: Send, now: datetime) -> None:
    early, late = a_mail(now, by_hand=True), a_mail(now, "b@tools.ru", by_hand=True)
    assert take_back(early)
    assert get_delivery(early).status is S.STOPPED
    send(late, now)
    assert not take_back(late)


def test_a_letter_that_was_tried_and_may_have_arrived_is_not_taken_back(
    send: Send, mail: FakeChannel, now: datetime
) -> None:
    delivery_id = a_mail(now, by_hand=True)
    mail.dead["sales@tools.ru"] = TemporaryFailure("no answer", evidence={"answer": "lost"})
    assert send(delivery_id, now) is DeliveryStatus.QUEUED
    assert not take_back(delivery_id)
    assert get_delivery(delivery_id).status is DeliveryStatus.QUEUED
