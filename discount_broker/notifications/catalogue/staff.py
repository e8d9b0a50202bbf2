"""Messages to the people who work the desk. Pure."""

from dataclasses import dataclass
from typing import ClassVar

from discount_broker.notifications.catalogue.parts import Audience, Message


@dataclass(frozen=True, kw_only=True)
class StaffInvited:
    message: ClassVar[Message] = Message.STAFF_INVITED
    audience: ClassVar[Audience] = Audience.STAFF
    password_url: str
    invited_by: str
    valid_days: int


@dataclass(frozen=True, kw_only=True)
class PasswordLink:
    message: ClassVar[Message] = Message.PASSWORD_LINK
    audience: ClassVar[Audience] = Audience.STAFF
    password_url: str
    valid_hours: int


StaffMessage = StaffInvited | PasswordLink
