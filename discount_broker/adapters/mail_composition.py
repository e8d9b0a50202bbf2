"""Turns an outgoing message into an e-mail: who asks, where to answer, how to stop us."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from email.utils import format_datetime

import idna

from discount_broker.adapters.mail_writing import mailbox, write_mail
from discount_broker.messaging.ports import FailureReason, OutgoingMessage, PermanentFailure

WORD = r"[^\s@<>,;:\"\\()\[\].]+"
ONE_ADDRESS = re.compile(rf"{WORD}(\.{WORD})*@{WORD}(\.{WORD})*")
LONGEST_LOCAL_PART, LONGEST_ADDRESS = 64, 254
"""In octets (RFC 5321 §4.5.3.1)."""
MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,240}>")
NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9.+_-]")
NOT_IN_FEEDBACK = re.compile(r"[^A-Za-z0-9._-]")
LONGEST_FEEDBACK_PART, LONGEST_SENDER = 40, 15
MOST_REFERENCES = 10
LONGEST_BOUNDARY = 60
RENAMES_MAILS = ".postmarkapp.com"
"""Postmark gives every mail a Message-ID of its own, and tells ours back only if it stands here."""
AUTOMATIC = (
    ("Auto-Submitted", "auto-generated"),
    # Not `All`: that would keep back the bounces we need.
    ("X-Auto-Response-Suppress", "OOF, AutoReply"),
)


def compose(
    message: OutgoingMessage, *, mail_from: str, mail_domain: str, now: datetime, relay: str = ""
) -> bytes:
    """The mail as it goes out: the same for every attempt but for its date.

    `relay` is the host it is handed to, for those that want more.

    Raises:
        PermanentFailure: a header would carry a line break, or an address is none.

    """
    recipient = one_address(message.to)
    headers = [
        ("From", mailbox(message.sender_name, own_address(mail_from))),
        ("To", recipient),
        ("Subject", message.subject),
        ("Date", format_datetime(now)),
        ("Message-ID", message_id(message.idempotency_key, mail_domain)),
        *([("Reply-To", own_address(message.reply_to))] if message.reply_to else []),
        *_thread(message, mail_domain),
        *([] if message.by_hand else AUTOMATIC),
        ("Feedback-ID", feedback_id(message, mail_domain)),
        *_ways_to_stop(message.stop_url),
        ("Content-Language", message.language),
    ]
    if relay.endswith(RENAMES_MAILS):
        headers.append(("X-PM-Metadata-message-id", message_id(message.idempotency_key, mail_domain)))
    boundary = NOT_IN_AN_ID.sub("-", message.idempotency_key)[:LONGEST_BOUNDARY]
    return write_mail(headers, message.text, message.html, boundary=boundary, utf8=not recipient.isascii())


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


def own_address(address: str) -> str:
    """An address of ours: where it is none, the recipient cannot help it.

    Raises:
        PermanentFailure

    """
    try:
        return one_address(address)
    except PermanentFailure as wrong:
        raise PermanentFailure(f"{wrong}, and it is ours: {address!r}") from None


def _thread(message: OutgoingMessage, mail_domain: str) -> Iterator[tuple[str, str]]:
    """Name the mails it follows. Other people's Message-IDs are hostile text: those that are none go."""
    parent = message.in_reply_to
    if parent and "@" not in parent:
        parent = message_id(parent, mail_domain)
    thread = list(_valid_ids((*message.references, parent)))
    if parent in thread:
        yield "In-Reply-To", parent
    if thread:
        # The first names the thread, the last the branch (RFC 5322 §3.6.4 allows leaving out between).
        yield "References", " ".join([*thread[:1], *thread[1:][1 - MOST_REFERENCES :]])


def _valid_ids(ids: Iterable[str]) -> Iterator[str]:
    return (each for each in dict.fromkeys(ids) if MESSAGE_ID.fullmatch(each))


def feedback_id(message: OutgoingMessage, mail_domain: str) -> str:
    """Four parts, from the narrowest to the sender, by which Gmail sums up complaints.

    Never a person or a shop: whoever reads it learns which kind of message it is.
    """
    template, _, channel = (message.feedback_id or "mail").partition(":")
    audience = "shop" if message.stop_url else "service"
    parts = (template, channel or audience, message.language, mail_domain[:LONGEST_SENDER])
    return ":".join(NOT_IN_FEEDBACK.sub("-", part)[:LONGEST_FEEDBACK_PART] for part in parts)


def _ways_to_stop(stop_url: str) -> list[tuple[str, str]]:
    """One-click unsubscribe (RFC 8058), where the message can be unsubscribed from."""
    if not stop_url:
        return []
    if not stop_url.isascii() or not stop_url.isprintable() or set(" <>") & set(stop_url):
        raise PermanentFailure("the message cannot be written as a mail: the stop link is no plain address")
    return [("List-Unsubscribe", f"<{stop_url}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")]
