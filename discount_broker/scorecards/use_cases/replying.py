"""The shop's right of reply to its card, and what a lead makes of it."""

from datetime import datetime
from uuid import UUID

from discount_broker.accounts.operations import note_change
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.transaction import transaction
from discount_broker.scorecards.models import CardReply
from discount_broker.scorecards.queries.replies import count_unread_of, get_reply
from discount_broker.scorecards.rules import LONGEST_REPLY, MOST_UNREAD
from discount_broker.shops.queries import get_member, get_shop, shop_of_member


def say_to_card(member_id: UUID, words: str, now: datetime) -> UUID:
    """Somebody of a shop says something to its card; nobody else sees it before a lead has read it.

    Raises:
        Refused: nothing was said, too much, or three replies wait already.

    """
    said = words.strip()
    if not said:
        raise Refused("nothing_said", "words")
    if len(said) > LONGEST_REPLY:
        raise Refused("reply_too_long", "words")
    with transaction():
        member = get_member(member_id)
        shop = get_shop(shop_of_member(member_id).id, lock=True)  # two at once must not go above the number
        if count_unread_of(shop.id) >= MOST_UNREAD:
            raise Refused("replies_wait", "words")
        reply = CardReply(shop_id=shop.id, shop_member_id=member.id, words=said, made_at=now)
        db.session.add(reply)
        db.session.flush()
        return reply.id


def settle_reply(reply_id: UUID, operator_id: UUID, answer: str, now: datetime, *, is_public: bool) -> None:
    """A lead puts a reply beside the card, or only answers it; either can be changed later.

    Raises:
        Refused: it is neither published nor answered, or the answer is too long.

    """
    said = answer.strip()
    if not is_public and not said:
        raise Refused("say_why", "answer")
    if len(said) > LONGEST_REPLY:
        raise Refused("reply_too_long", "answer")
    with transaction():
        reply = get_reply(reply_id, lock=True)
        reply.is_public, reply.answer = is_public, said
        reply.operator_id, reply.answered_at = operator_id, now
        what = "card_reply_published" if is_public else "card_reply_answered"
        note_change(what, now, operator_id, shop_id=reply.shop_id)
