"""Sending what is in the outbox: claim, send, record."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask

from discount_broker.kernel.db import db
from discount_broker.kernel.errors import IllegalTransition
from discount_broker.kernel.jobs import Job
from discount_broker.kernel.transaction import OPEN, transaction
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import cancel_queued, suppress
from discount_broker.messaging.ports import (
    ChannelKind,
    FailureReason,
    OutcomeUnknown,
    OutgoingMessage,
    PermanentFailure,
    Receipt,
    TemporaryFailure,
)
from discount_broker.messaging.queries import get_delivery
from discount_broker.messaging.rules import LEASE, MOST_DOUBTS, RETRY_DELAYS
from discount_broker.messaging.status import DeliveryStatus, ReceiptKind
from discount_broker.messaging.use_cases import (
    claim,
    deliver,
    requeue_lost,
    resolve_unknown,
    take_receipt,
)
from tests.builders import saved
from tests.fakes import FakeChannel, RecordingQueue
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")
A_MINUTE = timedelta(minutes=1)
Send = Callable[..., DeliveryStatus | None]


@pytest.fixture
def send(app: Flask) -> Send:
    return lambda delivery_id, now: deliver(delivery_id, app.extensions["channels"], now)


def a_mail(now: datetime, channel: ChannelKind = ChannelKind.EMAIL) -> UUID:
    return saved(
        Delivery(
            purpose="outreach:1:1",
            template="shop_request",
            channel=channel,
            address="sales@tools.ru",
            stop_keys=["shop:tools.ru", "email:sales@tools.ru"],
            language="ru",
            subject="Покупатель готов",
            text="Здравствуйте!",
            created_at=now,
            due_at=now,
        )
    ).id


def test_a_mail_is_sent_and_recorded_and_there_is_nothing_to_settle(
    send: Send, mail: FakeChannel, queue: RecordingQueue, now: datetime
) -> None:
    delivery_id = a_mail(now)
    assert send(delivery_id, now) is DeliveryStatus.SENT
    (sent,) = mail.sent
    assert (sent.to, sent.idempotency_key) == ("sales@tools.ru", str(delivery_id))
    assert sent.bounce_to.startswith("bounce+")
    kept = get_delivery(delivery_id)
    assert (kept.sent_at, kept.attempts, kept.leased_until) == (now, 1, None)
    assert not queue.rung


def test_a_bell_that_rings_three_times_sends_one_mail(send: Send, mail: FakeChannel, now: datetime) -> None:
    delivery_id = a_mail(now)
    assert [send(delivery_id, now) for _ in range(3)] == [DeliveryStatus.SENT, None, None]
    assert len(mail.sent) == 1


def test_of_eight_workers_one_sends(app: Flask, send: Send, mail: FakeChannel, now: datetime) -> None:
    delivery_id = a_mail(now)
    results = race(app, *[lambda: send(delivery_id, now)] * 8)
    assert sorted(results, key=str) == [*[None] * 7, DeliveryStatus.SENT]
    assert len(mail.sent) == 1


def test_no_transaction_is_open_while_the_channel_works(app: Flask, send: Send, now: datetime) -> None:
    delivery_id, seen = a_mail(now), []

    class Watching:
        def send(self, message: OutgoingMessage) -> Receipt:
            seen.append((db.session().info.get(OPEN), db.session().in_transaction()))
            seen.extend(race(app, lambda: get_delivery(delivery_id).status))
            return Receipt("ref")

    app.extensions["channels"][ChannelKind.EMAIL] = Watching()
    send(delivery_id, now)
    assert seen == [(None, False), DeliveryStatus.SENDING]


def test_nothing_is_sent_before_it_is_due(send: Send, mail: FakeChannel, now: datetime) -> None:
    delivery_id = a_mail(now + A_MINUTE)
    assert send(delivery_id, now) is None
    assert send(delivery_id, now + A_MINUTE) is DeliveryStatus.SENT


def test_tries_are_spaced_and_come_to_an_end(
    send: Send, mail: FakeChannel, queue: RecordingQueue, now: datetime
) -> None:
    delivery_id = a_mail(now)
    mail.failing_with = TemporaryFailure("451 greylisted")
    for delay in RETRY_DELAYS:
        assert send(delivery_id, now) is DeliveryStatus.QUEUED
        assert get_delivery(delivery_id).due_at == now + delay
        assert send(delivery_id, now + delay - A_MINUTE) is None
        now += delay
    assert not queue.rung, "what is tried again is not settled yet"
    assert send(delivery_id, now) is DeliveryStatus.FAILED
    kept = get_delivery(delivery_id)
    assert (kept.failure, kept.last_error) == (FailureReason.TOO_MANY_TRIES, "451 greylisted")
    assert queue.rung == [(Job.SETTLE_DELIVERY, delivery_id)]


def test_a_final_no_is_not_tried_again(send: Send, mail: FakeChannel, now: datetime) -> None:
    delivery_id = a_mail(now)
    mail.failing_with = PermanentFailure("550 no such user", FailureReason.ADDRESS_DEAD, {"code": 550})
    assert send(delivery_id, now) is DeliveryStatus.FAILED
    kept = get_delivery(delivery_id)
    assert (kept.failure, kept.evidence) == (FailureReason.ADDRESS_DEAD, {"code": 550})
    assert send(delivery_id, now) is None


def test_a_form_that_may_have_arrived_waits_for_a_person(
    send: Send, forms: FakeChannel, queue: RecordingQueue, now: datetime
) -> None:
    delivery_id = a_mail(now, ChannelKind.WEB_FORM)
    forms.failing_with = OutcomeUnknown("time-out after the form was sent")
    assert send(delivery_id, now) is DeliveryStatus.UNKNOWN
    requeue_lost(now + timedelta(days=1))
    assert send(delivery_id, now + timedelta(days=1)) is None
    queue.take()
    assert resolve_unknown(delivery_id, now, arrived=True) is DeliveryStatus.SENT
    assert queue.rung == [(Job.SETTLE_DELIVERY, delivery_id)]
    with pytest.raises(IllegalTransition):
        resolve_unknown(delivery_id, now, arrived=False)


def test_a_person_may_find_that_it_never_arrived(send: Send, forms: FakeChannel, now: datetime) -> None:
    delivery_id = a_mail(now, ChannelKind.WEB_FORM)
    forms.failing_with = OutcomeUnknown("time-out")
    send(delivery_id, now)
    assert resolve_unknown(delivery_id, now, arrived=False) is DeliveryStatus.FAILED


def test_a_stop_is_seen_the_moment_before_it_leaves(
    send: Send, mail: FakeChannel, queue: RecordingQueue, now: datetime
) -> None:
    delivery_id = a_mail(now)
    with transaction():
        suppress("shop:tools.ru", reason="never", cause="", now=now)
    assert send(delivery_id, now) is None
    assert get_delivery(delivery_id).status is DeliveryStatus.STOPPED
    assert not mail.sent
    assert queue.rung == [(Job.SETTLE_DELIVERY, delivery_id)]


def test_a_mail_whose_worker_died_is_sent_again_as_the_same_mail(
    send: Send, mail: FakeChannel, now: datetime
) -> None:
    delivery_id = a_mail(now)
    claimed = claim(delivery_id, now)
    assert claimed is not None
    requeue_lost(now + LEASE)
    assert get_delivery(delivery_id).status is DeliveryStatus.SENDING, "it may still be at work"
    later = now + LEASE + A_MINUTE
    assert requeue_lost(later) == 1
    assert send(delivery_id, later) is DeliveryStatus.SENT
    assert mail.sent[0].idempotency_key == claimed[1].idempotency_key
    assert mail.sent[0].bounce_to == claimed[1].bounce_to


def test_a_form_whose_worker_died_is_never_sent_again(
    forms: FakeChannel, queue: RecordingQueue, now: datetime
) -> None:
    delivery_id = a_mail(now, ChannelKind.WEB_FORM)
    claim(delivery_id, now)
    assert requeue_lost(now + LEASE + A_MINUTE) == 0
    assert get_delivery(delivery_id).status is DeliveryStatus.UNKNOWN
    assert queue.rung == [(Job.SETTLE_DELIVERY, delivery_id)]


def test_a_mail_that_kills_its_workers_may_have_arrived_and_waits_for_a_person(
    queue: RecordingQueue, now: datetime
) -> None:
    delivery_id = a_mail(now)
    for _ in range(MOST_DOUBTS):
        assert claim(delivery_id, now) is not None
        now += LEASE + A_MINUTE
        requeue_lost(now)
    assert get_delivery(delivery_id).status is DeliveryStatus.UNKNOWN
    assert queue.rung[-1] == (Job.SETTLE_DELIVERY, delivery_id)
    assert claim(delivery_id, now) is None


def test_a_mail_whose_answer_is_always_lost_is_repeated_twice_and_waits_for_a_person(
    send: Send, mail: FakeChannel, queue: RecordingQueue, now: datetime
) -> None:
    delivery_id = a_mail(now)
    mail.failing_with = TemporaryFailure("timed out", evidence={"answer": "lost"})
    for delay in RETRY_DELAYS[: MOST_DOUBTS - 1]:
        assert send(delivery_id, now) is DeliveryStatus.QUEUED
        now += delay
    assert send(delivery_id, now) is DeliveryStatus.UNKNOWN
    assert queue.rung == [(Job.SETTLE_DELIVERY, delivery_id)]


def test_a_mail_that_may_have_arrived_once_has_not_failed_when_its_tries_are_used_up(
    send: Send, mail: FakeChannel, now: datetime
) -> None:
    delivery_id = a_mail(now)
    mail.failing_with = TemporaryFailure("timed out", evidence={"answer": "lost"})
    send(delivery_id, now)
    mail.failing_with = TemporaryFailure("451 come again")
    for delay in RETRY_DELAYS:
        now += delay
        send(delivery_id, now)
    assert get_delivery(delivery_id).status is DeliveryStatus.UNKNOWN


def test_that_a_mail_may_have_come_twice_is_kept_with_the_proof(
    send: Send, mail: FakeChannel, now: datetime
) -> None:
    delivery_id = a_mail(now)
    mail.failing_with = TemporaryFailure("timed out", evidence={"answer": "lost"})
    send(delivery_id, now)
    mail.failing_with = None
    assert send(delivery_id, now + RETRY_DELAYS[0]) is DeliveryStatus.SENT
    assert get_delivery(delivery_id).evidence["doubtful tries"] == 1


def a_worker_thought_dead(app: Flask, delivery_id: UUID, then: Callable[[], object]) -> None:
    """Makes the mail's first sending last until `then` has happened."""
    quick, is_first = app.extensions["channels"][ChannelKind.EMAIL], [True]

    class Slow:
        def send(self, message: OutgoingMessage) -> Receipt:
            if is_first.pop():
                app.extensions["channels"][ChannelKind.EMAIL] = quick
                (trouble,) = race(app, then)
                assert not isinstance(trouble, Exception), trouble
            return quick.send(message)

    app.extensions["channels"][ChannelKind.EMAIL] = Slow()


