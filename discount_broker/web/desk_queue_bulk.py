"""What is done with all rows that are ticked, and what could not be done, and why."""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext, ngettext
from flask_babel import lazy_gettext as _l

from discount_broker.escalation.queries import find_entry, list_open_cases_of_shop
from discount_broker.escalation.queries.queue import entries_of
from discount_broker.escalation.status import Ending
from discount_broker.escalation.use_cases import (
    claim_shop,
    close_cases,
    flag_case,
    release_shop,
    snooze_shop,
)
from discount_broker.escalation.use_cases.bulk import ENDINGS_AT_ONCE
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import NotAllowed, Refused
from discount_broker.shops.queries import list_shops
from discount_broker.web.access import staff_required
from discount_broker.web.desk import called
from discount_broker.web.desk_forms import picked
from discount_broker.web.desk_queue import queue_page
from discount_broker.web.desk_queue_filters import shown_where
from discount_broker.web.desk_queue_words import holder_of
from discount_broker.web.filters import moment_in_words

bp = Blueprint("bulk", __name__, url_prefix="/desk/bulk")

MOST = 100
"""Shops at once; a page shows fewer."""
REFUSALS: Final[dict[str, LazyString]] = {
    "nothing_due": _l("nothing of it is due"),
    "nothing_open": _l("none of its cases is open any more"),
    "next_action_in_past": _l("this time has passed"),
    "ending_one_by_one": _l("this ending is written down case by case"),
}
Act = Callable[[UUID, UUID, datetime], bool]
"""Does it to one shop; False where a colleague was quicker."""


@bp.post("")
@staff_required()
def act(operator_id: UUID) -> ResponseReturnValue:
    """Do one thing with every shop that is ticked."""
    shop_ids, wish, now = _ticked(), request.form.get("act", ""), utcnow()
    missing = _missing(shop_ids, wish, now)
    if missing:
        flash(missing, "warn")
        shown = shown_where(request.form.get("back", ""))
        return queue_page(operator_id, shown, 422, ticked=frozenset(shop_ids), typed=_typed())
    if wish == "close":
        return _confirm(shop_ids, operator_id, Ending(request.form["ending"]), now)
    _report(shop_ids, ACTS[wish](), operator_id, now, DONE[wish])
    return _back()


@bp.post("/close")
@staff_required()
def close(operator_id: UUID) -> ResponseReturnValue:
    """Close what the page before has listed."""
    case_ids = frozenset(_ids("case"))
    ending = request.form.get("ending", "")
    if ending not in ENDINGS_AT_ONCE or not case_ids:
        flash(gettext("Nothing was closed: no case was ticked."), "warn")
        return _back()

    def end(shop_id: UUID, by: UUID, now: datetime) -> bool:
        return bool(close_cases(shop_id, case_ids, by, Ending(ending), now))

    _report(_ticked(), end, operator_id, utcnow(), _closed)
    return _back()


def _confirm(shop_ids: list[UUID], operator_id: UUID, ending: Ending, now: datetime) -> ResponseReturnValue:
    """List what would be closed; nothing of it has happened yet."""
    entries, shops = entries_of(shop_ids), list_shops(shop_ids)
    held = {id_: holder_of(entries.get(id_), now) for id_ in shop_ids if not _is_free(id_, operator_id, now)}
    lots = [(shop, list_open_cases_of_shop(shop.id)) for shop in shops if shop.id not in held]
    return render_template(
        "desk/queue_close.html",
        lots=[(shop, cases) for shop, cases in lots if cases],
        held=[(shop, held[shop.id]) for shop in shops if shop.id in held],
        ending=ending,
        back=request.form.get("back", ""),
        back_to=shown_where(request.form.get("back", "")).address(),
    )


def _is_free(shop_id: UUID, operator_id: UUID, now: datetime) -> bool:
    entry = find_entry(shop_id)
    return entry is None or entry.held_by(now) in (None, operator_id)


