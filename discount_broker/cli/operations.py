"""Commands of whoever runs the service: accounts, feeds."""

from pathlib import Path

import click
from flask import Flask, current_app

from discount_broker.accounts.models import Role
from discount_broker.accounts.use_cases import create_operator
from discount_broker.discovery.extract.feeds.reading import FeedError
from discount_broker.discovery.ports import FetchRefused
from discount_broker.discovery.use_cases import load_feed
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused


def register(app: Flask) -> None:
    app.cli.add_command(create_operator_command)
    app.cli.add_command(feed)


@click.command("create-operator")
@click.argument("email")
@click.option("--name", prompt=True)
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), default=Role.OPERATOR.value, show_default=True
)
@click.password_option(envvar="OPERATOR_PASSWORD", help="At least 10 characters; asked for when not given.")
@click.option("--without-second-factor", is_flag=True, help="Also take away a second factor that was lost.")
def create_operator_command(
    email: str, name: str, role: str, password: str, without_second_factor: bool
) -> None:
    """Give somebody a way into the desk; for a known address, set a new name, role and password."""
    with current_app.app_context():
        try:
            create_operator(
                email, name, password, Role(role), utcnow(), without_second_factor=without_second_factor
            )
        except Refused as refused:
            raise click.ClickException(REASONS[refused.code]) from None
    click.echo(f"{email} can sign in at /staff/login.")


REASONS = {
    "password_short": "The password needs at least 10 characters.",
    "password_long": "The password is longer than 256 characters.",
    "password_common": "That password is among the first that anybody would try.",
    "password_personal": "That password is their name or address.",
    "email_invalid": "That is no e-mail address.",
    "name_missing": "A name is needed.",
    "last_admin": "That is the only admin left: another one must be made first.",
}


@click.group()
def feed() -> None:
    """Product feeds of known shops."""


@feed.command("load")
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
def feed_load(sources: tuple[str, ...]) -> None:
    """Load the products of shops, each from a SOURCE: an address or a file.

    Yandex YML, Google Merchant (XML or a table), or the products.json of a shop on Shopify.
    """
    for source in sources:
        with current_app.app_context():
            try:
                report = load_feed(read_source(source), utcnow(), source)
            except (FeedError, FetchRefused, OSError) as error:
                raise click.ClickException(f"{source}: {error}") from None
        counts = f"{report.added} added, {report.updated} updated, {report.skipped} skipped"
        click.echo(f"{report.shop}: {counts}.")


def read_source(source: str) -> bytes:
    """The bytes of a feed.

    Raises:
        OSError, FetchRefused

    """
    if "://" not in source:
        return Path(source).read_bytes()
    page = current_app.extensions["feed_fetcher"].fetch(source)
    if page.status != 200:
        raise OSError(f"the server answered {page.status}")
    content: bytes = page.content
    return content
