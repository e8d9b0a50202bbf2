"""The queue: what is due, who has it, and why it stands where it stands."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from discount_broker.escalation.queries import (
    View,
    count_queue,
    list_closed,
    list_queue,
    next_promises,
    search_cases,
)
from discount_broker.escalation.queries.queue import entries_of
from discount_broker.escalation.status import CaseReason, CaseStatus
from discount_broker.escalation.use_cases import claim_next
from discount_broker.kernel.clock import utcnow
from discount_broker.web.access import staff_required
from discount_broker.web.desk import in_words

if TYPE_CHECKING:
    from discount_broker.escalation.models import EscalationCase, Promise, QueueEntry

bp = Blueprint("desk", __name__, url_prefix="/desk")

LONGEST_QUEUE = 200


class Row(NamedTuple):
    case: "EscalationCase"
    standing: str
    """Why it stands where it stands."""
    tone: str
    promise: "Promise | None"
    holder: str
    is_mine: bool


@bp.get("/")
@staff_required()
def queue(operator_id: UUID) -> ResponseReturnValue:
    """The queue, or what was searched for."""
    view, text = _view(), request.args.get("q", "").strip()[:100]
    inner, fingerprint = _rows_page(operator_id, view, text)
    return render_template(
        "desk/queue.html",
        view=view,
        views=View,
        q=text,
        counts=count_queue(operator_id, utcnow()),
        inner=inner,
        fingerprint=fingerprint,
    )


@bp.get("/rows")
@staff_required()
def rows(operator_id: UUID) -> ResponseReturnValue:
    """The list anew; nothing at all when it looks as it did, so that nobody loses their place."""
    view, text = _view(), request.args.get("q", "").strip()[:100]
    inner, fingerprint = _rows_page(operator_id, view, text)
    if request.args.get("seen") == fingerprint:
        return "", 204
    counts = count_queue(operator_id, utcnow())
    return render_template(
        "desk/_queue.html", view=view, views=View, q=text, counts=counts, inner=inner, fingerprint=fingerprint
    )


@bp.post("/next")
@staff_required()
def next_case(operator_id: UUID) -> ResponseReturnValue:
    """Take the most urgent case that nobody has."""
    case_id = claim_next(operator_id, utcnow())
    if case_id is None:
        flash(gettext("No free case is due. Well done!"), "good")
        return redirect(url_for("desk.queue"))
    return redirect(url_for("case.show", case_id=case_id))


def _view() -> View:
    try:
        return View(request.args.get("view", View.DUE))
    except ValueError:
        return View.DUE


def _rows_page(operator_id: UUID, view: View, text: str) -> tuple[str, str]:
    now = utcnow()
    if text:
        cases = search_cases(text)
    elif view is View.CLOSED:
        cases = list_closed(LONGEST_QUEUE)
    else:
        entries = list_queue(view, operator_id, now, LONGEST_QUEUE)
        cases = [entry.lead_case for entry in entries if entry.lead_case]
    listed = queue_rows(cases, operator_id, now)
    is_cut = not text and len(cases) == LONGEST_QUEUE
    inner = render_template("desk/_rows.html", rows=listed, view=view, q=text, is_cut=is_cut)
    counts = sorted(count_queue(operator_id, now).items())
    return inner, sha256(f"{inner}{counts}".encode()).hexdigest()[:12]


def queue_rows(cases: "Sequence[EscalationCase]", operator_id: UUID, now: datetime) -> list[Row]:
    promises = next_promises([case.outreach_id for case in cases])
    entries = entries_of({case.outreach.shop_id for case in cases})
    rows = []
    for case in cases:
        entry = entries.get(case.outreach.shop_id)
        standing, tone = standing_of(case, now)
        is_mine = entry is not None and entry.held_by(now) == operator_id
        rows.append(Row(case, standing, tone, promises.get(case.outreach_id), holder_of(entry, now), is_mine))
    return rows


def standing_of(case: "EscalationCase", now: datetime) -> tuple[str, str]:
    """Why a case stands where it stands, and how urgent that looks."""
    due_at = case.next_action_at
    if case.status is CaseStatus.CLOSED or due_at is None:
        return gettext("closed %(when)s", when=in_words((case.closed_at or now) - now)), ""
    if due_at > now:
        return gettext("waits for its time"), "waiting"
    if case.reason is CaseReason.PROMISE_BROKEN:
        return gettext("first in line: a promise was broken"), "bad"
    return gettext("in line by the time it fell due"), "due"


def holder_of(entry: "QueueEntry | None", now: datetime) -> str:
    """The name of whoever has the shop in hand now; empty when nobody has."""
    return entry.operator.name if entry and entry.operator and entry.held_by(now) else ""
