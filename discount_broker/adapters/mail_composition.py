"""Turns an outgoing message into the bytes of an e-mail."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime

import idna

from discount_broker.messaging.ports import FailureReason, OutgoingMessage, PermanentFailure

ONE_ADDRESS = re.compile(r"[^\s@<>,;:\"\\()\[\]]{1,64}@[^\s@<>,;:\"\\()\[\]]{1,255}")
LONGEST_LOCAL_PART, LONGEST_ADDRESS = 64, 254
"""In octets (RFC 5321 §4.5.3.1)."""
MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,240}>")
NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9.+_-]")
NOT_IN_FEEDBACK = re.compile(r"[^A-Za-z0-9._-]")
LONGEST_FEEDBACK_PART, LONGEST_SENDER = 40, 15
MOST_REFERENCES = 10
LONGEST_STOP_URL = 900
"""The line it stands on may have 998 characters (RFC 5322 §2.1.1)."""
LONGEST_CODED_SHARE = 0.2
"""Above this share of other letters than ASCII base64 is shorter than quoted-printable."""

WHOLE_LINES = {"list-unsubscribe", "message-id", "in-reply-to", "feedback-id"}


class MailPolicy(EmailPolicy):
    """Writes some headers on one line, whatever their length, and other letters than ASCII as one piece.

    The standard library turns a `List-Unsubscribe` address longer than a line into an encoded
    word, and the mailbox provider then shows no button. A subject it breaks between two words
    it writes without the blank: readers drop what stands between two encoded words (RFC 2047).
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in WHOLE_LINES:
            return f"{name}: {value}{self.linesep}".encode("ascii")
        if name.lower() == "references":
            return f"{name}: {f'{self.linesep} '.join(value.split())}{self.linesep}".encode("ascii")
        if name.lower() == "subject" and not value.isascii():
            coded = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
            return f"{name}: {coded}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


POLICY = MailPolicy(linesep="\r\n", cte_type="7bit")
POLICY_OF_SMTPUTF8 = POLICY.clone(utf8=True)


def compose(message: OutgoingMessage, *, mail_from: str, mail_domain: str, now: datetime) -> EmailMessage:
    """The mail as it goes out: seven-bit, text and HTML, marked as written by a program unless it was not.

    Raises:
        PermanentFailure: a header would carry a line break, or an address is none.

    """
    try:
        return _compose(message, mail_from, mail_domain, now)
    except (ValueError, MessageError) as wrong:
        raise PermanentFailure(f"the message cannot be written as a mail: {wrong}") from None


def serialised(mail: EmailMessage, *, utf8: bool) -> bytes:
    """The mail as bytes; letters other than ASCII stand in its headers only where SMTPUTF8 is spoken."""
    return mail.as_bytes(policy=POLICY_OF_SMTPUTF8 if utf8 else POLICY)


def message_id(idempotency_key: str, mail_domain: str) -> str:
    """The Message-ID of a message: known before it leaves, the same for every attempt."""
    return f"<{NOT_IN_AN_ID.sub('-', idempotency_key)}@{mail_domain}>"


def one_address(address: str) -> str:
    """The address with its domain in ASCII (IDNA).

    Raises:
        PermanentFailure: it is not exactly one address.

    """
    if not ONE_ADDRESS.fullmatch(address) or not address.isprintable():
        raise PermanentFailure("not one e-mail address", FailureReason.ADDRESS_DEAD)
    local, _, domain = address.rpartition("@")
    try:
        written = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except UnicodeError:
        raise PermanentFailure("no such domain can exist", FailureReason.ADDRESS_DEAD) from None
    whole = f"{local}@{written}"
    if len(local.encode()) > LONGEST_LOCAL_PART or len(whole.encode()) > LONGEST_ADDRESS:
        raise PermanentFailure("longer than an e-mail address can be", FailureReason.ADDRESS_DEAD)
    return whole


