"""How messages travel, what can happen to a delivery, and where that leads. Pure."""

from enum import StrEnum

from discount_broker.kernel.transitions import follow


class ChannelKind(StrEnum):
    EMAIL = "email"
    WEB_FORM = "web_form"
    SMS = "sms"


class FailureReason(StrEnum):
    """Why a message could not be handed over, as far as the next step depends on it."""

    ADDRESS_DEAD = "address_dead"
    REFUSED = "refused"
    FORM_GONE = "form_gone"
    CAPTCHA = "captcha"
    SCRIPT_ONLY = "script_only"
    TOO_MANY_TRIES = "too_many_tries"
    MAILBOX_FULL = "mailbox_full"
    POLICY = "policy"
    """Our sending is refused, not this address: blocked, unsigned, of poor repute."""
    EXPIRED = "expired"
    """It could not leave while it was of use."""
    OTHER = "other"


class ReceiptKind(StrEnum):
    """What can be heard of a message after it left."""

    ACCEPTED = "accepted"
    """The next server took it."""
    DELIVERED = "delivered"
    READ = "read"
    SOFT_BOUNCE = "soft_bounce"
    HARD_BOUNCE = "hard_bounce"
    POLICY_BOUNCE = "policy_bounce"
    FAILED = "failed"
    """Given up on, for no fault of the address."""
    COMPLAINT = "complaint"


class DeliveryStatus(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    BOUNCED = "bounced"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """It may or may not have arrived; only a person can find out."""
    STOPPED = "stopped"
    """The recipient had forbidden it by the time it was due, or it was no longer wanted."""


class DeliveryEvent(StrEnum):
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    POSTPONED = "postponed"
    REFUSED = "refused"
    BOUNCED = "bounced"
    LOST = "lost"
    STOPPED = "stopped"
    EXPIRED = "expired"


S, E = DeliveryStatus, DeliveryEvent

TRANSITIONS: dict[tuple[DeliveryStatus, DeliveryEvent], DeliveryStatus] = {
    (S.QUEUED, E.CLAIMED): S.SENDING,
    (S.QUEUED, E.STOPPED): S.STOPPED,
    (S.QUEUED, E.EXPIRED): S.FAILED,
    (S.SENDING, E.ACCEPTED): S.SENT,
    (S.SENDING, E.POSTPONED): S.QUEUED,
    (S.SENDING, E.REFUSED): S.FAILED,
    (S.SENDING, E.LOST): S.UNKNOWN,
    (S.SENT, E.BOUNCED): S.BOUNCED,
    # Its worker was thought dead, and comes back to say that it has left.
    (S.QUEUED, E.ACCEPTED): S.SENT,
    (S.STOPPED, E.ACCEPTED): S.SENT,
    # A person found out.
    (S.UNKNOWN, E.ACCEPTED): S.SENT,
    (S.UNKNOWN, E.REFUSED): S.FAILED,
    # A receipt tells that the message had left after all.
    (S.UNKNOWN, E.BOUNCED): S.BOUNCED,
    (S.FAILED, E.BOUNCED): S.BOUNCED,
    (S.FAILED, E.ACCEPTED): S.SENT,
    # Mail servers report the same bounce more than once.
    (S.BOUNCED, E.BOUNCED): S.BOUNCED,
}


def next_status(status: DeliveryStatus, event: DeliveryEvent) -> DeliveryStatus:
    return follow(TRANSITIONS, status, event)
