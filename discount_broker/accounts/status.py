"""How it is to deal with a buyer, what buyers ask of callers, and by which means they are reached. Pure."""

from enum import StrEnum


class Standing(StrEnum):
    """How it is to deal with a buyer."""

    NONE = "none"
    LOYAL = "loyal"
    DIFFICULT = "difficult"


class ContactWishKind(StrEnum):
    """What a buyer asks of whoever wants to reach them."""

    QUIET_HOURS = "quiet_hours"
    """No calls and no texts between two times of the day."""
    WRITE_ONLY = "write_only"
    """Write, do not call."""
    NOT_ON = "not_on"
    """Leave them alone on one day."""


class Means(StrEnum):
    """How somebody rings at a buyer's; a mail disturbs nobody."""

    CALL = "call"
    SMS = "sms"


class ZoneSource(StrEnum):
    """How we know by which clock a buyer lives."""

    CARD = "card"
    PHONE = "phone"
    SHOP = "shop"
    """Of the shop the latest request was about."""
    UNKNOWN = "unknown"


class ConsentKind(StrEnum):
    """What a buyer may agree to, each by a box of its own."""

    PROCESSING = "processing"
    """Their details are used to ask shops for this discount."""
    DIRECT_CONTACT = "direct_contact"
    """Shops may contact them directly."""
    NEWS = "news"
    """More than the news of their own requests."""
    TEXTS = "texts"
    """News by SMS."""
