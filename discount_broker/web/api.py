"""The API, version 1: what the pages do for a buyer, for programs. Everything is checked by `api_models`."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from flask import Response, request, url_for
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from discount_broker.discount_requests.status import Outcome
from discount_broker.discount_requests.use_cases import start_draft
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.urls import find_link
from discount_broker.offers.status import DeclineReason
from discount_broker.offers.use_cases import accept_offer, decline_offer, report_outcome, withdraw_request
from discount_broker.web import api_models as models
from discount_broker.web.api_operations import Operation, bp, operation
from discount_broker.web.api_problems import Flawed, flaws_of
from discount_broker.web.api_shown import check_confirmed, id_in, request_of, said, summary_of
from discount_broker.webhooks.queries import (
    find_api_ask,
    find_request_by_reference,
    get_request_of,
    list_api_asks,
    list_requests_of_client,
)
from discount_broker.webhooks.use_cases import find_same_ask, keep_ask

__all__ = ["bp"]
OLDEST_CONSENT, CLOCKS_DIFFER = timedelta(days=30), timedelta(minutes=5)
Model = TypeVar("Model", bound=BaseModel)


@operation(
    Operation(
        method="POST",
        rule="/requests",
        takes=models.NewRequest,
        answers={201: models.Request, 200: models.Request},
        problems=("reference-used",),
    ),
    writes_to_buyers=True,
)
def create_request(client_id: UUID) -> Response:
    """Ask shops for a discount, for one buyer.

    The page of the product is read first, which takes seconds; then the buyer gets a letter, and confirms
    the request by its link. Follow it by its number, or by webhooks. Sending the same again under the same
    reference answers 200 with the same request.
    """
    asked = taken(models.NewRequest)
    now = utcnow()
    given = as_kept(asked, now)
    known = find_same_ask(client_id, asked.reference, given)
    if known is not None:
        return shown(known, now, 200)
    draft_id = start_draft(asked.link, asked.language, now, {"via": "api"})
    kept = keep_ask(draft_id, client_id, asked.reference, given)
    return shown(kept, now, 201 if kept == draft_id else 200)


@operation(
    Operation(method="GET", rule="/requests", query=models.ListQuery, answers={200: models.RequestPage})
)
def list_requests(client_id: UUID) -> Response:
    """List what you asked for, newest first, page by page."""
    try:
        query = models.ListQuery.model_validate(request.args.to_dict())
    except ValidationError as error:
        raise Flawed(flaws_of(error, of_query=True)) from None
    if "reference" in query.model_fields_set:
        known = find_request_by_reference(client_id, query.reference)
        found = [known] if known is not None else []
    else:
        found = list_requests_of_client(
            client_id, query.limit + 1, place_in(query.after if "after" in query.model_fields_set else None)
        )
    page, more = found[: query.limit], len(found) > query.limit
    asks = list_api_asks([one.id for one in page])
    answer = models.RequestPage(
        requests=[summary_of(one, asks.get(one.id)) for one in page],
        next=place_of(page[-1].created_at, page[-1].id) if more else None,
    )
    return said(answer)


@operation(Operation(method="GET", rule="/requests/<number>", answers={200: models.Request}))
def get_request(client_id: UUID, number: str) -> Response:
    """Follow one request: how far it is, its story, its offers, and what comes next."""
    return shown(get_request_of(client_id, number).id, utcnow())


@operation(
    Operation(
        method="POST",
        rule="/requests/<number>/offers/<offer_id>/accept",
        answers={200: models.Request},
        problems=("settled",),
    )
)
def accept(client_id: UUID, number: str, offer_id: str) -> Response:
    """Accept an offer. Its shop gets the buyer's contact, the others are thanked. Twice is once."""
    mine, now = get_request_of(client_id, number), utcnow()
    accept_offer(mine.id, id_in(offer_id), now)
    return shown(mine.id, now)


@operation(
    Operation(
        method="POST",
        rule="/requests/<number>/offers/<offer_id>/decline",
        takes=models.NewDecline,
        answers={200: models.Request},
        problems=("settled",),
    )
)
def decline(client_id: UUID, number: str, offer_id: str) -> Response:
    """Decline an offer; the request goes on. Send `{}` where the buyer gives no reason."""
    mine, now = get_request_of(client_id, number), utcnow()
    why = taken(models.NewDecline)
    reason = DeclineReason(why.reason) if "reason" in why.model_fields_set else None
    decline_offer(mine.id, id_in(offer_id), now, reason, why.words)
    return shown(mine.id, now)


