"""The whole of a seeded desk: a small one drawn case by case, its trimmings, copies up to the size wanted."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from pwdlib import PasswordHash
from sqlalchemy import func, select

from discount_broker.accounts.models import Buyer, Operator, Role
from discount_broker.accounts.queries import find_operator_by_email
from discount_broker.cli.seeding.cases import Seeder
from discount_broker.cli.seeding.crowd import Crowd
from discount_broker.cli.seeding.desk import DeskSeeder
from discount_broker.cli.seeding.words import COLLEAGUES
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.escalation.models import Presence, SavedFilter
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import forget_pending_jobs
from discount_broker.scorecards.use_cases import compute_scorecards
from discount_broker.shops.models import Shop

SMALL = 300
"""Cases that are drawn one by one and then copied; what is left over is drawn as well."""
CASES_A_HEAD = 5000
"""One of us for so many cases, as far as there are names."""


def is_empty() -> bool:
    """Whether nothing but operators is there."""
    return not any(
        db.session.scalar(select(func.count()).select_from(model)) for model in (Shop, Buyer, DiscountRequest)
    )


def fill(cases: int, seed: int, small: int = SMALL) -> None:
    """`small`: how many cases are drawn and then copied; tests draw fewer."""
    now = utcnow().replace(second=0, microsecond=0)
    operators = _operators(cases, now)
    chance = Random(seed)  # noqa: S311 - invented cases, no secrets
    seeder = Seeder(chance, operators, now, seed)
    copies = max(cases // small - 1, 0)
    left = cases - copies * small
    _draw(seeder, min(small, left))
    crowd = Crowd(operators, seed, now) if copies else None
    _draw(seeder, max(left - small, 0))
    _add_what_is_there_once(seeder, operators, now)
    DeskSeeder(chance, operators, seeder.people, now).fill()
    compute_scorecards(now)
    if crowd is not None:
        crowd.grow(copies)


def _draw(seeder: Seeder, cases: int) -> None:
    for number in range(cases):
        seeder.add_case()
        if number % 100 == 99:
            db.session.commit()
    db.session.commit()
    forget_pending_jobs()


def _add_what_is_there_once(seeder: Seeder, operators: Sequence[Operator], now: datetime) -> None:
    """Calls that nobody took, a colleague who looks at a shop, and a filter for everybody."""
    for hours, shop in enumerate(seeder.people.shops[:2], 1):
        seeder.calls.miss(shop, now - timedelta(hours=hours))
    db.session.add(Presence(shop_id=seeder.people.shops[0].id, operator_id=operators[-1].id, seen_at=now))
    for operator in operators:
        query = "view=due&country=RU&days=2"
        db.session.add(
            SavedFilter(operator_id=operator.id, name="Waiting for long", query=query, created_at=now)
        )
    db.session.commit()


def _operators(cases: int, now: datetime) -> list[Operator]:
    """Whoever works here, and colleagues who cannot sign in: nobody knows their password."""
    secret = PasswordHash.recommended().hash(secrets.token_urlsafe(24))
    for email, name in COLLEAGUES[: 2 + cases // CASES_A_HEAD]:
        if find_operator_by_email(email) is None:
            role = Role.LEAD if (email, name) == COLLEAGUES[0] else Role.OPERATOR
            db.session.add(Operator(email=email, name=name, password_hash=secret, role=role, created_at=now))
    db.session.commit()
    return list(db.session.scalars(select(Operator).where(Operator.is_active).order_by(Operator.email)))
