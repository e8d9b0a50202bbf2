"""What machines tell of a message of ours: it came back, it arrived, somebody is away, somebody complains."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from discount_broker.discount_requests.operations import tell
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db, find_row
from discount_broker.kernel.emails import normal_email
from discount_broker.kernel.errors import Refused
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import note_receipt
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.status import ReceiptKind
from discount_broker.outreach.inbound import Bounce, BounceKind, BounceReason, Inbound, IntentKind
from discount_broker.outreach.matching import Original
from discount_broker.outreach.models import InboundMail, Outreach, Step
from discount_broker.outreach.operations.matching_mail import Reading
from discount_broker.outreach.status import ReplyKind

LONGEST_WAY = timedelta(days=7)
"""A mail that says it is older has a wrong clock, or waited in a queue that nobody believes in."""
BOUNCED = {
    BounceKind.HARD: ReceiptKind.HARD_BOUNCE,
    BounceKind.SOFT: ReceiptKind.SOFT_BOUNCE,
    BounceKind.POLICY: ReceiptKind.POLICY_BOUNCE,
}


def take_receipt(delivery: Delivery, reading: Reading, now: datetime) -> None:
    """Note what became of the message; the rest follows from all that was ever heard of it."""
    mail, inbound = reading.mail, reading.inbound
    kind = _receipt_of(delivery, inbound, reading.original)
    if kind is None or delivery.channel is not ChannelKind.EMAIL:
        return
    locked = find_row(Delivery, delivery.id, lock=True)
    assert locked is not None
    note_receipt(
        locked,
        kind,
        reference=inbound.message_id[:200] or mail.digest,
        detail=_said(inbound),
        at=_written_at(inbound, mail),
        now=now,
    )


def _receipt_of(delivery: Delivery, inbound: Inbound, original: Original) -> ReceiptKind | None:
    if inbound.kind is ReplyKind.COMPLAINT:
        return ReceiptKind.COMPLAINT
    if inbound.kind is ReplyKind.RECEIPT:
        return ReceiptKind.READ if original.was_read else ReceiptKind.DELIVERED
    bounce = inbound.bounce
    if bounce is None or bounce.is_delayed:  # a server that goes on trying: noted, and nothing is to be done
        return None
    if bounce.kind is BounceKind.HARD and not _is_meant(delivery, bounce):
        # A mailbox behind the address is dead: the letter was not read, but the address is a good one.
        return ReceiptKind.SOFT_BOUNCE
    if bounce.reason is BounceReason.EXPIRED and bounce.kind is BounceKind.SOFT:
        return ReceiptKind.FAILED
    return BOUNCED[bounce.kind]


def _is_meant(delivery: Delivery, bounce: Bounce) -> bool:
    """Whether a report speaks of the address we wrote to; one that names none can speak of no other."""
    named = {_plain(address) for address in bounce.recipients + bounce.original_recipients}
    return not named or _plain(delivery.address) in named


def _plain(address: str) -> str:
    """One spelling of an address: servers report domains of other letters than ASCII in either."""
    try:
        return normal_email(address)
    except Refused:
        return address.lower()


def _said(inbound: Inbound) -> str:
    bounce = inbound.bounce
    if bounce is None:
        return inbound.subject
    return f"bounced: {bounce.reason} {bounce.status or ''} {bounce.diagnostic}".strip()


def _written_at(inbound: Inbound, mail: InboundMail) -> datetime:
    """When it happened, by the clock of whoever tells it, as far as that clock can be believed."""
    date = inbound.date
    is_likely = date is not None and mail.received_at - LONGEST_WAY <= date <= mail.received_at
    return date if date is not None and is_likely else mail.received_at


def acknowledge(outreach: Outreach | None, delivery: Delivery | None, reading: Reading) -> None:
    """A machine of the shop has the letter: that is no answer, but no silence either."""
    mail, inbound = reading.mail, reading.inbound
    for step in _steps_of(outreach, delivery):
        known = step.acknowledged_at
        step.acknowledged_at = mail.received_at if known is None else min(known, mail.received_at)
    away = next((i.value for i in inbound.intents if i.kind is IntentKind.OUT_UNTIL and i.value), None)
    if outreach is not None and away and is_running(outreach):
        told = [entry.facts.get("until") for entry in outreach.discount_request.timeline]
        if away not in told:
            tell(
                outreach.discount_request, "shop_away", mail.received_at, shop=outreach.shop.name, until=away
            )


def _steps_of(outreach: Outreach | None, delivery: Delivery | None) -> Sequence[Step]:
    """The steps that a mail answers: those its message carries, else the last one that left."""
    if delivery is not None:
        return db.session.scalars(select(Step).where(Step.delivery_id == delivery.id)).all()
    sent = [s for s in (outreach.steps if outreach else []) if s.delivery.sent_at is not None]
    return sent[-1:]


def is_running(outreach: Outreach) -> bool:
    return outreach.discount_request.status is not RequestStatus.CLOSED
