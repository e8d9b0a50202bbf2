"""A mail server that takes everything and remembers when. `python -m benchmarks.sink PORT` is one alone."""

import email
import email.policy
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

CONFIRM = re.compile(r"https?://\S+/confirm/[a-z0-9]+")


class Sink:
    def __init__(self) -> None:
        self._taken: dict[str, tuple[float, bytes]] = {}
        self._arrival = threading.Condition()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's name
        with self._arrival:
            for address in envelope.rcpt_tos:
                content = envelope.original_content or b""
                self._taken.setdefault(address, (time.monotonic(), content))
            self._arrival.notify_all()
        return "250 2.0.0 taken"

    def wait_for(self, address: str, seconds: float) -> bytes:
        """The first mail to the address.

        Raises:
            TimeoutError

        """
        with self._arrival:
            if not self._arrival.wait_for(lambda: address in self._taken, seconds):
                raise TimeoutError(f"no mail to {address} within {seconds:.0f} s")
            return self._taken[address][1]

    def taken_at(self, address: str) -> float:
        return self._taken[address][0]


@contextmanager
def taking_mail(port: int) -> Iterator[Sink]:
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop(no_assert=True)


def confirm_link(mail: bytes) -> str:
    """The link by which a buyer confirms.

    Raises:
        LookupError

    """
    body = email.message_from_bytes(mail, policy=email.policy.default).get_body(("plain",))
    found = CONFIRM.search(body.get_content()) if body else None
    if found is None:
        raise LookupError("the mail holds no link to confirm by")
    return found.group()


if __name__ == "__main__":
    with taking_mail(int(sys.argv[1])):
        threading.Event().wait()
