"""What mail servers and providers hand to us: whether it is theirs, and the mails and receipts in it."""

from discount_broker.messaging.inbound.authentication import authentication_of
from discount_broker.messaging.inbound.parcel import (
    LARGEST_MAIL,
    Field,
    NotAuthentic,
    NotReadable,
    Parcel,
    PostedMail,
    ReceiptEvent,
    check_password,
)

__all__ = [
    "LARGEST_MAIL",
    "Field",
    "NotAuthentic",
    "NotReadable",
    "Parcel",
    "PostedMail",
    "ReceiptEvent",
    "authentication_of",
    "check_password",
]
