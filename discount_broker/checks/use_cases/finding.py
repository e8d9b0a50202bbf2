"""Writing down what a check found, by people and by the clock."""

from datetime import datetime
from functools import partial
from uuid import UUID

from discount_broker.accounts.operations import note_change
from discount_broker.checks.models import ResponseCheck
from discount_broker.checks.queries import doors_left, get_check, has_failed, list_unanswered
from discount_broker.checks.rules import ANSWERED_WITHIN, LONGEST_NOTE, LONGEST_PROMISE, Noted
from discount_broker.checks.status import CheckStatus
from discount_broker.kernel.clock import paced
from discount_broker.kernel.errors import IllegalTransition, Refused
from discount_broker.kernel.sweeping import for_each
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.status import DeliveryStatus, FailureReason
from discount_broker.shops.operations import mark_dead, note_captcha

OUR_FAULT = frozenset(
    {FailureReason.POLICY, FailureReason.EXPIRED, FailureReason.TOO_MANY_TRIES, FailureReason.OTHER}
)
"""Failures that tell of our sending, and not of the shop's address."""
FORM_USELESS = frozenset({FailureReason.FORM_GONE, FailureReason.SCRIPT_ONLY})
"""A form that takes no request either."""


def _check_noted(noted: Noted, now: datetime) -> None:
    if len(noted.note) > LONGEST_NOTE:
        raise Refused("note_too_long", "note")
    if noted.called_at is not None and noted.called_at > now:
        raise Refused("called_ahead", "called_at")
    if noted.call_promised_at is not None and noted.call_promised_at > now + LONGEST_PROMISE:
        raise Refused("valid_until_far", "call_promised_at")


def _check_after(check: ResponseCheck, noted: Noted) -> None:
    """Times are typed to the minute."""
    asked_at = check.asked_at.replace(second=0, microsecond=0) if check.asked_at else None
    for field in ("call_promised_at", "called_at"):
        at = getattr(noted, field)
        if asked_at is not None and at is not None and at < asked_at:
            raise Refused("before_question", field)


def _check_finished(check: ResponseCheck, noted: Noted) -> None:
    if check.answered_at is None and noted.called_at is None:
        raise Refused("not_answered_yet")
    if check.answered_at is not None and noted.is_complete is None:
        raise Refused("complete_missing", "complete")


def note_findings(
    check_id: UUID, operator_id: UUID, noted: Noted, now: datetime, *, is_finished: bool
) -> None:
    """Keep what an operator saw; with `is_finished` the report is made of it.

    Raises:
        Refused: nothing has come yet, or it is not said whether the answer is complete, or a time is ahead,
            too far ahead, or before the question.
        IllegalTransition: the question was never sent.

    """
    _check_noted(noted, now)
    with transaction():
        check = get_check(check_id, lock=True)
        if check.status not in (CheckStatus.ASKED, CheckStatus.DONE):
            raise IllegalTransition(check.status, "noted")
        _check_after(check, noted)
        if is_finished:
            _check_finished(check, noted)
        check.call_promised_at, check.called_at = noted.call_promised_at, noted.called_at
        check.note, check.operator_id = noted.note, operator_id
        has_come = check.answered_at is not None or noted.called_at is not None
        is_alive = has_come or bool(check.findings.get("alive", True))
        _end(check, now, is_alive=is_alive, is_complete=noted.is_complete, is_finished=is_finished)
        what = "check_finished" if is_finished else "check_noted"
        note_change(what, now, operator_id, shop_id=check.shop_id, round=check.round)


def _end(
    check: ResponseCheck, now: datetime, *, is_alive: bool, is_complete: bool | None, is_finished: bool = True
) -> None:
    check.findings = {**check.findings, "alive": is_alive, "complete": is_complete}
    if is_finished:
        check.status, check.done_at = CheckStatus.DONE, check.done_at or now


def close_unanswered(now: datetime) -> int:
    """End the checks that nobody answered in a week, and those whose question never arrived."""
    week = paced(now + ANSWERED_WITHIN, now) - now
    return for_each(list_unanswered(now - week, now), partial(_close_if_unanswered, now=now))


def _close_if_unanswered(check_id: UUID, now: datetime) -> int:
    with transaction():
        check = get_check(check_id, lock=True)
        if check.status is CheckStatus.ASKED and check.answered_at is None:
            _close(check, now)
    return 1


def _close(check: ResponseCheck, now: datetime) -> None:
    is_dead, failure = has_failed(check), check.delivery.failure if check.delivery else None
    status = check.delivery.status if check.delivery else None
    if status is DeliveryStatus.STOPPED:
        check.status = CheckStatus.DROPPED  # forbidden, or taken back: it says nothing of them
    elif status is DeliveryStatus.UNKNOWN:
        _leave_out(check, "unknown")
    elif is_dead and (failure in OUR_FAULT or _went_by_form(check)):
        _make_room(check, failure)
    else:
        _find_silent(check, failure, now, is_dead=is_dead)


def _went_by_form(check: ResponseCheck) -> bool:
    return check.delivery is not None and check.delivery.channel is ChannelKind.WEB_FORM


def _leave_out(check: ResponseCheck, why: str) -> None:
    """The question could not be brought, which says nothing of how they answer; they are told why."""
    check.findings = {**check.findings, "why_not": why}
    check.status = CheckStatus.DROPPED


def _make_room(check: ResponseCheck, failure: FailureReason | None) -> None:
    """A door that could not take the question makes room for the next, which an operator tries again."""
    point = check.contact_point
    if point is None or not _went_by_form(check):
        _leave_out(check, failure or FailureReason.OTHER)
        return
    if failure is FailureReason.CAPTCHA:
        note_captcha(point)
    elif failure in FORM_USELESS:
        mark_dead(point.id, failure or "")
    check.findings = {**check.findings, "tried": [*check.findings.get("tried", ()), str(point.id)]}
    _leave_out(check, failure or FailureReason.OTHER)
    if doors_left(check):
        check.status, check.asked_at = CheckStatus.DRAWN, None
        check.delivery_id = check.contact_point_id = None


def _find_silent(
    check: ResponseCheck, failure: FailureReason | None, now: datetime, *, is_dead: bool
) -> None:
    if is_dead and check.contact_point_id and failure in (FailureReason.ADDRESS_DEAD, None):
        mark_dead(check.contact_point_id, failure or "bounced")
    _end(check, now, is_alive=not is_dead, is_complete=None)
