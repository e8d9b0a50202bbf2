"""Reads bounces: which addresses failed, for good or for now, and why."""

import re
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum

from flufl.bounce import all_failures

from discount_broker.outreach.inbound import mime
from discount_broker.outreach.inbound.delivery_reports import Report, find_reports
from discount_broker.outreach.inbound.failure_notices import failed_addresses, is_failure_notice, notice_text


class BounceReason(StrEnum):
    USER_UNKNOWN = "user_unknown"
    MAILBOX_FULL = "mailbox_full"
    POLICY = "policy"
    HOST_UNKNOWN = "host_unknown"
    EXPIRED = "expired"
    OTHER = "other"


@dataclass(frozen=True)
class Bounce:
    """A mail server's word that a message of ours did not arrive, or has not yet."""

    recipients: tuple[str, ...]
    permanent: bool
    """The same message to the same address would fail again."""
    is_final: bool
    """Nobody tries this message any more. A bounce can be final and yet say nothing against the address."""
    reason: BounceReason
    status: str | None
    """Enhanced status code (RFC 3463)."""
    diagnostic: str
    original_message_id: str
    """Message-ID of ours that it is about, where it says so."""


STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
REPLY_CODE = re.compile(r"(?<![\d.:\[])([45])[0-5]\d(?=[\s-]+(?:\S|$))")
VAGUE_STATUS = re.compile(r"[45]\.0\.0|5\.5\.0|5\.1\.0|4\.4\.7")
TRYING_ON = re.compile(
    r"still (?:being )?(?:retr|try)|will (?:be retried|keep trying|continue)|no action is required"
    r"|warning message"
    r"|could not send message for past|has been delayed|delayed \d+ (?:hours|days)"
    r"|попытки будут продолжены|не требуется действий",
    re.IGNORECASE,
)
GAVE_UP = re.compile(
    r"timed? ?out|giving up|gave up|expired|too long|retry (?:time|timeout)|for the last \d+"
    r"|cannot send message for"
    r"|could not be delivered for|not been able to|истек|истёк|queue ?life ?time",
    re.IGNORECASE,
)
WORDS_OF_REASONS = {
    BounceReason.MAILBOX_FULL: (
        r"quota|mail ?box (?:is )?(?:full|over|exceed)|(?:mail ?box|inbox|storage"
        r"|disk).{0,30}(?:full|exceed|insufficient)"
        r"|out of storage|not enough (?:storage|space|disk)|переполнен|[45]\.2\.2"
    ),
    BounceReason.HOST_UNKNOWN: (
        r"host (?:is )?(?:unknown|not found)|unknown (?:host|domain)|domain (?:name )?(?:not found"
        r"|does(?: not|n't) exist)"
        r"|name or service not known|no (?:mx|such (?:host|domain))|nxdomain|host name lookup"
        r"|unrouteable|bad destination"
        r"|could not be resolved|does not accept mail|null ?mx|[45]\.1\.2|5\.1\.10|5\.4\.4"
    ),
    BounceReason.USER_UNKNOWN: (
        r"user[ _-]*(?:is )?(?:unknown|not found|not known)|unknown (?:user|recipient|local|address"
        r"|mailbox)"
        r"|no such (?:user|mailbox|recipient|address|person|account|local)|does(?: not|n't) exist"
        r"|not (?:a )?(?:valid|known|listed)"
        r"|invalid (?:recipient|address|mailbox|user)|no mailbox|mailbox (?:unavailable|not found"
        r"|does)|account.{0,20}(?:disabled"
        r"|inactive|closed|suspended)|recipient (?:address )?(?:unknown|not found)"
        r"|address (?:unknown|not found)|no longer"
        r"|нет такого|не существует|не найден|заблокирован|5\.1\.[016]|5\.2\.1"
    ),
    BounceReason.POLICY: (
        r"spam|block|black ?list|policy|policies|reputation|denied|not (?:allowed|permitted"
        r"|authorized)|relay|dnsbl|\brbl\b|virus"
        r"|\bspf\b|dkim|dmarc|refused|reject|too many|rate limit|greylist|[45]\.7\.\d"
    ),
    BounceReason.EXPIRED: GAVE_UP.pattern + r"|[45]\.4\.7",
}
REASONS = {reason: re.compile(words, re.IGNORECASE) for reason, words in WORDS_OF_REASONS.items()}
"""In the order they are tried: a full mailbox is often said in the words of a policy."""


