"""What leads do with the texts of the desk: each change is a new version, and nothing is lost."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from discount_broker.accounts.operations import note_change
from discount_broker.escalation.models import DeskText
from discount_broker.escalation.queries.texts import (
    BUILT_IN,
    LANGUAGES,
    Text,
    TextName,
    find_text,
    find_version,
    list_versions,
)
from discount_broker.escalation.rules.texts import flaws_in
from discount_broker.escalation.status import TextKind
from discount_broker.kernel.db import add_or_find
from discount_broker.kernel.errors import NotFound, Refused
from discount_broker.kernel.transaction import transaction

KEY: Final = re.compile(r"(shop|buyer)_[a-z][a-z0-9_]{1,40}")
"""For whom it is, and a short name."""
LONGEST_TITLE = 100
LONGEST_NOTE = 200


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What a lead typed."""

    title: str = ""
    body: str
    note: str = ""
    based_on: int = BUILT_IN
    """The version that was changed; a newer one is not overwritten unseen."""


def save_text(name: TextName, wording: Wording, operator_id: UUID, now: datetime) -> int:
    """Keep a new version; its number. What reads as it did before changes nothing.

    Raises:
        NotFound: there is no such language, or no such situation.
        Refused: `text_has_flaws`, `text_empty`, `text_title_missing`, `text_key_odd`, or
            `text_changed_meanwhile`, where somebody else has saved it since.

    """
    title, body = wording.title.strip(), _typed(wording.body)
    with transaction():
        before = find_text(name)
        _check_name(name, before)
        _check_words(name.kind, title, body)
        version = before.version if before else BUILT_IN
        if before and not before.is_retired and (before.title, before.body.strip()) == (title, body.strip()):
            return version
        if version != wording.based_on:
            raise Refused("text_changed_meanwhile", "body")
        text = DeskText(title=title, body=body, note=wording.note.strip()[:LONGEST_NOTE])
        _append(text, name, version, operator_id, now)
        _note("text_changed", text, operator_id, now)
        return text.version


def restore_text(name: TextName, version: int, operator_id: UUID, now: datetime) -> int:
    """Let an older version count again: as a new one with the same words.

    Raises:
        NotFound: there is no such version.
        Refused: `text_has_flaws`, where a name it uses is gone; `text_changed_meanwhile`.

    """
    with transaction():
        versions = list_versions(name)
        old = next((text for text in versions if text.version == version), None)
        if old is None:
            raise NotFound("text")
        if flaws_in(old.body):
            raise Refused("text_has_flaws", "body")
        text = DeskText(title=old.title, body=old.body)
        _append(text, name, versions[0].version, operator_id, now)
        _note("text_restored", text, operator_id, now, old=version)
        return text.version


def retire_text(name: TextName, operator_id: UUID, now: datetime) -> None:
    """Offer a canned text no more; what was written with it still names it.

    Raises:
        NotFound: there is none, or it is what to say in a situation: those are always there.

    """
    with transaction():
        text = find_text(name)
        if text is None or name.kind is TextKind.SCRIPT:
            raise NotFound("text")
        if not text.is_retired:
            retired = DeskText(title=text.title, body=text.body, is_retired=True)
            _append(retired, name, text.version, operator_id, now)
            _note("text_retired", retired, operator_id, now)


def _check_name(name: TextName, before: Text | None) -> None:
    if name.language not in LANGUAGES or (name.kind is TextKind.SCRIPT and before is None):
        raise NotFound("text")
    if before is None and not KEY.fullmatch(name.key):
        raise Refused("text_key_odd", "key")


def _check_words(kind: TextKind, title: str, body: str) -> None:
    if kind is not TextKind.SCRIPT and not 0 < len(title) <= LONGEST_TITLE:
        raise Refused("text_title_missing", "title")
    if not body.strip():
        raise Refused("text_empty", "body")
    if flaws_in(body):
        raise Refused("text_has_flaws", "body")


def _typed(body: str) -> str:
    """As it was typed, without what browsers add and databases refuse."""
    plain = body.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return plain.strip("\n") + "\n"


def _append(text: DeskText, name: TextName, before: int, operator_id: UUID, now: datetime) -> None:
    """Put a version behind the one before it; of two who do that at once, one is told."""
    text.kind, text.key, text.language = name
    text.version, text.operator_id, text.made_at = before + 1, operator_id, now
    if add_or_find(text, lambda: find_version(name, before + 1)) is not text:
        raise Refused("text_changed_meanwhile", "body")


def _note(what: str, text: DeskText, operator_id: UUID, now: datetime, old: int | None = None) -> None:
    subject = f"{text.kind}:{text.key}"
    note_change(
        what,
        now,
        operator_id,
        subject=f"text:{subject}",
        text=subject,
        language=text.language,
        version=text.version,
        old=old,
    )
