"""Telling the answer to a responsiveness check from the letters of conversations."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound
from discount_broker.kernel.site import site
from discount_broker.kernel.tokens import Purpose, read_token
from discount_broker.messaging.models import Delivery
from discount_broker.outreach.inbound import Inbound
from discount_broker.outreach.matching import delivery_ids, find_tokens
from discount_broker.outreach.models import InboundMail
from discount_broker.outreach.status import ReplyKind

CHECK_PURPOSE = "check:"
"""How the purpose of a check's message begins; `check:<shop>:<round>` never counts as demand."""
REPORT_PURPOSE = "check-report:"
"""Likewise of the news of its report; an answer to that is for a person to read."""
ANSWERS = frozenset({ReplyKind.HUMAN, ReplyKind.AUTO_REPLY, ReplyKind.ACKNOWLEDGEMENT})
"""Bounces and complaints are told of the message itself, as of any other."""


def find_check_delivery(mail: InboundMail, inbound: Inbound, now: datetime) -> UUID | None:
    """The message of a check that this mail answers: by the address it came to, else by what it refers to."""
    if inbound.kind not in ANSWERS:
        return None
    meant = [*_named_by_address(mail, inbound, now), *delivery_ids(inbound.references, site().mail_domain)]
    found = (db.session.get(Delivery, each) for each in meant)
    return next((each.id for each in found if each and each.purpose.startswith(CHECK_PURPOSE)), None)


def _named_by_address(mail: InboundMail, inbound: Inbound, now: datetime) -> Iterator[UUID]:
    for written in find_tokens((mail.recipient, *inbound.recipients)):
        with suppress(NotFound):
            yield read_token(Purpose.CHECK, written.token, now)
