"""What a receipt says counts, though the worker is dead, the bell is lost or the mail has waited too long."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask

from discount_broker.escalation.queries import list_reviews
from discount_broker.escalation.use_cases import open_reviews
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import withhold
from discount_broker.messaging.ports import TemporaryFailure
from discount_broker.messaging.queries import get_delivery, own_sender_key
from discount_broker.messaging.rules import LEASE
from discount_broker.messaging.status import ChannelKind, DeliveryStatus, ReceiptKind
from discount_broker.messaging.use_cases import claim, deliver, requeue_lost, take_receipt
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases import allow_again, ask_shop, settle_delivery
from discount_broker.outreach.use_cases import requeue_lost as ring_again
from discount_broker.shops.queries import is_stopped
from tests.builders import a_request, a_shop, an_operator, an_outreach, saved
from tests.fakes import FakeChannel, RecordingQueue

pytestmark = pytest.mark.usefixtures("app")
LATER = LEASE + timedelta(minutes=1)


def a_message(now: datetime, channel: ChannelKind, **more: object) -> UUID:
    given = {
        "purpose": "news:1",
        "template": "offer_made",
        "address": "buyer@mail.example",
        "language": "ru",
        "subject": "?",
        "text": "!",
        "created_at": now,
        "due_at": now,
    }
    return saved(Delivery(channel=channel, **(given | more))).id


def tell(delivery_id: UUID, kind: ReceiptKind, at: datetime) -> None:
    take_receipt(delivery_id, kind, reference="1", detail="", at=at, now=at)


def an_asked(now: datetime, domain: str = "tools.ru") -> Outreach:
    shop = a_shop(now, domain, emails=(f"sales@{domain}",))
    outreach = an_outreach(now, a_request(now, shop=shop))
    ask_shop(shop.id, now)
    return outreach


@pytest.mark.parametrize("channel", [ChannelKind.SMS, ChannelKind.EMAIL])
def test_what_has_arrived_is_neither_unknown_nor_sent_again_when_its_worker_died(
    channel: ChannelKind, now: datetime
) -> None:
    delivery_id = a_message(now, channel)
    claim(delivery_id, now)
    tell(delivery_id, ReceiptKind.DELIVERED, now)
    requeue_lost(now + LATER)
    kept = get_delivery(delivery_id)
    assert (kept.status, kept.delivered_at) == (DeliveryStatus.SENT, now)


def test_what_has_arrived_does_not_expire(app: Flask, mail: FakeChannel, now: datetime) -> None:
    delivery_id = a_message(now, ChannelKind.EMAIL, expires_at=now + timedelta(hours=1))
    mail.dead["buyer@mail.example"] = TemporaryFailure("no answer", evidence={"answer": "lost"})
    deliver(delivery_id, app.extensions["channels"], now)
    tell(delivery_id, ReceiptKind.DELIVERED, now)
    claim(delivery_id, now + timedelta(hours=2))
    kept = get_delivery(delivery_id)
    assert (kept.status, kept.failure) == (DeliveryStatus.SENT, None)


def test_after_a_complaint_nothing_leaves_though_its_bell_was_lost(app: Flask, now: datetime) -> None:
    outreach = an_asked(now)
    first = outreach.steps[0].delivery_id
    deliver(first, app.extensions["channels"], now)
    (second,) = an_outreach(now, a_request(now, shop=outreach.shop)).shop.contact_points
    tell(first, ReceiptKind.COMPLAINT, now)
    keys = get_delivery(first).stop_keys
    waiting = a_message(now, ChannelKind.EMAIL, address=second.value, stop_keys=keys)
    assert claim(waiting, now) is None
    assert get_delivery(waiting).status is DeliveryStatus.STOPPED


def test_a_complaint_whose_bell_was_lost_ends_what_runs_at_the_shop(
    app: Flask, queue: RecordingQueue, now: datetime
) -> None:
    outreach = an_asked(now)
    delivery_id = outreach.steps[0].delivery_id
    deliver(delivery_id, app.extensions["channels"], now)
    tell(delivery_id, ReceiptKind.COMPLAINT, now)
    queue.take()  # all bells are lost
    ring_again()
    assert delivery_id in [subject for _job, subject in queue.take()]
    settle_delivery(delivery_id, now)
    db.session.expire_all()
    assert outreach.status is OutreachStatus.STOPPED


def test_who_complained_once_and_changed_their_mind_is_not_stopped_by_the_next_receipt(
    app: Flask,
) -> None:
    now = utcnow()
    outreach = an_asked(now)
    delivery_id, key = outreach.steps[0].delivery_id, f"shop:{outreach.shop.domain}"
    deliver(delivery_id, app.extensions["channels"], now)
    tell(delivery_id, ReceiptKind.COMPLAINT, now)
    settle_delivery(delivery_id, now)
    for stopped in (key, *get_delivery(delivery_id).stop_keys):
        allow_again(stopped, "they called", an_operator(now).id, now)
    tell(delivery_id, ReceiptKind.READ, now)
    settle_delivery(delivery_id, now)
    assert not is_stopped(outreach.shop)


def test_a_second_pause_of_our_sending_is_a_second_task(now: datetime) -> None:
    for at in (now, now + timedelta(days=1)):
        with transaction():
            until = at + timedelta(hours=6)
            withhold(own_sender_key(), reason="policy", cause="550", now=at, until=until)
        open_reviews(at)
    assert len(list_reviews()) == 2
