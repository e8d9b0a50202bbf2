"""`receive-mail` and `fetch-mail`, as they run beside the service."""

import os
import signal
import smtplib
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from discount_broker.adapters.imap_mailbox import ImapMailbox
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.outreach.models import InboundMail
from discount_broker.settings import Settings
from tests.contract.imap_servers import imap_server, wait_until
from tests.contract.mail_servers import free_port

ROOT = Path(__file__).parents[2]
RESULTS = b"Authentication-Results: mx.broker.test; dmarc=pass header.from=shop.example\r\n"
LETTER = b"From: sales@shop.example\r\nSubject: Re\r\n\r\n10 %\r\n"
PROVED = {"dmarc": "pass", "domain": "shop.example", "by": "mx.broker.test"}


@pytest.fixture
def ours(app: Flask) -> str:
    return f"reply+{issue_token(Purpose.REPLY, uuid4(), utcnow())}@in.broker.test"


@contextmanager
def set_to(app: Flask, **given: str) -> Iterator[None]:
    before: Settings = app.extensions["settings"]
    app.extensions["settings"] = replace(before, trusted_authserv="mx.broker.test", **given)
    try:
        yield
    finally:
        app.extensions["settings"] = before


def test_a_mailbox_is_emptied_once(app: Flask, ours: str) -> None:
    letter = f"Delivered-To: {ours}\r\n".encode() + LETTER
    make = app.extensions["make_imap_mailbox"]
    with imap_server() as server, set_to(app, imap_url=server.url):
        server.put(RESULTS + letter, LETTER)
        app.extensions["make_imap_mailbox"] = partial(ImapMailbox, server.url)
        try:
            done = app.test_cli_runner().invoke(args=["fetch-mail", "--once"])
        finally:
            app.extensions["make_imap_mailbox"] = make
    assert done.exit_code == 0, done.output
    first, second = db.session.scalars(select(InboundMail).order_by(InboundMail.received_at))
    assert (first.recipient, first.source, first.authentication) == (ours, "imap", PROVED)
    assert first.content == RESULTS + letter
    assert (second.recipient, second.authentication) == ("requests@discount-broker.example", {})


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "BROKER_IMAP_URL must name the mailbox"),
        ("pop3://a:b@c", "a mailbox is imaps://user:password@host/INBOX"),
        ("imap://a:b@127.0.0.1:9/INBOX", "the mailbox cannot be reached: ConnectionRefusedError"),
    ],
)
def test_a_mailbox_that_cannot_be_had_is_told_in_a_sentence(app: Flask, url: str, why: str) -> None:
    make = app.extensions["make_imap_mailbox"]
    app.extensions["make_imap_mailbox"] = partial(ImapMailbox, url)
    try:
        with set_to(app, imap_url=url):
            done = app.test_cli_runner().invoke(args=["fetch-mail", "--once"])
    finally:
        app.extensions["make_imap_mailbox"] = make
    assert done.exit_code == 1
    assert why in done.output


@contextmanager
def receiving(folder: Path, listen: str, empty: Path) -> Iterator[Path]:
    """`receive-mail` in a process of its own; the file of its database, a copy of one that has its tables."""
    database = folder / "broker.sqlite"
    with closing(sqlite3.connect(empty)) as made, closing(sqlite3.connect(database)) as copied:
        made.backup(copied)
    environ = os.environ | {
        "BROKER_DATABASE_URL": f"sqlite:///{database}",
        "BROKER_REDIS_URL": "redis://127.0.0.1:9/0",
        "BROKER_SECRET_KEY": "a secret for tests, long enough to be one",
        "BROKER_MAIL_DOMAIN": "in.broker.test",
        "BROKER_MAIL_LISTEN": listen,
        "BROKER_TRUSTED_AUTHSERV": "mx.broker.test",
        "PYTHONPATH": str(ROOT),
    }
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    process = subprocess.Popen([*flask, "receive-mail"], cwd=ROOT, env=environ)
    try:
        yield database
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@pytest.mark.sqlite  # a database of its own, which the other process and this one open
@pytest.mark.parametrize(("scheme", "client"), [("", smtplib.SMTP), ("lmtp://", smtplib.LMTP)])
def test_mail_is_taken_in_either_protocol_until_told_to_stop(
    ours: str, settings: Settings, tmp_path: Path, scheme: str, client: type[smtplib.SMTP]
) -> None:
    port = free_port()
    assert settings.sqlite_path is not None
    with receiving(tmp_path, f"{scheme}127.0.0.1:{port}", settings.sqlite_path) as database:
        wait_until(lambda: listens(port))
        with client("127.0.0.1", port) as connection:
            connection.sendmail("sales@shop.example", [ours], RESULTS + LETTER)
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                connection.sendmail("sales@shop.example", [f"reply+{'a' * 48}@in.broker.test"], LETTER)
    with sqlite3.connect(database) as opened:
        [(recipient, source, found)] = opened.execute(
            "SELECT recipient, source, authentication FROM inbound_mail"
        )
    opened.close()
    assert (recipient, source) == (ours, "lmtp" if scheme else "smtp")
    assert '"domain": "shop.example"' in found
