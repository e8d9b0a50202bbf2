"""Reading the conversation of one outreach."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.queries.stopping import list_suppressed
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.notifications.catalogue import Message
from discount_broker.outreach.extract.private_words import Veiled, veil_contacts, veil_secrets
from discount_broker.outreach.models import InboundMail, Letter, Outreach, Reply, Step
from discount_broker.outreach.status import LetterAuthor, OutreachStatus, ReplyKind
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.queries import is_stopped, list_phones
from discount_broker.shops.status import ContactKind

RUNNING = (RequestStatus.ASKED, RequestStatus.OFFERED, RequestStatus.ACCEPTED)
TO_BUYER = (Message.SHOP_LETTER, Message.DESK_NOTE)
"""Messages of a conversation that go to the buyer; all others go to the shop."""
A_DAY = timedelta(days=1)
LONGEST_LETTER = 2000
"""Characters of a letter to a shop: their forms often refuse more."""
MOST_A_DAY = 5
"""Letters a buyer may have us carry to one shop in a day."""


def find_letter(letter_id: UUID) -> Letter | None:
    return db.session.get(Letter, letter_id)


def get_letter(letter_id: UUID) -> Letter:
    letter = find_letter(letter_id)
    if letter is None:
        raise NotFound("letter")
    return letter


def why_not_write_to(outreach: Outreach) -> str:
    """Code of the reason for which the buyer may not write to this shop; empty where they may."""
    return why_no_letters(outreach, forbids_all=is_stopped(outreach.shop))


def why_no_letters(outreach: Outreach, *, forbids_all: bool) -> str:
    """The same where it is known already whether the shop forbids all letters."""
    if outreach.discount_request.status not in RUNNING:
        return "letters_over"
    if outreach.status is OutreachStatus.STOPPED or forbids_all:
        return "letters_forbidden"
    if outreach.status is OutreachStatus.PLANNED:
        return "letters_too_early"
    # Whoever said no and nothing else is left in peace; whoever wrote is answered.
    if outreach.status is OutreachStatus.DECLINED and _last_human(outreach) is None:
        return "letters_declined"
    return ""


def list_forbidding(outreaches: Iterable[Outreach]) -> set[UUID]:
    """Those whose shop forbids all requests, under whichever of its domains: in two statements."""
    wholes = {one.id: one.shop.merged_into or one.shop for one in outreaches}
    names = [(whole.id, whole.domain) for whole in wholes.values()]
    aliases = select(Shop.merged_into_id, Shop.domain)
    found = db.session.execute(aliases.where(Shop.merged_into_id.in_({whole_id for whole_id, _ in names})))
    names += [(whole_id, domain) for whole_id, domain in found if whole_id]
    stopped = list_suppressed({f"shop:{domain}" for _, domain in names})
    forbid = {whole_id for whole_id, domain in names if f"shop:{domain}" in stopped}
    return {outreach_id for outreach_id, whole in wholes.items() if whole.id in forbid}


def is_buyer_known_to(outreach: Outreach) -> bool:
    """Whether this shop may know how to reach the buyer: all may, or its offer was accepted."""
    request = outreach.discount_request
    return request.may_contact_directly or any(
        entry.event == "offer_accepted" and entry.facts.get("outreach") == str(outreach.id)
        for entry in request.timeline
    )


def veil_for(outreach: Outreach, text: str) -> Veiled:
    """What the shop may read of a buyer's letter: no contact details before it is to know them."""
    plain = veil_secrets(text)
    if is_buyer_known_to(outreach):
        return Veiled(plain, ())
    shop = outreach.shop
    theirs = [point.value.lower() for point in (*shop.contact_points, *list_phones(shop.id))]
    return veil_contacts(plain, [shop.country or "RU", "RU"], {shop.domain, *theirs})


def count_letters_today(outreach: Outreach, now: datetime) -> int:
    """How many letters the buyer has had us carry to this shop within a day."""
    return sum(
        letter.author is LetterAuthor.BUYER and letter.created_at > now - A_DAY for letter in outreach.letters
    )


