"""What a contact point is, and how far it can be trusted. Pure."""

from enum import StrEnum


class ContactKind(StrEnum):
    EMAIL = "email"
    FORM = "form"
    PHONE = "phone"
    MESSENGER = "messenger"


class DoorSource(StrEnum):
    """Who told us of a door. A person's word stands against whatever a crawl reads later."""

    CRAWL = "crawl"
    DIRECTORY = "directory"
    OPERATOR = "operator"
    SHOP = "shop"


class ContactState(StrEnum):
    UNVERIFIED = "unverified"
    GOOD = "good"
    DEAD = "dead"
    STOPPED = "stopped"
