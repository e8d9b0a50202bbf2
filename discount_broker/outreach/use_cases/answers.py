"""Reading what came back by mail, and filing by hand what no rule could place."""

import logging
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from discount_broker.accounts.operations import note_change
from discount_broker.kernel.db import add_or_find, db, find_row
from discount_broker.kernel.errors import NotFound
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.site import site
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.outreach.inbound import Inbound, read_inbound
from discount_broker.outreach.matching import SECRETS, MatchedBy, Original, find_original
from discount_broker.outreach.models import InboundMail, KnownSender, Outreach
from discount_broker.outreach.operations.answering import take_in
from discount_broker.outreach.operations.checking import find_check_delivery
from discount_broker.outreach.operations.matching_mail import (
    Conversation,
    Reading,
    find_conversation,
    find_known_sender,
    guesses_for,
)
from discount_broker.outreach.queries import get_outreach
from discount_broker.outreach.status import CHECK, OWN, SET_ASIDE, UNMATCHED, ReplyKind
from discount_broker.shops.queries import domains_of

log = logging.getLogger(__name__)
FOR_PEOPLE = frozenset({ReplyKind.HUMAN, ReplyKind.COMPLAINT})
"""What waits for a person when nobody can tell where it belongs; machines do not mind."""
FROM_SERVERS = frozenset({ReplyKind.BOUNCE, ReplyKind.RECEIPT, ReplyKind.COMPLAINT})
"""Mail servers of ours write these too, and they are about somebody else."""


class Learnt(StrEnum):
    """What filing a mail by hand has taught about its sender."""

    NOTHING = "nothing"
    """A machine wrote it, or the sender was known."""
    NEW = "new"
    ANOTHER_SHOP = "another_shop"
    """The address stood for another shop; it stands for the newer one now."""


@again_if_deadlocked
def read_mail(inbound_mail_id: UUID, now: datetime) -> str | None:
    """Tell what a mail is and draw the consequences; what it was taken for, None if it was read before."""
    with transaction() as session:
        mail = session.get_one(InboundMail, inbound_mail_id, with_for_update=True)
        if mail.read_at is not None:
            return None
        mail.read_at = now
        reading = _read(mail)
        _note(mail, reading.inbound)
        mail.verdict = _told_elsewhere(reading, now)
        if mail.verdict:
            return mail.verdict
        conversation = find_conversation(reading, now)
        if (
            conversation is None
            or _is_for_nobody(conversation, reading)
            or _is_doubtful(conversation, reading)
        ):
            _keep_waiting(reading, now)
        else:
            take_in(conversation, reading, now)
        return mail.verdict


def _read(mail: InboundMail) -> Reading:
    """A person's letter may carry another mail along, and is not about that one: only reports are."""
    inbound = read_inbound(mail.content)
    is_report = inbound.kind in FROM_SERVERS
    return Reading(mail, inbound, find_original(mail.content) if is_report else Original())


def _note(mail: InboundMail, inbound: Inbound) -> None:
    """What the lists of the desk show of it."""
    mail.message_id, mail.sender = inbound.message_id[:500], inbound.sender[:254]
    mail.subject = inbound.subject[:500]
    mail.attachments = [asdict(attachment) for attachment in inbound.attachments]


def _told_elsewhere(reading: Reading, now: datetime) -> str | None:
    """What is no part of any conversation: a mail of ours, or the answer to a check."""
    if _is_own(reading.inbound):
        return OWN
    if find_check_delivery(reading.mail, reading.inbound, now) is not None:
        enqueue_after_commit(Job.TAKE_CHECK_ANSWER, reading.mail.id)
        return CHECK
    return None


def _is_own(inbound: Inbound) -> bool:
    """Whether we wrote it ourselves: to take our own letter for an answer would go round in circles."""
    if inbound.kind in FROM_SERVERS:
        return False
    here = site()
    domain = inbound.message_id.strip("<> ").rpartition("@")[2].lower()
    return domain == here.mail_domain.lower() or (
        inbound.sender != "" and here.is_own_mailbox(inbound.sender)
    )


def _is_for_nobody(conversation: Conversation, reading: Reading) -> bool:
    """A person answered a message that belongs to no one conversation: a buyer's, or one about several."""
    return conversation.outreach is None and reading.inbound.kind is ReplyKind.HUMAN


