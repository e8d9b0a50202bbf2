"""What the pages say of a message, from the message and its receipts alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from discount_broker.messaging.models import Delivery, DeliveryReceipt
from discount_broker.messaging.status import ChannelKind, DeliveryStatus, FailureReason, ReceiptKind
from discount_broker.web.delivery_words import SENTENCES, WHY, sentence, told_of

NOW = datetime(2030, 1, 14, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def a_delivery(status: DeliveryStatus, **given: Any) -> Delivery:
    has_left = status in (DeliveryStatus.SENT, DeliveryStatus.BOUNCED)
    facts: dict[str, Any] = {
        "status": status,
        "channel": ChannelKind.EMAIL,
        "attempts": 1 if has_left else 0,
        "by_hand": False,
        "due_at": NOW if status is DeliveryStatus.QUEUED else None,
        "sent_at": NOW if has_left else None,
        "provider_reference": "<1@in.broker.test>" if has_left else None,
        "evidence": {"server answer": "250 2.0.0 Ok: queued as 4F2"} if has_left else {},
    }
    return Delivery(**(facts | given))


def heard(kind: ReceiptKind, hours: int, detail: str = "") -> DeliveryReceipt:
    return DeliveryReceipt(kind=kind, reference=f"{kind}{hours}", at=NOW + hours * HOUR, detail=detail)


S, K = DeliveryStatus, ReceiptKind
CASES: list[tuple[Delivery, list[str]]] = [
    (a_delivery(S.QUEUED), ["leaves_now"]),
    (a_delivery(S.QUEUED, due_at=NOW + HOUR), ["waits"]),
    (a_delivery(S.QUEUED, due_at=NOW + timedelta(seconds=30), by_hand=True), ["may_be_undone"]),
    (a_delivery(S.QUEUED, attempts=1, due_at=NOW + HOUR, last_error="451 greylisted"), ["tries_again"]),
    (a_delivery(S.SENDING), ["on_its_way"]),
    (a_delivery(S.SENT), ["accepted"]),
    (a_delivery(S.SENT, evidence={"x": 1}), ["accepted:"]),
    (a_delivery(S.SENT, evidence={}, provider_reference=None), ["found_out"]),
    (
        a_delivery(S.SENT, receipts=[heard(K.READ, 2), heard(K.DELIVERED, 1)]),
        ["accepted", "delivered", "read"],
    ),
    (a_delivery(S.SENT, receipts=[heard(K.ACCEPTED, 1, "250 ok")]), ["accepted", "accepted_theirs"]),
    (
        a_delivery(S.SENT, channel=ChannelKind.WEB_FORM, evidence={"decided by": "Thank you!"}),
        ["form_said"],
    ),
    (
        a_delivery(
            S.SENT, channel=ChannelKind.WEB_FORM, evidence={"decided by": "https://shop.example/thanks"}
        ),
        ["form_said:"],
    ),
    (a_delivery(S.SENT, channel=ChannelKind.SMS), ["texted"]),
    (
        a_delivery(
            S.BOUNCED,
            failure=FailureReason.ADDRESS_DEAD,
            receipts=[heard(K.HARD_BOUNCE, 1, "550 5.1.1 no such user")],
        ),
        ["accepted", "came_back"],
    ),
    (a_delivery(S.BOUNCED, failure=FailureReason.REFUSED, last_error="bounced"), ["accepted", "came_back:"]),
    (a_delivery(S.FAILED, failure=FailureReason.CAPTCHA), ["failed"]),
    (a_delivery(S.UNKNOWN), ["unknown"]),
    (a_delivery(S.STOPPED), ["stopped"]),
    (a_delivery(S.STOPPED, by_hand=True), ["taken_back"]),
]


@pytest.mark.parametrize(
    ("delivery", "keys"), CASES, ids=lambda value: "-".join(value) if isinstance(value, list) else ""
)
def test_every_state_has_its_sentence(app: Flask, delivery: Delivery, keys: list[str]) -> None:
    told = told_of(delivery, NOW + 3 * HOUR if delivery.due_at is None else NOW)
    assert [each.key for each in told] == keys
    with app.test_request_context(headers={"Accept-Language": "en"}):
        for each in told:
            said = sentence(each, NOW)
            assert said
            assert "%(" not in said
            assert "None" not in said


def test_a_held_message_says_so(app: Flask) -> None:
    assert [told.key for told in told_of(a_delivery(S.QUEUED), NOW, is_held=True)] == ["held"]


def test_a_server_is_quoted_with_the_time(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        said = [sentence(each, NOW) for each in told_of(CASES[13][0], NOW)]
    assert said[0].startswith("Accepted by the mail server today at 12:00")
    assert said[0].endswith(": 250 2.0.0 Ok: queued as 4F2")
    assert said[1].startswith("Came back today at 13:00")
    assert said[1].endswith(": the mailbox does not exist. 550 5.1.1 no such user")


def test_every_failure_has_words() -> None:
    assert set(WHY) == set(FailureReason)


def test_hostile_answers_stay_one_short_line(app: Flask) -> None:
    delivery = a_delivery(S.SENT, evidence={"server answer": "250\r\nok %(at)s %s\n" + "x" * 5000})
    with app.test_request_context(headers={"Accept-Language": "en"}):
        [said] = [sentence(each, NOW) for each in told_of(delivery, NOW)]
    assert "\n" not in said
    assert len(said) < 400
    assert "250 ok %(at)s %s" in said


def test_no_sentence_is_without_use() -> None:
    made = {key for _, keys in CASES for key in keys}
    made |= {"held", "acknowledged", "by_person", "accepted_theirs:"}
    assert set(SENTENCES) - made == set()


def test_no_secret_of_ours_is_shown_that_a_server_repeats(app: Flask) -> None:
    token = "a2b3" * 12
    said = f"550 5.1.8 <bounce+{token}@in.broker.test>: sender rejected"
    deliveries = [
        a_delivery(S.QUEUED, attempts=1, due_at=NOW + HOUR, last_error=said),
        a_delivery(S.SENT, evidence={"server answer": said}),
        a_delivery(S.FAILED, failure=FailureReason.POLICY, last_error=said),
        a_delivery(
            S.BOUNCED,
            failure=FailureReason.POLICY,
            last_error=said,
            receipts=[heard(K.POLICY_BOUNCE, 1, said)],
        ),
    ]
    with app.test_request_context():
        shown = [sentence(told, NOW) for delivery in deliveries for told in told_of(delivery, NOW)]
    assert sum("sender rejected" in line for line in shown) == 4
    assert not any(token in line for line in shown)
