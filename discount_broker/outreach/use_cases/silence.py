"""Telling buyers that nobody has answered yet: once, and those who asked for several things by one letter."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from uuid import UUID

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.operations import tell
from discount_broker.discount_requests.queries import follow_url, product_seen
from discount_broker.discount_requests.queries.baskets import list_together, lock_together
from discount_broker.kernel.clock import paced
from discount_broker.kernel.sweeping import for_each
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.notifications.catalogue import NextStep, NoAnswersYet, NoAnswerYet, Unanswered
from discount_broker.notifications.operations import is_for_later, note_told_with, notify
from discount_broker.notifications.queries import way_of
from discount_broker.notifications.status import NewsWay
from discount_broker.outreach.queries import (
    attempts_of,
    list_outreaches,
    list_silent_requests,
    silence_purpose,
)

SILENCE_IS_TOLD_AFTER = timedelta(days=2)
"""A buyer who has heard nothing for so long is told what was tried, and what comes next."""


def tell_the_silence(now: datetime) -> None:
    """Tell each buyer once that nobody has answered yet, with what was tried and what comes next."""
    before = now - (paced(now + SILENCE_IS_TOLD_AFTER, now) - now)
    for_each(list_silent_requests(before), partial(_tell_of, before=before, now=now))


@again_if_deadlocked
def _tell_of(request_id: UUID, before: datetime, now: datetime) -> None:
    with transaction():
        request = lock_together(request_id)
        silent = _silent_with(request, before)
        if request in silent:  # else it was told with another of its basket, or somebody has answered
            _tell(silent, now)


def _silent_with(request: DiscountRequest, before: datetime) -> list[DiscountRequest]:
    """The requests of its basket, itself among them, about whose silence the same buyer is to be told."""
    theirs = {each.id: each for each in list_together(request) if each.buyer_id == request.buyer_id}
    still = set(list_silent_requests(before, only=theirs))
    return [each for each in theirs.values() if each.id in still]


def _tell(silent: Sequence[DiscountRequest], now: datetime) -> None:
    """By one letter; who wants a letter of the day has a line of it for each.

    Nobody is told in their hours of rest: by the time they are over, one of them may have an answer.
    """
    buyer, first = silent[0].buyer, _no_answer(silent[0])
    assert buyer is not None
    if way_of(buyer.id, first) is NewsWay.DIGEST or len(silent) == 1:
        for request in silent:
            _tell_one(request, now)
    elif not is_for_later(first, buyer, now):
        _tell_together(silent, now)


def _tell_one(request: DiscountRequest, now: datetime) -> None:
    assert request.buyer is not None
    to, purpose = request.buyer.email, silence_purpose(request.id)
    told = notify(_no_answer(request), to=to, language=request.language, purpose=purpose, now=now)
    if told is not None:
        tell(request, "silence_told", now)


def _tell_together(silent: Sequence[DiscountRequest], now: datetime) -> None:
    first, *others = silent
    assert first.buyer is not None
    tried = attempts_of(chain.from_iterable(list_outreaches(each.id) for each in silent))
    letter = NoAnswersYet(
        number=first.number,
        tried=tuple(dict.fromkeys(tried)),  # what was put to one shop by one letter is said once
        unanswered=tuple(_unanswered(each) for each in silent),
    )
    to, purpose = first.buyer.email, silence_purpose(first.id)
    told = notify(letter, to=to, language=first.language, purpose=purpose, now=now)
    for each in others:
        note_told_with(told, _no_answer(each), first.buyer, silence_purpose(each.id), now)
    for each in silent if told is not None else ():
        tell(each, "silence_told", now)


def _no_answer(request: DiscountRequest) -> NoAnswerYet:
    said = _unanswered(request)
    return NoAnswerYet(
        number=said.number,
        product=said.product,
        follow_url=said.follow_url,
        tried=attempts_of(list_outreaches(request.id)),
        next_step=said.next_step,
        next_step_at=said.next_step_at,
    )


def _unanswered(request: DiscountRequest) -> Unanswered:
    waits = [o.next_step_at for o in list_outreaches(request.id) if o.next_step_at is not None]
    return Unanswered(
        number=request.number,
        product=product_seen(request),
        follow_url=follow_url(request),
        next_step=NextStep.OTHER_DOOR if waits else NextStep.CALL,
        next_step_at=min(waits, default=None),
    )
