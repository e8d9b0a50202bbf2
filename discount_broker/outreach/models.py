"""Asking one shop for one request, and what came back."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from discount_broker.accounts.models import Operator
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Amount, Id, Model
from discount_broker.messaging.models import Delivery
from discount_broker.outreach.status import LetterAuthor, OutreachStatus, ReplyKind
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.status import ContactKind


class Pool(Model):
    """Several buyers who want the same product of one shop, put to it as one stronger request."""

    id: Mapped[Id]
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shop.id"), index=True)
    product_key: Mapped[str] = mapped_column(index=True)
    """What makes products the same: `gtin:…`, or `url:…` of the page without its tracking."""
    formed_at: Mapped[datetime] = mapped_column(default=utcnow)
    ended_at: Mapped[datetime | None]


class Outreach(Model):
    """One discount request put to one shop."""

    __table_args__ = (
        UniqueConstraint("discount_request_id", "shop_id"),
        CheckConstraint("price IS NULL OR currency IS NOT NULL", name="price_has_currency"),
        CheckConstraint("(status = 'asked') = (next_step_at IS NOT NULL)", name="asked_has_next_step"),
        CheckConstraint("status <> 'exhausted' OR exhausted_why <> ''", name="exhausted_says_why"),
        Index(None, "next_step_at"),
        Index(None, "status", "id"),
    )

    id: Mapped[Id]
    discount_request_id: Mapped[UUID] = mapped_column(ForeignKey("discount_request.id"))
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shop.id"), index=True)
    is_rival: Mapped[bool]
    product_url: Mapped[str]
    """The page on which this shop sells the product."""
    product_title: Mapped[str]
    price: Mapped[Decimal | None] = mapped_column(Amount)
    """What this shop asked for it when it was asked."""
    currency: Mapped[str | None]
    seen_at: Mapped[datetime]
    price_now: Mapped[Decimal | None] = mapped_column(Amount)
    """What its page said when it was read again, in `currency`."""
    price_read_at: Mapped[datetime | None]
    price_failure: Mapped[str] = mapped_column(default="")
    """Why the page could not be read again."""
    price_due_at: Mapped[datetime | None] = mapped_column(index=True)
    """When the page is to be read again; none where nobody has asked for that."""
    pool_id: Mapped[UUID | None] = mapped_column(ForeignKey("pool.id"), index=True)
    """The group of buyers it is put to the shop with."""
    ask_again_on: Mapped[date | None]
    """The day that the shop named for asking it again."""
    why_rival: Mapped[str] = mapped_column(default="")
    status: Mapped[OutreachStatus] = mapped_column(default=OutreachStatus.PLANNED)
    steps_taken: Mapped[int] = mapped_column(default=0)
    next_step_at: Mapped[datetime | None]
    exhausted_why: Mapped[str] = mapped_column(default="")
    """`silence`, `no_contact_points`, `captcha`, …: the reason the desk sees."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    asked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]

    discount_request: Mapped[DiscountRequest] = relationship()
    shop: Mapped[Shop] = relationship()
    steps: Mapped[list["Step"]] = relationship(back_populates="outreach", order_by="Step.number")
    replies: Mapped[list["Reply"]] = relationship(back_populates="outreach", order_by="Reply.received_at")
    letters: Mapped[list["Letter"]] = relationship(back_populates="outreach", order_by="Letter.created_at")

    @property
    def shop_wrote(self) -> bool:
        """Whether a person of the shop wrote, whatever they said."""
        return any(reply.kind is ReplyKind.HUMAN for reply in self.replies)


class Step(Model):
    """One rung of the ladder that was taken: which door, which message."""

    __table_args__ = (UniqueConstraint("outreach_id", "number"), Index(None, "delivery_id"))

    id: Mapped[Id]
    outreach_id: Mapped[UUID] = mapped_column(ForeignKey("outreach.id"))
    number: Mapped[int]
    contact_point_id: Mapped[UUID] = mapped_column(ForeignKey("contact_point.id"))
    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("delivery.id"))
    """The message; a digest carries the steps of several outreaches."""
    is_reminder: Mapped[bool] = mapped_column(default=False)
    why: Mapped[str] = mapped_column(default="")
    """Why this door and now, as `outreach.rules.RungReason` names it."""
    taken_at: Mapped[datetime] = mapped_column(default=utcnow)
    acknowledged_at: Mapped[datetime | None]
    """When a machine of the shop said that it arrived."""
    answered_at: Mapped[datetime | None]
    """When a person answered through it."""

    outreach: Mapped[Outreach] = relationship(back_populates="steps")
    contact_point: Mapped[ContactPoint] = relationship()
    delivery: Mapped[Delivery] = relationship()


