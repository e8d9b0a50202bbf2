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


def save_text(
    kind: TextKind, key: str, language: str, wording: Wording, operator_id: UUID, now: datetime
) -> int:
    """Keep a new version; its number. What reads as it did before changes nothing.

    Raises:
        NotFound: there is no such language, or no such situation.
        Refused: `text_has_flaws`, `text_empty`, `text_title_missing`, `text_key_odd`, or
            `text_changed_meanwhile`, where somebody else has saved it since.

    """
    body = _typed(wording.body)
    with transaction():
        before = find_text(kind, key, language)
        _check(kind, key, language, before)
        _check_words(kind, wording, body)
        if _is_the_same(before, wording, body):
            return before.version if before else BUILT_IN
        if (before.version if before else BUILT_IN) != wording.based_on:
            raise Refused("text_changed_meanwhile", "body")
        text = DeskText(title=wording.title.strip(), body=body, note=wording.note.strip()[:LONGEST_NOTE])
        version = _append(text, Text(kind, key, language, wording.based_on, "", ""), operator_id, now)
        note_change("text_changed", now, operator_id, **_facts(text))
    return version


def restore_text(
    kind: TextKind, key: str, language: str, version: int, operator_id: UUID, now: datetime
) -> int:
    """Let an older version count again: as a new one with the same words.

    Raises:
        NotFound: there is no such version.
        Refused: `text_has_flaws`, where a name it uses is gone; `text_changed_meanwhile`.

    """
    with transaction():
        versions = list_versions(kind, key, language)
        old = next((text for text in versions if text.version == version), None)
        if old is None:
            raise NotFound("text")
        if flaws_in(old.body):
            raise Refused("text_has_flaws", "body")
        text = DeskText(title=old.title, body=old.body)
        number = _append(text, versions[0], operator_id, now)
        note_change("text_restored", now, operator_id, old=version, **_facts(text))
    return number


def retire_text(kind: TextKind, key: str, language: str, operator_id: UUID, now: datetime) -> None:
    """Offer a canned text no more; what was written with it still names it.

    Raises:
        NotFound: there is none, or it is what to say in a situation: those are always there.

    """
    with transaction():
        text = find_text(kind, key, language)
        if text is None or kind is TextKind.SCRIPT:
            raise NotFound("text")
        if not text.is_retired:
            retired = DeskText(title=text.title, body=text.body, is_retired=True)
            _append(retired, text, operator_id, now)
            note_change("text_retired", now, operator_id, **_facts(retired))


def _check(kind: TextKind, key: str, language: str, before: Text | None) -> None:
    if language not in LANGUAGES or (kind is TextKind.SCRIPT and before is None):
        raise NotFound("text")
    if before is None and not KEY.fullmatch(key):
        raise Refused("text_key_odd", "key")


def _check_words(kind: TextKind, wording: Wording, body: str) -> None:
    title = wording.title.strip()
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


def _is_the_same(before: Text | None, wording: Wording, body: str) -> bool:
    if before is None or before.is_retired:
        return False
    return (before.title, before.body.strip()) == (wording.title.strip(), body.strip())


def _append(text: DeskText, before: Text, operator_id: UUID, now: datetime) -> int:
    """Put a version behind the one before it; of two who do that at once, one is told."""
    text.kind, text.key, text.language = before.kind, before.key, before.language
    text.version, text.operator_id, text.made_at = before.version + 1, operator_id, now
    if add_or_find(text, lambda: find_version(text.kind, text.key, text.language, text.version)) is not text:
        raise Refused("text_changed_meanwhile", "body")
    return text.version


def _facts(text: DeskText) -> dict[str, str | int]:
    return {"text": f"{text.kind}:{text.key}", "language": text.language, "version": text.version}
