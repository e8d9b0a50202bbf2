"""What other slices do to the outbox and the stop list."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound
from discount_broker.kernel.jobs import Job
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.models import Delivery, Suppression
from discount_broker.messaging.operations import Envelope, cancel_queued, queue_delivery, suppress
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.queries import (
    find_delivery_for,
    get_delivery,
    is_suppressed,
    list_stuck,
)
from discount_broker.messaging.rendering import Rendered
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.notifications.catalogue import LoginLink
from discount_broker.notifications.operations import notify
from tests.fakes import RecordingQueue

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LETTER = Rendered("shop_request", "ru", "Покупатель готов", "Здравствуйте!\n", "<p>Здравствуйте!</p>")
TO_SHOP = Envelope(
    channel=ChannelKind.EMAIL,
    address="info@shop.example",
    stop_keys=["shop:shop.example", "email:info@shop.example"],
    reply_to="reply+abc@in.discounts.example",
    stop_url="https://discounts.example/stop/abc",
)


pytestmark = pytest.mark.usefixtures("app")


def queued(purpose: str = "outreach:1:1", due_at: datetime | None = None) -> Delivery | None:
    return queue_delivery(LETTER, TO_SHOP, purpose=purpose, now=NOW, due_at=due_at)


def test_a_message_is_kept_as_it_will_be_sent_and_its_bell_rung_after_the_commit(
    queue: RecordingQueue,
) -> None:
    with transaction():
        delivery = queued()
        assert delivery is not None
        assert not queue.rung
    assert queue.rung == [(Job.DELIVER, delivery.id)]
    kept = get_delivery(delivery.id)
    assert (kept.template, kept.language, kept.subject) == ("shop_request", "ru", "Покупатель готов")
    assert (kept.status, kept.due_at, kept.created_at) == (DeliveryStatus.QUEUED, NOW, NOW)
    assert (kept.address, kept.reply_to) == (TO_SHOP.address, TO_SHOP.reply_to)
    assert kept.stop_url == TO_SHOP.stop_url
    assert set(kept.stop_keys) == set(TO_SHOP.stop_keys)


def test_nothing_is_said_twice(queue: RecordingQueue) -> None:
    with transaction():
        first = queued()
        assert queued() is None
    with transaction():
        assert queued() is None
    assert len(queue.rung) == 1
    assert find_delivery_for("outreach:1:1") is first


def test_the_bell_of_a_message_for_later_is_left_to_the_sweep(queue: RecordingQueue) -> None:
    with transaction():
        queued(due_at=NOW + timedelta(hours=1))
    assert not queue.rung


def test_what_is_no_longer_wanted_is_stopped_unless_it_has_left() -> None:
    with transaction() as session:
        ours, others, leaving = queued("outreach:1:1"), queued("outreach:10:1"), queued("outreach:1:2")
        assert ours is not None
        assert others is not None
        assert leaving is not None
        leaving.status, leaving.due_at, leaving.leased_until = DeliveryStatus.SENDING, None, NOW
        session.flush()
        assert cancel_queued("outreach:1") == 1
    assert (ours.status, ours.due_at) == (DeliveryStatus.STOPPED, None)
    assert others.status is DeliveryStatus.QUEUED
    assert leaving.status is DeliveryStatus.SENDING


def test_a_purpose_is_not_a_pattern() -> None:
    with transaction():
        queued("outreach:1:1")
        assert cancel_queued("outreach:%") == 0
        assert cancel_queued("outreach:_:") == 0


def test_the_first_stop_stays_and_a_second_changes_nothing() -> None:
    with transaction():
        suppress("shop:shop.example", reason="button", cause="first letter", now=NOW)
        suppress("shop:shop.example", reason="letter", cause="second letter", now=NOW + timedelta(days=1))
        suppress("email:info@other.example", reason="letter", cause="", now=NOW + timedelta(days=2))
    stops = db.session.scalars(select(Suppression).order_by(Suppression.key))
    assert [(stop.key, stop.reason) for stop in stops] == [
        ("email:info@other.example", "letter"),
        ("shop:shop.example", "button"),
    ]
    assert is_suppressed(["email:info@shop.example", "shop:shop.example"])
    assert not is_suppressed(["email:info@shop.example"])
    assert not is_suppressed([])


def test_messages_that_should_have_moved_are_found() -> None:
    with transaction() as session:
        waiting, for_later, forgotten, working = (queued(f"outreach:1:{number}") for number in range(4))
        assert waiting is not None
        assert for_later is not None
        for_later.due_at = NOW + timedelta(days=1)
        for delivery, leased_until in ((forgotten, NOW), (working, NOW + timedelta(minutes=30))):
            assert delivery is not None
            delivery.status, delivery.due_at, delivery.leased_until = (
                DeliveryStatus.SENDING,
                None,
                leased_until,
            )
        session.flush()
    assert not list_stuck(NOW + timedelta(minutes=14))
    assert set(list_stuck(NOW + timedelta(minutes=16))) == {waiting, forgotten}


def test_a_delivery_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound):
        get_delivery(uuid4())


def test_a_buyer_is_told_once_in_their_language_in_the_name_of_the_service(queue: RecordingQueue) -> None:
    message = LoginLink(login_url="https://discounts.example/login/abc", valid_minutes=30)
    with transaction():
        told = notify(message, to="Anna@mail.example", language="en", purpose="login:1", now=NOW)
        assert notify(message, to="Anna@mail.example", language="en", purpose="login:1", now=NOW) is None
    assert told is not None
    assert told.subject == "Your login link for Discount Broker"
    assert (told.address, told.sender_name) == ("Anna@mail.example", "Discount Broker")
    assert (told.stop_keys, told.stop_url) == (["email:anna@mail.example"], "")
    assert told.html is not None
    assert queue.rung == [(Job.DELIVER, told.id)]
