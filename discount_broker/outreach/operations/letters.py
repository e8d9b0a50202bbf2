"""What a letter to a shop says, and putting it into the outbox."""

from dataclasses import replace
from datetime import datetime, time
from typing import TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

from discount_broker.accounts.rules.wishes import Wish as ContactWish
from discount_broker.discount_requests.queries import News, news_of, product_seen, wishes_of_buyer
from discount_broker.discount_requests.queries.baskets import is_said_by_buyer, wanted_with
from discount_broker.kernel.money import Money
from discount_broker.kernel.site import site
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import Envelope, queue_delivery
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.rendering import Rendered, render_form_text, render_mail
from discount_broker.notifications.catalogue import (
    Contact,
    LeaveAlone,
    ProductSeen,
    ShopMessage,
    Wish,
)
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.queries import keys_of, wish_put_to
from discount_broker.shops.models import ContactPoint
from discount_broker.shops.queries import list_doors
from discount_broker.shops.rules import language_for
from discount_broker.shops.status import ContactKind


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
    quantity: int
    city: str
    others: tuple[ProductSeen, ...]
    is_said_by_buyer: bool


def ask_facts(outreach: Outreach, point: ContactPoint) -> AskFacts:
    """What a request to a shop says; of the buyer no more than the buyer allowed."""
    request = outreach.discount_request
    return {
        **letter_facts(outreach, point),
        "wish": wish_put_to(outreach),
        "wanted_until": request.expires_at,
        "note": request.note,
        "contact": buyer_contact(outreach) if request.may_contact_directly else Contact(),
        "quantity": request.quantity,
        "city": request.city,
        "others": tuple(product_seen(each) for each in wanted_with(request, outreach.shop_id)),
        "is_said_by_buyer": not outreach.is_rival and is_said_by_buyer(request),
    }


def letter_facts(outreach: Outreach, point: ContactPoint) -> LetterFacts:
    """What every letter to a shop says."""
    return {
        "number": outreach.discount_request.number,
        "product": product_seen_at(outreach),
        "offer_url": offer_url(outreach),
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
    return Contact(
        email=request.buyer.email,
        phone=request.phone or "",
        best_time=request.best_time,
        alone=times_alone(outreach) if request.phone else (),
    )


def times_alone(outreach: Outreach) -> tuple[LeaveAlone, ...]:
    """When the buyer does not want to be called, for a shop that may."""
    wishes = wishes_of_buyer(outreach.discount_request.buyer_id)
    return tuple(_alone(wish, wishes.zone) for wish in wishes.wishes)


def _alone(wish: ContactWish, zone: str) -> LeaveAlone:
    if wish.on_day is not None:
        return LeaveAlone(on=datetime.combine(wish.on_day, time(12), ZoneInfo(zone)), place=zone)
    if wish.from_minute is None or wish.until_minute is None:
        return LeaveAlone(place=zone)
    begins, ends = (time(minute // 60, minute % 60) for minute in (wish.from_minute, wish.until_minute))
    return LeaveAlone(begins=f"{begins:%H:%M}", ends=f"{ends:%H:%M}", place=zone)


def reply_address(outreach: Outreach) -> str:
    return f"reply+{issue_token(Purpose.REPLY, outreach.id, outreach.created_at)}@{site().mail_domain}"


def offer_url(outreach: Outreach) -> str:
    return f"{site().base_url}/o/{issue_token(Purpose.OFFER, outreach.id, outreach.created_at)}"


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
    by_hand: bool = False,
    follows: UUID | None = None,
) -> Delivery | None:
    """Put a letter to the shop into the outbox, in the shop's language.

    `follows` is the message it belongs under, where that is not the first mail to this address.
    """
    envelope = envelope_of(outreach, point, by_hand=by_hand)
    if follows is not None:
        envelope = replace(envelope, follows=follows)
    return queue_delivery(rendered_for(letter, point), envelope, purpose=purpose, now=now, due_at=due_at)


def rendered_for(letter: ShopMessage, point: ContactPoint) -> Rendered:
    """The letter in the shop's language, as a mail or as the text for a form."""
    render = render_mail if point.kind is ContactKind.EMAIL else render_form_text
    return render(letter, language_for(point.shop.domain, point.shop.language), site())


def envelope_of(outreach: Outreach, point: ContactPoint, *, by_hand: bool = False) -> Envelope:
    """Where a letter to the shop goes, under which earlier one, and how it can be answered and forbidden."""
    is_mail = point.kind is ContactKind.EMAIL
    return Envelope(
        channel=ChannelKind.EMAIL if is_mail else ChannelKind.WEB_FORM,
        address=point.value,
        stop_keys=keys_of(point),
        sender_name=site().service_name,
        reply_to=reply_address(outreach),
        stop_url=stop_url(outreach),
        expires_at=outreach.discount_request.expires_at,
        by_hand=by_hand,
        follows=_first_mail_to(outreach, point) if is_mail else None,
    )


def _first_mail_to(outreach: Outreach, point: ContactPoint) -> UUID | None:
    """The mail with which the thread at this address began."""
    return next((step.delivery_id for step in outreach.steps if step.contact_point_id == point.id), None)


def answering_point(outreach: Outreach) -> ContactPoint | None:
    """The e-mail address to which a letter that is no request can go: the one written to last."""
    mailed = [step.contact_point for step in outreach.steps if step.contact_point.kind is ContactKind.EMAIL]
    usable = {point.id for point in list_doors(outreach.shop_id)}
    return next((point for point in reversed(mailed) if point.id in usable), None)
