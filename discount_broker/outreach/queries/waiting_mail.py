"""Reading the mail that a person must place: where it may belong, and the search for its request."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import defer, joinedload

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound
from discount_broker.outreach.models import InboundMail, Outreach
from discount_broker.outreach.status import SET_ASIDE, UNMATCHED, ReplyKind
from discount_broker.shops.models import Shop

MACHINES = (ReplyKind.BOUNCE, ReplyKind.AUTO_REPLY, ReplyKind.ACKNOWLEDGEMENT, ReplyKind.RECEIPT)
MOST_LISTED = 200


class MailView(StrEnum):
    """A way to look at mail that belongs to no conversation."""

    WAITING = "waiting"
    SET_ASIDE = "set_aside"
    MACHINES = "machines"
    """What mail servers and answering machines wrote about nothing of ours."""


def get_mail(mail_id: UUID) -> InboundMail:
    """One mail that has been read.

    Raises:
        NotFound

    """
    mail = db.session.get(InboundMail, mail_id)
    if mail is None or mail.read_at is None:
        raise NotFound("mail")
    return mail


def list_mail(view: MailView, limit: int = MOST_LISTED) -> list[InboundMail]:
    """The mails of one view, the one that has waited longest first; without their bytes."""
    oldest_first = view is MailView.WAITING
    order = InboundMail.received_at.asc() if oldest_first else InboundMail.received_at.desc()
    query = select(InboundMail).where(_is_in(view)).order_by(order, InboundMail.id).limit(limit)
    return list(db.session.scalars(query.options(defer(InboundMail.content))))


def count_mail() -> dict[MailView, int]:
    """How many mails each view holds."""
    return {view: _count(view) for view in MailView}


def count_waiting_mail() -> int:
    """How many letters of people wait to be placed."""
    return _count(MailView.WAITING)


def _count(view: MailView) -> int:
    return db.session.scalar(select(func.count(InboundMail.id)).where(_is_in(view))) or 0


def _is_in(view: MailView) -> ColumnElement[bool]:
    if view is MailView.WAITING:
        return InboundMail.verdict == UNMATCHED
    if view is MailView.SET_ASIDE:
        return InboundMail.verdict == SET_ASIDE
    return InboundMail.verdict.in_(MACHINES) & (InboundMail.matched_by == "")


class Guessed(NamedTuple):
    """A conversation a mail may belong to."""

    outreach: Outreach
    score: float
    reasons: list[tuple[str, str]]
    """Values of `matching.Sign`, each with what shows it."""


def list_guessed(mail: InboundMail) -> list[Guessed]:
    """The conversations a mail may belong to, best first; gone ones are left out."""
    return _guessed([mail])[mail.id]


def list_best_guesses(mails: Sequence[InboundMail]) -> dict[UUID, Guessed]:
    """The likeliest conversation of each mail, where there is one."""
    return {mail_id: guessed[0] for mail_id, guessed in _guessed(mails).items() if guessed}


def _guessed(mails: Sequence[InboundMail]) -> dict[UUID, list[Guessed]]:
    ids = {UUID(guess["outreach_id"]) for mail in mails for guess in mail.guesses}
    found = {outreach.id: outreach for outreach in _outreaches(Outreach.id.in_(ids), limit=None)}
    return {
        mail.id: [
            Guessed(outreach, guess["score"], [(sign, shown) for sign, shown in guess["reasons"]])
            for guess in mail.guesses
            if (outreach := found.get(UUID(guess["outreach_id"]))) is not None
        ]
        for mail in mails
    }


def search_outreaches(text: str, limit: int = 20) -> list[Outreach]:
    """Conversations whose number, shop or domain holds these words, the newest first."""
    wanted = text.strip()
    if not wanted:
        return []
    return _outreaches(
        or_(
            DiscountRequest.number.icontains(wanted, autoescape=True),
            Shop.domain.icontains(wanted, autoescape=True),
            Shop.name.icontains(wanted, autoescape=True),
        ),
        limit,
    )


def _outreaches(condition: ColumnElement[bool], limit: int | None = 20) -> list[Outreach]:
    query = (
        select(Outreach)
        .join(Outreach.shop)
        .join(Outreach.discount_request)
        .where(condition)
        .order_by(Outreach.created_at.desc(), Outreach.id)
        .limit(limit)
        .options(joinedload(Outreach.shop), joinedload(Outreach.discount_request))
    )
    return list(db.session.scalars(query))
