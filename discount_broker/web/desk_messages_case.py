"""What a real case has of the facts that messages are made of."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from discount_broker.discount_requests.queries import news_of, wish_of
from discount_broker.discount_requests.queries.baskets import list_confirmed_with, list_open_together
from discount_broker.discount_requests.queries.requests import product_seen
from discount_broker.discount_requests.rules import CONFIRM_WITHIN
from discount_broker.discovery.queries.similar import list_similar
from discount_broker.escalation.queries import list_promises
from discount_broker.escalation.status import PromiseKind
from discount_broker.kernel.money import Money
from discount_broker.kernel.site import site
from discount_broker.notifications.catalogue import (
    DigestLine,
    Message,
    NextStep,
    ProductSeen,
    Unanswered,
    WaitingRequest,
)
from discount_broker.notifications.catalogue.examples import audience_of
from discount_broker.notifications.catalogue.parts import NOTHING_KNOWN, Audience
from discount_broker.notifications.queries import list_news_of
from discount_broker.offers.queries import find_offer_of, terms_of
from discount_broker.offers.queries.countering import find_counter, wish_of_counter
from discount_broker.outreach.extract.private_words import lines_of
from discount_broker.outreach.queries import attempts_of, list_outreaches, wish_put_to
from discount_broker.outreach.status import OPEN, LetterAuthor

if TYPE_CHECKING:
    from discount_broker.discount_requests.models import DiscountRequest
    from discount_broker.outreach.models import Outreach

WRITTEN_BY: Final = {
    Message.SHOP_LETTER: LetterAuthor.SHOP,
    Message.BUYER_QUESTION: LetterAuthor.BUYER,
    Message.DESK_LETTER: LetterAuthor.OPERATOR,
}
"""Whose letter a message passes on."""
MOST_LINES = 3


def known_of(request: "DiscountRequest", message: Message) -> dict[str, Any]:
    """Every fact of a message of this kind that this request, its shops and its letters have."""
    outreaches = list_outreaches(request.id)
    known = _of_request(request) | _of_all(request, outreaches)
    if outreaches:
        one = _telling(outreaches, message)
        known |= {"shops": tuple(each.shop.name for each in outreaches), **_of_shop(one, message)}
        known |= _of_offer(one) | _of_promise(one) | _of_letter(one, message)
    if message is Message.SHOP_COUNTERED and outreaches:
        known |= _of_counter(one)
    return known | _in_one_line(known) | _as_unanswered(known)


def _of_request(request: "DiscountRequest") -> dict[str, Any]:
    known: dict[str, Any] = {
        "number": request.number,
        "product": news_of(request)["product"],
        "note": request.note,
        "wanted_until": request.expires_at,
        "city": request.city,
        "quantity": request.quantity,
        "others": tuple(product_seen(each) for each in _asked_with(request)),
    }
    if request.wish_value is not None:
        known["wish"] = wish_of(request)
    if request.submitted_at is not None:
        known |= {"begun_at": request.submitted_at, "ends_at": request.submitted_at + CONFIRM_WITHIN}
    if request.confirmed_at is not None and not request.may_contact_directly:
        known["contact"] = NOTHING_KNOWN
    return known


def _asked_with(request: "DiscountRequest") -> "list[DiscountRequest]":
    found = list_confirmed_with(request) if request.confirmed_at else list_open_together(request)
    return [each for each in found if each.id != request.id]


def _of_all(request: "DiscountRequest", outreaches: "Sequence[Outreach]") -> dict[str, Any]:
    """What was tried at all shops, what comes next, and what could be asked for instead."""
    steps = [each.next_step_at for each in outreaches if each.next_step_at is not None]
    instead = list_similar(request.product, {o.shop_id for o in outreaches}) if request.product else []
    told = (
        [item for item in list_news_of(request.buyer_id) if item.subject == request.number]
        if request.buyer_id
        else []
    )
    lines = tuple(DigestLine(headline=item.headline, url=_nowhere()) for item in told[:MOST_LINES])
    return {
        "tried": attempts_of(outreaches),
        "next_step": NextStep.OTHER_DOOR if steps else NextStep.CALL,
        "next_step_at": min(steps, default=None),
        "shops_waiting": sum(each.status in OPEN for each in outreaches),
        "elsewhere": tuple(each.seen for each in instead if each.is_same),
        "similar": tuple(each.seen for each in instead if not each.is_same),
        **({"lines": lines} if lines else {}),
    }


def _telling(outreaches: "Sequence[Outreach]", message: Message) -> "Outreach":
    """The one that has most of what such a message says: its letter, else an offer, else the first."""
    author = WRITTEN_BY.get(message)
    written = (each for each in outreaches if any(letter.author is author for letter in each.letters))
    offered = (each for each in outreaches if find_offer_of(each.id))
    return next(written, None) or next(offered, None) or outreaches[0]


def _of_shop(outreach: "Outreach", message: Message) -> dict[str, Any]:
    known: dict[str, Any] = {"shop": outreach.shop.name, "wish": wish_put_to(outreach)}
    if outreach.asked_at is not None:
        known["first_asked_at"] = outreach.asked_at
    points = [step.contact_point for step in outreach.steps[-1:]] or outreach.shop.contact_points[:1]
    for point in points:
        known |= {"found_at": point.found_at, "found_on": point.created_at}
    is_told = audience_of(message) is Audience.SHOP or find_offer_of(outreach.id) is not None
    if outreach.product_title and is_told:
        price = Money(outreach.price, outreach.currency) if outreach.price and outreach.currency else None
        known["product"] = ProductSeen(
            title=outreach.product_title, url=outreach.product_url, price=price, seen_at=outreach.seen_at
        )
    return known


def _of_offer(outreach: "Outreach") -> dict[str, Any]:
    offer = find_offer_of(outreach.id)
    if offer is None:
        return {}
    return {"terms": terms_of(offer), "code": offer.code or "", "reason": str(offer.decline_reason or "")}


def _of_promise(outreach: "Outreach") -> dict[str, Any]:
    """The latest call that the shop promised."""
    calls = [
        each
        for each in list_promises(outreach.id)
        if each.kind in (PromiseKind.CALL_BUYER, PromiseKind.CALL_SHOP)
    ]
    if not calls:
        return {}
    last = max(calls, key=lambda each: each.made_at)
    to_buyer = last.kind is PromiseKind.CALL_BUYER
    return {"promised_for": last.due_at, "call_by": last.due_at, "calls_buyer": to_buyer}


def _of_letter(outreach: "Outreach", message: Message) -> dict[str, Any]:
    """The last letter of the conversation that such a message would have passed on."""
    author = WRITTEN_BY.get(message)
    found = [letter for letter in outreach.letters if letter.author is author]
    if not found:
        return {}
    last = max(found, key=lambda letter: letter.created_at)
    subject = last.delivery.subject if last.delivery is not None else ""
    return {
        "words": lines_of(last.text),
        "subject": subject,
        "files": (),
        "is_cut": False,
        "has_gaps": False,
    }


def _of_counter(outreach: "Outreach") -> dict[str, Any]:
    counter = find_counter(outreach.id)
    return {"wish": wish_of_counter(counter), "words": lines_of(counter.words)} if counter else {}


def _in_one_line(known: dict[str, Any]) -> dict[str, Any]:
    """The case as a line of a letter that tells of several."""
    if "wish" not in known:
        return {}
    names = ("number", "product", "wish", "wanted_until")
    return {"requests": (WaitingRequest(**{name: known[name] for name in names}, offer_url=_nowhere()),)}


def _as_unanswered(known: dict[str, Any]) -> dict[str, Any]:
    """The case as one of several that nobody has answered."""
    names = ("number", "product", "next_step", "next_step_at")
    return {"unanswered": (Unanswered(**{name: known[name] for name in names}, follow_url=_nowhere()),)}


def _nowhere() -> str:
    return f"{site().base_url}/example"
