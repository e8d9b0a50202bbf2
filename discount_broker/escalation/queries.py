"""Reading the desk's queue, cases and promises."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.escalation.models import Call, EscalationCase, Promise
from discount_broker.escalation.rules import urgency
from discount_broker.escalation.status import CaseReason, CaseStatus, PromiseStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound
from discount_broker.kernel.site import site
from discount_broker.messaging.ports import FailureReason
from discount_broker.messaging.rendering import Rendered, render_form_text
from discount_broker.notifications.catalogue import ShopRequest
from discount_broker.outreach.models import Outreach, Reply
from discount_broker.outreach.operations import ask_facts
from discount_broker.outreach.status import OPEN, OutreachStatus, ReplyKind
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.rules import language_for
from discount_broker.shops.status import ContactKind, ContactState


class View(StrEnum):
    """A way to look at the queue."""

    DUE = "due"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    WAITING = "waiting"
    CLOSED = "closed"


def get_case(case_id: UUID, *, lock: bool = False) -> EscalationCase:
    case = db.session.get(EscalationCase, case_id, with_for_update=lock)
    if case is None:
        raise NotFound("case")
    return case


def find_case_of(outreach_id: UUID) -> EscalationCase | None:
    return db.session.scalar(select(EscalationCase).where(EscalationCase.outreach_id == outreach_id))


def get_promise(promise_id: UUID) -> Promise:
    promise = db.session.get(Promise, promise_id, with_for_update=True)
    if promise is None:
        raise NotFound("promise")
    return promise


def list_queue(view: View, operator_id: UUID, now: datetime, limit: int = 200) -> list[EscalationCase]:
    """The cases of one view, in the order in which they should be worked."""
    query = select(EscalationCase).where(*_conditions(view, operator_id, now)).limit(limit).options(*FOR_ROWS)
    if view is View.CLOSED:
        return list(db.session.scalars(query.order_by(EscalationCase.closed_at.desc())))
    # The same order as `urgency`, so that the limit cuts off the least urgent.
    broken_first = case((EscalationCase.reason == CaseReason.PROMISE_BROKEN, 0), else_=1)
    query = query.order_by(broken_first, EscalationCase.next_action_at, EscalationCase.opened_at)
    return sorted(db.session.scalars(query), key=lambda found: _urgency(found, now))


def _urgency(found: EscalationCase, now: datetime) -> tuple[int, datetime, datetime]:
    return urgency(found.reason, found.next_action_at or now, found.opened_at)


FOR_ROWS = (
    joinedload(EscalationCase.outreach).joinedload(Outreach.shop),
    joinedload(EscalationCase.outreach).joinedload(Outreach.discount_request),
    joinedload(EscalationCase.operator),
    selectinload(EscalationCase.calls),
)
"""What a row of the queue shows, in two queries instead of five a row."""


def search_cases(text: str, limit: int = 50) -> list[EscalationCase]:
    """Cases whose request number, shop domain or shop name holds `text`; open ones first."""
    wanted = text.strip()
    if not wanted:
        return []
    query = (
        select(EscalationCase)
        .join(EscalationCase.outreach)
        .join(Outreach.shop)
        .join(Outreach.discount_request)
        .where(
            or_(
                DiscountRequest.number.icontains(wanted, autoescape=True),
                Shop.domain.icontains(wanted, autoescape=True),
                Shop.name.icontains(wanted, autoescape=True),
            )
        )
        .order_by(EscalationCase.status.desc(), EscalationCase.opened_at.desc())
        .limit(limit)
        .options(*FOR_ROWS)
    )
    return list(db.session.scalars(query))


def list_open_cases_of_shop(shop_id: UUID) -> list[EscalationCase]:
    """All that one call to the shop could settle, most urgent first."""
    query = (
        select(EscalationCase)
        .join(EscalationCase.outreach)
        .where(Outreach.shop_id == shop_id, EscalationCase.status == CaseStatus.OPEN)
        .order_by(EscalationCase.next_action_at)
        .options(*FOR_ROWS)
    )
    return list(db.session.scalars(query))


def list_overtaken_cases() -> list[EscalationCase]:
    """Open cases of outreaches that ended elsewhere: the shop forbade it, or the buyer withdrew."""
    return list(
        db.session.scalars(
            select(EscalationCase)
            .join(EscalationCase.outreach)
            .where(
                EscalationCase.status == CaseStatus.OPEN,
                EscalationCase.reason.not_in(AFTER_THE_ANSWER),
                Outreach.status.not_in(OPEN),
            )
        )
    )


AFTER_THE_ANSWER = (CaseReason.ACCEPTANCE_TO_TELL, CaseReason.NOT_REACHED, CaseReason.LATE_LETTER)
"""Reasons for which people are needed although the shop has answered."""


def count_queue(operator_id: UUID, now: datetime) -> dict[View, int]:
    """How many cases each view holds."""
    return {
        view: db.session.scalar(
            select(func.count(EscalationCase.id)).where(*_conditions(view, operator_id, now))
        )
        or 0
        for view in View
    }


def _conditions(view: View, operator_id: UUID, now: datetime) -> list[ColumnElement[bool]]:
    row = EscalationCase
    if view is View.CLOSED:
        return [row.status == CaseStatus.CLOSED]
    is_free = row.operator_id.is_(None) | (row.claimed_until <= now)
    per_view = {
        View.DUE: [row.next_action_at <= now],
        View.MINE: [row.claimed_until > now, row.operator_id == operator_id],
        View.UNASSIGNED: [is_free, row.next_action_at <= now],
        View.WAITING: [row.next_action_at > now],
    }
    return [row.status == CaseStatus.OPEN, *per_view[view]]


def list_promises(outreach_id: UUID) -> list[Promise]:
    return list(
        db.session.scalars(select(Promise).where(Promise.outreach_id == outreach_id).order_by(Promise.due_at))
    )


def list_pending_promises(outreach_id: UUID) -> list[Promise]:
    return [promise for promise in list_promises(outreach_id) if promise.status is PromiseStatus.PENDING]


def next_promises(outreach_ids: Collection[UUID]) -> dict[UUID, Promise]:
    """The pending promise that falls due first, by outreach."""
    query = select(Promise).where(
        Promise.outreach_id.in_(outreach_ids), Promise.status == PromiseStatus.PENDING
    )
    # The earliest is written last and stays.
    return {p.outreach_id: p for p in db.session.scalars(query.order_by(Promise.due_at.desc()))}


def list_due_promises(now: datetime) -> list[UUID]:
    """Promises whose time has come and that are neither kept nor broken yet."""
    return list(
        db.session.scalars(
            select(Promise.id).where(Promise.status == PromiseStatus.PENDING, Promise.due_at <= now)
        )
    )


def list_uncased_outreaches() -> list[Outreach]:
    """Outreaches whose ladder has ended and that nobody has in hand yet."""
    in_hand = exists().where(EscalationCase.outreach_id == Outreach.id)
    return list(
        db.session.scalars(select(Outreach).where(Outreach.status == OutreachStatus.EXHAUSTED, ~in_hand))
    )


def list_late_letters() -> list[Outreach]:
    """Outreaches that were settled, and to which a person has written since without anybody at the desk."""
    seen = exists().where(
        EscalationCase.outreach_id == Outreach.id,
        or_(EscalationCase.status == CaseStatus.OPEN, EscalationCase.closed_at >= Reply.received_at),
    )
    return list(
        db.session.scalars(
            select(Outreach)
            .join(Reply)
            .where(
                Outreach.status.in_((OutreachStatus.ANSWERED, OutreachStatus.DECLINED)),
                Reply.kind == ReplyKind.HUMAN,
                Reply.received_at > Outreach.answered_at,
                ~seen,
            )
            .distinct()
        )
    )


def list_unread_replies() -> list[EscalationCase]:
    """Open cases of outreaches to which a person wrote, and whose operator has not been told."""
    return list(
        db.session.scalars(
            select(EscalationCase)
            .join(Outreach)
            .where(
                EscalationCase.status == CaseStatus.OPEN,
                Outreach.exhausted_why == CaseReason.REPLY_TO_READ,
                EscalationCase.reason != CaseReason.PROMISE_BROKEN,
            )
        )
    )


def count_calls(case_id: UUID) -> int:
    return db.session.scalar(select(func.count(Call.id)).where(Call.case_id == case_id)) or 0


def list_forms_for_people(outreach: Outreach) -> list[ContactPoint]:
    """Forms of the shop that ask for a captcha or a script, surest first."""
    refused = {
        step.contact_point_id
        for step in outreach.steps
        if step.delivery.failure in (FailureReason.CAPTCHA, FailureReason.SCRIPT_ONLY)
    }
    return [
        point
        for point in outreach.shop.contact_points
        if point.kind is ContactKind.FORM
        and point.state is not ContactState.STOPPED
        and (point.id in refused or (point.form or {}).get("captcha"))
    ]


def text_to_paste(outreach: Outreach, point: ContactPoint) -> Rendered:
    """The request as it would go through the shop's form, for a person who fills it in."""
    letter = ShopRequest(**ask_facts(outreach, point))
    return render_form_text(letter, language_for(outreach.shop.domain, outreach.shop.language), site())
