"""`flask seed`: fill an empty database with cases to try the desk on."""

import secrets
from random import Random

import click
from flask import Flask, current_app
from sqlalchemy import func, select

from discount_broker.accounts.models import Buyer, Operator, Role
from discount_broker.accounts.queries import find_operator_by_email
from discount_broker.accounts.use_cases import create_operator
from discount_broker.cli.seeding.cases import Seeder
from discount_broker.cli.seeding.desk import DeskSeeder
from discount_broker.cli.seeding.words import COLLEAGUES
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import forget_pending_jobs
from discount_broker.scorecards.use_cases import compute_scorecards
from discount_broker.shops.models import Shop


def register(app: Flask) -> None:
    app.cli.add_command(seed_command)


@click.command("seed")
@click.option("--cases", type=click.IntRange(1, 100_000), required=True, help="How many cases the desk gets.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same number gives the same cases.")
def seed_command(cases: int, seed: int) -> None:
    """Fill an empty database with realistic desk cases. Operator accounts may be there already."""
    with current_app.app_context():
        if not is_empty():
            raise click.ClickException(
                "This database holds shops, buyers or requests, and is left as it is. "
                "Seed an empty one: set BROKER_DATABASE_URL to a new file and run `flask db-upgrade` first."
            )
        count = fill(cases, seed)
    click.echo(f"The desk has {count} cases. `flask create-operator` makes an account to see them with.")


def is_empty() -> bool:
    """Whether nothing but operators is there."""
    return not any(
        db.session.scalar(select(func.count()).select_from(model)) for model in (Shop, Buyer, DiscountRequest)
    )


def fill(cases: int, seed: int) -> int:
    """Make the cases; how many there are."""
    now = utcnow().replace(second=0, microsecond=0)
    operators = _operators()
    chance = Random(seed)  # noqa: S311 - invented cases, no secrets
    seeder = Seeder(chance, operators, now)
    for number in range(cases):
        seeder.add_case()
        if number % 200 == 199:
            db.session.commit()
    db.session.commit()
    forget_pending_jobs()
    DeskSeeder(chance, operators, seeder.people, now).fill()
    compute_scorecards(now)
    return cases


def _operators() -> list[Operator]:
    """Whoever works here, and two colleagues who cannot sign in: nobody knows their passwords."""
    for email, name in COLLEAGUES:
        if find_operator_by_email(email) is None:
            create_operator(email, name, secrets.token_urlsafe(24), Role.OPERATOR)
    return list(db.session.scalars(select(Operator).where(Operator.is_active).order_by(Operator.email)))
