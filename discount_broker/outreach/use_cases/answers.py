"""What comes back from shops by mail, and a shop's wish not to be asked."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from discount_broker.discount_requests.operations import tell
from discount_broker.kernel.db import add_or_find
from discount_broker.kernel.errors import NotFound, Refused
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.tokens import Purpose, read_token
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.ports import FailureReason
from discount_broker.messaging.queries import get_delivery
from discount_broker.messaging.status import DeliveryEvent, DeliveryStatus, next_status
from discount_broker.outreach.inbound import Inbound, read_inbound
from discount_broker.outreach.models import InboundMail, Outreach, Reply
from discount_broker.outreach.operations import advance, end, forbid, take_told_address
from discount_broker.outreach.queries import find_step_of, get_outreach, list_open_of_shop
from discount_broker.outreach.status import OPEN, OutreachEvent, OutreachStatus, ReplyKind
from discount_broker.shops.models import Shop
from discount_broker.shops.operations import mark_answering

log = logging.getLogger(__name__)
LONGEST_REPLY = 20_000


@dataclass(frozen=True)
class Conversation:
    """Which outreach, and which of our messages, a mail answers."""

    outreach: Outreach | None
    """None for what was written to a buyer."""
    delivery: Delivery | None


def receive_mail(
    recipient: str,
    content: bytes,
    now: datetime,
    *,
    source: str = "smtp",
    authentication: dict[str, str] | None = None,
) -> UUID:
    """Keep a mail as it came in, before anything is made of it. The same mail twice is one mail.

    Args:
        recipient: envelope recipient.
        content: the whole message, as it came.
        now: when it came.
        source: the way it came, as `InboundMail.source` lists them.
        authentication: what was proved of its sender, where the way it came tells.

    """
    digest = hashlib.sha256(recipient.lower().encode() + b"\0" + content).hexdigest()
    with transaction() as session:
        known = select(InboundMail).where(InboundMail.digest == digest)
        mail = session.scalar(known)
        if mail is None:
            new = InboundMail(
                digest=digest,
                recipient=recipient,
                content=content,
                source=source,
                authentication=authentication or {},
                received_at=now,
            )
            mail = add_or_find(new, lambda: session.scalar(known))
        if mail.read_at is None:
            enqueue_after_commit(Job.READ_MAIL, mail.id)
        return mail.id


def read_mail(inbound_mail_id: UUID, now: datetime) -> str | None:
    """Tell what a mail is and draw the consequences; what it was taken for, None if it was read before."""
    with transaction() as session:
        mail = session.get_one(InboundMail, inbound_mail_id, with_for_update=True)
        if mail.read_at is not None:
            return None
        mail.read_at = now
        inbound = read_inbound(mail.content)
        try:
            conversation = _conversation_of(mail.recipient, now)
        except NotFound:
            mail.verdict = "unmatched"
            log.warning("a mail belongs to no conversation of ours: %s", mail.id)
            return mail.verdict
        mail.verdict = inbound.kind
        if conversation.outreach is not None:
            _take_in(conversation.outreach, conversation.delivery, inbound, mail, now)
        elif conversation.delivery is not None:
            _take_bounce(conversation.delivery, inbound)
        return mail.verdict


def _conversation_of(recipient: str, now: datetime) -> Conversation:
    """The conversation named by the address a mail was sent to.

    People answer bounce addresses by hand, and servers bounce to reply addresses: either
    token is looked at, whatever came.
    """
    kind, _, token = recipient.partition("@")[0].partition("+")
    if kind.lower() == "reply":
        return Conversation(get_outreach(read_token(Purpose.REPLY, token, now), lock=True), None)
    delivery = get_delivery(read_token(Purpose.BOUNCE, token, now))
    step = find_step_of(delivery.id)
    return Conversation(get_outreach(step.outreach_id, lock=True) if step else None, delivery)


def _take_in(
    outreach: Outreach, delivery: Delivery | None, inbound: Inbound, mail: InboundMail, now: datetime
) -> None:
    if delivery is None and outreach.steps:
        delivery = outreach.steps[-1].delivery
    reply = Reply(
        inbound_mail_id=mail.id,
        delivery_id=delivery.id if delivery else None,
        kind=ReplyKind(inbound.kind),
        sender=inbound.sender,
        subject=inbound.subject,
        text=inbound.reply_text[:LONGEST_REPLY],
        received_at=mail.received_at,
    )
    outreach.replies.append(reply)
    if reply.kind is ReplyKind.BOUNCE and delivery is not None:
        _take_bounce(delivery, inbound)
    elif reply.kind is ReplyKind.COMPLAINT:
        _stop(outreach.shop, "complaint", inbound.subject, now)
    elif reply.kind is ReplyKind.HUMAN:
        _take_human_answer(outreach, reply, inbound, now)
    elif reply.kind is ReplyKind.AUTO_REPLY:
        _take_new_address(outreach.shop, inbound, now)


def _take_bounce(delivery: Delivery, inbound: Inbound) -> None:
    """A final bounce fails the delivery; the next door is tried at once."""
    bounce = inbound.bounce
    if bounce is None or not bounce.is_final:
        return
    if delivery.status not in (DeliveryStatus.SENT, DeliveryStatus.UNKNOWN, DeliveryStatus.BOUNCED):
        return
    delivery.status = next_status(delivery.status, DeliveryEvent.BOUNCED)
    delivery.sent_at = delivery.sent_at or delivery.created_at
    is_dead = bounce.reason in ("user_unknown", "host_unknown")
    if is_dead:
        delivery.failure = FailureReason.ADDRESS_DEAD
    else:
        delivery.failure = FailureReason.REFUSED if bounce.permanent else FailureReason.TOO_MANY_TRIES
    delivery.last_error = f"bounced: {bounce.reason} {bounce.status or ''}".strip()
    enqueue_after_commit(Job.SETTLE_DELIVERY, delivery.id)


def _take_human_answer(outreach: Outreach, reply: Reply, inbound: Inbound, now: datetime) -> None:
    """A person wrote: the ladder stops, and an operator turns the words into an offer.

    A request to be left alone is obeyed at once.
    """
    if outreach.steps:
        mark_answering(outreach.steps[-1].contact_point_id, now)
    if any(intent.kind == "opt_out" for intent in inbound.intents):
        _stop(outreach.shop, "reply", reply.text[:500], now)
        return
    _take_new_address(outreach.shop, inbound, now)
    tell(outreach.discount_request, "shop_wrote", now, shop=outreach.shop.name)
    if outreach.status in OPEN:
        outreach.exhausted_why = "reply_to_read"
    if outreach.status in (OutreachStatus.PLANNED, OutreachStatus.ASKED):
        advance(outreach, OutreachEvent.LADDER_ENDED)


def _take_new_address(shop: Shop, inbound: Inbound, now: datetime) -> None:
    """The letter says where to write instead: the next one goes there."""
    for intent in inbound.intents:
        if intent.kind == "new_address" and intent.value:
            try:
                take_told_address(shop, intent.value, intent.evidence, now)
            except Refused as refused:
                log.info("an address a shop named is not taken: %s", refused.code)


def stop_shop(outreach_id: UUID, cause: str, now: datetime) -> None:
    """The shop forbids all requests: nothing further leaves to it through any door."""
    with transaction():
        _stop(get_outreach(outreach_id).shop, "stop_page", cause, now)


def stop_outreach(outreach_id: UUID, now: datetime) -> None:
    """The shop wants to hear no more of this one request."""
    with transaction():
        outreach = get_outreach(outreach_id, lock=True)
        if outreach.status in OPEN:
            end(outreach, OutreachEvent.STOPPED, now)
            tell(outreach.discount_request, "shop_declined", now, shop=outreach.shop.name)


def _stop(shop: Shop, reason: str, cause: str, now: datetime) -> None:
    forbid(shop, reason=reason, cause=cause, now=now)
    for outreach in list_open_of_shop(shop.id):
        end(outreach, OutreachEvent.STOPPED, now)
        tell(outreach.discount_request, "shop_forbids", now, shop=shop.name)
