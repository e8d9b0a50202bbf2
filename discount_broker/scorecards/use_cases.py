"""Computing the score-cards anew from what happened."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from discount_broker.kernel.db import db
from discount_broker.kernel.transaction import transaction
from discount_broker.scorecards.models import ScoreCard
from discount_broker.scorecards.queries import (
    find_scorecard,
    list_asked_shops,
    list_dealings,
    list_promises_over,
)
from discount_broker.scorecards.rules import promise_record_of, record_of


def compute_scorecards(now: datetime) -> int:
    """How many shops have a card now."""
    shop_ids = list_asked_shops()
    for shop_id in shop_ids:
        with transaction():
            _compute(shop_id, now)
    return len(shop_ids)


def _compute(shop_id: UUID, now: datetime) -> None:
    promises = asdict(promise_record_of(list_promises_over(shop_id)))
    facts = asdict(record_of(list_dealings(shop_id)))
    card = find_scorecard(shop_id)
    if card is None:
        card = ScoreCard(shop_id=shop_id)
        db.session.add(card)
    for name, value in {**facts, **promises, "computed_at": now}.items():
        setattr(card, name, value)