@operation(
    Operation(
        method="POST",
        rule="/requests/<number>/withdraw",
        answers={200: models.Request},
        problems=("settled",),
    )
)
def withdraw(client_id: UUID, number: str) -> Response:
    """Withdraw a confirmed request: nobody is asked any more, every promise is taken back. Twice is once."""
    mine, now = get_request_of(client_id, number), utcnow()
    check_confirmed(mine)
    withdraw_request(mine.id, now)
    return shown(mine.id, now)


@operation(
    Operation(
        method="POST",
        rule="/requests/<number>/outcome",
        takes=models.NewOutcome,
        answers={200: models.Request},
        problems=("settled",),
    )
)
def tell_outcome(client_id: UUID, number: str) -> Response:
    """Say what came of it, by the buyer's own word."""
    mine, now = get_request_of(client_id, number), utcnow()
    outcome = taken(models.NewOutcome).outcome
    check_confirmed(mine)
    report_outcome(mine.id, Outcome(outcome), now)
    return shown(mine.id, now)


def taken(model: type[Model]) -> Model:
    """The body, if it is what it must be.

    Raises:
        UnsupportedMediaType, BadRequest, Flawed

    """
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        return model.model_validate_json(request.get_data())
    except ValidationError as error:
        if error.errors()[0]["type"] == "json_invalid":
            raise BadRequest from None
        raise Flawed(flaws_of(error)) from None


def as_kept(asked: models.NewRequest, now: datetime) -> dict[str, Any]:
    """The ask in words that can be kept; its consents are looked at.

    Raises:
        Refused: codes of `find_link`, `wish_unclear`, `consent_in_future`, `consent_too_old`.

    """
    wished = asked.wish.model_fields_set
    if len(wished) != 1:
        raise Refused("wish_unclear", "wish")
    _check_consents(asked.consents, now)
    is_price = "price" in wished
    return {
        **asked.model_dump(mode="json", exclude={"wish", "consents", "title", "reference"}),
        "link": find_link(asked.link),
        "wish_kind": "price" if is_price else "percent",
        "wish_value": asked.wish.price.amount if is_price else str(Decimal(str(asked.wish.percent))),
        "currency": asked.wish.price.currency if is_price else "",
        "product_title": asked.title,
        "consents": asked.consents.model_dump(mode="json", exclude_unset=True),
    }


def _check_consents(consents: models.Consents, now: datetime) -> None:
    for name in sorted(consents.model_fields_set):
        consent: models.GivenConsent = getattr(consents, name)
        if consent.given_at > now + CLOCKS_DIFFER:
            raise Refused("consent_in_future", f"consents/{name}/given_at")
        if consent.given_at < now - OLDEST_CONSENT:
            raise Refused("consent_too_old", f"consents/{name}/given_at")


def place_of(at: datetime, row_id: UUID) -> str:
    """Where a page ends, for the next to begin there; nothing to be read into."""
    return urlsafe_b64encode(f"{at.isoformat()} {row_id}".encode()).decode().rstrip("=")


def place_in(cursor: str | None) -> tuple[datetime, UUID] | None:
    """What `place_of` wrote.

    Raises:
        Refused: `cursor_unknown`.

    """
    if cursor is None:
        return None
    try:
        at, _, row_id = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(" ")
        moment = datetime.fromisoformat(at)
        return (moment.astimezone(UTC), UUID(row_id)) if moment.tzinfo else _unknown_cursor()
    except (ValueError, OverflowError):
        return _unknown_cursor()


def _unknown_cursor() -> tuple[datetime, UUID]:
    raise Refused("cursor_unknown", "after")


def shown(request_id: UUID, now: datetime, code: int = 200) -> Response:
    whole = request_of(request_id, find_api_ask(request_id), now)
    answer = said(whole, code)
    if code == 201:
        answer.headers["Location"] = url_for("api.get_request", number=whole.number)
    return answer
