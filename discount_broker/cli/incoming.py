"""Commands that take mail until they are stopped: `receive-mail` as a server, `fetch-mail` from a mailbox."""

import signal
import threading
from typing import Any, cast

import click
from flask import Flask, current_app

from discount_broker.kernel.clock import utcnow
from discount_broker.messaging.inbound import authentication_of
from discount_broker.messaging.inbound.recipients import recipients_of
from discount_broker.outreach.ports import MailboxUnreachable
from discount_broker.outreach.queries import is_own_address
from discount_broker.outreach.use_cases import receive_mail


def register(app: Flask) -> None:
    app.cli.add_command(receive_mail_command)
    app.cli.add_command(fetch_mail_command)


@click.command("receive-mail")
def receive_mail_command() -> None:
    """Take mail for BROKER_MAIL_DOMAIN at BROKER_MAIL_LISTEN until stopped."""
    app = _app()
    settings = app.extensions["settings"]

    def keep(recipient: str, content: bytes) -> None:
        found = authentication_of(content, settings.trusted_authserv)
        with app.app_context():
            receive_mail(recipient, content, utcnow(), source=receiver.protocol, authentication=found)

    def is_issued(address: str) -> bool:
        with app.app_context():
            return is_own_address(address, utcnow())

    receiver = app.extensions["make_mail_receiver"](keep, is_issued)
    stopped = _stopped_by_signals()
    receiver.start()
    stopped.wait()
    receiver.stop()


@click.command("fetch-mail")
@click.option("--once", is_flag=True, help="Take what is there and end, instead of waiting for more.")
def fetch_mail_command(*, once: bool) -> None:
    """Take the mails of the mailbox BROKER_IMAP_URL until stopped."""
    app = _app()
    settings = app.extensions["settings"]
    if not settings.imap_url:
        raise click.ClickException("BROKER_IMAP_URL must name the mailbox: imaps://user:password@host/INBOX")

    def keep(content: bytes) -> None:
        found = authentication_of(content, settings.trusted_authserv)
        with app.app_context():
            for recipient in recipients_of(content, settings.mail_domain, settings.mail_from):
                receive_mail(recipient, content, utcnow(), source="imap", authentication=found)

    try:
        mailbox = app.extensions["make_imap_mailbox"](keep)
        if not once:
            mailbox.watch(_stopped_by_signals())
        elif left := mailbox.empty():
            raise click.ClickException(f"{left} mails could not be kept and are still in the mailbox.")
    except ValueError as wrong:
        raise click.ClickException(f"BROKER_IMAP_URL: {wrong}") from None
    except MailboxUnreachable as trouble:
        raise click.ClickException(f"the mailbox cannot be reached: {trouble}") from None


def _app() -> Any:
    return cast("Any", current_app)._get_current_object()


def _stopped_by_signals() -> threading.Event:
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    return stopped
