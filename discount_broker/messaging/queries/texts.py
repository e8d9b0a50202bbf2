"""The words that leads gave to messages: which version counts, all there were, how often each was sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select, tuple_
from sqlalchemy.orm import SessionTransaction

from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery, MessageText
from discount_broker.messaging.rendering import Wording
from discount_broker.messaging.status import ChannelKind

SEEN = "message_texts_seen"
BUILT_IN = 0
"""The version of the words that the program comes with."""


class TextKey(NamedTuple):
    """What all versions of the words of a message share."""

    message: str
    channel: ChannelKind
    language: str


@dataclass
class Known:
    """What this process has read of the texts, as long as nobody wrote another one."""

    stamp: object
    words: dict[TextKey, Wording | None]


KNOWN: WeakKeyDictionary[Engine, Known] = WeakKeyDictionary()
"""By the database they were read from."""


def chosen_text(message: str, channel: ChannelKind, language: str) -> Wording | None:
    """The lead's version that counts now; None where the default does.

    Versions are only ever added, so how many there are says whether anything is new. That is asked once
    a transaction, however many messages are written in it; the words are read once for each message.
    """
    known, key = _known(), TextKey(str(message), channel, language)
    if key not in known.words:
        row = newest_text(key)
        is_own = row is not None and not row.is_default
        known.words[key] = Wording(row.version, row.subject, row.body) if row and is_own else None
    return known.words[key]


def _known() -> Known:
    session = db.session()
    seen: tuple[SessionTransaction | None, Any] | None = session.info.get(SEEN)
    known = KNOWN.get(db.engine)
    if seen is None or seen[0] is not session.get_transaction() or known is None or known.stamp != seen[1]:
        counted = session.execute(select(func.count(MessageText.id), func.max(MessageText.made_at))).one()
        stamp = tuple(counted)
        session.info[SEEN] = (session.get_transaction(), stamp)
        if known is None or known.stamp != stamp:
            known = KNOWN[db.engine] = Known(stamp, {})
    return known


def newest_text(key: TextKey) -> MessageText | None:
    query = select(MessageText).filter_by(**key._asdict())
    return db.session.scalar(query.order_by(MessageText.version.desc()).limit(1))


def list_newest_texts() -> dict[TextKey, MessageText]:
    """The last version of every text that anybody ever changed."""
    newest = select(
        MessageText.message, MessageText.channel, MessageText.language, func.max(MessageText.version)
    ).group_by(MessageText.message, MessageText.channel, MessageText.language)
    version = tuple_(MessageText.message, MessageText.channel, MessageText.language, MessageText.version)
    rows = db.session.scalars(select(MessageText).where(version.in_(newest)))
    return {TextKey(row.message, row.channel, row.language): row for row in rows}


def list_text_versions(key: TextKey, limit: int = 51) -> Sequence[MessageText]:
    """All versions of one text, the newest first."""
    query = select(MessageText).filter_by(**key._asdict()).order_by(MessageText.version.desc())
    return db.session.scalars(query.limit(limit)).all()


def find_text_version(key: TextKey, version: int) -> MessageText | None:
    return db.session.scalar(select(MessageText).filter_by(**key._asdict(), version=version))


def count_failed_texts() -> int:
    """How many of the versions that count could not be said, so that the defaults stepped in."""
    failed = select(MessageText).where(MessageText.failed_at.is_not(None))
    keys = {TextKey(row.message, row.channel, row.language) for row in db.session.scalars(failed)}
    return sum(row is not None and row.failed_at is not None for row in map(newest_text, keys))


def count_text_uses() -> dict[tuple[TextKey, int], int]:
    """How many messages were written with each version."""
    columns = (Delivery.template, Delivery.channel, Delivery.language, Delivery.text_version)
    rows = db.session.execute(select(*columns, func.count()).group_by(*columns))
    return {
        (TextKey(template, channel, language), version): count
        for template, channel, language, version, count in rows
    }
