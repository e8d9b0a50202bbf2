"""Keeping versions of the words of messages, and what happened to them."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import update

from discount_broker.kernel.db import add_or_find, db
from discount_broker.kernel.errors import Refused
from discount_broker.messaging.models import Delivery, MessageText
from discount_broker.messaging.queries.texts import TextKey, find_text_version

if TYPE_CHECKING:
    from discount_broker.messaging.rendering import Rendered


def append_text(text: MessageText, key: TextKey, before: int) -> MessageText:
    """Put a version behind the one before it; of two who do that at once, one is told.

    Raises:
        Refused: `text_changed_meanwhile`.

    """
    text.message, text.channel, text.language = key
    text.version = before + 1
    if add_or_find(text, lambda: find_text_version(key, before + 1)) is not text:
        raise Refused("text_changed_meanwhile", "body")
    return text


def note_failed_text(delivery: Delivery, rendered: "Rendered", now: datetime) -> None:
    """Remember, for the leads, that a version could not be said and the default went out."""
    db.session.execute(
        update(MessageText)
        .where(
            MessageText.message == delivery.template,
            MessageText.channel == delivery.channel,
            MessageText.language == delivery.language,
            MessageText.version == rendered.failed_version,
            MessageText.failed_at.is_(None),
        )
        .values(failed_at=now, failure=rendered.failure[:300])
    )
