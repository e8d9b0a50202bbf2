"""Takes the mail that comes back: answers, bounces and letters to the postmaster, over SMTP or LMTP."""

import asyncio
import logging
import re
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from discount_broker.messaging.inbound import LARGEST_MAIL
from discount_broker.messaging.inbound.letters import with_envelope

log = logging.getLogger(__name__)
LONGEST_LINE = 1024 * 1024
"""The standard says 1,000; letters written by programs hold to it less often than people would think."""
TOKEN_ADDRESS = re.compile(r"(reply|answer|begun|bounce)\+[a-z0-9]{48}", re.IGNORECASE)
"""Base32 has no 0, 1, 8 and 9, but people who retype an address do; `kernel.tokens` forgives that."""

MOST_RECIPIENTS = 20
KEPT, NOT_KEPT = "250 2.0.0 Kept", "451 4.3.0 Not kept, please try again later"
Deliver = Callable[[str, bytes], None]
"""Keeps one mail: envelope recipient and content. Once it returns, the mail is ours."""
IsIssued = Callable[[str], bool]
"""Whether we have written from this address: anybody can make one up that only looks like ours."""


class MailReceiver:
    """A server for `reply+`, `answer+`, `begun+` and `bounce+<token>@` and `postmaster@` of one domain.

    It listens at `host:port` for SMTP, at `lmtp://host:port` for LMTP. Every other address is
    refused at RCPT, so that we never bounce. A mail is answered 250 only after `deliver` has
    kept it; where that fails, the sender is asked to come again.
    """

    def __init__(
        self, listen: str, domain: str, deliver: Deliver, is_issued: IsIssued = lambda _address: True
    ) -> None:
        scheme, _, place = listen.rpartition("://")
        host, _, port = place.rpartition(":")
        self.protocol = scheme or "smtp"
        is_lmtp = self.protocol == "lmtp"
        self._controller = _Controller(
            (_LmtpReception if is_lmtp else _Reception)(domain.lower(), deliver, is_issued),
            _LmtpServer if is_lmtp else _SmtpServer,
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
        content = with_envelope(envelope.original_content or b"", envelope.mail_from or "")
        for recipient in envelope.rcpt_tos:
            await asyncio.to_thread(self.deliver, recipient, content)
        return KEPT

    async def handle_exception(self, error: Exception) -> str:
        log.error("incoming mail was not kept", exc_info=error)
        return NOT_KEPT


class _LmtpReception(_Reception):
    """The same over LMTP, where the content is answered once for each recipient (RFC 2033)."""

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - likewise
        content = with_envelope(envelope.original_content or b"", envelope.mail_from or "")
        return "\r\n".join([await self._answer(recipient, content) for recipient in envelope.rcpt_tos])

    async def _answer(self, recipient: str, content: bytes) -> str:
        try:
            await asyncio.to_thread(self.deliver, recipient, content)
        except Exception as error:  # whatever it was, this recipient's mail is asked for again
            return await self.handle_exception(error)
        return KEPT


class _SmtpServer(SMTP):
    line_length_limit = LONGEST_LINE


class _LmtpServer(LMTP):
    """Also refuses content that is too large once for each recipient, which the library does not."""

    line_length_limit = LONGEST_LINE
    _awaits_answer = 0

    async def push(self, status: str | bytes) -> None:
        text = status.decode() if isinstance(status, bytes) else status
        owed, self._awaits_answer = self._awaits_answer, 0
        if text.startswith("354"):
            self._awaits_answer = len(self.envelope.rcpt_tos) if self.envelope else 0
        elif owed > 1 and "\r\n" not in text:
            text = "\r\n".join([text] * owed)
        await super().push(text)


class _Controller(Controller):
    def __init__(self, reception: _Reception, server: type[SMTP], **settings: Any) -> None:
        self._server = server
        super().__init__(reception, **settings)

    def factory(self) -> SMTP:
        return self._server(self.handler, **self.SMTP_kwargs)
