"""Reading what to say and what to write: the words of the leads, and those the desk began with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import joinedload

from discount_broker.escalation.models import DeskText
from discount_broker.escalation.rules.texts import fill
from discount_broker.escalation.rules.texts_en import CANNED as CANNED_EN
from discount_broker.escalation.rules.texts_en import SCRIPT as SCRIPT_EN
from discount_broker.escalation.rules.texts_ru import CANNED as CANNED_RU
from discount_broker.escalation.rules.texts_ru import SCRIPT as SCRIPT_RU
from discount_broker.escalation.status import TextKind
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound

LANGUAGES = ("en", "ru")
BUILT_IN = 0
"""The version of the words that came with the program."""
Name = tuple[TextKind, str, str]
"""Kind, key and language: what all versions of a text share."""


@dataclass(frozen=True)
class Text:
    """One version of a text."""

    kind: TextKind
    key: str
    language: str
    version: int
    title: str
    body: str
    is_retired: bool = False
    author: str = ""
    note: str = ""
    made_at: datetime | None = None

    @property
    def reference(self) -> str:
        """What a message written with it keeps: `mail:shop_thank_you:ru@2`."""
        return f"{self.kind}:{self.key}:{self.language}@{self.version}"

    @property
    def is_for_buyer(self) -> bool:
        return self.key.startswith("buyer_")


def render_text(text: Text, facts: Mapping[str, object]) -> str:
    """The text as it is said or written, plain; a fact that is missing is left out."""
    return fill(text.body, facts)


def list_canned(kind: TextKind, language: str) -> list[Text]:
    """What operators may begin a mail or an SMS with, in one language, by title."""
    texts = _current(kind, language).values()
    return sorted((text for text in texts if not text.is_retired), key=lambda text: text.title.lower())


def script_texts(language: str) -> dict[str, Text]:
    """What to say in each situation."""
    return _current(TextKind.SCRIPT, language)


def find_text(kind: TextKind, key: str, language: str) -> Text | None:
    """The version that counts."""
    return _current(kind, language).get(key)


def get_text(kind: TextKind, key: str, language: str) -> Text:
    found = find_text(kind, key, language)
    if found is None:
        raise NotFound("text")
    return found


def find_version(kind: TextKind, key: str, language: str, version: int) -> DeskText | None:
    name = {"kind": kind, "key": key, "language": language, "version": version}
    return db.session.scalar(select(DeskText).filter_by(**name))


def list_texts() -> list[Text]:
    """The version that counts of every text, in every language; also of those that were retired."""
    texts = [
        text for kind in TextKind for language in LANGUAGES for text in _current(kind, language).values()
    ]
    return sorted(texts, key=lambda text: (text.kind, text.is_for_buyer, text.key, text.language))


def list_versions(kind: TextKind, key: str, language: str) -> list[Text]:
    """All there ever was of a text, the newest first."""
    query = (
        select(DeskText)
        .where(DeskText.kind == kind, DeskText.key == key, DeskText.language == language)
        .options(joinedload(DeskText.operator))
    )
    built_in = [_built_in(kind, language)[key]] if key in _built_in(kind, language) else []
    rows = db.session.scalars(query.order_by(DeskText.version.desc()))
    return [*(_text_of(row) for row in rows), *built_in]


def _current(kind: TextKind, language: str) -> dict[str, Text]:
    """The highest version of each key, over what was built in."""
    newest = (
        select(DeskText.kind, DeskText.key, DeskText.language, func.max(DeskText.version))
        .where(DeskText.kind == kind, DeskText.language == language)
        .group_by(DeskText.kind, DeskText.key, DeskText.language)
    )
    name = tuple_(DeskText.kind, DeskText.key, DeskText.language, DeskText.version)
    rows = db.session.scalars(select(DeskText).where(name.in_(newest)).options(joinedload(DeskText.operator)))
    return _built_in(kind, language) | _by_key(_text_of(row) for row in rows)


def _text_of(row: DeskText) -> Text:
    return Text(
        kind=row.kind,
        key=row.key,
        language=row.language,
        version=row.version,
        title=row.title,
        body=row.body,
        is_retired=row.is_retired,
        author=row.operator.name if row.operator else "",
        note=row.note,
        made_at=row.made_at,
    )


def _built_in(kind: TextKind, language: str) -> dict[str, Text]:
    is_russian = language == "ru"
    if kind is TextKind.SCRIPT:
        bodies = SCRIPT_RU if is_russian else SCRIPT_EN
        return _by_key(Text(kind, key, language, BUILT_IN, "", body) for key, body in bodies.items())
    canned = (CANNED_RU if is_russian else CANNED_EN)[kind]
    return _by_key(Text(kind, key, language, BUILT_IN, *words) for key, words in canned.items())


def _by_key(texts: Iterable[Text]) -> dict[str, Text]:
    return {text.key: text for text in texts}
