"""A worker is killed at one line of claim, send and record after another: nothing is lost or sent twice."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from demo.children import ROOT
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.queries import get_delivery
from discount_broker.messaging.rules import LEASE
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.messaging.use_cases import requeue_lost
from discount_broker.settings import Settings
from tests.builders import saved
from tests.contract.mail_servers import relaying
from tests.contract.servers import serving
from tests.resilience.installation import CLOCK_SPEED, HOSTS, Shops

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("app")]
LINES_OF_A_MAIL, LINES_OF_A_FORM = range(1, 3000, 3), range(1, 3000, 11)
"""Every so many lines, further than a delivery goes: enough to meet each step of the path, and all of them
take minutes."""
Deliver = Callable[[UUID, datetime, int], str]


@contextmanager
def dying_workers(settings: Settings, smtp_url: str, place: str) -> Iterator[Deliver]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("BROKER_")}
    environment = others | {
        "BROKER_DATABASE_URL": settings.database_url,
        "BROKER_REDIS_URL": "unix:///nowhere/queue.sock",
        "BROKER_SMTP_URL": smtp_url,
        "BROKER_FETCH_RESOLVE": f"{HOSTS[0]}={place}",
        "BROKER_FETCH_DELAY": "0",
        # Nobody has to see a person fill the form: no guard is there to measure it.
        "BROKER_CLOCK_SPEED": str(CLOCK_SPEED),
        # The one that lives sends them all, to one mail server.
        "BROKER_MAILS_PER_MINUTE": "100000",
    }
    command = (sys.executable, "-m", "tests.resilience.dying")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        told, said = process.stdin, process.stdout
        assert said.readline().strip() == "ready"

        def deliver(delivery_id: UUID, now: datetime, line: int = 0) -> str:
            db.session.rollback()
            told.write(f"{delivery_id} {now.isoformat()} {line}\n")
            told.flush()
            return said.readline().strip()

        yield deliver
        told.close()


def a_letter(now: datetime, number: int, channel: ChannelKind, address: str) -> UUID:
    return saved(
        Delivery(
            purpose=f"killed:{number}",
            template="shop_request",
            channel=channel,
            address=address,
            language="en",
            subject="A buyer is ready",
            text="Hello!",
            sender_name="Discount Broker",
            reply_to="reply+abc@in.broker.test",
            created_at=now,
            due_at=now,
        )
    ).id


def what_becomes_of(delivery_id: UUID, deliver: Deliver, later: datetime) -> DeliveryStatus:
    """The lease of the killed worker ends, the sweep rings, and another worker does what it can."""
    db.session.rollback()
    requeue_lost(later)
    deliver(delivery_id, later, 0)
    db.session.rollback()
    return get_delivery(delivery_id).status


def test_a_mail_arrives_once_or_twice_as_the_same_mail_wherever_its_worker_is_killed(
    settings: Settings, now: datetime
) -> None:
    later, twice = now + LEASE + timedelta(minutes=1), 0
    with relaying() as relay, dying_workers(settings, relay.url, "127.0.0.1:1") as deliver:
        for line in LINES_OF_A_MAIL:
            delivery_id = a_letter(now, line, ChannelKind.EMAIL, f"sales-{line}@shop.test")
            end = deliver(delivery_id, now, line)
            assert what_becomes_of(delivery_id, deliver, later) is DeliveryStatus.SENT, line
            copies = [mail for mail in relay.taken if mail.rcpt_tos == [f"sales-{line}@shop.test"]]
            assert 1 <= len(copies) <= 2, line
            assert all(str(delivery_id).encode() in (mail.original_content or b"") for mail in copies)
            twice += len(copies) > 1
            if end != "killed":
                break
    assert end == "ended 0"
    assert twice, "a worker is killed after the mail was taken, too"


def test_a_form_is_never_sent_twice_wherever_its_worker_is_killed(settings: Settings, now: datetime) -> None:
    later, shops, page = now + LEASE + timedelta(minutes=1), Shops(), f"https://{HOSTS[0]}/"
    found = set()
    with serving(shops.answer) as web, dying_workers(settings, "smtp://127.0.0.1:1", web.place) as deliver:
        for line in LINES_OF_A_FORM:
            shops.posts.clear()
            delivery_id = a_letter(now, line, ChannelKind.WEB_FORM, page)
            end = deliver(delivery_id, now, line)
            status = what_becomes_of(delivery_id, deliver, later)
            found.add((status, len(shops.posts)))
            if end != "killed":
                break
    assert end == "ended 0"
    assert found == {
        (DeliveryStatus.SENT, 1),
        (DeliveryStatus.UNKNOWN, 0),
        (DeliveryStatus.UNKNOWN, 1),
    }, "what was said to be sent was sent once, and what nobody knows of at most once"
