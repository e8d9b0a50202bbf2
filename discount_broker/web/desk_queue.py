"""The queue: what is due, who has it, and why it stands where it stands."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from discount_broker.accounts.queries import list_operators
from discount_broker.accounts.queries.trail import list_changes_about
from discount_broker.escalation.queries import View
from discount_broker.escalation.queries.filters import list_filters
from discount_broker.escalation.queries.queue_pages import ENOUGH, WINDOW, QueuePage, count_queue, list_page
from discount_broker.escalation.queries.queue_search import Found, search_desk
from discount_broker.escalation.rules import CLAIM_LASTS
from discount_broker.escalation.status import CaseReason, CaseStatus
from discount_broker.escalation.use_cases import claim_next
from discount_broker.escalation.use_cases.bulk import ENDINGS_AT_ONCE
from discount_broker.kernel.business_time import ZONE_OF_COUNTRY
from discount_broker.kernel.clock import utcnow
from discount_broker.web.access import staff_required
from discount_broker.web.desk_forms import to_local, usual_times
from discount_broker.web.desk_queue_rows import rows_of
from discount_broker.web.desk_queue_view import Shown, chips, reader_of, shown_in
from discount_broker.web.desk_queue_words import holder_of, standing_of
from discount_broker.web.filters import moment_in_words

__all__ = ["bp", "holder_of", "queue_page", "standing_of"]

bp = Blueprint("desk", __name__, url_prefix="/desk")

LANGUAGES = ("ru", "en", "de", "fr", "es", "it", "pl", "nl", "cs", "uk", "kk", "be")
"""That a filter offers; of shops in others the address takes the code."""


class Inner(NamedTuple):
    """The list, and what tells whether it looks as it did."""

    html: str
    counts: dict[View, str]
    fingerprint: str


@bp.get("/")
@staff_required()
def queue(operator_id: UUID) -> ResponseReturnValue:
    """The queue, or what was searched for; the number of a request leads to its case at once."""
    shown = shown_in(request.args)
    found = search_desk(shown.text) if shown.text else None
    case_id = _only_case(found) if found else None
    if case_id is not None:
        return redirect(url_for("case.show", case_id=case_id))
    return queue_page(operator_id, shown, found=found)


@bp.get("/rows")
@staff_required()
def rows(operator_id: UUID) -> ResponseReturnValue:
    """The list anew; nothing at all when it looks as it did, so that nobody loses their place."""
    shown, now = shown_in(request.args), utcnow()
    inner = _inner(operator_id, shown, search_desk(shown.text) if shown.text else None, now)
    if request.args.get("seen") == inner.fingerprint:
        return "", 204
    return render_template("desk/_queue.html", **_frame(operator_id, shown, inner))


@bp.post("/next")
@staff_required()
def next_case(operator_id: UUID) -> ResponseReturnValue:
    """Take the most urgent case that nobody has."""
    case_id = claim_next(operator_id, utcnow())
    if case_id is None:
        flash(gettext("No free case is due. Well done!"), "good")
        return redirect(url_for("desk.queue"))
    return redirect(url_for("case.show", case_id=case_id))


def queue_page(
    operator_id: UUID,
    shown: Shown,
    code: int = 200,
    *,
    found: Found | None = None,
    ticked: frozenset[UUID] = frozenset(),
    typed: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    """The whole page; of what was ticked and typed nothing is lost."""
    now = utcnow()
    if shown.text and found is None:
        found = search_desk(shown.text)
    inner = _inner(operator_id, shown, found, now, ticked)
    locale: Any = get_locale()
    page = render_template(
        "desk/queue.html",
        **_frame(operator_id, shown, inner),
        ticked=ticked,
        typed=typed or {},
        chips=chips(shown),
        countries=sorted((locale.territories.get(code, code), code) for code in ZONE_OF_COUNTRY),
        languages=sorted((locale.languages.get(code, code), code) for code in LANGUAGES),
        reasons=CaseReason,
        operators=list_operators(),
        times=[(to_local(at), moment_in_words(at, now)) for at in usual_times(now)],
        endings=ENDINGS_AT_ONCE,
        lost=list_changes_about(f"operator:{operator_id}", "claim_lost", now - CLAIM_LASTS),
    )
    return page, code


def _frame(operator_id: UUID, shown: Shown, inner: Inner) -> dict[str, Any]:
    return {
        "shown": shown,
        "view": shown.view,
        "views": View,
        "q": shown.text,
        "counts": inner.counts,
        "inner": inner.html,
        "fingerprint": inner.fingerprint,
        "saved": list_filters(operator_id),
    }


def _inner(
    operator_id: UUID,
    shown: Shown,
    found: Found | None,
    now: datetime,
    ticked: frozenset[UUID] = frozenset(),
) -> Inner:
    reader = reader_of(operator_id, now)
    page = QueuePage(found.rows) if found else list_page(shown.view, reader, shown.narrowing, shown.cursor)
    html = render_template(
        "desk/_rows.html",
        rows=rows_of(page.rows, operator_id, now),
        shown=shown,
        view=shown.view,
        q=shown.text,
        found=found,
        ticked=ticked,
        page=page,
        window=WINDOW,
    )
    counts = {view: _told(number) for view, number in count_queue(reader).items()}
    return Inner(html, counts, sha256(f"{html}{sorted(counts.items())}".encode()).hexdigest()[:12])


def _told(number: int) -> str:
    return str(number) if number < ENOUGH else f"{ENOUGH - 1}+"


def _only_case(found: Found) -> UUID | None:
    """The case of the request whose number was typed; of several the one that is open."""
    if not found.exact:
        return None
    cases = [row.case for row in found.rows]
    wanted = cases if len(cases) == 1 else [case for case in cases if case.status is CaseStatus.OPEN]
    return wanted[0].id if len(wanted) == 1 else None