def last_word_to_buyer(outreach: Outreach) -> LetterAuthor | None:
    """Who wrote to the buyer last: the shop, or one of our people."""
    told = [one for one in outreach.letters if one.delivery and one.delivery.template in TO_BUYER]
    return told[-1].author if told else None


def is_for_us(letter: Letter) -> bool:
    """Whether the buyer answered one of our people with it, and not the shop."""
    told = [one for one in letter.outreach.letters if one.delivery and one.delivery.template in TO_BUYER]
    before = [one for one in told if one.created_at <= letter.created_at]
    return letter.delivery_id is None and bool(before) and before[-1].author is LetterAuthor.OPERATOR


def is_our_turn(outreach: Outreach) -> bool:
    """Whether the shop has written since it was last written to: an answer need not wait."""
    human, last = (
        _last_human(outreach),
        max((sent.created_at for sent in sent_to_shop(outreach)), default=None),
    )
    return human is not None and (last is None or human.received_at > last)


def sender_point(outreach: Outreach) -> ContactPoint | None:
    """The door whose address the shop's last letter came from."""
    human = _last_human(outreach)
    mails = [point for point in outreach.shop.contact_points if point.kind is ContactKind.EMAIL]
    return next((p for p in mails if human and p.value.lower() == human.sender.lower()), None)


def find_thread_head(outreach: Outreach, address: str) -> Delivery | None:
    """The mail that the next one to this address belongs under."""
    left = [
        sent
        for sent in sent_to_shop(outreach)
        if sent.channel is ChannelKind.EMAIL and sent.status is DeliveryStatus.SENT
    ]
    return max(left, key=lambda sent: (sent.address == address, sent.created_at), default=None)


def sent_to_shop(outreach: Outreach) -> list[Delivery]:
    """Every message to the shop for this request, those of a conversation included."""
    letters = [one.delivery for one in outreach.letters if one.delivery]
    return [
        *(step.delivery for step in outreach.steps),
        *(delivery for delivery in letters if delivery.template not in TO_BUYER),
    ]


def gather_threads(outreaches: Iterable[Outreach]) -> None:
    """Read what the conversations show in a few queries, however many shops were asked."""
    query = select(Outreach).where(Outreach.id.in_([outreach.id for outreach in outreaches]))
    steps = selectinload(Outreach.steps).joinedload(Step.delivery).selectinload(Delivery.receipts)
    letters = selectinload(Outreach.letters).joinedload(Letter.delivery).selectinload(Delivery.receipts)
    db.session.scalars(query.options(steps, letters, joinedload(Outreach.shop))).all()


def shared_deliveries(outreaches: Iterable[Outreach]) -> set[UUID]:
    """Those of their messages that speak of other requests too."""
    wanted = {step.delivery_id: one.id for one in outreaches for step in one.steps}
    query = select(Step.delivery_id, Step.outreach_id).where(Step.delivery_id.in_(wanted))
    return {delivery_id for delivery_id, owner in db.session.execute(query) if owner != wanted[delivery_id]}


def attached_to(letters: Iterable[Letter]) -> dict[UUID, list[str]]:
    """Names of the files that came with letters of shops, by letter."""
    query = (
        select(Letter.id, InboundMail.attachments)
        .join(Reply, Letter.reply_id == Reply.id)
        .join(InboundMail, Reply.inbound_mail_id == InboundMail.id)
        .where(Letter.id.in_([letter.id for letter in letters]))
    )
    rows = db.session.execute(query)
    return {letter_id: [str(part.get("name") or "?") for part in parts] for letter_id, parts in rows if parts}


def find_letter_of(delivery_id: UUID) -> Letter | None:
    return db.session.scalar(select(Letter).where(Letter.delivery_id == delivery_id))


def _last_human(outreach: Outreach) -> Reply | None:
    return next((reply for reply in reversed(outreach.replies) if reply.kind is ReplyKind.HUMAN), None)
