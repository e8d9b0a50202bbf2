"""What messaging needs from the outside world."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from discount_broker.messaging.status import ChannelKind, FailureReason

__all__ = [
    "Channel",
    "ChannelKind",
    "Channels",
    "DeliveryFailure",
    "FailureReason",
    "OutcomeUnknown",
    "OutgoingMessage",
    "PermanentFailure",
    "Receipt",
    "TemporaryFailure",
]


@dataclass(frozen=True, kw_only=True)
class OutgoingMessage:
    """One message as a channel gets it."""

    to: str
    """E-mail address, or the address of the page that holds the form."""
    subject: str
    text: str
    html: str | None = None
    language: str = "en"
    idempotency_key: str
    """The same for every attempt; e-mail makes its Message-ID of it."""
    sender_name: str = ""
    reply_to: str = ""
    """Where answers go; a form gets it as the visitor's e-mail address."""
    bounce_to: str = ""
    """Envelope sender (VERP), the same for every attempt."""
    stop_url: str = ""
    """One-click unsubscribe (RFC 8058); empty for messages that are not to be unsubscribed from."""
    in_reply_to: str = ""
    """Idempotency key of the message it belongs under, or a Message-ID where somebody else wrote that;
    empty where it begins a thread."""
    references: tuple[str, ...] = ()
    """Message-IDs of the thread before that one, the oldest first."""
    by_hand: bool = False
    """A person pressed "send" for this very message: it is not automatic (RFC 3834)."""
    feedback_id: str = ""
    """Groups complaints at mailbox providers: `<template>:<channel>`, never a person."""
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Receipt:
    """The outside accepted the message."""

    reference: str
    evidence: dict[str, Any] = field(default_factory=dict)
    """What was sent and what came back, for people to look at later."""


class DeliveryFailure(Exception):
    """The message was not handed over."""

    def __init__(
        self, why: str, reason: FailureReason = FailureReason.OTHER, evidence: dict[str, Any] | None = None
    ) -> None:
        super().__init__(why)
        self.reason, self.evidence = reason, evidence or {}


class TemporaryFailure(DeliveryFailure):
    """Worth another try: time-out, throttling, 4xx from a mail server."""

    def __init__(
        self,
        why: str,
        reason: FailureReason = FailureReason.OTHER,
        evidence: dict[str, Any] | None = None,
        *,
        retry_after: timedelta | None = None,
        counts: bool = True,
    ) -> None:
        """`retry_after`: when the outside wants to be asked again, else the schedule says it.

        `counts` is False where it was not even tried, for it was not its turn.
        """
        super().__init__(why, reason, evidence)
        self.retry_after, self.counts = retry_after, counts


class PermanentFailure(DeliveryFailure):
    """Will fail every time: bad address, form gone, recipient refused, a captcha."""


class OutcomeUnknown(DeliveryFailure):
    """It may have arrived. Never tried again by itself: a person decides."""


class Channel(Protocol):
    """Contract: `tests/contract/test_channels.py`."""

    def send(self, message: OutgoingMessage) -> Receipt:
        """Hand the message over.

        Raises:
            TemporaryFailure, PermanentFailure, OutcomeUnknown

        """
        ...


Channels = dict[ChannelKind, Channel]
