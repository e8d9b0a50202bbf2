"""Puts together what the readers of single facts find in one mail."""

import re
from dataclasses import dataclass
from email.message import Message

from discount_broker.outreach.inbound import mime
from discount_broker.outreach.inbound.automatic import is_complaint, is_receipt, kind_of
from discount_broker.outreach.inbound.bounces import Bounce, read_bounce
from discount_broker.outreach.inbound.delivery_reports import find_reports
from discount_broker.outreach.inbound.html_text import html_to_text
from discount_broker.outreach.inbound.intents import Intent, IntentKind, find_intents
from discount_broker.outreach.inbound.reply_text import split_reply
from discount_broker.outreach.status import ReplyKind

CYRILLIC, LATIN = re.compile(r"[а-яё]", re.IGNORECASE), re.compile(r"[a-z]", re.IGNORECASE)
ANSWERS = {IntentKind.OFFER, IntentKind.DECLINE, IntentKind.OPT_OUT, IntentKind.WHO_ARE_YOU}
MESSAGE_ID = re.compile(r"<[^<>\s]+>")
MOST_BYTES = 2_000_000
"""What is looked at of one mail: words and reports come before pictures."""
LISTENED_TO = {ReplyKind.HUMAN, ReplyKind.AUTO_REPLY, ReplyKind.ACKNOWLEDGEMENT}


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
    subject: str = ""
    message_id: str = ""
    references: tuple[str, ...] = ()
    """Message-IDs it says it answers, nearest first."""


def read_inbound(content: bytes) -> Inbound:
    """Read a mail. Never raises: bytes that are no mail are a person's empty letter."""
    begins = content[:MOST_BYTES]
    try:
        return _read(mime.parse(begins))
    except RecursionError:
        # Parts in parts in parts, a thousand deep: nobody's letter.
        return _read(mime.parse_headers(begins))


def _read(message: "Message[str, str]") -> Inbound:
    body = body_text(message)
    bounce = None if is_complaint(message) or is_receipt(message) else read_bounce(message)
    split = split_reply(body)
    intents = tuple(find_intents(split.text))
    kind = _heard(_kind(message, bounce, body), intents)
    return Inbound(
        kind=kind,
        bounce=bounce,
        reply_text=split.text,
        signature=split.signature,
        intents=intents if kind in LISTENED_TO else (),
        language=language_of(split.text or body),
        sender=mime.sender(message),
        subject=mime.header(message, "Subject"),
        message_id=mime.header(message, "Message-ID"),
        references=_references(message),
    )


def read_inbound_text(text: str) -> Inbound:
    """Read a body that came without its mail."""
    body = text.replace("\r\n", "\n")[: mime.LONGEST_TEXT]
    split = split_reply(body)
    intents = tuple(find_intents(split.text))
    return Inbound(
        kind=_heard(kind_of(Message(), body), intents),
        reply_text=split.text,
        signature=split.signature,
        intents=intents,
        language=language_of(split.text or body),
    )


def body_text(message: "Message[str, str]") -> str:
    """The text a person would read: the plain part, or the HTML where there is no other."""
    leaves = [part for part in mime.parts(message) if part.get_content_disposition() != "attachment"]
    plain = [mime.text_of(part) for part in leaves if part.get_content_type() == "text/plain"]
    if any(text.strip() for text in plain):
        return "\n".join(plain).strip()[: mime.LONGEST_TEXT]
    return "\n".join(
        html_to_text(mime.text_of(part)) for part in leaves if part.get_content_type() == "text/html"
    )[: mime.LONGEST_TEXT]


def language_of(text: str) -> str:
    return "ru" if len(CYRILLIC.findall(text)) > len(LATIN.findall(text)) else "en"


def _kind(message: "Message[str, str]", bounce: Bounce | None, body: str) -> ReplyKind:
    if is_complaint(message):
        return ReplyKind.COMPLAINT
    if bounce:
        return ReplyKind.BOUNCE
    if is_receipt(message) or find_reports(message):
        return ReplyKind.RECEIPT
    return kind_of(message, body)


def _heard(kind: ReplyKind, intents: tuple[Intent, ...]) -> ReplyKind:
    """Thanks for the letter and then an answer to it: a person wrote that."""
    is_answer = any(intent.kind in ANSWERS for intent in intents)
    return ReplyKind.HUMAN if kind is ReplyKind.ACKNOWLEDGEMENT and is_answer else kind


def _references(message: "Message[str, str]") -> tuple[str, ...]:
    answered = MESSAGE_ID.findall(mime.header(message, "In-Reply-To"))
    thread = MESSAGE_ID.findall(mime.header(message, "References"))
    return tuple(dict.fromkeys((*answered, *reversed(thread))))
