"""Requests as programs see them: of their own alone, without what is the buyer's."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Response, make_response
from markupsafe import Markup
from pydantic import BaseModel

from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.rules import WishKind
from discount_broker.discount_requests.status import ReadingStatus, RequestStatus
from discount_broker.kernel.errors import IllegalTransition, NotFound
from discount_broker.offers.queries import list_offers
from discount_broker.outreach.queries import list_outreaches
from discount_broker.web import api_models as models
from discount_broker.web.api_problems import pointer_of, sentence_of
from discount_broker.web.comparison import Compared
from discount_broker.web.story import Situation, situation

if TYPE_CHECKING:
    from discount_broker.discount_requests.models import DiscountRequest
    from discount_broker.webhooks.models import ApiAsk

BEING_READ = (ReadingStatus.WAITING, ReadingStatus.READING)


def state_of(request: "DiscountRequest", ask: "ApiAsk | None") -> models.State:
    """How far it is; what our page calls a draft is being read, or was refused."""
    if request.status is not RequestStatus.DRAFT:
        return models.State(request.status.value)
    return models.State.REFUSED if ask is not None and ask.refused_code else models.State.READING


def summary_of(request: "DiscountRequest", ask: "ApiAsk | None") -> models.Summary:
    return models.Summary(**_facts(request, ask))


def request_of(request_id: "UUID", ask: "ApiAsk | None", now: datetime) -> models.Request:
    """The whole request: its story, its offers and what comes next."""
    request = get_request(request_id)
    found = situation(request, list_outreaches(request_id), list_offers(request_id), now)
    return models.Request(
        **_facts(request, ask),
        next=[_plain(step) for step in found.next_steps],
        offers=[_offer(one) for one in found.offers],
        story=_story(request, found),
    )


def _facts(request: "DiscountRequest", ask: "ApiAsk | None") -> dict[str, Any]:
    return {
        "number": request.number,
        "reference": request.api_reference,
        "state": state_of(request, ask),
        "link": request.product_url,
        "product": _product(request),
        "wish": _wish(request),
        "quantity": request.quantity,
        "city": request.city,
        "language": request.language,
        "created_at": request.created_at,
        "confirmed_at": request.confirmed_at,
        "answers_until": request.expires_at,
        "closed_at": request.closed_at,
        "outcome": request.outcome,
        "refusal": _refusal(ask),
    }


def _refusal(ask: "ApiAsk | None") -> models.Refusal | None:
    if ask is None or not ask.refused_code:
        return None
    pointer = pointer_of(ask.refused_field)
    return models.Refusal(code=ask.refused_code, detail=sentence_of(ask.refused_code), pointer=pointer)


def _product(request: "DiscountRequest") -> models.Product | None:
    product = request.product
    if product is None:
        return None
    return models.Product(
        title=product.title,
        url=product.url,
        price=models.money(product.price, product.currency),
        availability=product.availability,
        seen_at=product.read_at,
    )


def _wish(request: "DiscountRequest") -> models.Wish | None:
    if request.wish_value is None:
        return None
    if request.wish_kind is WishKind.PERCENT:
        return models.Wish(percent=float(request.wish_value), price=None)
    currency = request.product.currency if request.product else None
    return models.Wish(percent=None, price=models.money(request.wish_value, currency or "RUB"))


def _offer(one: Compared) -> models.Offer:
    offer, final, saving = one.offer, one.final, one.saving
    return models.Offer(
        id=str(offer.id),
        shop=offer.outreach.shop.name,
        kind=offer.kind,
        status=offer.status,
        can_accept=one.is_open,
        percent=float(offer.percent) if offer.percent is not None else None,
        final_price=models.money(final.amount, final.currency) if final else None,
        saving=models.money(saving.amount, saving.currency) if saving else None,
        delivery=offer.delivery,
        condition=offer.condition,
        text=offer.text,
        code=offer.code,
        valid_until=offer.valid_until,
        meets_wish=one.meets_wish,
        is_closest=one.is_closest,
        is_lowest=one.is_lowest,
    )


def _story(request: "DiscountRequest", found: Situation) -> list[models.Event]:
    """The sentences of the status page, oldest first, each with the code of its event."""
    told = zip(request.timeline, reversed(found.lines), strict=True)
    return [
        models.Event(
            id=entry.id,
            at=entry.at,
            event=entry.event,
            shop=entry.facts.get("shop"),
            sentence=_plain(line.text),
        )
        for entry, line in told
    ]


def _plain(words: str) -> str:
    """Without the marks of HTML, where a page would need them."""
    return words.striptags() if isinstance(words, Markup) else str(words)


def check_confirmed(request: "DiscountRequest") -> None:
    """What is not confirmed by its buyer can only wait.

    Raises:
        IllegalTransition

    """
    if request.confirmed_at is None:
        raise IllegalTransition(request.status, "act")


def id_in(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(text) from None


def said(model: BaseModel, code: int = 200) -> Response:
    answer = make_response(model.model_dump_json(), code)
    answer.mimetype = "application/json"
    return answer
