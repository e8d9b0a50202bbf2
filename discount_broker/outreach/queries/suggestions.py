"""Reading what letters were found to say."""

from uuid import UUID

from sqlalchemy import select

from discount_broker.kernel.db import db, find_row
from discount_broker.kernel.errors import NotFound
from discount_broker.outreach.models import Reply, Suggestion


def get_suggestion(suggestion_id: UUID, outreach_id: UUID, *, lock: bool = False) -> Suggestion:
    """A suggestion from a letter of this very conversation.

    Raises:
        NotFound

    """
    suggestion = find_row(Suggestion, suggestion_id, lock=lock)
    if suggestion is None or suggestion.reply.outreach_id != outreach_id:
        raise NotFound("suggestion")
    return suggestion


def list_open_suggestions(outreach_id: UUID) -> list[Suggestion]:
    """What nobody has followed or put aside yet, in the order it was written."""
    query = (
        select(Suggestion)
        .join(Suggestion.reply)
        .where(Reply.outreach_id == outreach_id, Suggestion.settled_at.is_(None))
        .order_by(Suggestion.created_at, Suggestion.id)
    )
    return list(db.session.scalars(query))
