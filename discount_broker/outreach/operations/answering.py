"""Drawing the consequences of a mail whose conversation is known: who wrote, and what follows."""

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from discount_broker.discount_requests.operations import tell
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import Refused
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import cancel_queued
from discount_broker.outreach.inbound import Inbound, Intent, IntentKind, read_inbound
from discount_broker.outreach.matching import SECRETS, MatchedBy
from discount_broker.outreach.models import InboundMail, Outreach, Reply, Suggestion
from discount_broker.outreach.operations.climbing import advance, note_answered
from discount_broker.outreach.operations.conversation import take_buyer_letter, take_shop_letter
from discount_broker.outreach.operations.digests import leave_digests
from discount_broker.outreach.operations.matching_mail import Conversation, Reading
from discount_broker.outreach.operations.reports import (
    acknowledge,
    is_running,
    take_receipt,
)
from discount_broker.outreach.operations.standing import close_shop, take_told_address
from discount_broker.outreach.queries import get_outreach
from discount_broker.outreach.status import DUPLICATE, OPEN, OutreachEvent, OutreachStatus, ReplyKind
from discount_broker.shops.models import Shop
from discount_broker.shops.queries import domains_of

log = logging.getLogger(__name__)
LONGEST_REPLY = 20_000
ACKNOWLEDGES = frozenset({ReplyKind.AUTO_REPLY, ReplyKind.ACKNOWLEDGEMENT})


def take_in(conversation: Conversation, reading: Reading, now: datetime) -> None:
    """Keep a mail as part of its conversation, and do what it asks for."""
    mail, delivery = reading.mail, conversation.delivery
    mail.matched_by, mail.verdict = conversation.matched_by, reading.inbound.kind
    if conversation.outreach is None:
        _take_machines_word(None, delivery, reading, now)
        return
    outreach = get_outreach(conversation.outreach.id, lock=True)
    mail.outreach_id = outreach.id
    if _was_taken_in(outreach, reading):
        mail.verdict = DUPLICATE
    elif conversation.is_buyers:
        _take_buyers_word(outreach, delivery, reading, now)
    else:
        _take_shops_word(outreach, delivery or _meant(outreach, reading.inbound), reading, now)


def _take_shops_word(outreach: Outreach, delivery: Delivery | None, reading: Reading, now: datetime) -> None:
    reply = _keep(outreach, delivery, reading)
    if reply.kind is ReplyKind.HUMAN:
        _take_human_answer(outreach, delivery, reply, reading, now)
    else:
        _take_machines_word(outreach, delivery, reading, now)


def _take_machines_word(
    outreach: Outreach | None, delivery: Delivery | None, reading: Reading, now: datetime
) -> None:
    inbound = reading.inbound
    if delivery is not None:
        take_receipt(delivery, reading, now)
    if inbound.kind in ACKNOWLEDGES:
        acknowledge(outreach, delivery, reading)
        if outreach is not None and may_act_at_once(outreach.shop, reading.mail):
            _note_told_addresses(outreach.shop, inbound, now)
    elif inbound.kind is ReplyKind.COMPLAINT and outreach is not None:
        # Where only the message is known, its receipt stops whoever it was for.
        close_shop(outreach.shop, reason="complaint", cause=inbound.subject[:500], now=now)


def _take_buyers_word(outreach: Outreach, delivery: Delivery | None, reading: Reading, now: datetime) -> None:
    """The buyer answers what the shop wrote; what their mail server tells is of the message alone."""
    if reading.inbound.kind is ReplyKind.HUMAN and reading.inbound.reply_text.strip():
        take_buyer_letter(outreach, reading.inbound.reply_text, now)
    elif delivery is not None:
        take_receipt(delivery, reading, now)


def _meant(outreach: Outreach, inbound: Inbound) -> Delivery | None:
    """The message that a mail answers which names none: to an address it speaks of, else the last sent."""
    spoken_of = set(inbound.bounce.recipients) if inbound.bounce else {inbound.sender}
    steps = [step for step in outreach.steps if step.delivery.sent_at is not None] or outreach.steps
    to_it = [step for step in steps if step.delivery.address.lower() in spoken_of]
    found = next(reversed(to_it or steps), None)
    return found.delivery if found else None


