"""What messaging needs from the outside world."""

from dataclasses import dataclass, field
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