def read_bounce(message: "Message[str, str]") -> Bounce | None:
    """What the mail says about failed addresses; None when it is no bounce."""
    reports = find_reports(message)
    failed = [report for report in reports if report.is_failure]
    if failed:
        return _from_reports(message, failed)
    if reports or not is_failure_notice(message):
        return None
    return _from_notice(message)


def _from_reports(message: "Message[str, str]", reports: list[Report]) -> Bounce:
    first = next((report for report in reports if report.is_final), reports[0])
    said = f"{first.status} {first.diagnostic}"
    named = [report.address for report in reports if report.address]
    status = _status(first.status, first.diagnostic)
    return Bounce(
        recipients=tuple(dict.fromkeys(named or failed_addresses(message, notice_text(message)))),
        permanent=first.is_final and not _is_for_now(status, first.diagnostic),
        is_final=first.is_final,
        reason=reason_of(said if first.diagnostic else f"{said} {notice_text(message)}"),
        status=status,
        diagnostic=first.diagnostic,
        original_message_id=_original_message_id(message),
    )


def _from_notice(message: "Message[str, str]") -> Bounce:
    temporary, permanent = _listed(message)
    text = notice_text(message)
    recipients = [*permanent, *temporary] or failed_addresses(message, text)
    is_final = not (
        TRYING_ON.search(f"{mime.header(message, 'Subject')} {text[:1500]}") or (temporary and not permanent)
    )
    status = _status("", text)
    return Bounce(
        recipients=tuple(dict.fromkeys(recipients)),
        permanent=is_final and not _is_for_now(status, text),
        is_final=is_final,
        reason=reason_of(text),
        status=status,
        diagnostic=" ".join(text.split())[:500],
        original_message_id=_original_message_id(message),
    )


def reason_of(said: str) -> BounceReason:
    return next((reason for reason, words in REASONS.items() if words.search(said)), BounceReason.OTHER)


def _status(status: str, diagnostic: str) -> str | None:
    """The code that says most: the other side's own, where the report's is a catch-all."""
    if status and not VAGUE_STATUS.fullmatch(status):
        return status
    found = STATUS.search(diagnostic)
    return found.group() if found else status or None


def _is_for_now(status: str | None, diagnostic: str) -> bool:
    """Whether the words speak of a trouble that may pass."""
    if status and not VAGUE_STATUS.fullmatch(status):
        return status.startswith("4")
    if code := REPLY_CODE.search(diagnostic):
        return code.group(1) == "4"
    return status is not None and status.startswith("4")


def _original_message_id(message: "Message[str, str]") -> str:
    for content_type in ("message/rfc822", "text/rfc822-headers"):
        for part in mime.attached(message, content_type):
            payload = part.get_payload()
            original = payload[0] if isinstance(payload, list) else mime.parse(mime.text_of(part).encode())
            if isinstance(original, Message) and (found := mime.header(original, "Message-ID")):
                return found
    return ""


def _listed(message: "Message[str, str]") -> tuple[list[str], list[str]]:
    try:
        temporary, permanent = all_failures(message)
    except Exception:  # made for well-meant mail, it meets any bytes: our own rules go on
        return [], []
    return sorted(map(_plain, temporary)), sorted(map(_plain, permanent))


def _plain(address: bytes | str) -> str:
    text = address.decode("utf-8", "replace") if isinstance(address, bytes) else address
    return text.strip("<> ").lower()