def _missing(shop_ids: list[UUID], wish: str, now: datetime) -> str:
    """What the form still lacks."""
    if not shop_ids:
        return str(gettext("Please tick the shops first: press x on a row, or its box."))
    if len(shop_ids) > MOST:
        return str(gettext("Please take no more than %(most)s shops at once.", most=MOST))
    if wish == "snooze" and (picked(request.form.get("when")) or now) <= now:
        return str(gettext("Please choose until when they wait."))
    if wish == "flag" and not request.form.get("note", "").strip():
        return str(gettext("Please write what the lead should look at."))
    if wish == "close" and request.form.get("ending") not in ENDINGS_AT_ONCE:
        return str(gettext("Please choose how the cases end."))
    return "" if wish in (*ACTS, "close") else str(gettext("Please choose what to do with them."))


def _report(
    shop_ids: list[UUID], act: Act, operator_id: UUID, now: datetime, done: Callable[[int], str]
) -> None:
    """Do it shop by shop, and say for how many it worked, and for which it did not."""
    refused = {shop_id: _why_not(act, shop_id, operator_id, now) for shop_id in shop_ids}
    worked = sum(not why for why in refused.values())
    if worked:
        flash(done(worked), "good")
    shops = list_shops([shop_id for shop_id, why in refused.items() if why])
    left = "; ".join(f"{called(shop)}: {refused[shop.id]}" for shop in shops)
    if left:
        flash(gettext("Left as they were: %(shops)s.", shops=left), "warn")


def _why_not(act: Act, shop_id: UUID, operator_id: UUID, now: datetime) -> str:
    """Why it could not be done; empty where it was."""
    try:
        return "" if act(shop_id, operator_id, now) else _who_has(shop_id, now)
    except NotAllowed:
        return _who_has(shop_id, now)
    except Refused as refused:
        return str(REFUSALS[refused.code])


def _who_has(shop_id: UUID, now: datetime) -> str:
    entry = find_entry(shop_id)
    name = holder_of(entry, now)
    if not name or entry is None or entry.claimed_until is None:
        return str(REFUSALS["nothing_open"])
    until = moment_in_words(entry.claimed_until, now)
    return str(gettext("%(name)s has it until %(time)s", name=name, time=until))


def _release(shop_id: UUID, operator_id: UUID, now: datetime) -> bool:
    release_shop(shop_id, operator_id, now)
    return True


def _snoozing() -> Act:
    until = picked(request.form.get("when"))
    assert until is not None, "it was asked for"
    return lambda shop_id, operator_id, now: bool(snooze_shop(shop_id, operator_id, until, now))


def _flagging() -> Act:
    note = request.form["note"]

    def flag(shop_id: UUID, operator_id: UUID, now: datetime) -> bool:
        entry = find_entry(shop_id)
        if entry is None or entry.lead_case_id is None:
            raise Refused("nothing_open")
        flag_case(entry.lead_case_id, operator_id, note, now)
        return True

    return flag


ACTS: Final[dict[str, Callable[[], Act]]] = {
    "take": lambda: claim_shop,
    "release": lambda: _release,
    "snooze": _snoozing,
    "flag": _flagging,
}
DONE: Final[dict[str, Callable[[int], str]]] = {
    "take": lambda n: ngettext("%(num)d shop is in your hands.", "%(num)d shops are in your hands.", n),
    "release": lambda n: ngettext("%(num)d shop is free again.", "%(num)d shops are free again.", n),
    "snooze": lambda n: ngettext("%(num)d shop was put off.", "%(num)d shops were put off.", n),
    "flag": lambda n: ngettext(
        "%(num)d shop was flagged for the lead.", "%(num)d shops were flagged for the lead.", n
    ),
}


def _closed(number: int) -> str:
    return str(
        ngettext("The cases of %(num)d shop are closed.", "The cases of %(num)d shops are closed.", number)
    )


def _ticked() -> list[UUID]:
    return _ids("shop")


def _ids(name: str) -> list[UUID]:
    """What is ticked, each once; what is no id was not ticked by a person."""
    found: dict[UUID, None] = {}
    for text in request.form.getlist(name):
        try:
            found[UUID(text)] = None
        except ValueError:
            continue
    return [*found]


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in ("when", "note", "ending")}


def _back() -> ResponseReturnValue:
    """To the list as it was."""
    return redirect(url_for("desk.queue", **shown_where(request.form.get("back", "")).here))
