"""Starts a demonstration as one group of programs, watches over it and stops it."""

import fcntl
import http.client
import shutil
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import IO

from rich.console import Console

from demo import programs
from demo.children import Child, stop, wait_until
from demo.place import OPERATOR, Place
from demo.ports import Claims
from demo.shops.directory import SHOPS
from demo.words import say

STOP_SECONDS, START_SECONDS = 3.5, 240.0
"""A program that has ended is noticed at once; one that is slow on a busy machine deserves patience."""
LOCK = "running.lock"


class CannotRun(Exception):
    """The demonstration cannot be started or cannot go on; the message says why."""


class Supervisor:
    def __init__(self, place: Place, console: Console) -> None:
        self.place, self._console = place, console
        self._children: list[Child] = []
        self._must_stop = False
        self._began = time.monotonic()

    def run(self, show_guide: Callable[[float], None]) -> None:
        """Start everything, show the guide, and stay until told to stop.

        Raises:
            CannotRun

        """
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            self._set_up()
            if not self._must_stop:
                show_guide(time.monotonic() - self._began)
            self._watch()
        finally:
            if self._must_stop:
                self._console.print(say("stopping"))
            self._stop_all()
        self._console.print(say("stopped", folder=self.place.folder), highlight=False, soft_wrap=True)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._must_stop = True

    def _set_up(self) -> None:
        for step in (self._queue, self._database, self._town, self._operator, self._feeds, self._ready):
            if self._must_stop:
                return
            step()

    def _queue(self) -> None:
        self.place.queue_folder.mkdir(exist_ok=True)
        # One may be left for a moment after a supervisor was killed: two servers would spoil the folder.
        if not wait_until(lambda: not _listens(self.place.socket), 5):
            raise CannotRun(say("busy", folder=self.place.folder))
        self.place.socket.unlink(missing_ok=True)
        queue = programs.queue_server(self.place)
        self._start(queue)
        wait_until(lambda: self._must_stop or queue.has_ended or _works(self.place.socket), START_SECONDS)
        if queue.has_ended and self.place.queue_log.exists():
            self._forget_rings(queue)
        self._wait(queue, lambda: _works(self.place.socket))
        if programs.CUT_SHORT in queue.last_lines(20):
            self._console.print(say("queue_cut"), style="yellow")
        self._done("queue")

    def _forget_rings(self, queue: Child) -> None:
        """Begin with an empty queue where its log cannot be read: the rows know what is left to do."""
        aside = self.place.queue_log.with_suffix(".broken")
        shutil.rmtree(aside, ignore_errors=True)
        self.place.queue_log.rename(aside)
        self._console.print(say("queue_broken", aside=aside), style="yellow", soft_wrap=True)
        queue.start()

    def _database(self) -> None:
        # What only answers may start while the tables are made; what works by itself must wait for them.
        for child in (*programs.outside_world(self.place), *programs.front_doors(self.place)):
            self._start(child)
        self._command("database", "db-upgrade")
        for child in programs.back_office(self.place):
            self._start(child)
        self._done("database")

    def _operator(self) -> None:
        kept = self.place.remembered
        if not kept.operator_exists:
            self._command(
                "operator", "create-operator", OPERATOR, "--name", "Olga Petrova", "--role", "admin",
                "--password", kept.operator_password,
            )  # fmt: skip
            kept.operator_exists = True
            self.place.save()
        self._done("operator")

    def _town(self) -> None:
        self._wait(self._child("shops"), lambda: _answers(self.place.ports.shops, "/") == 200)
        self._wait(self._child("catcher"), lambda: _listens_at(self.place.ports.catcher))
        self._done("outside")

    def _feeds(self) -> None:
        kept, with_feed = self.place.remembered, [shop for shop in SHOPS.values() if shop.feed]
        if kept.feeds_read_at_port != kept.ports.shops:
            links = [self.place.shop_url(shop.key, shop.feed) for shop in with_feed]
            self._command("feeds", "feed", "load", *links)
            kept.feeds_read_at_port = kept.ports.shops
            self.place.save()
        self._done("feeds", shops=", ".join(shop.name for shop in with_feed))

    def _ready(self) -> None:
        self._wait(self._child("receiver"), lambda: _listens_at(self.place.ports.receiver))
        self._wait(self._child("web"), lambda: _answers(self.place.ports.web, "/readyz") == 200)
        self._done("service")

    def _child(self, name: str) -> Child:
        return next(child for child in self._children if child.name == name)

    def _watch(self) -> None:
        while not self._must_stop:
            for child in self._children:
                if child.has_ended:
                    self._start_again(child)
            time.sleep(0.2)

    def _start_again(self, child: Child) -> None:
        if not child.may_start_again:
            raise CannotRun(_last_words("gave_up", child))
        child.signal(signal.SIGKILL)  # what it had started and left behind
        child.start()
        self._console.print(say("restarted", name=child.name, log=child.log), style="yellow")

    def _start(self, child: Child) -> None:
        self._children.append(child)
        child.start()

    def _wait(self, child: Child, is_ready: Callable[[], bool]) -> None:
        wait_until(lambda: self._must_stop or child.has_ended or is_ready(), START_SECONDS)
        if not self._must_stop and (child.has_ended or not is_ready()):
            raise CannotRun(_last_words("not_started", child))

    def _command(self, name: str, *words: str) -> None:
        child = programs.command(self.place, name, *words)
        child.start()
        in_time = wait_until(lambda: self._must_stop or child.has_ended, START_SECONDS)
        if self._must_stop or not in_time:
            stop([child], 1)
        if not self._must_stop and child.exit_code != 0:
            raise CannotRun(_last_words("failed", child))

    def _done(self, key: str, **facts: object) -> None:
        if not self._must_stop:
            seconds = time.monotonic() - self._began
            self._console.print(f"[green]✓[/] {say(key, **facts)} [dim]{seconds:.1f} s[/]", highlight=False)

    def _stop_all(self) -> None:
        queue = [child for child in self._children if child.name == "queue"]
        stop([child for child in self._children if child not in queue], STOP_SECONDS)
        # Last, so that the workers can sign off; it writes its log to disk when asked to end.
        stop(queue, 1)
        self.place.socket.unlink(missing_ok=True)


