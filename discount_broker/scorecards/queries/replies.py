"""Reading what shops say to their cards."""

from uuid import UUID

from sqlalchemy import func, select

from discount_broker.kernel.db import db, find_row
from discount_broker.kernel.errors import NotFound
from discount_broker.scorecards.models import CardReply
from discount_broker.shops.models import Shop
from discount_broker.shops.queries import names_of


def list_replies(shop_id: UUID, *, only_public: bool = False) -> list[CardReply]:
    """The newest first."""
    is_theirs = CardReply.shop_id.in_(names_of(shop_id))
    query = select(CardReply).where(is_theirs).order_by(CardReply.made_at.desc())
    return list(db.session.scalars(query.where(CardReply.is_public.is_(True)) if only_public else query))


def count_unread_of(shop_id: UUID) -> int:
    query = select(func.count()).where(
        CardReply.shop_id.in_(names_of(shop_id)), CardReply.answered_at.is_(None)
    )
    return db.session.scalar(query) or 0


def count_unread() -> int:
    """Replies that no lead has read yet."""
    query = select(func.count()).select_from(CardReply).where(CardReply.answered_at.is_(None))
    return db.session.scalar(query) or 0


def list_unread(limit: int = 50) -> list[tuple[CardReply, Shop]]:
    """The oldest first, each with its shop."""
    query = (
        select(CardReply, Shop)
        .join(Shop, CardReply.shop_id == Shop.id)
        .where(CardReply.answered_at.is_(None))
        .order_by(CardReply.made_at, CardReply.id)
        .limit(limit)
    )
    return [(reply, shop) for reply, shop in db.session.execute(query)]


def get_reply(reply_id: UUID, *, lock: bool = False) -> CardReply:
    reply = find_row(CardReply, reply_id, lock=lock)
    if reply is None:
        raise NotFound("reply to a card")
    return reply
