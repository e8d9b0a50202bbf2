"""Asking a server for a page as fast as it answers, over connections that stay open."""

import re
import socket
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
AT_ONCE = 8
"""Connections; as many threads as the server has."""


@dataclass(frozen=True)
class Page:
    """What is asked for again and again."""

    name: str
    path: str
    form: dict[str, str] | None = None

    def request(self, number: int, cookie: str) -> bytes:
        """Each from an address of its own: one alone may not ask so often."""
        body = urlencode(self.form).encode() if self.form else b""
        lines = [
            f"{'POST' if self.form else 'GET'} {self.path} HTTP/1.1",
            "Host: 127.0.0.1",
            f"X-Forwarded-For: 10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
            "Accept-Language: en",
            f"Cookie: {cookie}",
            f"Content-Length: {len(body)}",
        ]
        if self.form:
            lines.append("Content-Type: application/x-www-form-urlencoded")
        return "\r\n".join([*lines, "", ""]).encode() + body

    @property
    def slug(self) -> str:
        """Its name in an address."""
        return self.name.replace(" ", "-").lower()


@dataclass(frozen=True)
class Load:
    """What a server bore."""

    per_second: float
    p95: float
    """Milliseconds within which 95 of 100 were answered."""


class Wire:
    """One connection; a request goes out as it is, and of the answer only its end is looked for."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> int:
        """The status of the answer, once it is here whole."""
        self._socket.sendall(request)
        head, _, body = self._until_head()
        found = LENGTH.search(head)
        left = (int(found[1]) if found else 0) - len(body)
        while left > 0:
            left -= len(self._more())
        return int(head[9:12])

    def _until_head(self) -> tuple[bytes, bytes, bytes]:
        seen = self._more()
        while b"\r\n\r\n" not in seen:
            seen += self._more()
        return seen.partition(b"\r\n\r\n")

    def _more(self) -> bytes:
        received = self._socket.recv(65536)
        if not received:
            raise ConnectionError("the server hung up")
        return received

    def close(self) -> None:
        self._socket.close()


def press(port: int, request_of: Callable[[int], bytes], seconds: float) -> Load:
    """Ask for so long over eight connections; `request_of` makes the n-th request.

    Raises:
        RuntimeError: something was not answered with a page or a redirect.

    """
    taken: list[float] = []
    refused: list[int] = []
    until = time.perf_counter() + seconds

    def visit(first: int) -> None:
        wire, number = Wire(port), first
        while (began := time.perf_counter()) < until and not refused:
            status = wire.ask(request_of(number))
            taken.append((time.perf_counter() - began) * 1000)
            number += AT_ONCE
            if status >= 400:
                refused.append(status)
        wire.close()

    visitors = [threading.Thread(target=visit, args=(n,)) for n in range(AT_ONCE)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    if refused:
        raise RuntimeError(f"answered with {refused[0]}")
    return Load(len(taken) / seconds, statistics.quantiles(taken, n=20)[-1])
