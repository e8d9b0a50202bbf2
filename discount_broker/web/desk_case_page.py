"""The page of a case with its forms: shown anew with everything that was typed, whatever came between."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from discount_broker.accounts.queries.trail import list_changes_since
from discount_broker.escalation import use_cases
from discount_broker.escalation.queries import find_entry, get_case
from discount_broker.escalation.queries.calls import find_call_to_write_down, find_call_under_way
from discount_broker.escalation.status import CaseStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.shops.queries import list_phones
from discount_broker.shops.status import ContactKind
from discount_broker.web.answer_form import AnswerForm
from discount_broker.web.answer_reading import USUAL_TERM
from discount_broker.web.desk_calls_forms import CallForm, begun
from discount_broker.web.desk_forms import CloseForm, SnoozeForm
from discount_broker.web.desk_page import facts_of
from discount_broker.web.desk_queue_words import holder_of
from discount_broker.web.desk_script import ending_chosen
from discount_broker.web.desk_suggestion import answer_read
from discount_broker.web.desk_trail_words import sentence
from discount_broker.web.desk_words import ENDINGS
from discount_broker.web.filters import moment_in_words
from discount_broker.web.forms import PageForm
from discount_broker.web.language import reader_zone

if TYPE_CHECKING:
    from discount_broker.accounts.models import AuditEntry
    from discount_broker.escalation.models import Call, EscalationCase

NO_MATTER = frozenset({"shop_taken", "shop_released", "price_asked", "call_started", "call_dropped"})
"""What others did that no save can overwrite."""


class Change(NamedTuple):
    """What somebody else has changed since the page was opened."""

    who: str
    at: datetime
    what: str


def page(case_id: UUID, operator_id: UUID, code: int = 200, **filled: Any) -> ResponseReturnValue:
    """The whole case; forms that were filled in keep what was typed."""
    now = utcnow()
    case = get_case(case_id)
    facts = facts_of(case_id, operator_id, now)
    under_way = find_call_under_way(operator_id)
    forms = _forms(case, operator_id, under_way, now) | filled
    forms["call_form"].offer_times(now)
    forms["call_form"].offer_people(facts["people"], numbers_of(case))
    forms["call_form"].offer_cases(facts["other_cases"])
    forms["snooze_form"].offer_times(now)
    here = under_way if under_way and under_way.shop_id == case.outreach.shop_id else None
    extra = {"changes": filled.get("changes", ()), "call_here": here, "filled": set(filled)}
    return render_template("desk/case.html", **facts, **forms | extra), code


def _forms(
    case: "EscalationCase", operator_id: UUID, under_way: "Call | None", now: datetime
) -> dict[str, PageForm]:
    """The forms of a page that is opened, with what is known already."""
    shop_id = case.outreach.shop_id
    clocked = under_way if under_way and under_way.shop_id == shop_id else None
    told = find_call_to_write_down(shop_id, operator_id, now)
    answer = {"valid_until": _term(now)} | answer_read(case.outreach)
    return {
        "call_form": CallForm(formdata=None, data=begun(clocked, told, now, ending_chosen())),
        "snooze_form": SnoozeForm(formdata=None),
        "close_form": CloseForm(formdata=None),
        "answer_form": AnswerForm(formdata=None, data=answer),
    }


def numbers_of(case: "EscalationCase") -> list[str]:
    """The shop's phones, surest first."""
    return [p.value for p in list_phones(case.outreach.shop_id) if p.kind is ContactKind.PHONE]


def changed(case_id: UUID, operator_id: UUID, **filled: Any) -> ResponseReturnValue | None:
    """What others have changed since this page was opened, with all that was typed; a second press saves."""
    seen = request.form.get("seen", "")
    if not seen.isdecimal():
        return None
    shop_id = get_case(case_id).outreach.shop_id
    found = list_changes_since(case_id, shop_id, int(seen[:9]), operator_id)
    changes = [_in_words(entry) for entry in found if entry.what not in NO_MATTER]
    if not changes:
        return None
    return page(case_id, operator_id, 409, changes=changes, **filled)


def _in_words(entry: "AuditEntry") -> Change:
    who = entry.operator.name if entry.operator else str(gettext("By itself"))
    return Change(who, entry.at, sentence(entry.what, entry.facts, utcnow()))


def take_again(case_id: UUID, operator_id: UUID) -> None:
    """A claim that ran out while somebody was typing is theirs again, if nobody else took the shop."""
    if request.form.get("held"):
        now = utcnow()
        entry = find_entry(get_case(case_id).outreach.shop_id)
        if entry is not None and entry.open_cases and entry.held_by(now) is None:
            use_cases.claim_case(case_id, operator_id, now)


def taken(case_id: UUID, operator_id: UUID, **filled: PageForm) -> ResponseReturnValue:
    """Somebody else has the case by now: nothing was changed, and nothing typed is lost."""
    flash(who_has(case_id) + " " + gettext("Nothing was changed; what you typed is below."), "warn")
    return page(case_id, operator_id, 409, **filled)


def who_has(case_id: UUID) -> str:
    held, now = get_case(case_id), utcnow()
    if held.status is CaseStatus.CLOSED:
        return how_closed(held)
    entry = find_entry(held.outreach.shop_id)
    name = holder_of(entry, now)
    if not name or entry is None or entry.claimed_until is None:
        return str(gettext("A colleague was quicker. Please try once more."))
    time = moment_in_words(entry.claimed_until, now)
    return str(gettext("%(name)s has this case, until %(time)s.", name=name, time=time))


def how_closed(case: "EscalationCase") -> str:
    """That a case is closed, how, and by whom."""
    ending = ENDINGS[case.ending] if case.ending else ""
    if case.closed_by is None:
        return str(gettext("This case has been closed by itself: %(ending)s.", ending=ending))
    name = case.closed_by.name
    return str(gettext("This case has been closed by %(name)s: %(ending)s.", name=name, ending=ending))


def what_follows(case_id: UUID, now: datetime) -> str:
    """What the desk does next, said aloud after every step."""
    found = get_case(case_id)
    if found.next_action_at is None:
        return str(gettext("Written down. The case is closed."))
    time = moment_in_words(found.next_action_at, now)
    return str(gettext("Written down. It comes back %(time)s.", time=time))


def back(case_id: UUID, anchor: str = "main") -> ResponseReturnValue:
    # A browser that is sent on keeps the place it was at, below the words that tell what was done.
    return redirect(url_for("case.show", case_id=case_id, _anchor=anchor))


def _term(now: datetime) -> date:
    return (now.astimezone(reader_zone()[0]) + USUAL_TERM).date()
