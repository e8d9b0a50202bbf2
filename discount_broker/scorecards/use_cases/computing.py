"""Computing the score-cards anew from what happened."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from discount_broker.kernel.clock import paced
from discount_broker.kernel.db import db
from discount_broker.kernel.sweeping import DatabaseTrouble, for_each, in_turn
from discount_broker.kernel.transaction import transaction
from discount_broker.scorecards.models import ScoreCard
from discount_broker.scorecards.queries.cards import list_cards, list_cards_due
from discount_broker.scorecards.queries.dealings import list_dealings_of, list_promises_over_of
from discount_broker.scorecards.queries.doors import count_dead_addresses, list_stopped
from discount_broker.scorecards.rules import LEFT_OUT, Dealing, PromiseOutcome, promise_record_of, record_of

FRESH = timedelta(minutes=50)
"""How long a card stands before it is computed anew: a little less than from one sweep to the next."""
AT_ONCE = 200
"""Cards computed in one transaction, by a handful of statements."""
A_SWEEP = 20_000
"""Cards one sweep computes at most; the next one goes on with the oldest."""


def compute_scorecards(now: datetime) -> int:
    """Compute the cards of all shops asked, the oldest first; how many were."""
    due = list_cards_due(now - FRESH, A_SWEEP)
    alone = list[UUID]()
    return in_turn(
        lambda: for_each(_by(AT_ONCE, due), partial(_compute_many, alone=alone, now=now)),
        lambda: for_each(alone, lambda shop_id: _compute([shop_id], now)),
    )


def _compute_many(shop_ids: Sequence[UUID], alone: list[UUID], now: datetime) -> int:
    """Many by few statements; where one of them breaks, each is left to be computed alone."""
    try:
        return _compute(shop_ids, now)
    except DatabaseTrouble:
        raise
    except Exception:  # whose it is shows when each is computed alone, and is raised there
        alone.extend(shop_ids)
        return 0


def _compute(shop_ids: Sequence[UUID], now: datetime) -> int:
    with transaction():
        _fill_cards(shop_ids, now)
    return len(shop_ids)


def _by(size: int, shop_ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    return (shop_ids[start : start + size] for start in range(0, len(shop_ids), size))


def _fill_cards(shop_ids: Sequence[UUID], now: datetime) -> None:
    left_out = paced(now + LEFT_OUT, now) - now
    dealings = list_dealings_of(shop_ids, now - left_out, left_out)
    promises, dead = list_promises_over_of(shop_ids), count_dead_addresses(shop_ids)
    cards, stopped = list_cards(shop_ids), list_stopped(shop_ids)
    for shop_id in shop_ids:
        card = cards.get(shop_id) or ScoreCard(shop_id=shop_id)
        _fill(card, dealings[shop_id], promises.get(shop_id, []))
        card.dead_addresses = dead.get(shop_id, 0)
        card.is_good = card.is_good and shop_id not in stopped
        card.until, card.computed_at = now - left_out, now
        db.session.add(card)


def _fill(card: ScoreCard, dealings: Sequence[Dealing], promises: Sequence[PromiseOutcome]) -> None:
    for record in (record_of(dealings), promise_record_of(promises)):
        for name, value in asdict(record).items():
            setattr(card, name, value)
