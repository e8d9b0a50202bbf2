"""Looks up which conversation a mail belongs to, and where it may belong when that is not certain."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.kernel.db import db
from discount_broker.kernel.emails import FREE_MAIL
from discount_broker.kernel.errors import NotFound
from discount_broker.kernel.site import site
from discount_broker.kernel.tokens import Purpose, read_token
from discount_broker.kernel.urls import registrable_domain
from discount_broker.messaging.models import Delivery
from discount_broker.outreach.inbound import Inbound
from discount_broker.outreach.inbound.request_numbers import find_numbers
from discount_broker.outreach.matching import (
    Candidate,
    Clues,
    MatchedBy,
    Original,
    decide,
    delivery_ids,
    find_tokens,
    guess,
)
from discount_broker.outreach.models import InboundMail, KnownSender, Letter, Outreach
from discount_broker.outreach.queries import list_outreaches_in
from discount_broker.outreach.queries.thread import TO_BUYER
from discount_broker.outreach.status import OutreachStatus
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.queries import find_shop_by_domain
from discount_broker.shops.rules import NOT_THEIRS
from discount_broker.shops.status import ContactKind

AWAITED = (OutreachStatus.ASKED, OutreachStatus.EXHAUSTED)
GUESSED_FROM = timedelta(days=60)
MOST_CONSIDERED = 300
MOST_SHOPS = 20


@dataclass(frozen=True)
class Conversation:
    """Which outreach, and which of our messages, a mail answers."""

    outreach: Outreach | None
    """None for what was written to a buyer, and for a message about several requests."""
    delivery: Delivery | None
    matched_by: MatchedBy
    is_buyers: bool = False
    """It is the buyer's side of it: their answer to a letter that we passed on."""


@dataclass(frozen=True)
class Reading:
    """A mail, and what was read out of it."""

    mail: InboundMail
    inbound: Inbound
    original: Original
    """The message of ours that it reports on; empty for letters of people."""


def find_conversation(reading: Reading, now: datetime) -> Conversation | None:
    """The conversation of a mail; None when nothing ties it to exactly one."""
    mail, inbound, original = reading.mail, reading.inbound, reading.original
    ids = delivery_ids((*inbound.references, *original.message_ids), site().mail_domain)
    delivery = next(filter(None, (db.session.get(Delivery, each) for each in ids)), None)
    found = _by_token((mail.recipient, *inbound.recipients, *original.addresses), delivery, now)
    if found is None and delivery is not None:
        found = _around(delivery, MatchedBy.REFERENCES)
    return _told_apart(found, inbound) if found else _by_clues(reading)


def _by_clues(reading: Reading) -> Conversation | None:
    clues = clues_of(reading)
    decided = decide(clues, _candidates_for(clues))
    if decided is None:
        return None
    candidate, matched_by = decided
    return Conversation(db.session.get(Outreach, candidate.outreach_id), None, matched_by)


def _told_apart(found: Conversation, inbound: Inbound) -> Conversation:
    """Of a digest's requests the one that the writer's own words name; its quotes name them all."""
    if found.is_buyers:
        return found
    steps = found.outreach.steps if found.outreach else []
    letters = [found.delivery.id] if found.delivery else [step.delivery_id for step in steps]
    numbers = find_numbers(f"{inbound.subject}\n{inbound.reply_text}")
    told = {outreach for letter in letters for outreach in list_outreaches_in(letter)}
    named = [outreach for outreach in told if outreach.discount_request.number in numbers]
    return replace(found, outreach=named[0]) if len(told) > 1 and len(named) == 1 else found


def _by_token(addresses: Iterable[str], referred: Delivery | None, now: datetime) -> Conversation | None:
    """What the first token says that is ours.

    People answer bounce addresses, and servers bounce to reply addresses. A reply address knows the
    conversation; which message of it is meant the references may say.
    """
    for written in find_tokens(addresses):
        for purpose in (Purpose.REPLY, Purpose.BUYER_REPLY, Purpose.BOUNCE):
            try:
                subject_id = read_token(purpose, written.token, now)
            except NotFound:
                continue
            found = _named(purpose, subject_id, referred)
            if found is not None:
                return found
    return None


def _named(purpose: Purpose, subject_id: UUID, referred: Delivery | None) -> Conversation | None:
    """None where the row is gone: a token outlives a request that was deleted."""
    if purpose is Purpose.BOUNCE:
        delivery = db.session.get(Delivery, subject_id)
        return _around(delivery, MatchedBy.TOKEN) if delivery else None
    outreach = db.session.get(Outreach, subject_id)
    if outreach is None:
        return None
    if purpose is Purpose.BUYER_REPLY:
        return Conversation(outreach, None, MatchedBy.TOKEN, is_buyers=True)
    is_of_it = referred is not None and any(step.delivery_id == referred.id for step in outreach.steps)
    return Conversation(outreach, referred if is_of_it else None, MatchedBy.TOKEN)


