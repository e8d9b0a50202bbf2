"""News that reaches the phone of a buyer who agreed to it, and nobody else's."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.short_links import short_code
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import suppress
from discount_broker.messaging.ports import ChannelKind, PermanentFailure
from discount_broker.messaging.queries import TextShare, share_undelivered
from discount_broker.messaging.status import DeliveryStatus, FailureReason, ReceiptKind
from discount_broker.messaging.use_cases import requeue_lost, take_receipt
from discount_broker.notifications.use_cases import hear_text
from discount_broker.offers.queries import find_offer_of
from discount_broker.offers.rules import Answer
from discount_broker.offers.status import AnswerKind
from discount_broker.offers.use_cases import accept_offer, submit_answer
from discount_broker.outreach.models import Outreach
from tests.builders import a_request, a_shop, an_outreach
from tests.fakes import FakeChannel
from tests.use_cases.conftest import Work

pytestmark = pytest.mark.usefixtures("app")
PHONE = "+79161234567"
TEN = Answer(kind=AnswerKind.PERCENT, percent=Decimal(10))
NIGHT = datetime(2030, 1, 14, 20, 30, tzinfo=UTC)
"""Half past eleven in the evening in Moscow."""


@pytest.fixture
def texts(app: Flask) -> Iterator[FakeChannel]:
    """A gateway, where tests have none."""
    site, gateway = app.extensions["site"], FakeChannel()
    app.extensions["site"] = replace(site, sends_texts=True, sms_sender="+79990000000")
    app.extensions["channels"][ChannelKind.SMS] = gateway
    yield gateway
    app.extensions["site"] = site


def asked(now: datetime, **given: Any) -> Outreach:
    facts = {"phone": "8 (916) 123-45-67", "wants_texts": True, "language": "en", **given}
    return an_outreach(now, a_request(now, RequestStatus.ASKED, shop=a_shop(now, name="Дрель"), **facts))


def test_an_offer_reaches_the_phone_with_a_short_link(
    texts: FakeChannel, work_at: Work, now: datetime
) -> None:
    outreach = asked(now)
    submit_answer(outreach.id, TEN, now)
    work_at(now)
    (text,) = texts.sent
    code = short_code(outreach.discount_request.number)
    assert text.to == PHONE
    assert text.text.startswith("Discount Broker: Дрель offers: 10% off. Bosch GSR 12V-15")
    assert text.text.endswith(f" Text STOP to end. http://broker.test/t/{code}")


def test_a_promised_call_and_the_number_for_the_shop_are_texted(
    texts: FakeChannel, work_at: Work, now: datetime
) -> None:
    calling = asked(now)
    submit_answer(calling.id, Answer(kind=AnswerKind.CALL, call_by=now + timedelta(hours=3)), now)
    offering = asked(now)
    submit_answer(offering.id, TEN, now)
    offer = find_offer_of(offering.id)
    assert offer is not None
    work_at(now)
    accept_offer(offering.discount_request_id, offer.id, now)
    work_at(now)
    said = [text.text for text in texts.sent]
    assert len(said) == 3
    assert "will call us by 14 Jan, 15:00 (Moscow)." in said[0]
    assert f"Show {offering.discount_request.number} at Дрель: 10% off." in said[2]
    assert ["STOP" in text for text in said] == [True, False, False], "once is enough for one phone"


@pytest.mark.parametrize(
    "given", [{"wants_texts": False}, {"phone": None}, {"phone": "8 495 123-45-67"}, {"phone": "ask me"}]
)
def test_who_did_not_ask_for_texts_or_cannot_get_them_gets_mail_alone(
    given: dict[str, Any], texts: FakeChannel, mail: FakeChannel, work_at: Work, now: datetime
) -> None:
    submit_answer(asked(now, **given).id, TEN, now)
    work_at(now)
    assert texts.sent == []
    assert len(mail.sent) == 1


def test_without_a_gateway_nothing_is_written(mail: FakeChannel, work_at: Work, now: datetime) -> None:
    submit_answer(asked(now).id, TEN, now)
    work_at(now)
    assert len(mail.sent) == 1
    assert db.session.query(Delivery).filter_by(channel=ChannelKind.SMS).count() == 0


def test_a_refusal_is_no_news_for_a_phone(texts: FakeChannel, work_at: Work, now: datetime) -> None:
    submit_answer(asked(now).id, Answer(kind=AnswerKind.NOT_NOW), now)
    work_at(now)
    assert texts.sent == []


def test_a_phone_rings_in_the_morning_for_what_came_at_night(
    texts: FakeChannel, mail: FakeChannel, work_at: Work
) -> None:
    submit_answer(asked(NIGHT).id, TEN, NIGHT)
    work_at(NIGHT)
    assert (len(mail.sent), texts.sent) == (1, [])
    morning = datetime(2030, 1, 15, 6, 0, tzinfo=UTC)
    requeue_lost(morning - timedelta(minutes=1))
    work_at(morning - timedelta(minutes=1))
    assert texts.sent == []
    requeue_lost(morning)
    work_at(morning)
    assert len(texts.sent) == 1


def test_what_was_news_a_day_ago_is_not_texted(texts: FakeChannel, work_at: Work, now: datetime) -> None:
    submit_answer(asked(now).id, TEN, now)
    late = now + timedelta(hours=25)
    work_at(late)
    assert texts.sent == []
    text = db.session.query(Delivery).filter_by(channel=ChannelKind.SMS).one()
    assert (text.status, text.failure) == (DeliveryStatus.FAILED, FailureReason.EXPIRED)


def test_a_stop_holds_back_what_is_on_its_way_and_all_that_comes(
    texts: FakeChannel, work_at: Work, now: datetime
) -> None:
    submit_answer(asked(now).id, TEN, now)
    assert hear_text(PHONE, "Стоп.", "kannel", now)
    work_at(now)
    submit_answer(asked(now).id, TEN, now)
    work_at(now)
    assert texts.sent == []
    (text,) = db.session.query(Delivery).filter_by(channel=ChannelKind.SMS)
    assert text.status is DeliveryStatus.STOPPED


def test_an_answer_given_twice_is_texted_once(texts: FakeChannel, work_at: Work, now: datetime) -> None:
    outreach = asked(now)
    for _ in range(2):
        submit_answer(outreach.id, TEN, now)
        work_at(now)
    assert len(texts.sent) == 1


def test_the_share_of_texts_that_did_not_arrive_is_known(
    texts: FakeChannel, work_at: Work, now: datetime
) -> None:
    for _ in range(4):
        submit_answer(asked(now).id, TEN, now)
        work_at(now)
    texts.failing_with = PermanentFailure("no such phone", FailureReason.ADDRESS_DEAD)
    submit_answer(asked(now).id, TEN, now)
    work_at(now)
    sent = db.session.query(Delivery).filter_by(channel=ChannelKind.SMS, status=DeliveryStatus.SENT).all()
    kinds = (ReceiptKind.DELIVERED, ReceiptKind.DELIVERED, ReceiptKind.FAILED)
    for delivery, kind in zip(sent, kinds, strict=False):
        take_receipt(delivery.id, kind, reference="r", detail="", at=now, now=now)
    a_day_ago = now - timedelta(days=1)
    assert share_undelivered(a_day_ago, now) == TextShare(texts=5, delivered=2, undelivered=2)
    assert share_undelivered(a_day_ago, now).share == 0.5
    assert share_undelivered(a_day_ago, now + timedelta(days=4)).undelivered == 3, "silence is an answer too"
    assert share_undelivered(now + timedelta(hours=1), now).share is None


def test_a_phone_whose_texts_are_paused_gets_none_meanwhile(
    texts: FakeChannel, work_at: Work, now: datetime
) -> None:
    an_hour = timedelta(hours=1)
    with transaction():
        suppress(f"phone:{PHONE}", reason="operator", cause="asked for it", now=now, until=now + an_hour)
    submit_answer(asked(now).id, TEN, now)
    work_at(now)
    assert texts.sent == []
    submit_answer(asked(now).id, TEN, now + 2 * an_hour)
    work_at(now + 2 * an_hour)
    assert len(texts.sent) == 1


def test_a_phone_that_the_first_text_did_not_reach_is_told_how_to_stop_by_the_next(
    texts: FakeChannel, work_at: Work, now: datetime
) -> None:
    texts.dead[PHONE] = PermanentFailure("refused", FailureReason.REFUSED)
    submit_answer(asked(now).id, TEN, now)
    work_at(now)
    texts.dead.clear()
    submit_answer(asked(now).id, TEN, now)
    work_at(now)
    assert "STOP" in texts.sent[-1].text
