"""Takes the mail that comes back: answers, bounces and letters to the postmaster, over SMTP."""

import asyncio
import logging
import re
from collections.abc import Callable
from types import TracebackType
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

log = logging.getLogger(__name__)
LARGEST_MAIL = 10 * 1024 * 1024
TOKEN_ADDRESS = re.compile(r"(reply|bounce)\+[a-z0-9]{48}", re.IGNORECASE)
"""Base32 has no 0, 1, 8 and 9, but people who retype an address do; `kernel.tokens` forgives that."""

MOST_RECIPIENTS = 20
Deliver = Callable[[str, bytes], None]
"""Keeps one mail: envelope recipient and content. Once it returns, the mail is ours."""
IsIssued = Callable[[str], bool]
"""Whether we have written from this address: anybody can make one up that only looks like ours."""


class MailReceiver:
    """An SMTP server for `reply+<token>@`, `bounce+<token>@` and `postmaster@` of one domain.

    Everything else is refused at RCPT, so that we never bounce. A mail is answered 250 only
    after `deliver` has kept it; where that fails, the sender is asked to come again.
    """

    def __init__(
        self, listen: str, domain: str, deliver: Deliver, is_issued: IsIssued = lambda _address: True
    ) -> None:
        host, _, port = listen.rpartition(":")
        self._controller = Controller(
            _Reception(domain.lower(), deliver, is_issued),
            hostname=host.strip("[]"),
            port=int(port),
            data_size_limit=LARGEST_MAIL,
            server_hostname=domain,
            ident="ready",
        )

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop(no_assert=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Reception:
    """What aiosmtpd asks, command by command; it fixes the names of these methods."""

    def __init__(self, domain: str, deliver: Deliver, is_issued: IsIssued) -> None:
        self.domain, self.deliver, self.is_issued = domain, deliver, is_issued

    def is_ours(self, address: str) -> bool:
        local, _, domain = address.rpartition("@")
        if address.lower() == "postmaster":
            return True
        return domain.lower() == self.domain and (
            local.lower() == "postmaster"
            or (TOKEN_ADDRESS.fullmatch(local) is not None and self.is_issued(address))
        )

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if not self.is_ours(address):
            return "550 5.1.1 No such mailbox here"
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients at once"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - likewise
        # The envelope sender is part of what the mail is: a null one is never answered.
        sender = (envelope.mail_from or "").strip("<>").encode()
        content = b"Return-Path: <%s>\r\n" % sender + (envelope.original_content or b"")
        for recipient in envelope.rcpt_tos:
            await asyncio.to_thread(self.deliver, recipient, content)
        return "250 2.0.0 Kept"

    async def handle_exception(self, error: Exception) -> str:
        log.error("incoming mail was not kept", exc_info=error)
        return "451 4.3.0 Not kept, please try again later"
