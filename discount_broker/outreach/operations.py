"""Writing to a shop: the next step of the ladder, and the letters that follow its answer."""

from datetime import datetime, timedelta
from typing import TypedDict

from discount_broker.discount_requests.operations import tell
from discount_broker.discount_requests.queries import News, news_of
from discount_broker.discovery.extract.emails.addresses import FREE_MAIL
from discount_broker.kernel.clock import is_hurried, paced
from discount_broker.kernel.db import db
from discount_broker.kernel.money import Money
from discount_broker.kernel.site import site
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.kernel.urls import registrable_domain
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import Envelope, cancel_queued, queue_delivery, suppress
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.queries import is_suppressed
from discount_broker.messaging.rendering import render_form_text, render_mail
from discount_broker.notifications.catalogue import (
    Contact,
    ProductSeen,
    ShopMessage,
    ShopReminder,
    ShopRequest,
    Wish,
)
from discount_broker.outreach.models import Outreach, Step
from discount_broker.outreach.queries import count_messages, list_addresses_written_to, wish_put_to
from discount_broker.outreach.rules import Door, Rung, TakenStep, next_rung, step_ends_at, why_exhausted
from discount_broker.outreach.status import OPEN, OutreachEvent, next_status
from discount_broker.shops.extract.spelling import normal_value
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.operations import FoundDoor, mark_stopped, stop_all_domains, take_correction
from discount_broker.shops.queries import door_stop_keys, get_shop, list_doors
from discount_broker.shops.rules import days_to_wait, language_for
from discount_broker.shops.status import ContactKind, DoorSource

A_DAY = timedelta(days=1)
TOLD_BY_SHOP = 0.95
"""Confidence in what the shop itself says; an operator who has looked is surer."""


def advance(outreach: Outreach, event: OutreachEvent) -> None:
    """Move the outreach on; whatever has no next step any more loses its time.

    Raises:
        IllegalTransition

    """
    outreach.status = next_status(outreach.status, event)
    if event is not OutreachEvent.ASKED:
        outreach.next_step_at = None


def take_next_step(outreach: Outreach, now: datetime) -> None:
    """Write to the shop through its next door, or leave the outreach to people."""
    points = {p.id: p for p in list_doors(outreach.shop_id) if not is_suppressed(keys_of(p))}
    doors = [Door(p.id, p.kind, bool(p.form and p.form.get("captcha"))) for p in points.values()]
    taken = [
        TakenStep(s.contact_point_id, s.contact_point.kind, s.delivery.status, s.is_reminder)
        for s in outreach.steps
    ]
    rung = next_rung(doors, taken)
    if rung is None:
        outreach.exhausted_why = why_exhausted(doors, taken)
        advance(outreach, OutreachEvent.LADDER_ENDED)
        tell(
            outreach.discount_request,
            "handed_to_people",
            now,
            shop=outreach.shop.name,
            why=outreach.exhausted_why,
        )
        return
    _write(outreach, points[rung.door_id], rung, now)


def _write(outreach: Outreach, point: ContactPoint, rung: Rung, now: datetime) -> None:
    number = outreach.steps_taken + 1
    due_at = _when_the_budget_allows(outreach, now)
    letter = _request_letter(outreach, point, rung, now)
    delivery = queue_letter(
        outreach, letter, point, purpose=f"outreach:{outreach.id}:{number}", now=now, due_at=due_at
    )
    assert delivery is not None, "the number of a step is never used twice"
    step = Step(
        number=number, contact_point=point, delivery=delivery, is_reminder=rung.is_reminder, taken_at=now
    )
    outreach.steps.append(step)
    outreach.steps_taken, outreach.asked_at = number, outreach.asked_at or now
    outreach.next_step_at = _answer_awaited_until(outreach, due_at, now)
    advance(outreach, OutreachEvent.ASKED)
    event = "reminded_shop" if rung.is_reminder else "asked_shop"
    tell(
        outreach.discount_request,
        event,
        now,
        shop=outreach.shop.name,
        door=point.kind,
        due_at=due_at.isoformat(),
    )


def _answer_awaited_until(outreach: Outreach, due_at: datetime, now: datetime) -> datetime:
    """A day of the shop's business time; a demonstration knows no weekends and no holidays."""
    ends_at = step_ends_at(due_at, outreach.shop.country)
    return paced(min(ends_at, due_at + A_DAY) if is_hurried() else ends_at, now)


def _when_the_budget_allows(outreach: Outreach, now: datetime) -> datetime:
    """Now, or as many days later as the messages before it need, each day with its share."""
    day = paced(now + A_DAY, now) - now
    before = count_messages(outreach.shop_id, now - day)
    return now + day * days_to_wait(before, site().contact_budget)


def _request_letter(outreach: Outreach, point: ContactPoint, rung: Rung, now: datetime) -> ShopRequest:
    facts = ask_facts(outreach, point)
    if rung.is_reminder:
        return ShopReminder(**facts, first_asked_at=outreach.asked_at or now)
    return ShopRequest(**facts)


class LetterFacts(TypedDict):
    """The fields of `catalogue.ShopLetter`."""

    number: str
    product: ProductSeen
    offer_url: str
    reply_address: str
    stop_url: str
    found_at: str
    found_on: datetime


class AskFacts(LetterFacts):
    """The fields of `catalogue.ShopRequest`."""

    wish: Wish
    wanted_until: datetime | None
    note: str
    contact: Contact


