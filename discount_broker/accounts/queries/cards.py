"""Reading buyers' cards: how to deal with a buyer, and when to leave them alone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from discount_broker.accounts.models import AuditEntry, BuyerCard, BuyerNote, ContactWish, LeadRule
from discount_broker.accounts.queries.buyers import find_buyer
from discount_broker.accounts.rules.phones import zone_of_phone
from discount_broker.accounts.rules.wishes import Wish, next_allowed
from discount_broker.accounts.status import ContactWishKind, Means, Standing, ZoneSource
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.site import site

ENOUGH = 200


@dataclass(frozen=True)
class Card:
    """What the team knows of one buyer, beside the requests."""

    standing: Standing = Standing.NONE
    standing_reason: str = ""
    lead_type: str = ""
    is_lead_type_set: bool = False
    birthday: date | None = None
    wants_greeting: bool = False
    zone: str = ""
    changed_at: datetime | None = None

    @property
    def seen(self) -> str:
        """What tells this state of the card from any other."""
        return self.changed_at.isoformat() if self.changed_at else ""


@dataclass(frozen=True)
class BuyerWishes:
    """When and how one buyer wants to be left alone, and by which clock."""

    rows: tuple[ContactWish, ...]
    zone: str
    """IANA name."""
    zone_source: ZoneSource

    def __bool__(self) -> bool:
        return bool(self.rows)

    @property
    def wishes(self) -> tuple[Wish, ...]:
        return tuple(as_wish(row) for row in self.rows)

    def next_allowed(self, at: datetime, *, means: str = Means.CALL) -> datetime | None:
        """`at`, or the first moment after it that they do not forbid; None where they always do."""
        return next_allowed(at, self.wishes, self.zone, means=means)


def card_of(buyer_id: UUID | None) -> Card:
    """The card of a buyer; an empty one where nobody has written on it."""
    row = db.session.get(BuyerCard, buyer_id) if buyer_id else None
    if row is None:
        return Card()
    return Card(
        standing=row.standing,
        standing_reason=row.standing_reason,
        lead_type=row.lead_type,
        is_lead_type_set=row.is_lead_type_set,
        birthday=row.birthday,
        wants_greeting=row.wants_greeting,
        zone=row.zone,
        changed_at=row.changed_at,
    )


def wishes_of(buyer_id: UUID | None, shop_zone: str = "") -> BuyerWishes:
    """The contact wishes of a buyer that hold.

    Their clock is that on the card, else that of their phone's country, else `shop_zone` (of the shop
    their latest request is about), else UTC.
    """
    rows = list_wishes(buyer_id) if buyer_id else []
    return BuyerWishes(tuple(rows), *_clock_of(buyer_id, shop_zone))


def list_wishes(buyer_id: UUID) -> list[ContactWish]:
    """The contact wishes of a buyer that hold, in the order in which they were told; no days gone by."""
    # A day is over everywhere on earth a day after it is over in Greenwich.
    is_over = ContactWish.on_day < utcnow().date() - timedelta(days=1)
    query = select(ContactWish).where(
        ContactWish.buyer_id == buyer_id,
        ContactWish.ended_at.is_(None),
        or_(ContactWish.on_day.is_(None), ~is_over),
    )
    return list(db.session.scalars(query.order_by(ContactWish.created_at, ContactWish.id)))


def list_own_hours(buyer_id: UUID) -> list[ContactWish]:
    """The hours of rest that hold and that the buyer named themselves, not to one of our people."""
    return [
        row
        for row in list_wishes(buyer_id)
        if row.kind is ContactWishKind.QUIET_HOURS and row.operator_id is None
    ]


def _clock_of(buyer_id: UUID | None, shop_zone: str) -> tuple[str, ZoneSource]:
    buyer = find_buyer(buyer_id) if buyer_id else None
    phone = (buyer.phone if buyer else "") or ""
    known = (
        (card_of(buyer_id).zone, ZoneSource.CARD),
        (zone_of_phone(phone, site().time_zone), ZoneSource.PHONE),
        (shop_zone, ZoneSource.SHOP),
    )
    return next((each for each in known if each[0]), ("UTC", ZoneSource.UNKNOWN))


def as_wish(row: ContactWish) -> Wish:
    return Wish(kind=row.kind, from_minute=row.from_minute, until_minute=row.until_minute, on_day=row.on_day)


def list_notes(buyer_id: UUID, limit: int = ENOUGH) -> list[BuyerNote]:
    """What colleagues wrote about a buyer, the latest first."""
    query = select(BuyerNote).where(BuyerNote.buyer_id == buyer_id)
    query = query.order_by(BuyerNote.created_at.desc(), BuyerNote.id).options(joinedload(BuyerNote.operator))
    return list(db.session.scalars(query.limit(limit)))


def list_lead_rules() -> list[LeadRule]:
    """By which rules a lead type is told, in the order in which they are tried."""
    return list(db.session.scalars(select(LeadRule).order_by(LeadRule.position, LeadRule.id)))


def list_changes_of(buyer_id: UUID, limit: int = ENOUGH) -> list[AuditEntry]:
    """What was changed on a buyer's card, the latest first."""
    query = select(AuditEntry).where(AuditEntry.subject == f"buyer:{buyer_id}").order_by(AuditEntry.id.desc())
    return list(db.session.scalars(query.limit(limit).options(joinedload(AuditEntry.operator))))
