"""Answers that give nothing yet: we will call, ask me again on, somebody else decides it."""

from datetime import datetime, time

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.operations import tell
from discount_broker.escalation.operations import (
    make_promise,
    open_case,
    requeue,
    withdraw_promises_of,
)
from discount_broker.escalation.queries import find_case_of
from discount_broker.escalation.status import CaseReason, CaseStatus, PromiseKind
from discount_broker.kernel.clock import is_hurried, paced
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.site import site, zone_for
from discount_broker.kernel.urls import registrable_domain
from discount_broker.messaging.operations import suppress
from discount_broker.messaging.queries import is_suppressed
from discount_broker.notifications.catalogue import ShopLater, ShopWillCall
from discount_broker.offers.operations.offering import inform
from discount_broker.offers.rules import Answer, check_calls_promised, check_put_off
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.operations import answering_point, news_from, take_told_address
from discount_broker.outreach.operations.climbing import awaited_until, in_their_hours
from discount_broker.outreach.operations.detours import ask_through, rest_until
from discount_broker.outreach.rules import RungReason, step_ends_at
from discount_broker.outreach.status import OutreachStatus
from discount_broker.shops.extract.spelling import normal_value
from discount_broker.shops.models import ContactPoint
from discount_broker.shops.operations import mark_door_stopped, note_correction
from discount_broker.shops.queries import domains_of, door_stop_keys
from discount_broker.shops.status import ContactKind, DoorSource

MOST_STEPS = 6
"""Letters about one request, however often it is passed on."""


def take_promise(outreach: Outreach, request: DiscountRequest, answer: Answer, now: datetime) -> None:
    """The shop will call: the ladder rests, and the promise wakes by itself.

    Raises:
        Refused: `calls_often`.

    """
    assert answer.call_by is not None
    check_calls_promised(_times_said("shop_will_call", outreach, request))
    calls_buyer = request.may_contact_directly and bool(request.phone)
    kind = PromiseKind.CALL_BUYER if calls_buyer else PromiseKind.CALL_US
    withdraw_promises_of(outreach, "another time was named", now)
    promise = make_promise(outreach, kind, answer.call_by, now)
    outreach.ask_again_on = None
    if outreach.status is OutreachStatus.ASKED:
        outreach.next_step_at = step_ends_at(answer.call_by, outreach.shop.calendar)
    by = answer.call_by.isoformat()
    tell(request, "shop_will_call", now, shop=outreach.shop.name, call_by=by, outreach=str(outreach.id))
    message = ShopWillCall(
        **news_from(outreach), shop=outreach.shop.name, call_by=answer.call_by, calls_buyer=calls_buyer
    )
    inform(request, message, f"promise:{promise.id}:made", now)


def take_later(outreach: Outreach, request: DiscountRequest, answer: Answer, now: datetime) -> None:
    """The shop wants to be asked again on a day: nothing leaves before, and the buyer knows why.

    Raises:
        Refused: `ask_again_late`: the buyer does not wait that long; `later_often`.

    """
    day = answer.ask_again_on
    assert day is not None
    check_put_off(_times_said("shop_later", outreach, request))
    zone = zone_for(outreach.shop.country)
    if request.expires_at is not None and day >= request.expires_at.astimezone(zone).date():
        raise Refused("ask_again_late", "ask_again_on")
    morning = datetime.combine(day, time(), zone)
    again_at = paced(morning, now) if is_hurried() else in_their_hours(outreach.shop, morning)
    withdraw_promises_of(outreach, "asks to be asked again", now)
    outreach.ask_again_on = day
    rest_until(outreach, again_at)
    _let_the_desk_wait(outreach, again_at, now)
    tell(request, "shop_later", now, shop=outreach.shop.name, day=day.isoformat(), outreach=str(outreach.id))
    noon = datetime.combine(day, time(12), zone)
    message = ShopLater(**news_from(outreach), shop=outreach.shop.name, ask_again_at=noon)
    inform(request, message, f"later:{outreach.id}:{day.isoformat()}", now)


def take_forward(outreach: Outreach, request: DiscountRequest, answer: Answer, now: datetime) -> None:
    """Somebody else decides it: an address of the shop is asked at once, any other is for our people.

    Raises:
        Refused: `forward_same`, `forward_often`, `email_stopped`, `email_invalid` and what else
            keeps an address from being written to; the field is `forward_to`.

    """
    here = answering_point(outreach)
    try:
        address = _forward_address(outreach, answer, here)
        is_theirs = registrable_domain(address.rpartition("@")[2]) in domains_of(outreach.shop)
        if is_theirs:
            there = take_told_address(outreach.shop, address, "", now)
    except Refused as refused:
        raise Refused(refused.code, "forward_to") from None
    if answer.stops_here and here is not None:
        _stop_door(here, now)
    outreach.ask_again_on = None
    if is_theirs:
        ask_through(outreach, there, now)
        _let_the_desk_wait(outreach, awaited_until(outreach.shop, now), now)
    else:
        _hand_to_people(outreach, request, address, now)
    tell(request, "shop_forwarded", now, shop=outreach.shop.name)


def is_put_off_again(outreach: Outreach, answer: Answer) -> bool:
    """Whether this very day or address was named last."""
    if answer.ask_again_on is not None:
        return outreach.ask_again_on == answer.ask_again_on
    told = [step for step in outreach.steps[-1:] if step.why == RungReason.WANTED]
    return any(step.contact_point.value.lower() == answer.forward_to.strip().lower() for step in told)


def _times_said(event: str, outreach: Outreach, request: DiscountRequest) -> int:
    return sum(
        entry.event == event and entry.facts.get("outreach") == str(outreach.id) for entry in request.timeline
    )


def _forward_address(outreach: Outreach, answer: Answer, here: ContactPoint | None) -> str:
    if outreach.steps_taken >= MOST_STEPS:
        raise Refused("forward_often", "forward_to")
    address = normal_value(ContactKind.EMAIL, answer.forward_to, outreach.shop.country)
    if site().is_own_mailbox(address):
        raise Refused("own_address", "forward_to")
    if here is not None and here.value.lower() == address.lower():
        raise Refused("forward_same", "forward_to")
    if is_suppressed(door_stop_keys(outreach.shop, ContactKind.EMAIL, address)):
        raise Refused("email_stopped", "forward_to")
    return address


def _stop_door(door: ContactPoint, now: datetime) -> None:
    """Only this address: the shop itself is still asked, elsewhere."""
    suppress(f"email:{door.value.lower()}", reason="forwarded", cause="offer page", now=now)
    mark_door_stopped(door)


def _hand_to_people(outreach: Outreach, request: DiscountRequest, address: str, now: datetime) -> None:
    """An address of somebody else is written to by no machine: whose it is, a person looks up first."""
    note_correction(
        outreach.shop,
        "address_elsewhere",
        now,
        DoorSource.SHOP,
        None,
        value=address,
        number=request.number,
    )
    rest_until(outreach, awaited_until(outreach.shop, now))
    open_case(outreach, CaseReason.FORWARDED, now)


def _let_the_desk_wait(outreach: Outreach, until: datetime, now: datetime) -> None:
    """A case that is open comes back when the shop has had its time."""
    case = find_case_of(outreach.id)
    if case is not None and case.status is CaseStatus.OPEN:
        case = open_case(outreach, CaseReason.ANSWER_AWAITED, now)
        case.next_action_at = until
        requeue(outreach.shop_id, now)