def ask_facts(outreach: Outreach, point: ContactPoint) -> AskFacts:
    """What a request to a shop says; of the buyer no more than the buyer allowed."""
    request = outreach.discount_request
    return {
        **letter_facts(outreach, point),
        "wish": wish_put_to(outreach),
        "wanted_until": request.expires_at,
        "note": request.note,
        "contact": buyer_contact(outreach) if request.may_contact_directly else Contact(),
    }


def letter_facts(outreach: Outreach, point: ContactPoint) -> LetterFacts:
    """What every letter to a shop says."""
    base = site().base_url
    return {
        "number": outreach.discount_request.number,
        "product": product_seen_at(outreach),
        "offer_url": f"{base}/o/{issue_token(Purpose.OFFER, outreach.id, outreach.created_at)}",
        "reply_address": reply_address(outreach),
        "stop_url": stop_url(outreach),
        "found_at": point.found_at,
        "found_on": point.created_at,
    }


def product_seen_at(outreach: Outreach) -> ProductSeen:
    """The product as this shop sells it."""
    price = Money(outreach.price, outreach.currency) if outreach.price and outreach.currency else None
    return ProductSeen(
        title=outreach.product_title, url=outreach.product_url, price=price, seen_at=outreach.seen_at
    )


def news_from(outreach: Outreach) -> News:
    """What a message to the buyer about this shop's answer says: the link leads to what this shop sells."""
    return {**news_of(outreach.discount_request), "product": product_seen_at(outreach)}


def buyer_contact(outreach: Outreach) -> Contact:
    """All a shop may know of a buyer who allowed it or accepted its offer."""
    request = outreach.discount_request
    assert request.buyer is not None
    return Contact(email=request.buyer.email, phone=request.phone or "", best_time=request.best_time)


def reply_address(outreach: Outreach) -> str:
    return f"reply+{issue_token(Purpose.REPLY, outreach.id, outreach.created_at)}@{site().mail_domain}"


def stop_url(outreach: Outreach) -> str:
    return f"{site().base_url}/stop/{issue_token(Purpose.STOP, outreach.id, outreach.created_at)}"


def queue_letter(
    outreach: Outreach,
    letter: ShopMessage,
    point: ContactPoint,
    *,
    purpose: str,
    now: datetime,
    due_at: datetime | None = None,
) -> Delivery | None:
    """Put a letter to the shop into the outbox, in the shop's language."""
    here = site()
    is_mail = point.kind is ContactKind.EMAIL
    render = render_mail if is_mail else render_form_text
    envelope = Envelope(
        channel=ChannelKind.EMAIL if is_mail else ChannelKind.WEB_FORM,
        address=point.value,
        stop_keys=keys_of(point),
        sender_name=here.service_name,
        reply_to=reply_address(outreach),
        stop_url=stop_url(outreach),
    )
    language = language_for(outreach.shop.domain, outreach.shop.language)
    return queue_delivery(render(letter, language, here), envelope, purpose=purpose, now=now, due_at=due_at)


def keys_of(point: ContactPoint) -> list[str]:
    """Entries of the stop list that close this door; also those of a shop whose door another one shows."""
    is_mail = point.kind is ContactKind.EMAIL
    # A form may stand on the pages of one shop and be sent to another.
    places = [point.value.rpartition("@")[2]] if is_mail else [point.value, (point.form or {}).get("action")]
    owners = {registrable_domain(place) for place in places if place} - FREE_MAIL
    keys = door_stop_keys(point.shop, point.kind, point.value)
    return [*dict.fromkeys([*keys, *(f"shop:{owner}" for owner in sorted(owners))])]


def forbid(shop: Shop, *, reason: str, cause: str, now: datetime) -> None:
    """Nothing leaves to the shop any more, nor to a mailbox of its that another shop names as its own."""
    stop_all_domains(shop, reason=reason, cause=cause, now=now)
    for address in list_addresses_written_to(shop.id):
        suppress(f"email:{address.lower()}", reason=reason, cause=cause, now=now)
    mark_stopped(shop)


def take_told_address(shop: Shop, text: str, evidence: str, now: datetime) -> ContactPoint:
    """The shop wants our letters at this address: the next one goes there, and none is sent for it.

    Raises:
        Refused: it is no address, or ours, or one too many.

    """
    shop = get_shop(shop.id, lock=True)  # one address told twice at once is one door
    value = normal_value(ContactKind.EMAIL, text, shop.country)
    told = FoundDoor(ContactKind.EMAIL, value, "", TOLD_BY_SHOP, evidence)
    return take_correction(shop, told, now, source=DoorSource.SHOP, is_preferred=True)


def answering_point(outreach: Outreach) -> ContactPoint | None:
    """The e-mail address to which a letter that is no request can go: the one written to last."""
    mailed = [step.contact_point for step in outreach.steps if step.contact_point.kind is ContactKind.EMAIL]
    usable = {point.id for point in list_doors(outreach.shop_id)}
    return next((point for point in reversed(mailed) if point.id in usable), None)


def end(outreach: Outreach, event: OutreachEvent, now: datetime) -> None:
    """The shop answered, or nobody wants its answer any more: nothing further leaves."""
    if outreach.status in OPEN:
        advance(outreach, event)
        if event is not OutreachEvent.STOPPED:
            outreach.answered_at = now
    cancel_queued(f"outreach:{outreach.id}:")
    db.session.flush()
