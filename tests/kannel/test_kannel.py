"""A real gateway on the other side: it takes our text, tells what became of it, and hands over a stop."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from urllib.parse import quote_plus

import pytest
from flask import Flask
from werkzeug.serving import make_server

from discount_broker.adapters.sms import make_sms_channel
from discount_broker.kernel.db import db
from discount_broker.kernel.site import site
from discount_broker.messaging.models import Delivery, DeliveryReceipt
from discount_broker.messaging.ports import ChannelKind, OutgoingMessage, TemporaryFailure
from discount_broker.messaging.queries import is_suppressed
from discount_broker.messaging.status import DeliveryStatus, ReceiptKind
from discount_broker.messaging.use_cases import deliver
from discount_broker.web.sms import door_address, receipt_address
from tests.builders import saved
from tests.contract.mail_servers import free_port
from tests.kannel.instance import PATIENCE, Kannel, find_kannel, private_kannel

pytestmark = [pytest.mark.kannel, pytest.mark.usefixtures("app")]
PHONE, STOPPER = "+79161234567", "+79160000002"
WORDS = "Магазин «Дрель» даёт 10 % + подарок & чехол: https://broker.test/t/7k2m9abcdefgh " + "ж" * 40


@pytest.fixture
def kannel(app: Flask) -> Iterator[Kannel]:
    """Kannel and our own web server, each knowing the address of the other."""
    programs, known = find_kannel(), dict(app.extensions)
    port = free_port()
    app.extensions["site"] = replace(site(), base_url=f"http://127.0.0.1:{port}", sends_texts=True)
    with ExitStack() as running:
        server = make_server("127.0.0.1", port, app, threaded=True)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        running.callback(server.server_close)
        running.callback(server.shutdown)
        gateway = running.enter_context(private_kannel(programs, door_address("kannel", "text")))
        app.extensions["settings"] = replace(known["settings"], sms_url=gateway.url)
        yield gateway
    app.extensions.update(site=known["site"], settings=known["settings"])


def wait_until(is_so: Callable[[], bool], what: Callable[[], str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        db.session.rollback()
        db.session.expire_all()
        if is_so():
            return
        time.sleep(0.1)
    raise AssertionError(what())


def a_text(now: datetime) -> Delivery:
    return saved(
        Delivery(
            purpose="offer:1:text",
            template="offer_made",
            channel=ChannelKind.SMS,
            address=PHONE,
            stop_keys=[f"phone:{PHONE}"],
            language="ru",
            subject="",
            text=WORDS,
            created_at=now,
            due_at=now,
        )
    )


def test_a_text_goes_out_its_receipts_come_in_and_a_stop_is_heard(kannel: Kannel, now: datetime) -> None:
    channel = make_sms_channel(kannel.url, sender="Market", price=Decimal("2.5"), receipt_url=receipt_address)
    delivery = a_text(now)
    phones = kannel.phones(f"{STOPPER[1:]} 4444 text СТОП, пожалуйста")
    try:
        wait_until(lambda: is_suppressed([f"phone:{STOPPER}"]), lambda: "the stop was not heard")
        assert deliver(delivery.id, {ChannelKind.SMS: channel}, now) is DeliveryStatus.SENT
        wait_until(lambda: delivery.delivered_at is not None, lambda: f"no receipt: {kannel.heard}")
        kinds = db.session.query(DeliveryReceipt.kind)
        both = {ReceiptKind.ACCEPTED, ReceiptKind.DELIVERED}
        wait_until(lambda: {kind for (kind,) in kinds} == both, lambda: f"receipts: {kinds.all()}")
    finally:
        phones.kill()
        phones.wait(PATIENCE)
    assert delivery.status is DeliveryStatus.SENT
    assert delivery.evidence["gateway answer"] == "202 0: Accepted for delivery"
    sent = [line for line in kannel.heard.splitlines() if f"<Market {PHONE} udh" in line]
    assert len(sent) == delivery.evidence["segments"] == 2, "we count the parts as the gateway does"
    assert in_utf16(WORDS[:40]) in sent[0]


def in_utf16(words: str) -> str:
    """As the played network prints what it got."""
    return quote_plus(words.encode("utf-16-be"), safe="*-._")


def test_a_wrong_password_is_told_and_nothing_leaves(kannel: Kannel) -> None:
    url = kannel.url.replace("secret", "wrong")
    channel = make_sms_channel(url, sender="Market", price=Decimal(0), receipt_url=receipt_address)
    message = OutgoingMessage(
        to=PHONE, subject="", text="x", idempotency_key="0b54d7f0-0000-4000-8000-000000000001"
    )
    with pytest.raises(TemporaryFailure) as failure:
        channel.send(message)
    assert "Authorization failed" in failure.value.evidence["gateway answer"]
