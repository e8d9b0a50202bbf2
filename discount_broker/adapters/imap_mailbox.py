"""Empties a mailbox over IMAP: told of new mail where the server can (IDLE), else looking every minute."""

import imaplib
import logging
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import parse_qs, unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxLoginError

from discount_broker.messaging.inbound import LARGEST_MAIL
from discount_broker.messaging.inbound.letters import cut_down
from discount_broker.outreach.ports import MailboxUnreachable

log = logging.getLogger(__name__)
TROUBLES = (OSError, imaplib.IMAP4.error, ImapToolsError)
NETWORK_SECONDS = 60.0
IDLE_SECONDS = 10 * 60.0
"""RFC 2177 allows 29 minutes; routers forget silent connections sooner."""
POLL_SECONDS = 60.0
LONGEST_PAUSE = 300.0
GLANCE = 1.0
"""How soon a request to stop is seen while the server has nothing to say."""
UID, SIZE = re.compile(rb"UID (\d+)"), re.compile(rb"RFC822\.SIZE (\d+)")
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
Deliver = Callable[[bytes], None]
"""Keeps one mail as it lay there. Once it returns, the mail is ours."""


@dataclass(frozen=True)
class Place:
    """Where the mailbox is: `imaps://user:password@host/INBOX?move=Kept`, blanks and `@` escaped.

    Mails that were kept are moved to the folder of `move`; without one they are marked as read,
    and only unread ones are taken. `imap://` begins in the open and goes on encrypted.
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    move: str
    is_tls: bool

    @classmethod
    def from_url(cls, url: str) -> "Place":
        parts = urlsplit(url)
        is_tls = parts.scheme == "imaps"
        if parts.scheme not in ("imap", "imaps") or not (parts.hostname and parts.username):
            raise ValueError("a mailbox is imaps://user:password@host/INBOX")
        return cls(
            parts.hostname,
            parts.port or (993 if is_tls else 143),
            unquote(parts.username),
            unquote(parts.password or ""),
            unquote(parts.path.strip("/")) or "INBOX",
            parse_qs(parts.query).get("move", [""])[0],
            is_tls,
        )


class ImapMailbox:
    """Hands every mail of the mailbox to `deliver`, and marks or moves it only after that returned."""

    def __init__(
        self,
        url: str,
        deliver: Deliver,
        *,
        tls: ssl.SSLContext | None = None,
        idle_seconds: float = IDLE_SECONDS,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._place, self._deliver = Place.from_url(url), deliver
        self._tls = tls or ssl.create_default_context()
        self._idle_seconds, self._poll_seconds = idle_seconds, poll_seconds
        self._validity = b""
        self._kept: set[bytes] = set()
        """Numbers of mails that are ours and could not be marked so yet: they are not loaded again."""

    @property
    def user(self) -> str:
        return self._place.user

    def empty(self) -> int:
        """Take what is there now; how many mails could not be kept.

        Raises:
            MailboxUnreachable

        """
        try:
            with self._open() as box:
                return self._take_all(box)
        except TROUBLES as trouble:
            raise MailboxUnreachable(type(trouble).__name__) from trouble

    def watch(self, stopped: threading.Event) -> None:
        """Take what is there and what comes, until stopped; a connection that breaks is made anew."""
        pause = GLANCE
        while not stopped.is_set():
            try:
                with self._open() as box:
                    while not stopped.is_set():
                        left = self._take_all(box)
                        pause = GLANCE
                        self._wait(box, stopped, was_all=left == 0)
            except MailboxLoginError:
                log.error("the mailbox refused our name or password")
                pause = LONGEST_PAUSE
            except TROUBLES as trouble:
                log.warning("the mailbox cannot be reached: %s", type(trouble).__name__)
            else:
                return
            stopped.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    @contextmanager
    def _open(self) -> Iterator[BaseMailBox]:
        box = self._connect()
        try:
            box.login(self._place.user, self._place.password, initial_folder=None)
            self._select(box)
            yield box
        finally:
            with suppress(*TROUBLES):
                box.logout()
            with suppress(*TROUBLES):
                box.client.shutdown()

    def _connect(self) -> BaseMailBox:
        where, port = self._place.host, self._place.port
        if self._place.is_tls:
            return MailBox(where, port, timeout=NETWORK_SECONDS, ssl_context=self._tls)
        if where in THIS_MACHINE:
            return MailBoxUnencrypted(where, port, timeout=NETWORK_SECONDS)
        return MailBoxStartTls(where, port, timeout=NETWORK_SECONDS, ssl_context=self._tls)

    def _select(self, box: BaseMailBox) -> None:
        """Open the folder. Numbers of mails hold only as long as the folder's UIDVALIDITY."""
        if self._place.move and not box.folder.exists(self._place.move):
            box.folder.create(self._place.move)
        box.folder.set(self._place.folder)
        validity = cast("list[bytes]", box.client.response("UIDVALIDITY")[1])[0] or b""
        if validity != self._validity:
            self._validity, self._kept = validity, set()

    def _take_all(self, box: BaseMailBox) -> int:
        """Keep and mark every mail; one that cannot be kept is left there for the next time."""
        left = 0
        box.client.noop()
        wanted = "UNDELETED" if self._place.move else "UNSEEN UNDELETED"
        uids = [uid.encode() for uid in box.uids(wanted, charset=None)]
        sizes = self._sizes(box, uids)
        for uid in uids:
            if uid not in self._kept and not self._keep(box, uid, sizes.get(uid, 0)):
                left += 1
                continue
            self._kept.add(uid)
            if self._mark(box, uid):
                self._kept.discard(uid)
            else:
                left += 1
        return left

    def _keep(self, box: BaseMailBox, uid: bytes, size: int) -> bool:
        raw = self._load(box, uid, size)
        if raw is None:  # somebody took it away meanwhile
            return True
        try:
            self._deliver(raw)
        except Exception:  # whatever it was, the mail stays where it is and is tried again
            log.exception("a mail was not kept; it stays in the mailbox")
            return False
        return True

    def _load(self, box: BaseMailBox, uid: bytes, size: int) -> bytes | None:
        if size <= LARGEST_MAIL:
            return _literal(box, uid, "BODY.PEEK[]")
        head = _literal(box, uid, "BODY.PEEK[HEADER]")
        return head and cut_down(head, size)

    def _sizes(self, box: BaseMailBox, uids: list[bytes]) -> dict[bytes, int]:
        sizes = {}
        for start in range(0, len(uids), 500):
            some = b",".join(uids[start : start + 500]).decode()
            for line in box.client.uid("FETCH", some, "(UID RFC822.SIZE)")[1]:
                uid, size = UID.search(line or b""), SIZE.search(line or b"")
                if uid and size:
                    sizes[uid.group(1)] = int(size.group(1))
        return sizes

    def _mark(self, box: BaseMailBox, uid: bytes) -> bool:
        """Whether the server did as it was told; a full folder for what is done must not hold up the rest."""
        try:
            if self._place.move:
                box.move([uid.decode()], self._place.move)
                return True
            return box.client.uid("STORE", uid.decode(), "+FLAGS", r"(\Seen)")[0] == "OK"
        except ImapToolsError:
            log.error("a mail was kept, and could not be moved to the folder for what is done")
            return False

    def _wait(self, box: BaseMailBox, stopped: threading.Event, *, was_all: bool) -> None:
        """Until there may be something new, or what could not be kept is worth another try."""
        capabilities = b" ".join(filter(None, box.client.capability()[1])).upper().split()
        if was_all and b"IDLE" in capabilities:
            self._idle(box, stopped)
        else:
            stopped.wait(self._poll_seconds)

    def _idle(self, box: BaseMailBox, stopped: threading.Event) -> None:
        idle = cast("Any", box.idle)  # two of its methods have no types
        ends = time.monotonic() + self._idle_seconds
        idle.start()
        while not stopped.is_set() and time.monotonic() < ends:
            asked_at = time.monotonic()
            told = idle.poll(timeout=GLANCE)
            if any(b"EXISTS" in line for line in told):
                break
            if not told and time.monotonic() - asked_at < GLANCE / 2:
                raise imaplib.IMAP4.abort("the server has hung up")
        idle.stop()


def _literal(box: BaseMailBox, uid: bytes, what: str) -> bytes | None:
    """The bytes of a part of a mail; None where the mail is gone."""
    for piece in box.client.uid("FETCH", uid.decode(), f"(UID {what})")[1]:
        if isinstance(piece, tuple):
            return cast("bytes", piece[1])
    return None
