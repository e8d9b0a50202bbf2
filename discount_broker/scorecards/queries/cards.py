"""Reading score-cards, and what a buyer may expect by them."""

from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound
from discount_broker.messaging.models import Suppression
from discount_broker.messaging.queries.stopping import forbids
from discount_broker.outreach.models import Outreach
from discount_broker.scorecards.models import ScoreCard
from discount_broker.scorecards.rules import Forecast, forecast_from
from discount_broker.shops.models import Shop
from discount_broker.shops.queries import find_shop_by_domain, is_called, is_stopped

SHOP_KEY = "shop:"
"""How an entry of the stop list begins that names a whole shop; its domain follows."""


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


def list_good_cards(begins: str = "", *, skip: int = 0, limit: int = 50) -> list[ScoreCard]:
    """Cards that everybody may see, the surest first; those of shops whose name or domain begins so."""
    query = (
        _good(begins)
        .options(contains_eager(ScoreCard.shop))
        .order_by(ScoreCard.least_share.desc(), ScoreCard.asked.desc(), ScoreCard.shop_id.desc())
    )
    return list(db.session.scalars(query.offset(skip).limit(limit)))


def _good(begins: str) -> Select[ScoreCard]:
    # Asked of the card and not of its shop: PostgreSQL counts the list of stops once for each shop otherwise,
    # and sorts all cards rather than read the first of them from the index.
    is_allowed = ScoreCard.shop_id.not_in(_stopped())
    is_shown = ScoreCard.is_good.is_(True), Shop.merged_into_id.is_(None), is_allowed
    query = select(ScoreCard).join(ScoreCard.shop).where(*is_shown)
    return query.where(is_called(begins)) if begins else query


def _stopped() -> Select[UUID]:
    """Shops that forbid our letters now, under whichever of their domains (`shops.queries.is_stopped`)."""
    names_shop = (
        Suppression.key.startswith(SHOP_KEY),
        Shop.domain == func.substr(Suppression.key, len(SHOP_KEY) + 1),
    )
    query = (
        select(func.coalesce(Shop.merged_into_id, Shop.id))
        .select_from(Suppression)
        .join(Shop, and_(*names_shop))
    )
    return query.where(forbids()).correlate(None)


def get_public_card(domain: str) -> ScoreCard:
    """The card of a shop that answers well; of any other shop, known or not, there is none.

    Raises:
        NotFound

    """
    shop = find_shop_by_domain(domain)
    card = find_scorecard(shop.id) if shop else None
    if shop is None or card is None or not card.is_good or is_stopped(shop):
        raise NotFound("public card")
    return card


def all_cards(at_once: int = 1000) -> Iterator[ScoreCard]:
    """Every card there is, for a file."""
    query = select(ScoreCard).options(joinedload(ScoreCard.shop)).order_by(ScoreCard.shop_id)
    yield from db.session.scalars(query.execution_options(yield_per=at_once))
