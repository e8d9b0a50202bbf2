"""Puts together what the readers of single facts find in one mail."""

import re
from dataclasses import dataclass
from datetime import datetime

from discount_broker.kernel.urls import registrable_domain
from discount_broker.outreach.inbound.attachments import Attachment, list_attachments
from discount_broker.outreach.inbound.automatic import (
    automatic_headers,
    is_complaint,
    is_marked,
    is_receipt,
    kind_of,
)
from discount_broker.outreach.inbound.bounces import Bounce, read_bounce
from discount_broker.outreach.inbound.delivery_reports import read_report
from discount_broker.outreach.inbound.headers import one_address
from discount_broker.outreach.inbound.intents import Intent, IntentKind
from discount_broker.outreach.inbound.letter import Mail
from discount_broker.outreach.inbound.parts import LONGEST_TEXT
from discount_broker.outreach.inbound.reply_text import ReplyText, split_reply
from discount_broker.outreach.inbound.request_numbers import find_numbers
from discount_broker.outreach.inbound.ses_notices import read_notice
from discount_broker.outreach.inbound.understanding import find_intents
from discount_broker.outreach.status import ReplyKind

CYRILLIC, LATIN = re.compile(r"[а-яё]", re.IGNORECASE), re.compile(r"[a-z]", re.IGNORECASE)
ANSWERS = {IntentKind.OFFER, IntentKind.DECLINE, IntentKind.OPT_OUT, IntentKind.WHO_ARE_YOU}
LISTENED_TO = {ReplyKind.HUMAN, ReplyKind.AUTO_REPLY, ReplyKind.ACKNOWLEDGEMENT}
SAID_BY_PROGRAMS = {IntentKind.NEW_ADDRESS, IntentKind.OUT_UNTIL, IntentKind.CALL_US}
"""What an automatic answer can tell us. It offers, refuses and forbids nothing."""
LONGEST_READ_FOR_NUMBERS = 50_000


@dataclass(frozen=True, kw_only=True)
class Inbound:
    """An incoming mail, read."""

    kind: ReplyKind
    bounce: Bounce | None = None
    reply_text: str = ""
    """What was written, without quotes and signature."""
    signature: str = ""
    intents: tuple[Intent, ...] = ()
    language: str = "en"
    """`ru` or `en`: the one of our languages it is nearest to."""
    sender: str = ""
    """The address in `From`. Anybody can write any: trust it only as far as the mail is authenticated."""
    sender_domain: str = ""
    """The registrable domain of `sender`: the name by which shops are known."""
    reply_to: str = ""
    subject: str = ""
    message_id: str = ""
    references: tuple[str, ...] = ()
    """Message-IDs it says it answers, nearest first."""
    recipients: tuple[str, ...] = ()
    """Every address it says it went to, what servers noted (`Delivered-To`) before what the writer wrote."""
    numbers: tuple[str, ...] = ()
    """Numbers of requests in its subject and body, quotes included, as we write them."""
    automatic_headers: tuple[str, ...] = ()
    """The headers that say that a program wrote it."""
    attachments: tuple[Attachment, ...] = ()
    date: datetime | None = None
    """When it says it was written."""


def read_inbound(content: bytes) -> Inbound:
    """Read a mail. Never raises: bytes that are no mail are a person's empty letter."""
    mail = Mail(content)
    kind, bounce = _kind(mail)
    # Reports of servers hold no letter; they are shown as they came.
    split = split_reply(mail.body) if kind in LISTENED_TO else ReplyText(mail.body, "")
    language = language_of(split.text or mail.body)
    intents = _intents(kind, split.text, language, mail.date)
    kind = kind if is_marked(mail) else _heard(kind, intents)
    return Inbound(
        kind=kind,
        bounce=bounce,
        reply_text=split.text,
        signature=split.signature,
        intents=tuple(intent for intent in intents if _is_listened_to(kind, intent)),
        language=language,
        sender=mail.sender,
        sender_domain=registrable_domain(mail.sender.rpartition("@")[2]) if mail.sender else "",
        reply_to=one_address(mail.header("Reply-To")),
        subject=mail.subject,
        message_id=mail.header("Message-ID"),
        references=mail.references,
        recipients=mail.recipients,
        numbers=find_numbers(f"{mail.subject}\n{mail.body[:LONGEST_READ_FOR_NUMBERS]}"),
        automatic_headers=automatic_headers(mail),
        attachments=list_attachments(mail),
        date=mail.date,
    )


def read_inbound_text(text: str) -> Inbound:
    """Read a body that came without its mail."""
    body = text.replace("\r\n", "\n")[:LONGEST_TEXT]
    split = split_reply(body)
    language = language_of(split.text or body)
    kind = kind_of(Mail(b""), body)
    intents = _intents(kind, split.text, language, None)
    kind = _heard(kind, intents)
    return Inbound(
        kind=kind,
        reply_text=split.text,
        signature=split.signature,
        intents=tuple(intent for intent in intents if _is_listened_to(kind, intent)),
        language=language,
        numbers=find_numbers(body[:LONGEST_READ_FOR_NUMBERS]),
    )


def language_of(text: str) -> str:
    return "ru" if len(CYRILLIC.findall(text)) > len(LATIN.findall(text)) else "en"


def _kind(mail: Mail) -> tuple[ReplyKind, Bounce | None]:
    """What the mail is, and what it says failed."""
    if is_complaint(mail):
        return ReplyKind.COMPLAINT, None
    if is_receipt(mail):
        return ReplyKind.RECEIPT, None
    if notice := read_notice(mail):
        return notice
    report = read_report(mail)
    if bounce := read_bounce(mail, report):
        return ReplyKind.BOUNCE, bounce
    return (ReplyKind.RECEIPT if report.recipients else kind_of(mail, mail.body)), None


def _intents(kind: ReplyKind, letter: str, language: str, written: datetime | None) -> tuple[Intent, ...]:
    if kind not in LISTENED_TO:
        return ()
    return tuple(find_intents(letter, language, written.date() if written else None))


def _is_listened_to(kind: ReplyKind, intent: Intent) -> bool:
    return kind is ReplyKind.HUMAN or intent.kind in SAID_BY_PROGRAMS


def _heard(kind: ReplyKind, intents: tuple[Intent, ...]) -> ReplyKind:
    """Thanks for the letter, or holidays, and then an answer to it: a person wrote that.

    A code for the next order is what programs put under their thanks.
    """
    is_advertising = any(intent.kind is IntentKind.PROMO_CODE for intent in intents)
    is_answer = any(intent.kind in ANSWERS and intent.is_certain for intent in intents)
    is_person = kind in LISTENED_TO and is_answer and not is_advertising
    return ReplyKind.HUMAN if is_person else kind
