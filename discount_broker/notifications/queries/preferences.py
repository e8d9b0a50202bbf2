"""Reading how buyers want to hear of us."""

from uuid import UUID

from sqlalchemy import select

from discount_broker.kernel.db import db
from discount_broker.notifications.catalogue import BuyerMessage
from discount_broker.notifications.models import NewsPreference
from discount_broker.notifications.rules import FACTORY_WAYS, NEWS, REQUIRED, default_way
from discount_broker.notifications.status import NewsKind, NewsWay


def chosen_way(buyer_id: UUID, kind: NewsKind) -> NewsWay | None:
    """The way a buyer chose for one kind; None where they never did."""
    query = select(NewsPreference.way).where(NewsPreference.buyer_id == buyer_id, NewsPreference.kind == kind)
    return db.session.scalar(query)


def way_of(buyer_id: UUID, message: BuyerMessage) -> NewsWay:
    """How this message comes to this buyer."""
    kind = NEWS[message.message].kind
    chosen = chosen_way(buyer_id, kind)
    if kind in REQUIRED and chosen is not NewsWay.TEXT:
        return NewsWay.MAIL
    return chosen or default_way(message)


def wants_text(buyer_id: UUID | None, message: BuyerMessage, *, agreed: bool) -> bool:
    """Whether a phone may ring for this message: as was chosen, else as was agreed with the request."""
    chosen = chosen_way(buyer_id, NEWS[message.message].kind) if buyer_id else None
    return agreed if chosen is None else chosen is NewsWay.TEXT


def has_chosen_texts(buyer_id: UUID) -> bool:
    """Whether any kind of news comes by SMS because its buyer said so on the page of their preferences."""
    query = select(NewsPreference.id).where(
        NewsPreference.buyer_id == buyer_id, NewsPreference.way == NewsWay.TEXT
    )
    return db.session.scalar(query.limit(1)) is not None


def list_ways(buyer_id: UUID, *, texts: bool) -> dict[NewsKind, NewsWay]:
    """How each kind of news comes to a buyer now; `texts`: whether they agreed to those with a request."""
    query = select(NewsPreference).where(NewsPreference.buyer_id == buyer_id)
    chosen = {row.kind: row.way for row in db.session.scalars(query)}
    return {kind: chosen.get(kind) or _usual(kind, texts=texts) for kind in NewsKind}


def _usual(kind: NewsKind, *, texts: bool) -> NewsWay:
    is_texted = texts and any(news.can_text and news.kind is kind for news in NEWS.values())
    return NewsWay.TEXT if is_texted and kind is not NewsKind.NEEDED else FACTORY_WAYS[kind]