class InboundMail(Model):
    """A message as it came in, kept before anything is made of it."""

    __table_args__ = (
        CheckConstraint("(read_at IS NOT NULL) OR (verdict IS NULL)", name="verdict_needs_reading"),
        Index(None, "read_at"),
        Index(None, "verdict"),
    )

    id: Mapped[Id]
    digest: Mapped[str] = mapped_column(unique=True)
    """SHA-256 of recipient and content: the same mail handed over twice is one mail."""
    recipient: Mapped[str]
    """Envelope recipient; carries the token that says which conversation it belongs to."""
    content: Mapped[bytes]
    received_at: Mapped[datetime] = mapped_column(default=utcnow)
    read_at: Mapped[datetime | None]
    verdict: Mapped[str | None]
    """Kind of the mail, `unmatched` when it belongs to no conversation of ours, or `set_aside`."""
    source: Mapped[str] = mapped_column(default="smtp")
    """The way it came in: `smtp`, `lmtp`, `imap`, `mailgun`, `postmark`, `sendgrid` or `ses`."""
    authentication: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Whose mail it is, as far as that was proved: `{"spf": "pass", "dkim": "pass", "domain": …}`."""
    message_id: Mapped[str] = mapped_column(default="")
    sender: Mapped[str] = mapped_column(default="", index=True)
    subject: Mapped[str] = mapped_column(default="")
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """Name, type, size and place of each; their bytes stay in `content`."""
    outreach_id: Mapped[UUID | None] = mapped_column(ForeignKey("outreach.id"), index=True)
    matched_by: Mapped[str] = mapped_column(default="")
    """`token`, `references`, `number`, `sender`, `learnt` or `person`."""
    guesses: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """Where it may belong, best first, each with its score and reasons."""
    filed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    filed_at: Mapped[datetime | None]

    outreach: Mapped[Outreach | None] = relationship()


class Reply(Model):
    """Something that came back from a shop."""

    id: Mapped[Id]
    outreach_id: Mapped[UUID] = mapped_column(ForeignKey("outreach.id"), index=True)
    inbound_mail_id: Mapped[UUID] = mapped_column(ForeignKey("inbound_mail.id"), unique=True)
    delivery_id: Mapped[UUID | None] = mapped_column(ForeignKey("delivery.id"))
    kind: Mapped[ReplyKind]
    sender: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    """What the person wrote, without quotes."""
    received_at: Mapped[datetime]

    outreach: Mapped[Outreach] = relationship(back_populates="replies")
    suggestions: Mapped[list["Suggestion"]] = relationship(
        back_populates="reply", order_by="Suggestion.created_at"
    )


class Suggestion(Model):
    """Something a letter says plainly, with the words that prove it; a person decides what follows."""

    id: Mapped[Id]
    reply_id: Mapped[UUID] = mapped_column(ForeignKey("reply.id"), index=True)
    kind: Mapped[str]
    """What it says, as `outreach.inbound.IntentKind` names it."""
    value: Mapped[str] = mapped_column(default="")
    evidence: Mapped[str]
    """The exact words."""
    is_certain: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    settled_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(default="")
    """`taken` or `dismissed`."""

    reply: Mapped[Reply] = relationship(back_populates="suggestions")


class Letter(Model):
    """One letter between buyer and shop: it passes through us, and neither sees the other's address."""

    id: Mapped[Id]
    outreach_id: Mapped[UUID] = mapped_column(ForeignKey("outreach.id"), index=True)
    author: Mapped[LetterAuthor]
    text: Mapped[str]
    delivery_id: Mapped[UUID | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    """The message that carries it on."""
    reply_id: Mapped[UUID | None] = mapped_column(ForeignKey("reply.id"), unique=True)
    """The mail of the shop it came in."""
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    outreach: Mapped[Outreach] = relationship(back_populates="letters")
    delivery: Mapped[Delivery | None] = relationship()
    reply: Mapped[Reply | None] = relationship()
    operator: Mapped[Operator | None] = relationship()


class KnownSender(Model):
    """Whose address this is, as a person once decided: the next mail from it finds its way."""

    id: Mapped[Id]
    address: Mapped[str] = mapped_column(unique=True)
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shop.id"))
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    at: Mapped[datetime] = mapped_column(default=utcnow)


class DoorRate(Model):
    """How doors of one kind answer, in one country or everywhere: what a new door starts from."""

    __table_args__ = (UniqueConstraint("kind", "country"),)

    id: Mapped[Id]
    kind: Mapped[ContactKind]
    country: Mapped[str] = mapped_column(default="")
    """ISO 3166 code; empty for all countries together."""
    asked: Mapped[int]
    answered: Mapped[int]
    computed_at: Mapped[datetime]
