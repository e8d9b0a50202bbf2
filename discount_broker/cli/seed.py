"""`flask seed`: fill an empty database with cases to try the desk on."""

import click
from flask import Flask, current_app

from discount_broker.cli.seeding.filling import fill, is_empty


def register(app: Flask) -> None:
    app.cli.add_command(seed_command)


@click.command("seed")
@click.option(
    "--cases", type=click.IntRange(1, 1_000_000), required=True, help="How many cases the desk gets."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same number gives the same cases.")
def seed_command(cases: int, seed: int) -> None:
    """Fill an empty database with realistic desk cases. Operator accounts may be there already."""
    with current_app.app_context():
        if not is_empty():
            raise click.ClickException(
                "This database holds shops, buyers or requests, and is left as it is. "
                "Seed an empty one: set BROKER_DATABASE_URL to a new file and run `flask db-upgrade` first."
            )
        fill(cases, seed)
    click.echo(f"The desk has {cases} cases. `flask create-operator` makes an account to see them with.")
