"""The mail server of the demonstration: every mail lands in one Maildir, dead mailboxes refuse.

`python -m demo.mail_catcher --port 8025 --mailbox DIR --own-domain DOMAIN --receiver HOST:PORT`
"""

import argparse
import asyncio
import logging
import mailbox
import re
import signal
import smtplib
from collections.abc import Container
from email.utils import parseaddr
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from demo.place import AUTHSERV
from demo.shops.directory import SHOPS

log = logging.getLogger(__name__)
FIELD = re.compile(rb"[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*")
DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
LARGEST_MAIL = 10 * 1024 * 1024


def vouched(sender: str, content: bytes) -> bytes:
    """The mail with what a mail server would have found out: who leads the domain it came from.

    There is nobody to ask in the demonstration, so that whoever sends is believed. What stands there
    under our name already is anybody's invention and goes, as RFC 8601 demands.
    """
    domain = parseaddr(sender)[1].rpartition("@")[2].lower()
    head, gap, body = content.partition(b"\r\n\r\n")
    kept = [field for field in FIELD.findall(head + b"\r\n") if not _is_verdict(field)]
    found = f"spf=pass smtp.mailfrom={domain}" if DOMAIN.fullmatch(domain) else "spf=none"
    verdict = f"Authentication-Results: {AUTHSERV}; {found}\r\n".encode()
    return verdict + b"".join(kept).removesuffix(b"\r\n") + gap + body


def _is_verdict(field: bytes) -> bool:
    return field.lower().startswith(b"authentication-results:") and AUTHSERV.encode() in field.lower()


class Catcher:
    """What aiosmtpd asks, command by command; it fixes the names of these methods."""

    def __init__(self, folder: Path, own_domain: str, receiver: str, dead: Container[str]) -> None:
        self._maildir = mailbox.Maildir(folder)
        self._own_domain, self._dead = own_domain.lower(), dead
        self._receiver_host, _, port = receiver.rpartition(":")
        self._receiver_port = int(port)

    def is_own(self, address: str) -> bool:
        return address.rpartition("@")[2].lower() == self._own_domain

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.lower() in self._dead:
            return f"550 5.1.1 <{address}>: Recipient address rejected: User unknown in local recipient table"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - likewise
        sender, content = envelope.mail_from or "", envelope.original_content or b""
        own = [address for address in envelope.rcpt_tos if self.is_own(address)]
        if own:
            try:
                await asyncio.to_thread(self._hand_on, sender, own, content)
            except smtplib.SMTPRecipientsRefused as refused:
                code, why = next(iter(refused.recipients.values()))
                return f"{code} {why.decode(errors='replace')}"
            except (OSError, smtplib.SMTPException) as trouble:
                log.warning("the receiver of the service did not take a mail: %s", trouble)
                return "451 4.3.0 Not taken on, please try again later"
        for address in envelope.rcpt_tos:
            self._keep(sender, address, content)
        return "250 2.0.0 Kept"

    def _hand_on(self, sender: str, recipients: list[str], content: bytes) -> None:
        with smtplib.SMTP(self._receiver_host, self._receiver_port, timeout=10) as receiver:
            receiver.sendmail(sender, recipients, vouched(sender, content))

    def _keep(self, sender: str, recipient: str, content: bytes) -> None:
        envelope = f"Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n"
        self._maildir.add(envelope.encode() + content)


def serve(port: int, catcher: Catcher) -> Controller:
    controller = Controller(
        catcher,
        hostname="127.0.0.1",
        port=port,
        data_size_limit=LARGEST_MAIL,
        ident="catcher of the demonstration",
    )
    controller.start()
    return controller


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, default=8025)
    options.add_argument("--mailbox", type=Path, default=Path("var/demo/mailbox"))
    options.add_argument("--own-domain", default="in.broker.localhost")
    options.add_argument("--receiver", default="127.0.0.1:8024")
    given = options.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    dead = {shop.mail for shop in SHOPS.values() if shop.mailbox_is_dead}
    controller = serve(given.port, Catcher(given.mailbox, given.own_domain, given.receiver, dead))
    log.info("mail is taken at 127.0.0.1:%s", given.port)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    controller.stop(no_assert=True)


if __name__ == "__main__":
    # Blocked before the server's thread starts, so that only `sigwait` sees them.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    main()