def _is_doubtful(conversation: Conversation, reading: Reading) -> bool:
    """A complaint that anybody can have written: a shop that is not even theirs would be silenced by it."""
    outreach, is_complaint = conversation.outreach, reading.inbound.kind is ReplyKind.COMPLAINT
    if not is_complaint or outreach is None or conversation.matched_by in SECRETS:
        return False
    return reading.mail.authentication.get("domain", "") not in domains_of(outreach.shop)


def _keep_waiting(reading: Reading, now: datetime) -> None:
    """People's mail waits for a person; what a machine wrote is kept, and nobody is troubled with it."""
    mail, inbound = reading.mail, reading.inbound
    mail.verdict = UNMATCHED if inbound.kind in FOR_PEOPLE else inbound.kind
    mail.guesses = guesses_for(reading, now)
    log.info("a mail belongs to no one conversation of ours: %s", mail.id)


@again_if_deadlocked
def file_mail(mail_id: UUID, outreach_id: UUID, operator_id: UUID, now: datetime) -> Learnt:
    """A person says where a mail belongs: it is taken in as if that had been plain, and its sender learnt.

    A mail that was filed stays where it is; a second press changes nothing.

    Raises:
        NotFound: no such mail, or no such outreach.

    """
    with transaction():
        mail = _waiting(mail_id)
        outreach = get_outreach(outreach_id, lock=True)
        if mail.outreach_id is not None:
            return Learnt.NOTHING
        mail.filed_by_id, mail.filed_at = operator_id, now
        note_change("mail_filed", now, operator_id, shop_id=outreach.shop_id, subject=f"mail:{mail_id}")
        reading = _read(mail)
        is_buyers = _is_of_the_buyer(outreach, reading.inbound)
        take_in(Conversation(outreach, None, MatchedBy.PERSON, is_buyers=is_buyers), reading, now)
        return Learnt.NOTHING if is_buyers else _learn(outreach, reading.inbound, operator_id, now)


def _is_of_the_buyer(outreach: Outreach, inbound: Inbound) -> bool:
    """Whether the buyer wrote it, in answer to a mail of ours: then it is no word of the shop."""
    buyer = outreach.discount_request.buyer
    return buyer is not None and inbound.sender == buyer.email.lower()


def _waiting(mail_id: UUID) -> InboundMail:
    mail = find_row(InboundMail, mail_id, lock=True)
    if mail is None or mail.read_at is None:
        raise NotFound("mail")
    return mail


def _learn(outreach: Outreach, inbound: Inbound, operator_id: UUID, now: datetime) -> Learnt:
    """Remember whose address it is; where it was another shop's, the newer word counts."""
    if inbound.kind in FROM_SERVERS or not inbound.sender:
        return Learnt.NOTHING
    sender = inbound.sender[:254]
    new = KnownSender(address=sender, shop_id=outreach.shop_id, operator_id=operator_id, at=now)
    known = find_known_sender(sender)
    if known is None:
        known = add_or_find(new, lambda: find_known_sender(sender))
        return Learnt.NEW
    was_another = known.shop_id != outreach.shop_id
    known.shop_id, known.operator_id, known.at = outreach.shop_id, operator_id, now
    return Learnt.ANOTHER_SHOP if was_another else Learnt.NOTHING


def set_mail_aside(mail_id: UUID, operator_id: UUID, now: datetime) -> None:
    """The mail belongs to nothing of ours: it waits no longer, and can be taken up again.

    Raises:
        NotFound

    """
    with transaction():
        mail = _waiting(mail_id)
        if mail.verdict == UNMATCHED:
            mail.verdict, mail.filed_by_id, mail.filed_at = SET_ASIDE, operator_id, now
            note_change("mail_set_aside", now, operator_id, subject=f"mail:{mail_id}")


def take_mail_up_again(mail_id: UUID, operator_id: UUID, now: datetime) -> None:
    """What was set aside waits again.

    Raises:
        NotFound

    """
    with transaction():
        mail = _waiting(mail_id)
        if mail.verdict == SET_ASIDE:
            mail.verdict, mail.filed_by_id, mail.filed_at = UNMATCHED, None, None
            note_change("mail_taken_up", now, operator_id, subject=f"mail:{mail_id}")
            db.session.flush()
