"""Commands that read mail and send forms: `inspect-mail`, `send-form`."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app

from discount_broker.cli.jsonl import answer_lines, optional_text, text_of
from discount_broker.outreach.form_filling import Letter
from discount_broker.outreach.inbound import Bounce, Inbound, Intent, read_inbound, read_inbound_text


def register(app: Flask) -> None:
    app.cli.add_command(inspect_mail)
    app.cli.add_command(send_form)


@click.command("inspect-mail")
@click.option("--jsonl", is_flag=True, required=True, help="One JSON object a line, in and out.")
def inspect_mail(*, jsonl: bool) -> None:
    """Say what each mail named on standard input is and what it says."""
    assert jsonl
    answer_lines(_inspect)


def _inspect(request: Mapping[str, Any]) -> dict[str, Any]:
    text = optional_text(request, "text")
    if text is not None:
        return describe(read_inbound_text(text))
    return describe(read_inbound(Path(text_of(request, "path")).read_bytes()))


def describe(mail: Inbound) -> dict[str, Any]:
    """The reading in the shape of the command's contract."""
    return {
        "kind": mail.kind,
        "bounce": mail.bounce and _bounce_as_json(mail.bounce),
        "reply_text": mail.reply_text,
        "signature": mail.signature,
        "intents": [_intent_as_json(intent) for intent in mail.intents],
        "language": mail.language,
        "sender": mail.sender,
        "recipients": list(mail.recipients),
        "references": list(mail.references),
        "numbers": list(mail.numbers),
        "automatic_headers": list(mail.automatic_headers),
        "attachments": [asdict(attachment) for attachment in mail.attachments],
        "date": mail.date and mail.date.isoformat(),
    }


def _bounce_as_json(bounce: Bounce) -> dict[str, Any]:
    return {
        "recipients": list(bounce.recipients),
        "original_recipients": list(bounce.original_recipients),
        "permanent": bounce.permanent,
        "reason": bounce.reason,
        "status": bounce.status,
        "kind": bounce.kind,
        "is_final": bounce.is_final,
        "original_message_id": bounce.original_message_id,
        "original_envelope_id": bounce.original_envelope_id,
    }


def _intent_as_json(intent: Intent) -> dict[str, Any]:
    return {
        "kind": intent.kind,
        "value": intent.value,
        "evidence": intent.evidence,
        "start": intent.start,
        "is_certain": intent.is_certain,
        "doubts": list(intent.doubts),
    }


@click.command("send-form")
@click.argument("url")
@click.option(
    "--message", "message_file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def send_form(url: str, message_file: Path, *, as_json: bool) -> None:
    """Fill the feedback form at URL, or the one nearest by, with the message of a JSON file and send it."""
    try:
        letter = Letter(
            **{name: str(value or "") for name, value in json.loads(message_file.read_text("utf-8")).items()}
        )
    except (ValueError, TypeError, AttributeError) as wrong:
        raise click.ClickException(
            f"the message file needs name, email, phone, subject and text: {wrong}"
        ) from None
    redirect_to = current_app.extensions["settings"].redirect_to
    if redirect_to:
        raise click.ClickException(
            f"BROKER_REDIRECT_TO is {redirect_to}: nothing leaves to a shop from here."
        )
    report = current_app.extensions["form_sender"].send_form(url, letter)
    if as_json:
        print(json.dumps({"outcome": report.outcome, **report.evidence}, ensure_ascii=False))
        return
    print(report.outcome)
    for name, value in report.evidence.items():
        print(f"  {name}: {value}")