def _around(delivery: Delivery, matched_by: MatchedBy) -> Conversation:
    """The conversation a message of ours is part of, on whichever side."""
    letter = db.session.scalar(select(Letter).where(Letter.delivery_id == delivery.id))
    if letter is None:
        return Conversation(_outreach_of(delivery), delivery, matched_by)
    return Conversation(letter.outreach, delivery, matched_by, is_buyers=delivery.template in TO_BUYER)


def _outreach_of(delivery: Delivery) -> Outreach | None:
    """The one outreach a message was written for; None where there are several, or none."""
    found = list_outreaches_in(delivery.id)
    return found[0] if len(found) == 1 else None


def clues_of(reading: Reading) -> Clues:
    mail, inbound = reading.mail, reading.inbound
    domain = inbound.sender_domain
    return Clues(
        sender=inbound.sender,
        domain="" if domain in FREE_MAIL else domain,
        numbers=inbound.numbers,
        learnt_shop_id=_learnt_shop_id(inbound.sender),
        text=f"{inbound.subject}\n{inbound.reply_text}\n{inbound.signature}",
        at=mail.received_at,
    )


def _learnt_shop_id(sender: str) -> UUID | None:
    known = find_known_sender(sender)
    if known is None:
        return None
    shop = db.session.get_one(Shop, known.shop_id)
    return shop.merged_into_id or shop.id


def find_known_sender(sender: str) -> KnownSender | None:
    return db.session.scalar(select(KnownSender).where(KnownSender.address == sender)) if sender else None


def _candidates_for(clues: Clues) -> list[Candidate]:
    """The outreaches whose number it names, and those of the sender's shops that wait for an answer."""
    numbered = select(Outreach).join(DiscountRequest).where(DiscountRequest.number.in_(clues.numbers))
    awaited = select(Outreach).where(Outreach.shop_id.in_(_shops_of(clues)), Outreach.status.in_(AWAITED))
    return to_candidates([o for query in (numbered, awaited) for o in db.session.scalars(query)])


def _shops_of(clues: Clues) -> list[UUID]:
    """The shops the sender may write for."""
    if clues.learnt_shop_id is not None:
        return [clues.learnt_shop_id]
    if not clues.sender:
        return []
    is_address = [ContactPoint.value == clues.sender]
    if clues.domain:
        ends = (f"@{clues.domain}", f".{clues.domain}")
        is_address += [ContactPoint.value.endswith(end, autoescape=True) for end in ends]
    shown = select(ContactPoint.shop_id).where(
        ContactPoint.kind == ContactKind.EMAIL, or_(*is_address), ContactPoint.state_reason != NOT_THEIRS
    )
    found = list(db.session.scalars(shown.distinct().limit(MOST_SHOPS)))
    shop = find_shop_by_domain(clues.domain) if clues.domain else None
    return [*found, shop.id] if shop else found


def to_candidates(outreaches: Sequence[Outreach]) -> list[Candidate]:
    """Outreaches as matching sees them."""
    aliases = select(Shop.merged_into_id, Shop.domain).where(
        Shop.merged_into_id.in_({outreach.shop_id for outreach in outreaches})
    )
    names: dict[UUID | None, set[str]] = {}
    for shop_id, domain in db.session.execute(aliases):
        names.setdefault(shop_id, set()).add(domain)
    return [_candidate(outreach, names.get(outreach.shop_id, set())) for outreach in outreaches]


def _candidate(outreach: Outreach, other_names: set[str]) -> Candidate:
    shop, request = outreach.shop, outreach.discount_request
    mailboxes = {
        point.value.lower()
        for point in shop.contact_points
        if point.kind is ContactKind.EMAIL and point.state_reason != NOT_THEIRS
    }
    shown = {registrable_domain(address.rpartition("@")[2]) for address in mailboxes}
    return Candidate(
        outreach_id=outreach.id,
        shop_id=outreach.shop_id,
        number=request.number,
        shop_name=shop.name,
        product=outreach.product_title,
        domains=frozenset({shop.domain, *other_names, *shown} - FREE_MAIL),
        addresses=frozenset(mailboxes),
        buyer=request.buyer.email.lower() if request.buyer else "",
        is_awaited=outreach.status in AWAITED,
        asked_at=outreach.asked_at,
    )


def guesses_for(reading: Reading, now: datetime) -> list[dict[str, Any]]:
    """Where a mail may belong, as it is kept: the outreach, the score, and each reason with what shows it."""
    clues = clues_of(reading)
    lately = (
        select(Outreach)
        .where(Outreach.asked_at > now - GUESSED_FROM)
        .order_by(Outreach.asked_at.desc(), Outreach.id)
        .limit(MOST_CONSIDERED)
        .options(
            joinedload(Outreach.discount_request).joinedload(DiscountRequest.buyer),
            joinedload(Outreach.shop).selectinload(Shop.contact_points),
        )
    )
    considered = [*_candidates_for(clues), *to_candidates(db.session.scalars(lately).all())]
    found = guess(clues, {each.outreach_id: each for each in considered}.values())
    return [
        {
            "outreach_id": str(each.outreach_id),
            "score": each.score,
            "reasons": [[str(sign), shown[:200]] for sign, shown in each.reasons],
        }
        for each in found
    ]
