"""Shops and the doors by which they can be reached."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from discount_broker.kernel.business_time import Calendar
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Id, Model, begins_index
from discount_broker.shops.extract.opening_hours import calendar_from
from discount_broker.shops.status import ContactKind, ContactState, DoorSource


class Shop(Model):
    """One seller, known by its registrable domain."""

    __table_args__ = (begins_index("shop", "domain"), begins_index("shop", "name"))

    id: Mapped[Id]
    domain: Mapped[str] = mapped_column(unique=True)
    home_url: Mapped[str]
    """Where a crawl may begin; keeps scheme and port."""
    name: Mapped[str]
    country: Mapped[str | None]
    """ISO 3166 code; decides its holidays, time zone and phone format."""
    language: Mapped[str | None]
    """The language it is written to in; None until its pages were read."""
    contacts_read_at: Mapped[datetime | None]
    """When its pages were last read to the end."""
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("shop.id"), index=True)
    """The shop that this domain turned out to be another name of; its doors are kept there."""
    corrected: Mapped[list[str]] = mapped_column(default=list)
    """Names of the columns that a person has set; no crawl changes them again."""
    contact_budget: Mapped[int | None]
    """Messages a day over all buyers, where the shop has chosen; else that of the installation."""
    hours: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """When it is open, where it has said so: `{"mon": ["09:00", "18:00"], …}`, a missing day is closed."""
    closed_days: Mapped[list[str]] = mapped_column(default=list)
    """Its own holidays: `2027-01-02`, or `2027-07-01/2027-07-14` with both ends."""
    feed_url: Mapped[str] = mapped_column(default="")
    """Its catalogue (YML, Google Merchant), given by itself, for being asked as a rival."""
    feed_read_at: Mapped[datetime | None]
    feed_failure: Mapped[str] = mapped_column(default="")
    wants_checks_since: Mapped[datetime | None]
    """Since when it asks to be checked for how it responds."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    merged_into: Mapped["Shop | None"] = relationship(remote_side="Shop.id")
    contact_points: Mapped[list["ContactPoint"]] = relationship(
        back_populates="shop", order_by="ContactPoint.confidence.desc()"
    )

    @property
    def calendar(self) -> Calendar:
        """When it is open, by its own word where it gave it: whoever reckons in business time asks this."""
        return calendar_from(self.country, self.hours or {}, self.closed_days or ())


class ContactPoint(Model):
    """One door of a shop, with the page it was found on."""

    __table_args__ = (
        UniqueConstraint("shop_id", "kind", "value"),
        Index(None, "value"),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence_is_a_share"),
    )

    id: Mapped[Id]
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shop.id"))
    kind: Mapped[ContactKind]
    value: Mapped[str]
    """E-mail address, page of the form, E.164 number, or messenger handle as `telegram:name`."""
    found_at: Mapped[str]
    snippet: Mapped[str] = mapped_column(default="")
    confidence: Mapped[float]
    state: Mapped[ContactState] = mapped_column(default=ContactState.UNVERIFIED)
    state_reason: Mapped[str] = mapped_column(default="")
    form: Mapped[dict[str, Any] | None]
    """What a crawl saw of the form: kind, captcha, fields; None for other kinds."""
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """How it stood on its page: `{"written": "mailto", "why": ["own_domain"]}`."""
    source: Mapped[DoorSource] = mapped_column(default=DoorSource.CRAWL)
    corrected_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    """The operator whose word it is, where it is one's."""
    preferred_at: Mapped[datetime | None]
    """Since when a person wants it tried before all others."""
    seen_at: Mapped[datetime] = mapped_column(default=utcnow)
    """When it was last found where it was looked for."""
    last_answer_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    shop: Mapped[Shop] = relationship(back_populates="contact_points")


class Correction(Model):
    """What a person said of a shop: a line of its history, appended and never changed."""

    id: Mapped[Id]
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shop.id"), index=True)
    what: Mapped[str]
    """`door_added`, `door_disowned`, `name_set`, `merged`, …: the page has a sentence for each."""
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    source: Mapped[DoorSource]
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    at: Mapped[datetime] = mapped_column(default=utcnow, index=True)


class ShopPerson(Model):
    """Somebody at a shop whom we have spoken or written to."""

    id: Mapped[Id]
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shop.id"), index=True)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="", index=True)
    """Direct number, E.164; an extension stands in `note`."""
    email: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    met_at: Mapped[datetime] = mapped_column(default=utcnow)
    """When we last had to do with them."""
    left_at: Mapped[datetime | None]
    """Since when they do not work there any more."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    shop: Mapped[Shop] = relationship()


class ShopMember(Model):
    """Somebody who proved that they read mail at an address of a shop, and may speak for it."""

    __table_args__ = (UniqueConstraint("shop_id", "email"),)

    id: Mapped[Id]
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shop.id"))
    email: Mapped[str] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    invited_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("shop_member.id"))
    """The colleague who added the address; None where it was a known contact point."""
    proved_at: Mapped[datetime | None]
    """When the link in a mail to this address was followed."""
    last_login_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """Since when they may not any more."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    shop: Mapped[Shop] = relationship()
