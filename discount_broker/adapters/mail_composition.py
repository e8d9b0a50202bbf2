"""Turns an outgoing message into the bytes of an e-mail."""

import re
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime

from discount_broker.messaging.ports import FailureReason, OutgoingMessage, PermanentFailure

ONE_ADDRESS = re.compile(r"[^\s@<>,;:\"\\()\[\]]{1,64}@[^\s@<>,;:\"\\()\[\]]{1,255}")
NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9.+_-]")
LONGEST_CODED_SHARE = 0.2
"""Above this share of other letters than ASCII base64 is shorter than quoted-printable."""


WHOLE_LINES = {"list-unsubscribe", "message-id"}


class MailPolicy(EmailPolicy):
    """Writes some headers on one line, whatever their length, and other letters than ASCII as one piece.

    The standard library turns a `List-Unsubscribe` address longer than a line into an encoded
    word, and the mailbox provider then shows no button. A subject it breaks between two words
    it writes without the blank: readers drop what stands between two encoded words (RFC 2047).
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in WHOLE_LINES:
            return f"{name}: {value}{self.linesep}".encode("ascii")
        if name.lower() == "subject" and not value.isascii():
            coded = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
            return f"{name}: {coded}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


POLICY = MailPolicy(linesep="\r\n", cte_type="7bit")


def compose(message: OutgoingMessage, *, mail_from: str, mail_domain: str, now: datetime) -> EmailMessage:
    """The mail as it goes out: seven-bit, text and HTML, marked as written by a program.

    Raises:
        PermanentFailure: a header would carry a line break, or an address is none.

    """
    try:
        return _compose(message, mail_from, mail_domain, now)
    except (ValueError, MessageError) as wrong:
        raise PermanentFailure(f"the message cannot be written as a mail: {wrong}") from None


def one_address(address: str) -> str:
    """The address with its domain in ASCII (IDNA).

    Raises:
        PermanentFailure: it is not exactly one address.

    """
    if not ONE_ADDRESS.fullmatch(address) or not address.isprintable():
        raise PermanentFailure("not one e-mail address", FailureReason.ADDRESS_DEAD)
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}" if not domain.isascii() else address
    except UnicodeError:
        raise PermanentFailure("no such domain can exist", FailureReason.ADDRESS_DEAD) from None


def _compose(message: OutgoingMessage, mail_from: str, mail_domain: str, now: datetime) -> EmailMessage:
    mail = EmailMessage(policy=POLICY)
    mail["From"] = Address(message.sender_name, addr_spec=mail_from)
    mail["To"] = Address(addr_spec=one_address(message.to))
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{NOT_IN_AN_ID.sub('-', message.idempotency_key)}@{mail_domain}>"
    if message.reply_to:
        mail["Reply-To"] = Address(addr_spec=message.reply_to)
    _mark_as_automatic(mail, message, mail_domain)
    _write_body(mail, message)
    # Last: a mail that becomes multipart gives its content headers to its first part.
    mail["Content-Language"] = message.language
    return mail


def _mark_as_automatic(mail: EmailMessage, message: OutgoingMessage, mail_domain: str) -> None:
    mail["Auto-Submitted"] = "auto-generated"
    # Not `All`: that would keep back the bounces we need.
    mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    audience = "shop" if message.stop_url else "service"
    mail["Feedback-ID"] = f"{audience}:{message.language}:mail:{mail_domain}"
    if message.stop_url:
        if not message.stop_url.isascii() or not message.stop_url.isprintable() or " " in message.stop_url:
            raise ValueError("the stop link is not a plain address")
        mail["List-Unsubscribe"] = f"<{message.stop_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _write_body(mail: EmailMessage, message: OutgoingMessage) -> None:
    # Never 8bit: a relay that re-encodes it breaks the signature (RFC 6376).
    mail.set_content(message.text, cte=_encoding_for(message.text))
    if message.html is not None:
        mail.add_alternative(message.html, subtype="html", cte=_encoding_for(message.html))


def _encoding_for(text: str) -> str:
    foreign = sum(not character.isascii() for character in text)
    return "base64" if foreign > len(text) * LONGEST_CODED_SHARE else "quoted-printable"