def _compose(message: OutgoingMessage, mail_from: str, mail_domain: str, now: datetime) -> EmailMessage:
    mail = EmailMessage(policy=POLICY)
    mail["From"] = Address(message.sender_name, addr_spec=mail_from)
    mail["To"] = _recipient(message.to)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id(message.idempotency_key, mail_domain)
    if message.reply_to:
        mail["Reply-To"] = Address(addr_spec=message.reply_to)
    _put_into_thread(mail, message, mail_domain)
    if not message.by_hand:
        _mark_as_automatic(mail)
    mail["Feedback-ID"] = feedback_id(message, mail_domain)
    if message.stop_url:
        _offer_to_stop(mail, message.stop_url)
    _write_body(mail, message)
    # Last: a mail that becomes multipart gives its content headers to its first part.
    mail["Content-Language"] = message.language
    return mail


def _recipient(address: str) -> Address:
    whole = one_address(address)
    local, _, domain = whole.rpartition("@")
    if not local.isascii():  # the parser knows ASCII alone
        return Address(username=local, domain=domain)
    try:
        return Address(addr_spec=whole)
    except (ValueError, MessageError):
        raise PermanentFailure("not one e-mail address", FailureReason.ADDRESS_DEAD) from None


def _put_into_thread(mail: EmailMessage, message: OutgoingMessage, mail_domain: str) -> None:
    """Name the mails it follows. Other people's Message-IDs are hostile text: those that are none go."""
    own = message.in_reply_to if "@" in message.in_reply_to or not message.in_reply_to else ""
    parent = own or (message.in_reply_to and message_id(message.in_reply_to, mail_domain))
    thread = list(_valid_ids((*message.references, parent)))
    if parent in thread:
        mail["In-Reply-To"] = parent
    if thread:
        # The first names the thread, the last the branch (RFC 5322 §3.6.4 allows leaving out between).
        mail["References"] = " ".join([*thread[:1], *thread[1:][1 - MOST_REFERENCES :]])


def _valid_ids(ids: Iterable[str]) -> Iterator[str]:
    return (each for each in dict.fromkeys(ids) if MESSAGE_ID.fullmatch(each))


def _mark_as_automatic(mail: EmailMessage) -> None:
    mail["Auto-Submitted"] = "auto-generated"
    # Not `All`: that would keep back the bounces we need.
    mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"


def feedback_id(message: OutgoingMessage, mail_domain: str) -> str:
    """Four parts, from the narrowest to the sender, by which Gmail sums up complaints.

    Never a person or a shop: whoever reads it learns which kind of message it is.
    """
    template, _, channel = (message.feedback_id or "mail").partition(":")
    audience = "shop" if message.stop_url else "service"
    parts = (template, channel or audience, message.language, mail_domain[:LONGEST_SENDER])
    return ":".join(NOT_IN_FEEDBACK.sub("-", part)[:LONGEST_FEEDBACK_PART] for part in parts)


def _offer_to_stop(mail: EmailMessage, stop_url: str) -> None:
    is_plain = stop_url.isascii() and stop_url.isprintable() and not set(" <>") & set(stop_url)
    if not is_plain or len(stop_url) > LONGEST_STOP_URL:
        raise ValueError("the stop link is not a plain address")
    mail["List-Unsubscribe"] = f"<{stop_url}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _write_body(mail: EmailMessage, message: OutgoingMessage) -> None:
    # Never 8bit: a relay that re-encodes it breaks the signature (RFC 6376).
    mail.set_content(message.text, cte=_encoding_for(message.text))
    if message.html is not None:
        mail.add_alternative(message.html, subtype="html", cte=_encoding_for(message.html))


def _encoding_for(text: str) -> str:
    foreign = len(text) - len(text.encode("ascii", "ignore"))
    return "base64" if foreign > len(text) * LONGEST_CODED_SHARE else "quoted-printable"
