"""Taking what a shop answers to the question of a check, and its wish to be asked no more."""

from datetime import datetime
from uuid import UUID

from discount_broker.checks.models import ResponseCheck
from discount_broker.checks.queries import find_check_of, get_check, list_lost_answers
from discount_broker.checks.rules import LONGEST_ANSWER
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.outreach.inbound import Inbound, IntentKind, read_inbound
from discount_broker.outreach.models import InboundMail
from discount_broker.outreach.operations import close_shop
from discount_broker.outreach.operations.checking import find_check_delivery
from discount_broker.outreach.status import ReplyKind
from discount_broker.shops.operations import mark_answering


@again_if_deadlocked
def take_answer(inbound_mail_id: UUID, now: datetime) -> None:
    """Note when a machine, or a person, of the shop answered; harmless twice."""
    with transaction() as session:
        mail = session.get_one(InboundMail, inbound_mail_id, with_for_update=True)
        if mail.filed_at is not None:
            return
        mail.filed_at = now
        inbound = read_inbound(mail.content)
        delivery_id = find_check_delivery(mail, inbound, now)
        found = find_check_of(delivery_id) if delivery_id else None
        if found is not None:
            _take(get_check(found.id, lock=True), mail, inbound, now)


def _take(check: ResponseCheck, mail: InboundMail, inbound: Inbound, now: datetime) -> None:
    at = mail.received_at
    if inbound.kind is not ReplyKind.HUMAN:
        check.acknowledged_at = check.acknowledged_at or at
        return
    words = inbound.reply_text[:LONGEST_ANSWER]
    check.answer = f"{check.answer}\n\n{words}" if check.answer else words
    check.answered_at = check.answered_at or at
    if check.contact_point_id:
        mark_answering(check.contact_point_id, at)
    for intent in inbound.intents:
        if intent.kind is IntentKind.OPT_OUT and intent.is_certain:
            close_shop(check.shop, reason="reply", cause=intent.evidence[:500], now=now)
            return


@again_if_deadlocked
def forbid_by_check(check_id: UUID, cause: str, now: datetime) -> None:
    """The shop that was checked wants no letter of ours any more."""
    with transaction():
        close_shop(get_check(check_id).shop, reason="stop_page", cause=cause, now=now)


def requeue_lost() -> int:
    """Ring again for answers whose bell was lost."""
    with transaction():
        lost = list_lost_answers()
        for mail_id in lost:
            enqueue_after_commit(Job.TAKE_CHECK_ANSWER, mail_id)
        return len(lost)