@contextmanager
def sole_owner(folder: Path) -> Iterator[None]:
    """Hold the folder against a second demonstration.

    Raises:
        CannotRun

    """
    folder.mkdir(parents=True, exist_ok=True)
    lock: IO[str]
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRun(say("busy", folder=folder)) from None
        yield


def is_running(folder: Path) -> bool:
    """Whether a demonstration holds the folder."""
    if not (folder / LOCK).exists():
        return False
    try:
        with sole_owner(folder):
            return False
    except CannotRun:
        return True


def empty(folder: Path) -> None:
    """Forget everything earlier demonstrations left."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != LOCK:
            path.unlink()


def choose_ports(place: Place, console: Console, claims: Claims) -> None:
    """Keep the ports of the last start where they are free; say which is taken and what is used instead."""
    for name, wanted in vars(place.ports).items():
        port = claims.take(wanted)
        if port != wanted:
            console.print(say("port_taken", wanted=wanted, name=name, port=port), style="yellow")
        setattr(place.ports, name, port)


def _last_words(key: str, child: Child) -> str:
    return f"{say(key, name=child.name, log=child.log)}\n{child.last_lines()}"


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe, suppress(OSError):
        probe.connect(str(path))
        return True
    return False


def _works(path: Path) -> bool:
    """Whether the queue works; it takes calls before it knows whether it can read its log."""
    with socket.socket(socket.AF_UNIX) as probe, suppress(OSError):
        probe.settimeout(1)
        probe.connect(str(path))
        probe.sendall(b"PING\r\n")
        return probe.recv(5) == b"+PONG"
    return False


def _listens_at(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _answers(port: int, path: str) -> int:
    """Return the status a web server answers with; 0 while there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", path)
        return connection.getresponse().status
    return 0
