"""What whoever runs the service has to type in at the text gateway."""

import click
from flask import Flask, current_app

from discount_broker.messaging.extract.sms_account import read_account
from discount_broker.settings import Settings
from discount_broker.web.sms import door_address

FILLED_IN = "?from=%p&text=%b&charset=%C"
"""What Kannel puts into the address of its `sms-service`."""


def register(app: Flask) -> None:
    app.cli.add_command(sms_addresses)


@click.command("sms-addresses")
def sms_addresses() -> None:
    """Print the secret addresses at which the gateway of BROKER_SMS_URL hands texts and receipts over."""
    settings: Settings = current_app.extensions["settings"]
    if not settings.sms_url:
        raise click.ClickException("BROKER_SMS_URL is not set: nothing is texted")
    match read_account(settings.sms_url).provider:
        case "kannel":
            click.echo(f"get-url of the group sms-service: {door_address('kannel', 'text')}{FILLED_IN}")
        case "twilio":
            click.echo(f'"A message comes in" of the number: {door_address("twilio", "text")}')
        case "smsc":
            click.echo(f"address for incoming SMS: {door_address('smsc', 'text')}")
            click.echo(f"address for statuses: {door_address('smsc', 'receipt')}")
        case _:
            click.echo("Texts go to the development mailbox; there is nothing to type in.")
