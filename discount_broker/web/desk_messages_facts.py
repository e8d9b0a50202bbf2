"""The facts with which a lead tries the words of a message: those of a real request, else an example's."""

from typing import TYPE_CHECKING, Any

from discount_broker.discount_requests.queries import find_request_by_number, news_of
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.money import Money
from discount_broker.kernel.site import site
from discount_broker.messaging.queries.texts import TextKey
from discount_broker.notifications.catalogue import Message, ProductSeen
from discount_broker.notifications.catalogue.examples import audience_of, example_of
from discount_broker.notifications.catalogue.parts import Audience
from discount_broker.offers.queries import find_offer_of, terms_of
from discount_broker.outreach.queries import attempts_of, list_outreaches, wish_put_to

if TYPE_CHECKING:
    from discount_broker.discount_requests.models import DiscountRequest
    from discount_broker.messaging.rendering import Context
    from discount_broker.outreach.models import Outreach


def facts_for(key: TextKey, number: str) -> "tuple[Context, str]":
    """A message of this kind, and the number of the request it is about; empty for an example.

    Links lead nowhere, and no buyer's address is shown: who tries words on a case presses nothing in it.
    """
    request = find_request_by_number(number) if number.strip() else None
    known: dict[str, Any] = {}
    if request is not None and request.product is not None:
        known = _known_of(request, is_for_shop=audience_of(Message(key.message)) is Audience.SHOP)
    made: Context = example_of(Message(key.message), key.language, site().base_url, utcnow(), **known)
    return made, request.number if request is not None and known else ""


def _known_of(request: "DiscountRequest", *, is_for_shop: bool) -> dict[str, Any]:
    outreaches = list_outreaches(request.id)
    known: dict[str, Any] = {
        "number": request.number,
        "product": news_of(request)["product"],
        "note": request.note,
        "wanted_until": request.expires_at,
        "city": request.city,
        "quantity": request.quantity,
    }
    if outreaches:
        known |= {
            "shops": tuple(outreach.shop.name for outreach in outreaches),
            **_known_of_shop(_telling(outreaches), is_for_shop=is_for_shop),
        }
        known |= {"tried": tried} if (tried := attempts_of(outreaches)) else {}
    return known


def _telling(outreaches: "list[Outreach]") -> "Outreach":
    """The one with an offer, else the first."""
    return next((each for each in outreaches if find_offer_of(each.id)), outreaches[0])


def _known_of_shop(outreach: "Outreach", *, is_for_shop: bool) -> dict[str, Any]:
    offer = find_offer_of(outreach.id)
    known: dict[str, Any] = {"shop": outreach.shop.name, "wish": wish_put_to(outreach)}
    if outreach.product_title and (is_for_shop or offer):
        price = Money(outreach.price, outreach.currency) if outreach.price and outreach.currency else None
        known["product"] = ProductSeen(
            title=outreach.product_title, url=outreach.product_url, price=price, seen_at=outreach.seen_at
        )
    return known | ({"terms": terms_of(offer)} if offer else {})
