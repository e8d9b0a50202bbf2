"""Reading score-cards, and what a buyer may expect by them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, or_, select

from discount_broker.kernel.db import db
from discount_broker.outreach.models import Outreach
from discount_broker.scorecards.models import ScoreCard
from discount_broker.scorecards.rules import Forecast, forecast_from
from discount_broker.shops.models import Shop


def find_scorecard(shop_id: UUID) -> ScoreCard | None:
    return db.session.scalar(select(ScoreCard).where(ScoreCard.shop_id == shop_id))


def list_cards(shop_ids: Collection[UUID]) -> dict[UUID, ScoreCard]:
    """The cards there are, by shop."""
    found = db.session.scalars(select(ScoreCard).where(ScoreCard.shop_id.in_(shop_ids)))
    return {card.shop_id: card for card in found}


def list_cards_due(computed_before: datetime, limit: int) -> list[UUID]:
    """Shops that were asked and whose card is older than this, or not there; the oldest first."""
    was_asked = exists().where(Outreach.shop_id == Shop.id, Outreach.asked_at.is_not(None))
    query = (
        select(Shop.id)
        .outerjoin(ScoreCard, ScoreCard.shop_id == Shop.id)
        .where(or_(ScoreCard.id.is_(None), ScoreCard.computed_at <= computed_before), was_asked)
        .order_by(ScoreCard.computed_at.is_not(None), ScoreCard.computed_at, Shop.id)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def forecast_of(shop_id: UUID) -> Forecast:
    """What a buyer may expect of a shop, as its card stood when it was last computed."""
    card = find_scorecard(shop_id)
    if card is None:
        return forecast_from()
    usual = None
    if card.usual_from is not None and card.usual_to is not None:
        usual = (card.usual_from, card.usual_to)
    return forecast_from(
        asked=card.asked,
        answered=card.answered,
        half_within_seconds=card.median_answer_seconds,
        usual=usual,
        best=card.best_percent,
    )
