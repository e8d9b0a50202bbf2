"""One request and its answer over one connection, which lasts no longer and brings no more than agreed."""

import http.client
import io
import re
import socket
import ssl
import time
import zlib
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

import certifi

from discount_broker.adapters.fetch_guard import Route
from discount_broker.discovery.ports import FetchRefused, RefusedWhy

CHUNK = 65_536
LONGEST_CONNECT = 5.0
"""Per address, so that one dead address of several does not use up all the time."""
DEFLATED = {"gzip", "x-gzip", "deflate"}
NEVER_ASKED_FOR = {"br", "zstd", "compress", "x-compress"}
PAGE_TYPE = re.compile(r"text/|application/(?:[\w.-]+\+)?(?:xml|xhtml|json|(?:x-)?javascript)\b", re.I)


@dataclass(frozen=True)
class Ask:
    """What to send."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Caps:
    """How much may come back, and of what kind."""

    size: int
    is_cut: bool = False
    """Whether what is longer is cut there instead of refused."""
    takes_any_type: bool = False


class Body(Protocol):
    """What turns the bytes on the wire into the bytes of the page."""

    def feed(self, raw: bytes, room: int) -> bytes: ...


class _Plain:
    def feed(self, raw: bytes, room: int) -> bytes:
        return raw[:room]


class _Inflated:
    """Unpacks gzip and both kinds of deflate, never more at a time than there is room for."""

    def __init__(self) -> None:
        self._unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
        self._is_fresh = True

    def feed(self, raw: bytes, room: int) -> bytes:
        try:
            unpacked = self._unpacker.decompress(raw, room)
        except zlib.error:
            if not self._is_fresh:
                raise
            # "deflate" means zlib by the standard and the bare stream to many servers.
            self._unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
            unpacked = self._unpacker.decompress(raw, room)
        self._is_fresh = False
        return unpacked


class _DeadlineReader(io.RawIOBase):
    """Reads a socket until a moment, not until a silence: dripping data does not prolong it.

    Works in any thread, unlike an alarm signal, and leaves no timer behind.
    """

    def __init__(self, wire: socket.socket, deadline: float) -> None:
        self._wire, self._deadline = wire, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._wire.settimeout(_left_until(self._deadline))
        return self._wire.recv_into(buffer)

    def makefile(self, mode: str) -> io.BufferedReader:
        """All that `HTTPResponse` wants of a socket."""
        assert mode == "rb"
        return io.BufferedReader(self, CHUNK)


class Exchange:
    """A connection to a route. Making it sends nothing of the request yet.

    Raises:
        FetchRefused: surely nothing was sent

    """

    def __init__(self, route: Route, deadline: float, tls: ssl.SSLContext) -> None:
        self._route, self._deadline = route, deadline
        try:
            self._wire = self._connect()
            if route.is_tls:
                self._wire = self._secure(tls)
        except TimeoutError:
            raise FetchRefused(route.url, RefusedWhy.TOO_SLOW, is_final=False) from None
        except (OSError, ValueError):
            raise FetchRefused(route.url, RefusedWhy.UNREACHABLE, is_final=False) from None

    def _connect(self) -> socket.socket:
        failure: OSError = OSError("no address")
        for address in self._route.addresses:
            patience = min(_left_until(self._deadline), LONGEST_CONNECT)
            try:
                return socket.create_connection((address, self._route.port), timeout=patience)
            except OSError as error:
                failure = error
        raise failure

    def _secure(self, tls: ssl.SSLContext) -> socket.socket:
        self._wire.settimeout(_left_until(self._deadline))
        try:
            return tls.wrap_socket(self._wire, server_hostname=self._route.host)
        except BaseException:
            self._wire.close()
            raise

    def __enter__(self) -> "Exchange":
        return self

    def __exit__(self, *_: object) -> None:
        self._wire.close()

    def talk(self, method: str, request: bytes, caps: Caps) -> tuple[http.client.HTTPResponse, bytes]:
        """Send, and hear the answer with its body; the body of a redirect is left where it is.

        Raises:
            FetchRefused: the server may have got the request

        """
        try:
            self._wire.settimeout(_left_until(self._deadline))
            self._wire.sendall(request)
            reader = _DeadlineReader(self._wire, self._deadline)
            # It only ever asks its socket for a file.
            answer = http.client.HTTPResponse(cast("socket.socket", reader), method=method)
            answer.begin()
            return answer, self._read(answer, caps)
        except TimeoutError:
            raise FetchRefused(self._route.url, RefusedWhy.TOO_SLOW, is_final=False) from None
        except zlib.error:
            raise FetchRefused(self._route.url, RefusedWhy.NOT_HTML) from None
        except (OSError, http.client.HTTPException, ValueError):
            raise FetchRefused(self._route.url, RefusedWhy.UNREACHABLE, is_final=False) from None

    def _read(self, answer: http.client.HTTPResponse, caps: Caps) -> bytes:
        if 300 <= answer.status < 400 and answer.headers.get("location"):
            return b""
        content_type = answer.headers.get("content-type", "").strip()
        is_page = not content_type or PAGE_TYPE.match(content_type)
        if answer.status < 300 and not is_page and not caps.takes_any_type:
            raise FetchRefused(self._route.url, RefusedWhy.NOT_HTML)
        if not caps.is_cut and (answer.length or 0) > caps.size:
            raise FetchRefused(self._route.url, RefusedWhy.TOO_LARGE)
        return self._read_body(answer, self._body_of(answer), caps)

    def _body_of(self, answer: http.client.HTTPResponse) -> Body:
        coding = answer.headers.get("content-encoding", "").strip().lower()
        if coding in NEVER_ASKED_FOR or "," in coding:
            raise FetchRefused(self._route.url, RefusedWhy.NOT_HTML)
        return _Inflated() if coding in DEFLATED else _Plain()

    def _read_body(self, answer: http.client.HTTPResponse, body: Body, caps: Caps) -> bytes:
        content = bytearray()
        while len(content) <= caps.size:
            raw = answer.read1(CHUNK)
            if not raw:
                break
            content += body.feed(raw, caps.size + 1 - len(content))
        else:
            if not caps.is_cut:
                raise FetchRefused(self._route.url, RefusedWhy.TOO_LARGE)
            return bytes(content[: caps.size])
        if answer.length:
            raise http.client.IncompleteRead(b"", answer.length)
        return bytes(content)


def make_tls() -> ssl.SSLContext:
    """Trust what the system trusts and what browsers trust."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _left_until(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def spell(ask: Ask) -> bytes:
    """Write the request out. A line break inside a value would begin a header of someone else's choosing.

    Raises:
        FetchRefused

    """
    _, _, rest = ask.url.partition("://")
    netloc, slash, path = rest.partition("/")
    headers = {"Host": netloc, **ask.headers, "Accept-Encoding": "gzip, deflate", "Connection": "close"}
    if ask.method == "POST":
        headers["Content-Length"] = str(len(ask.body))
    lines = [f"{ask.method} {slash}{path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    if any("\r" in line or "\n" in line for line in lines):
        raise FetchRefused(ask.url, RefusedWhy.NOT_WEB)
    return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + ask.body