def test_a_worker_thought_dead_comes_back_and_its_mail_is_not_sent_again(
    app: Flask, send: Send, mail: FakeChannel, now: datetime
) -> None:
    delivery_id, later = a_mail(now), now + LEASE + A_MINUTE
    a_worker_thought_dead(app, delivery_id, lambda: requeue_lost(later))
    assert send(delivery_id, now) is DeliveryStatus.SENT
    assert send(delivery_id, later) is None
    assert len(mail.sent) == 1


def test_two_workers_that_both_sent_a_mail_leave_it_sent(
    app: Flask, send: Send, mail: FakeChannel, now: datetime
) -> None:
    delivery_id, later = a_mail(now), now + LEASE + A_MINUTE

    def another_takes_over() -> None:
        requeue_lost(later)
        assert send(delivery_id, later) is DeliveryStatus.SENT

    a_worker_thought_dead(app, delivery_id, another_takes_over)
    assert send(delivery_id, now) is DeliveryStatus.SENT
    assert get_delivery(delivery_id).sent_at == later
    assert len({message.idempotency_key for message in mail.sent}) == 1


def test_the_failure_of_a_worker_thought_dead_is_not_that_of_the_one_who_took_over(
    app: Flask, send: Send, mail: FakeChannel, now: datetime
) -> None:
    delivery_id, later = a_mail(now), now + LEASE + A_MINUTE

    def another_takes_over() -> None:
        requeue_lost(later)
        assert claim(delivery_id, later) is not None
        mail.failing_with = TemporaryFailure("timed out")

    a_worker_thought_dead(app, delivery_id, another_takes_over)
    assert send(delivery_id, now) is DeliveryStatus.SENDING
    assert get_delivery(delivery_id).leased_until == later + LEASE


