"""What machines that watch the service are told, and whom nothing is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery, DeliveryReceipt
from discount_broker.messaging.operations import withhold
from discount_broker.messaging.status import ChannelKind, DeliveryStatus, ReceiptKind
from discount_broker.notifications.models import NewsItem
from discount_broker.notifications.status import NewsKind
from discount_broker.outreach.models import InboundMail
from discount_broker.outreach.status import UNMATCHED
from discount_broker.settings import Settings
from discount_broker.web.health_business import Business
from tests.builders import a_buyer, an_operator, saved
from tests.web.conftest import Browser

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WELL = Business(last_out=None, last_in=None, is_overdue=False, letters=0)


@pytest.fixture
def now() -> datetime:
    return utcnow()


def a_message(at: datetime, status: DeliveryStatus = DeliveryStatus.SENT, **more: Any) -> Delivery:
    facts: dict[str, Any] = {
        "purpose": f"test {status} {at} {more}", "template": "shop_request", "channel": ChannelKind.EMAIL,
        "address": "info@tools.ru", "language": "en", "subject": "!", "text": "!", "created_at": at,
        "stop_url": "https://here.example/stop/x",
    }  # fmt: skip
    delivery = saved(Delivery(**(facts | more)))
    delivery.status, is_queued = status, status is DeliveryStatus.QUEUED
    delivery.due_at = delivery.due_at if is_queued else None
    delivery.sent_at = at if status is DeliveryStatus.SENT else None
    db.session.commit()
    return delivery


def a_mail(at: datetime, verdict: str | None = None) -> InboundMail:
    read_at = at if verdict else None
    facts = {"digest": f"{at}{verdict}", "recipient": "x@in.example", "content": b"!"}
    return saved(InboundMail(**facts, received_at=at, read_at=read_at, verdict=verdict))


def ready(client: Browser) -> dict[str, Any]:
    told: dict[str, Any] = client.get("/readyz").get_json()
    return told


def figures(client: Browser) -> dict[str, float]:
    lines = [line for line in client.get("/metrics").text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_a_new_service_is_well_though_nothing_has_happened_yet(client: Browser) -> None:
    told = ready(client)
    assert (told["status"], told["troubles"], told["last_in_seconds"]) == ("ok", [], None)
    assert "broker_last_in_seconds" not in figures(client), "never is no figure"


def test_what_waits_for_people_is_counted(client: Browser, now: datetime) -> None:
    sent = a_message(now - HOUR)
    a_message(now - HOUR, DeliveryStatus.UNKNOWN)
    sent.receipts.append(DeliveryReceipt(kind=ReceiptKind.DELIVERED, reference="1", at=now))
    withhold("channel:sms", reason="operator", cause="!", now=now, operator_id=an_operator(now).id)
    withhold("sender:here.example", reason="policy", cause="554", now=now, until=now + HOUR)
    db.session.commit()
    a_mail(now - 2 * HOUR)
    a_mail(now - HOUR, UNMATCHED)
    told = ready(client)
    assert (told["outcome_unknown"], told["mails_unread"], told["mails_to_file"]) == (1, 1, 1)
    assert set(told["holds"]) == {"channel:sms", "sender:here.example"}
    assert HOUR.total_seconds() <= told["last_in_seconds"] < HOUR.total_seconds() + 60
    told_numbers = figures(client)
    assert told_numbers["broker_holds"] == 2
    assert told_numbers["broker_alarms"] == 1
    assert told_numbers["broker_unknown_outcomes"] == 1
    assert told_numbers['broker_receipts{kind="delivered"}'] == 1
    assert told_numbers['broker_mails{kind="unmatched"}'] == told_numbers['broker_mails{kind="unread"}'] == 1
    assert told_numbers['broker_deliveries{channel="email",status="sent"}'] == 1
    assert told_numbers["broker_last_out_seconds"] >= HOUR.total_seconds()


def test_the_share_of_texts_that_do_not_arrive_is_told_where_there_are_any(
    client: Browser, now: datetime
) -> None:
    assert "broker_texts_undelivered_share" not in figures(client)
    a_message(now - HOUR, channel=ChannelKind.SMS).delivered_at = now
    a_message(now - HOUR, DeliveryStatus.FAILED, channel=ChannelKind.SMS)
    db.session.commit()
    assert figures(client)["broker_texts_undelivered_share"] == 0.5


def test_a_message_that_should_have_left_a_day_ago_is_trouble_when_nothing_else_left(
    client: Browser, now: datetime
) -> None:
    a_message(now - 2 * DAY)
    a_message(now - DAY - HOUR, DeliveryStatus.QUEUED, due_at=now - DAY - HOUR)
    assert ready(client)["troubles"] == ["nothing_left"]
    assert ready(client)["status"] == "degraded"
    assert client.get("/readyz").status_code == 200, "another process would do no better"
    assert figures(client)['broker_trouble{kind="nothing_left"}'] == 1
    a_message(now - HOUR)
    assert ready(client)["troubles"] == []


def test_what_is_held_back_for_a_day_is_trouble_and_what_waits_for_monday_is_none(
    client: Browser, now: datetime
) -> None:
    waiting = a_message(now - 2 * DAY, DeliveryStatus.QUEUED, due_at=now + DAY)
    assert ready(client)["troubles"] == []
    waiting.due_at = now + timedelta(minutes=5)  # a held message looks again so soon
    db.session.commit()
    assert ready(client)["troubles"] == ["nothing_left"]


def test_letters_without_any_echo_are_trouble(client: Browser, now: datetime) -> None:
    a_mail(now - 2 * DAY, "human")
    for number in range(10):
        a_message(now - DAY, purpose=f"letter {number}")
    assert ready(client)["troubles"] == ["nothing_came"]
    a_mail(now - HOUR, "bounce")
    assert ready(client)["troubles"] == []


def test_who_should_be_forgotten_or_told_for_a_day_is_a_trouble(client: Browser, now: datetime) -> None:
    leaving = a_buyer(now, deletion_due_at=now - HOUR)
    item = NewsItem(purpose="late", buyer_id=leaving.id, kind=NewsKind.ASKED, due_at=now - HOUR)
    saved(item)
    assert ready(client)["troubles"] == [], "the sweeps come soon enough"
    leaving.deletion_due_at = item.due_at = now - DAY - HOUR
    db.session.commit()
    assert ready(client)["troubles"] == ["not_forgotten", "not_told"]


@pytest.mark.parametrize(
    ("state", "troubles"),
    [
        (WELL, []),
        (replace(WELL, letters=9), []),
        (replace(WELL, letters=10), ["nothing_came"]),
        (replace(WELL, is_overdue=True), ["nothing_left"]),
        (replace(WELL, is_overdue=True, letters=10), ["nothing_left", "nothing_came"]),
        (replace(WELL, forgets_late=True), ["not_forgotten"]),
        (replace(WELL, tells_late=True), ["not_told"]),
    ],
)
def test_trouble_is_silence_where_something_was_due(state: Business, troubles: list[str]) -> None:
    assert state.troubles(utcnow()) == troubles


def test_strangers_learn_that_it_works_and_nothing_else(
    make_app: Callable[[Settings], Flask], settings: Settings
) -> None:
    client = make_app(replace(settings, metrics_token="a token")).test_client()
    assert set(client.get("/readyz").get_json()) == {"status", "database", "queue"}
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer guess"}).status_code == 403
    shown = {"Authorization": "Bearer a token"}
    assert "troubles" in client.get("/readyz", headers=shown).get_json()
    assert client.get("/metrics", headers=shown).status_code == 200
