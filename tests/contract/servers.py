"""Servers on loopback that behave as told."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.fakes import Asked, Site


class _Handler(BaseHTTPRequestHandler):
    server: "LocalSite"

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        url = f"http://{headers['host']}{self.path}"
        asked = Asked(self.command, url, headers, self.rfile.read(length))
        self.server.asked.append(asked)
        try:
            answer = self.server.site(asked)
        except ConnectionError:
            self.close_connection = True
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.content)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.wfile.write(answer.content)

    do_GET = do_POST = _answer  # noqa: N815 - the names http.server looks for

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


class LocalSite(ThreadingHTTPServer):
    """Serves one `Site` over real HTTP."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, site: Site) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.site = site
        self.asked: list[Asked] = []

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_port}"


@contextmanager
def serving(site: Site, tls: ssl.SSLContext | None = None) -> Iterator[LocalSite]:
    with LocalSite(site) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


@contextmanager
def talking(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """Serve connections by hand, after their request was read; yields the `ip:port`."""

    def serve(listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=serve_one, args=(connection,), daemon=True).start()

    def serve_one(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            heard = b""
            while b"\r\n\r\n" not in heard:
                heard += connection.recv(65_536)
            if b"/robots.txt " in heard:
                connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                return
            talk(connection)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        # Closing alone would leave the thread inside accept().
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def dead_place() -> str:
    """An `ip:port` where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"127.0.0.1:{listener.getsockname()[1]}"