def test_a_complaint_that_was_quicker_than_our_note_is_settled(
    app: Flask, send: Send, queue: RecordingQueue, now: datetime
) -> None:
    delivery_id = a_mail(now)

    def complain() -> None:
        take_receipt(delivery_id, ReceiptKind.COMPLAINT, reference="1", detail="", at=now, now=now)

    a_worker_thought_dead(app, delivery_id, complain)
    assert send(delivery_id, now) is DeliveryStatus.SENT
    assert queue.rung[-1] == (Job.SETTLE_DELIVERY, delivery_id)


def test_a_claimed_mail_is_not_cancelled_any_more(send: Send, now: datetime) -> None:
    delivery_id = a_mail(now)
    claim(delivery_id, now)
    with transaction():
        assert cancel_queued("outreach:1:") == 0
    assert get_delivery(delivery_id).status is DeliveryStatus.SENDING


def test_two_stops_of_one_shop_at_once_are_one(app: Flask, now: datetime) -> None:
    def stop() -> None:
        with transaction():
            suppress("shop:tools.ru", reason="never", cause="", now=now)

    assert race(app, *[stop] * 4) == [None] * 4


def test_what_no_channel_can_send_any_more_waits_and_is_never_of_unknown_outcome(
    app: Flask, send: Send, now: datetime
) -> None:
    delivery_id = a_mail(now, ChannelKind.SMS)
    app.extensions["channels"].pop(ChannelKind.SMS, None)
    assert send(delivery_id, now) is DeliveryStatus.QUEUED
    kept = get_delivery(delivery_id)
    assert (kept.attempts, kept.leased_until) == (0, None)
