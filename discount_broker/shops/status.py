"""What a contact point is, and how far it can be trusted. Pure."""

from enum import StrEnum


class ContactKind(StrEnum):
    EMAIL = "email"
    FORM = "form"
    PHONE = "phone"
    MESSENGER = "messenger"


class ContactState(StrEnum):
    UNVERIFIED = "unverified"
    GOOD = "good"
    DEAD = "dead"
    STOPPED = "stopped"
