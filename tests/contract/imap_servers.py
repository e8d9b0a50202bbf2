"""A real IMAP server on loopback (pymap), in a process of its own, with one mailbox; and what spoils it."""

import contextlib
import imaplib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.contract.mail_servers import free_port

USER, PASSWORD = "mail", "a pass word"


@dataclass
class ImapServer:
    port: int

    @property
    def url(self) -> str:
        return f"imap://{USER}:a%20pass%20word@127.0.0.1:{self.port}/INBOX"

    @contextmanager
    def logged_in(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=5) as client:
            client.login(USER, PASSWORD)
            yield client

    def put(self, *mails: bytes) -> None:
        with self.logged_in() as client:
            for mail in mails:
                assert client.append("INBOX", "", "", mail)[0] == "OK"

    def clear(self) -> None:
        with self.logged_in() as client:
            for folder in ("INBOX", "Kept"):
                if client.select(folder)[0] == "OK":
                    client.store("1:*", "+FLAGS", r"(\Deleted)")
                    client.expunge()

    def lies_in(self, folder: str, criteria: str = "ALL") -> int:
        """How many mails there are."""
        with self.logged_in() as client:
            if client.select(folder, readonly=True)[0] != "OK":
                return 0
            return len(client.search(None, criteria)[1][0].split())


@contextmanager
def imap_server(port: int = 0) -> Iterator[ImapServer]:
    server = ImapServer(port or free_port())
    program = Path(sys.executable).with_name("pymap")
    process = subprocess.Popen(
        [
            program, "--host", "127.0.0.1", "--port", str(server.port), "--no-tls",
            "--no-service", "managesieve", "--no-service", "admin",
            "dict", "--demo-user", USER, "--demo-password", PASSWORD,
        ]
    )  # fmt: skip
    try:
        wait_until(lambda: _listens(server.port))
        yield server
    finally:
        process.terminate()
        process.wait(10)


def wait_until(is_true: Callable[[], bool]) -> None:
    for _ in range(400):
        if is_true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to that within 20 seconds")


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


Meddle = Callable[[bytes], bytes | None]
"""What becomes of a line the server says; None breaks the connection off."""


class Meddler:
    """Stands between a client and a server and changes what the server says."""

    def __init__(self, server: ImapServer, meddle: Meddle) -> None:
        self._server, self._meddle = server, meddle
        self._door = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        self._pumps: list[threading.Thread] = []
        self.connections = 0

    @property
    def url(self) -> str:
        port = self._door.getsockname()[1]
        return self._server.url.replace(f":{self._server.port}/", f":{port}/")

    def serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._door.accept()
                self.connections += 1
                server = socket.create_connection(("127.0.0.1", self._server.port))
                pairs = ((client, server, lambda said: said), (server, client, self._meddle))
                self._ends += [client, server]
                for pair in pairs:
                    self._pumps.append(threading.Thread(target=self._pump, args=pair, daemon=True))
                    self._pumps[-1].start()

    def _pump(self, source: socket.socket, target: socket.socket, meddle: Meddle) -> None:
        with contextlib.suppress(OSError), source.makefile("rb") as lines:
            for said in lines:
                changed = meddle(said)
                if changed is None:
                    break
                target.sendall(changed)
        self._hang_up(source, target)

    def _hang_up(self, *ends: socket.socket) -> None:
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._hang_up(self._door, *self._ends)
        for pump in self._pumps:
            pump.join()
        for end in (self._door, *self._ends):
            end.close()


@contextmanager
def meddling(server: ImapServer, meddle: Meddle) -> Iterator[Meddler]:
    meddler = Meddler(server, meddle)
    thread = threading.Thread(target=meddler.serve, daemon=True)
    thread.start()
    try:
        yield meddler
    finally:
        meddler.close()
        thread.join()
