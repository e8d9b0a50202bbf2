"""Reading what shops wrote or said, and have not confirmed yet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select

from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound
from discount_broker.kernel.money import Money
from discount_broker.notifications.catalogue import Terms
from discount_broker.offers.models import OfferDraft
from discount_broker.outreach.inbound import IntentKind
from discount_broker.outreach.models import Outreach, Reply, Suggestion
from discount_broker.outreach.status import OPEN as AWAITED
from discount_broker.outreach.status import ReplyKind


def get_draft(draft_id: UUID, outreach_id: UUID) -> OfferDraft:
    """What was read out of a letter of this very shop.

    Raises:
        NotFound

    """
    draft = db.session.get(OfferDraft, draft_id)
    if draft is None or draft.outreach_id != outreach_id:
        raise NotFound("draft")
    return draft


def list_drafts(outreach_id: UUID) -> list[OfferDraft]:
    """What was read out of the letters of one shop, the oldest first."""
    query = select(OfferDraft).where(OfferDraft.outreach_id == outreach_id).order_by(OfferDraft.created_at)
    return list(db.session.scalars(query))


def list_open_drafts(outreach_id: UUID) -> list[OfferDraft]:
    """Those that the shop may still confirm."""
    return [draft for draft in list_drafts(outreach_id) if draft.settled_at is None]


def draft_purpose(draft_id: UUID) -> str:
    """Purpose of the one letter that asks a shop whether we understood it."""
    return f"draft:{draft_id}"


def terms_of_draft(draft: OfferDraft, ends_at: datetime) -> Terms:
    """The draft as messages tell it; `ends_at` is its term, or the usual one."""
    outreach, currency = draft.outreach, draft.outreach.currency
    price = Money(draft.final_price, currency) if draft.final_price is not None and currency else None
    is_less = price is not None and outreach.price is not None and outreach.price > price.amount
    saving = (
        Money(outreach.price - price.amount, price.currency) if is_less and price and outreach.price else None
    )
    return Terms(
        kind=draft.kind,
        valid_until=ends_at,
        percent=draft.percent,
        final_price=price,
        saving=saving,
        text=draft.text,
    )


def list_letters_with_an_offer(since: datetime) -> list[UUID]:
    """Letters of people that plainly offer something and of which nobody has made anything yet."""
    is_drafted = exists().where(OfferDraft.reply_id == Reply.id)
    offers = exists().where(
        Suggestion.reply_id == Reply.id,
        Suggestion.kind == IntentKind.OFFER,
        Suggestion.is_certain.is_(True),
        Suggestion.settled_at.is_(None),
    )
    query = (
        select(Reply.id)
        .join(Reply.outreach)
        .where(
            offers,
            Reply.kind == ReplyKind.HUMAN,
            Reply.received_at > since,
            Outreach.status.in_(AWAITED),
            ~is_drafted,
        )
        .order_by(Reply.received_at)
    )
    return list(db.session.scalars(query))
