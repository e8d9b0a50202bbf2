"""What leads do with the words of messages: each change is a version, and nothing is lost."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from discount_broker.accounts.operations import note_change
from discount_broker.accounts.queries import find_operator
from discount_broker.kernel.errors import NotFound, Refused
from discount_broker.kernel.site import site
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.models import MessageText
from discount_broker.messaging.operations import Envelope, queue_delivery
from discount_broker.messaging.operations.texts import append_text
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.queries.texts import BUILT_IN, TextKey, find_text_version, newest_text
from discount_broker.messaging.rendering import LOCALES, Default, Rendered, renderer
from discount_broker.messaging.rules.texts import flaws_in

LONGEST_NOTE = 200
TRIAL: Final = "trial"
"""The name under which a test is kept: of no message of the catalogue, so that no count takes it for one."""


@dataclass(frozen=True, kw_only=True)
class TypedText:
    """What a lead typed."""

    subject: str = ""
    body: str
    note: str = ""
    based_on: int = BUILT_IN
    """The version that was changed; a newer one is not overwritten unseen."""


def save_message_text(key: TextKey, typed: TypedText, operator_id: UUID, now: datetime) -> int:
    """Keep a new version; its number. What reads as it did before changes nothing.

    Raises:
        NotFound: there is no such message.
        Refused: `text_empty`, `text_subject_missing`, `text_has_flaws`, or `text_changed_meanwhile`, where
            somebody else has saved it since.

    """
    default = default_of(key)
    subject, body = " ".join(typed.subject.split()), typed_body(typed.body)
    _check(default, subject, body)
    with transaction():
        before = newest_text(key)
        version = before.version if before else BUILT_IN
        if (subject, body.strip()) == _words_of(before, default):
            return version
        if version != typed.based_on:
            raise Refused("text_changed_meanwhile", "body")
        text = MessageText(
            subject=subject,
            body=body,
            note=typed.note.strip()[:LONGEST_NOTE],
            operator_id=operator_id,
            made_at=now,
        )
        append_text(text, key, version)
        _note(text, operator_id, now)
        return text.version


def restore_message_text(key: TextKey, version: int, operator_id: UUID, now: datetime) -> int:
    """Let an older version, or with 0 the default, count again: as a new version.

    Raises:
        NotFound: there is no such version.
        Refused: `text_has_flaws`, where it names what is gone; `text_changed_meanwhile`.

    """
    default = default_of(key)
    with transaction():
        newest, old = newest_text(key), find_text_version(key, version)
        if newest is None or (old is None and version != BUILT_IN):
            raise NotFound("text")
        text = MessageText(operator_id=operator_id, made_at=now)
        if old is None or old.is_default:
            text.subject, text.body, text.is_default = "", "", True
        else:
            _check(default, old.subject, old.body)
            text.subject, text.body = old.subject, old.body
        append_text(text, key, newest.version)
        _note(text, operator_id, now, old=version)
        return text.version


def send_trial(rendered: Rendered, operator_id: UUID, now: datetime) -> str:
    """Mail what was rendered to the lead who wants to see it; their address. It counts as no message.

    Raises:
        NotFound: there is no such operator.

    """
    with transaction():
        operator = find_operator(operator_id)
        if operator is None:
            raise NotFound("operator")
        envelope = Envelope(
            channel=ChannelKind.EMAIL,
            address=operator.email,
            stop_keys=[f"email:{operator.email.lower()}"],
            sender_name=site().service_name,
            by_hand=True,
        )
        trial = Rendered(TRIAL, rendered.language, rendered.subject, rendered.text, rendered.html)
        queue_delivery(trial, envelope, purpose=f"{TRIAL}:{rendered.message}:{uuid4()}", now=now)
        return operator.email


def default_of(key: TextKey) -> Default:
    """The words the program comes with.

    Raises:
        NotFound: there is no such message over this channel, or no such language.

    """
    if key.language not in LOCALES or not renderer().has(key.message, key.channel):
        raise NotFound("text")
    return renderer().default(*key)


def typed_body(body: str) -> str:
    """As it was typed, without what browsers add, databases refuse, and we keep for ourselves."""
    plain = body.replace("\r\n", "\n").replace("\r", "\n")
    visible = "".join(sign for sign in plain if sign == "\n" or sign.isprintable() or sign == "\xa0")
    return visible.strip("\n") + "\n"


def _check(default: Default, subject: str, body: str) -> None:
    if not body.strip():
        raise Refused("text_empty", "body")
    if default.subject and not subject:
        raise Refused("text_subject_missing", "subject")
    if default.subject and flaws_in(subject, default.subject_vocabulary):
        raise Refused("text_has_flaws", "subject")
    if flaws_in(body, default.vocabulary, default.required):
        raise Refused("text_has_flaws", "body")


def _words_of(text: MessageText | None, default: Default) -> tuple[str, str]:
    if text is not None and not text.is_default:
        return text.subject, text.body.strip()
    return default.subject.source if default.subject else "", default.body.source.strip()


def _note(text: MessageText, operator_id: UUID, now: datetime, old: int | None = None) -> None:
    note_change(
        "message_text_changed" if old is None else "message_text_restored",
        now,
        operator_id,
        subject=f"message_text:{text.message}:{text.channel}:{text.language}",
        message=text.message,
        channel=str(text.channel),
        language=text.language,
        version=text.version,
        old=old,
    )
