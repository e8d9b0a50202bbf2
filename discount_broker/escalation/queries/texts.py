"""Reading what to say and what to write: the words of the leads, and those the desk began with."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import joinedload

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.escalation.models import DeskText, EscalationCase
from discount_broker.escalation.rules.script import Situation
from discount_broker.escalation.rules.texts import fill
from discount_broker.escalation.rules.texts_en import CANNED as CANNED_EN
from discount_broker.escalation.rules.texts_en import SCRIPT as SCRIPT_EN
from discount_broker.escalation.rules.texts_ru import CANNED as CANNED_RU
from discount_broker.escalation.rules.texts_ru import SCRIPT as SCRIPT_RU
from discount_broker.escalation.status import TextKind
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound
from discount_broker.outreach.models import Outreach

LANGUAGES = ("en", "ru")
REFERENCE = re.compile(r"(mail|sms):((?:shop|buyer)_[a-z0-9_]{1,50}):(en|ru)@([0-9]{1,6})", re.ASCII)
BUILT_IN = 0
"""The version of the words that came with the program."""


class TextName(NamedTuple):
    """What all versions of a text share."""

    kind: TextKind
    key: str
    """The situation of a script; of a canned text for whom it is, and a short name: `shop_thank_you`."""
    language: str


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
    def name(self) -> TextName:
        return TextName(self.kind, self.key, self.language)

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


def find_text(name: TextName) -> Text | None:
    """The version that counts."""
    return _current(name.kind, name.language).get(name.key)


def get_text(name: TextName) -> Text:
    found = find_text(name)
    if found is None:
        raise NotFound("text")
    return found


def find_version(name: TextName, version: int) -> DeskText | None:
    return db.session.scalar(select(DeskText).filter_by(**name._asdict(), version=version))


def is_version(reference: str) -> bool:
    """Whether a form names a version that there is: `mail:shop_thank_you:en@2`."""
    found = REFERENCE.fullmatch(reference)
    if found is None:
        return False
    kind, key, language, version = found.groups()
    name = TextName(TextKind(kind), key, language)
    return any(text.version == int(version) for text in list_versions(name))


def list_texts() -> list[Text]:
    """The version that counts of every text, in every language; also of those that were retired."""
    texts = [
        text for kind in TextKind for language in LANGUAGES for text in _current(kind, language).values()
    ]
    # Situations stand in the order of a call, canned texts by their readers.
    return sorted(texts, key=lambda text: (text.is_for_buyer, _place(text), text.key, text.language))


def _place(text: Text) -> int:
    is_situation = text.kind is TextKind.SCRIPT
    return [each.value for each in Situation].index(text.key) if is_situation else len(Situation)


def list_versions(name: TextName) -> list[Text]:
    """All there ever was of a text, the newest first."""
    query = select(DeskText).filter_by(**name._asdict()).options(joinedload(DeskText.operator))
    words = _built_in(name.kind, name.language).get(name.key)
    built_in = [words] if words else []
    rows = db.session.scalars(query.order_by(DeskText.version.desc()))
    return [*(_text_of(row) for row in rows), *built_in]


def find_case_to_show(number: str) -> EscalationCase | None:
    """The case of the request with this number, else the one that was opened last: to try a text on."""
    latest = select(EscalationCase).order_by(EscalationCase.opened_at.desc(), EscalationCase.id).limit(1)
    wanted = latest.join(EscalationCase.outreach).join(Outreach.discount_request)
    found = db.session.scalar(wanted.where(DiscountRequest.number == number.strip().upper()))
    return found or db.session.scalar(latest)


def _current(kind: TextKind, language: str) -> dict[str, Text]:
    """The highest version of each key, over what was built in."""
    newest = (
        select(DeskText.kind, DeskText.key, DeskText.language, func.max(DeskText.version))
        .where(DeskText.kind == kind, DeskText.language == language)
        .group_by(DeskText.kind, DeskText.key, DeskText.language)
    )
    version = tuple_(DeskText.kind, DeskText.key, DeskText.language, DeskText.version)
    rows = db.session.scalars(
        select(DeskText).where(version.in_(newest)).options(joinedload(DeskText.operator))
    )
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
