"""Taking in what the telephone exchange tells of calls."""

from datetime import datetime
from uuid import UUID

from discount_broker.accounts.operations import note_change
from discount_broker.escalation.inbound import CallTimes, PhoneEvent, folded, number_told
from discount_broker.escalation.models import PhoneCall
from discount_broker.escalation.queries.calls import (
    find_operator_of_extension,
    find_phone_call,
    find_shop_of_number,
    get_phone_call,
    list_missed_from,
)
from discount_broker.escalation.status import CallDirection
from discount_broker.kernel.db import add_or_find
from discount_broker.kernel.transaction import transaction


def hear_phone_call(event: PhoneEvent, country: str | None, now: datetime) -> UUID:
    """Fold an event into its call; numbers without a country's code are read as those of `country`."""
    with transaction():
        told = find_phone_call(event.provider, event.provider_id)
        if told is None:
            new = _begun(event, country)
            told = add_or_find(new, lambda: find_phone_call(event.provider, event.provider_id))
        elif not event.is_leg:
            _say_who(told, event, country)
        times = folded(CallTimes(told.started_at, told.answered_at, told.ended_at), event)
        told.started_at, told.answered_at, told.ended_at = times.started_at, times.answered_at, times.ended_at
        if told.direction is CallDirection.OUT:
            _call_back(told, now)
        return told.id


def _begun(event: PhoneEvent, country: str | None) -> PhoneCall:
    new = PhoneCall(provider=event.provider, provider_id=event.provider_id, started_at=event.at)
    _say_who(new, event, country)
    return new


def _say_who(told: PhoneCall, event: PhoneEvent, country: str | None) -> None:
    """Who spoke to whom, as far as anybody knows the numbers."""
    told.direction, told.extension = event.direction, event.extension
    told.number = number_told(event.number, country)
    operator = find_operator_of_extension(event.extension)
    shop = find_shop_of_number(told.number)
    told.operator_id = operator.id if operator else told.operator_id
    told.shop_id = shop.id if shop else told.shop_id


def _call_back(told: PhoneCall, now: datetime) -> None:
    """Whoever is called back has been missed no longer."""
    for missed in list_missed_from(told.number, told.shop_id):
        missed.settled_at = missed.settled_at or now


def settle_phone_call(phone_call_id: UUID, operator_id: UUID, now: datetime) -> None:
    """Nothing follows from this call: it was a wrong number, or it is dealt with.

    Raises:
        NotFound

    """
    with transaction():
        told = get_phone_call(phone_call_id)
        if told.settled_at is None:
            told.settled_at = now
            note_change("phone_call_settled", now, operator_id, shop_id=told.shop_id)
