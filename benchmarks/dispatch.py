"""Deliveries a second through the whole path (row, bell, worker, SMTP, record), beside a bare SMTP client.

Everything is what an installation runs: the queue's server, `python -m workers`, SQLite or PostgreSQL. The
mail server at the other end is one process for all; the bare client sends it the same mail in a loop and
records nothing.
"""

import smtplib
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from redis import Redis
from sqlalchemy import func, select

from benchmarks.installation import MAIL, back_office, free_port, make_environment
from benchmarks.postgresql import find_programs, running_postgresql
from demo.children import Child, stop, wait_until
from discount_broker.adapters.mail_composition import compose
from discount_broker.app import create_app
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import flush_pending_jobs
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import Envelope, queue_delivery
from discount_broker.messaging.ports import ChannelKind, OutgoingMessage
from discount_broker.messaging.rendering import Rendered
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.settings import Settings

DELIVERIES = 400
AT_ONCE = 20
"""Letters written in one transaction."""
WORKERS = (1, 2, 4)
PATIENCE = 180.0
LOOKS_EVERY = 0.1
"""Counting takes time that the workers could use."""
SENDER = "requests@discount-broker.example"
PARAGRAPH = "A buyer who is ready to pay asks whether you can sell it for ten per cent less. "
LETTER = Rendered(
    "shop_request",
    "en",
    "A buyer is ready",
    PARAGRAPH * 12,
    f"<html><body><p>{PARAGRAPH * 30}</p></body></html>",
)


@dataclass(frozen=True)
class Bare:
    """Mails a second of a client that only sends."""

    one_each: float
    """With a conversation for each mail."""
    one_for_all: float


def run() -> None:
    with tempfile.TemporaryDirectory(prefix="broker-bench-") as folder, _mail_server(Path(folder)) as port:
        for database, url in _databases(Path(folder)):
            first = None
            for workers in WORKERS:
                # Others may come and go on this machine: the client is measured before and after.
                before, rate, after = _measure_bare(port), _measure(url, port, workers), _measure_bare(port)
                bare = Bare(
                    (before.one_each + after.one_each) / 2, (before.one_for_all + after.one_for_all) / 2
                )
                first = first or rate
                _tell(f"{database}, {workers} worker{'s' if workers > 1 else ''}", rate, rate / first, bare)


def _tell(name: str, rate: float, against_one: float, bare: Bare) -> None:
    print(
        f"  {name + ':':22} {rate:6.1f} deliveries a second, {against_one:.2f}× one worker; bare smtplib: "
        f"{bare.one_each:6.1f} with a conversation each (ratio {rate / bare.one_each:.2f}), "
        f"{bare.one_for_all:6.1f} with one for all (ratio {rate / bare.one_for_all:.2f})"
    )


def _databases(folder: Path) -> Iterator[tuple[str, str]]:
    """A new SQLite file, and a PostgreSQL that keeps its word about the disk, where there is one."""
    yield "SQLite", f"sqlite:///{folder / 'broker.sqlite'}"
    programs = find_programs()
    if programs is None:
        print("  PostgreSQL is not installed here: left out")
        return
    with running_postgresql(programs) as cluster:
        yield "PostgreSQL", cluster.url


def _measure_bare(port: int) -> Bare:
    mail, count = _mail(), DELIVERIES // 2
    began = time.monotonic()
    for number in range(count):
        with smtplib.SMTP("127.0.0.1", port) as relay:
            relay.sendmail(SENDER, f"shop-{number}@bare.example", mail)
    between = time.monotonic()
    with smtplib.SMTP("127.0.0.1", port) as relay:
        for number in range(count):
            relay.sendmail(SENDER, f"shop-{number}@bare.example", mail)
    return Bare(count / (between - began), count / (time.monotonic() - between))


def _mail() -> bytes:
    message = OutgoingMessage(
        to="shop@bare.example",
        subject=LETTER.subject,
        text=LETTER.text,
        html=LETTER.html,
        idempotency_key=str(uuid4()),
        stop_url="https://discounts.example/stop/abc",
    )
    return compose(message, mail_from=SENDER, mail_domain="in.broker.example", now=utcnow())


def _measure(database_url: str, port: int, workers: int) -> float:
    """Deliveries a second from the writing of the first row until the last one is sent."""
    with tempfile.TemporaryDirectory(prefix="broker-bench-") as folder:
        environment = make_environment(Path(folder), database_url, port)
        with back_office(Path(folder), environment, workers):
            app = create_app(Settings.from_env(environment))
            with app.app_context():
                redis = Redis.from_url(environment["BROKER_REDIS_URL"])
                wait_until(lambda: redis.scard("rq:workers:broker") >= workers, PATIENCE)
                _deliver(10 * workers)  # every worker has done some before
                rate = DELIVERIES / _deliver(DELIVERIES)
                db.session.remove()
                db.engine.dispose()
                return rate


def _deliver(count: int) -> float:
    """Seconds it takes."""
    run_id = uuid4()
    began = time.monotonic()
    for first in range(0, count, AT_ONCE):
        now = utcnow()
        for number in range(first, min(first + AT_ONCE, count)):
            _write(f"{run_id}:{number}", f"sales@shop-{number}.example", now)
        db.session.commit()
        flush_pending_jobs()
    while _count_sent(f"{run_id}:") < count and time.monotonic() - began < PATIENCE:
        time.sleep(LOOKS_EVERY)
    if _count_sent(f"{run_id}:") < count:
        raise TimeoutError(f"{_count_sent(f'{run_id}:')} of {count} were sent within {PATIENCE:.0f} s")
    return time.monotonic() - began


def _write(purpose: str, address: str, now: datetime) -> None:
    envelope = Envelope(
        channel=ChannelKind.EMAIL,
        address=address,
        stop_keys=(f"email:{address}", f"shop:{address.partition('@')[2]}"),
        sender_name="Discount Broker",
        reply_to="reply+abc@in.broker.example",
        stop_url="https://discounts.example/stop/abc",
    )
    queue_delivery(LETTER, envelope, purpose=purpose, now=now)


def _count_sent(prefix: str) -> int:
    sent = select(func.count(Delivery.id)).where(
        Delivery.status == DeliveryStatus.SENT, Delivery.purpose.startswith(prefix)
    )
    count = db.session.scalar(sent) or 0
    db.session.rollback()
    return count


@contextmanager
def _mail_server(folder: Path) -> Iterator[int]:
    """A process of its own: it must not share its interpreter with the client it is compared by."""
    port = free_port(MAIL)
    command = (sys.executable, "-m", "benchmarks.sink", str(port))
    server = Child("mail server", command, make_environment(folder, "", port), folder / "sink.log")
    server.start()
    try:
        if not wait_until(lambda: _listens(port), PATIENCE):
            raise RuntimeError(f"the mail server did not start:\n{server.last_lines()}")
        yield port
    finally:
        stop([server], 4)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
