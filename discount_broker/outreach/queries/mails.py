"""Reading the mail that came in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound
from discount_broker.kernel.tokens import Purpose, read_token
from discount_broker.outreach.models import InboundMail


def list_unread_mail() -> list[UUID]:
    return list(db.session.scalars(select(InboundMail.id).where(InboundMail.read_at.is_(None))))


def count_mails() -> list[tuple[str, int]]:
    """What mails were taken for, and how many; `unread` for those that no worker has looked at yet."""
    rows = db.session.execute(select(InboundMail.verdict, func.count()).group_by(InboundMail.verdict))
    return [(verdict or "unread", count) for verdict, count in rows]


def last_received_at() -> datetime | None:
    return db.session.scalar(select(func.max(InboundMail.received_at)))


OWN = {
    "reply": (Purpose.REPLY, Purpose.CHECK),
    "answer": (Purpose.BUYER_REPLY,),
    "begun": (Purpose.BEGUN,),
    "bounce": (Purpose.BOUNCE,),
}
"""What stands before the plus of our addresses, and for what the token behind it can have been made."""


def find_begun(mail: InboundMail, now: datetime) -> DiscountRequest | None:
    """The unfinished request that a buyer answers us about; no shop was asked, so it has no conversation."""
    kind, _, token = mail.recipient.partition("@")[0].partition("+")
    if kind.lower() != "begun":
        return None
    try:
        return db.session.get(DiscountRequest, read_token(Purpose.BEGUN, token, now))
    except NotFound:
        return None


def is_own_address(address: str, now: datetime) -> bool:
    """Whether we have given out this `reply+`, `answer+`, `begun+` or `bounce+<token>@` address."""
    kind, _, token = address.partition("@")[0].partition("+")
    return any(_is_made_for(purpose, token, now) for purpose in OWN.get(kind.lower(), ()))


def _is_made_for(purpose: Purpose, token: str, now: datetime) -> bool:
    try:
        read_token(purpose, token, now)
    except NotFound:
        return False
    return True