def _was_taken_in(outreach: Outreach, reading: Reading) -> bool:
    """Whether the same letter came by another way, or to another of our addresses, before."""
    mail, inbound = reading.mail, reading.inbound
    if not inbound.message_id:
        return False
    same = select(InboundMail).where(
        InboundMail.id != mail.id,
        InboundMail.outreach_id == outreach.id,
        InboundMail.message_id == mail.message_id,
        InboundMail.sender == mail.sender,
        InboundMail.verdict == inbound.kind,
    )
    # Some programs give all their mails one Message-ID: the words must be the same too.
    return any(
        read_inbound(each.content).reply_text == inbound.reply_text for each in db.session.scalars(same)
    )


def _keep(outreach: Outreach, delivery: Delivery | None, reading: Reading) -> Reply:
    mail, inbound = reading.mail, reading.inbound
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
    db.session.flush()
    return reply


def _take_human_answer(
    outreach: Outreach, delivery: Delivery | None, reply: Reply, reading: Reading, now: datetime
) -> None:
    """A person wrote: the ladder stops, and an operator turns the words into an offer.

    A request to be left alone is obeyed at once, whoever writes with what only the recipient of a letter
    of ours can know; somebody else could silence a shop by it, and then a person decides.
    """
    mail, inbound = reading.mail, reading.inbound
    note_answered(outreach, delivery, mail.received_at)
    is_believed = may_act_at_once(outreach.shop, mail)
    _suggest(outreach, reply, inbound.intents, now, is_believed=is_believed)
    refusals = [intent for intent in inbound.intents if intent.kind is IntentKind.OPT_OUT]
    if is_believed and any(intent.is_certain for intent in refusals):
        close_shop(outreach.shop, reason="reply", cause=reply.text[:500], now=now)
        return
    stop_climbing(outreach, now)
    if not refusals:
        take_shop_letter(outreach, reply, now)


def may_act_at_once(shop: Shop, mail: InboundMail) -> bool:
    """Whether the writer has shown that they speak for the shop, by a secret of ours or their own domain."""
    if mail.matched_by in SECRETS or mail.matched_by == MatchedBy.PERSON:
        return True
    return mail.authentication.get("domain", "") in domains_of(shop)


def stop_climbing(outreach: Outreach, now: datetime) -> None:
    """A person of the shop has written: no further message leaves, and somebody reads what they say."""
    if is_running(outreach):
        tell(outreach.discount_request, "shop_wrote", now, shop=outreach.shop.name)
    if outreach.status not in OPEN:
        return
    outreach.exhausted_why = "reply_to_read"
    if outreach.status is not OutreachStatus.EXHAUSTED:
        advance(outreach, OutreachEvent.LADDER_ENDED)
    cancel_queued(f"outreach:{outreach.id}")
    leave_digests(outreach)


def _suggest(
    outreach: Outreach, reply: Reply, intents: Sequence[Intent], now: datetime, *, is_believed: bool
) -> None:
    """Write down what the letter says plainly; what needs no person is done, and marked as done."""
    for intent in intents:
        suggestion = Suggestion(
            kind=str(intent.kind),
            value=intent.value or "",
            evidence=intent.evidence,
            is_certain=intent.is_certain,
            created_at=reply.received_at,
        )
        reply.suggestions.append(suggestion)
        is_taken = intent.is_certain and is_believed and _follow(outreach.shop, intent, now)
        if is_taken:
            settle_suggestion(suggestion, "taken", now)


def _follow(shop: Shop, intent: Intent, now: datetime) -> bool:
    """Do what needs no person: a stop is obeyed, and the next letter goes where the shop wants it."""
    if intent.kind is IntentKind.NEW_ADDRESS and intent.value:
        return note_told_address(shop, intent.value, intent.evidence, now)
    return intent.kind is IntentKind.OPT_OUT


def _note_told_addresses(shop: Shop, inbound: Inbound, now: datetime) -> None:
    for intent in inbound.intents:
        if intent.kind is IntentKind.NEW_ADDRESS and intent.is_certain:
            _follow(shop, intent, now)


def note_told_address(shop: Shop, address: str, evidence: str, now: datetime) -> bool:
    try:
        take_told_address(shop, address, evidence, now)
    except Refused as refused:
        log.info("an address a shop named is not taken: %s", refused.code)
        return False
    return True


def settle_suggestion(suggestion: Suggestion, outcome: str, now: datetime) -> None:
    if suggestion.settled_at is None:
        suggestion.settled_at, suggestion.outcome = now, outcome
