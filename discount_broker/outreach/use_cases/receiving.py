"""Keeping mail as it comes in: the one way in, whichever door it came by."""

import hashlib
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from discount_broker.kernel.db import add_or_find, db
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.transaction import transaction
from discount_broker.outreach.models import InboundMail


def receive_mail(
    recipient: str,
    content: bytes,
    now: datetime,
    *,
    source: str = "smtp",
    authentication: dict[str, str] | None = None,
) -> UUID:
    """Keep a mail as it came in, before anything is made of it. The same mail twice is one mail.

    `recipient` is that of the envelope, `content` the whole message, `source` the way it came, as
    `InboundMail.source` lists them, and `authentication` what was proved of its sender, where that way tells.
    """
    new = InboundMail(
        digest=hashlib.sha256(recipient.lower().encode() + b"\0" + content).hexdigest(),
        recipient=recipient,
        content=content,
        source=source,
        authentication=authentication or {},
        received_at=now,
    )
    with transaction():
        mail = _find(new.digest) or add_or_find(new, lambda: _find(new.digest))
        if mail.read_at is None:
            enqueue_after_commit(Job.READ_MAIL, mail.id)
        return mail.id


def _find(digest: str) -> InboundMail | None:
    return db.session.scalar(select(InboundMail).where(InboundMail.digest == digest))
