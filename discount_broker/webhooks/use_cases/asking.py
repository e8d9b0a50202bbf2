"""What a program asks for a buyer: kept until the page of the product is read, then sent on."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from discount_broker.accounts.rules.consents import ConsentSaid
from discount_broker.accounts.status import ConsentKind
from discount_broker.discount_requests.operations import tell
from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.rules import Ask, WishKind
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.transaction import transaction
from discount_broker.webhooks.models import ApiAsk
from discount_broker.webhooks.queries import (
    READ,
    find_api_ask,
    find_request_by_reference,
    list_waiting_asks,
)
from discount_broker.webhooks.rules import check_currency, digest_of_ask

Submit = Callable[[UUID, Ask, datetime], object]
"""`discount_requests.use_cases.submit_draft`, or what keeps its word: raises Refused."""


def keep_ask(request_id: UUID, client_id: UUID, reference: str, given: Mapping[str, Any]) -> UUID:
    """Keep what a program asks with a draft; the id of the request that goes by this reference.

    Where another call with the same reference was quicker, that one counts, and the draft of this one
    stays what drafts are: a link nobody has signed for.

    Raises:
        Refused: `reference_used`: for something else.

    """
    try:
        with transaction():
            request = get_request(request_id, lock=True)
            request.api_client_id, request.api_reference = client_id, reference
            db.session.add(
                ApiAsk(discount_request_id=request_id, digest=digest_of_ask(given), given=dict(given))
            )
            enqueue_after_commit(Job.SUBMIT_ASK, request_id)
            return request_id
    except IntegrityError:
        return find_same_ask(client_id, reference, given) or request_id


def find_same_ask(client_id: UUID, reference: str, given: Mapping[str, Any]) -> UUID | None:
    """The request that this very ask became before.

    Raises:
        Refused: `reference_used`: something else was asked under this reference.

    """
    known = find_request_by_reference(client_id, reference)
    if known is None:
        return None
    ask = find_api_ask(known.id)
    if ask is None or ask.digest != digest_of_ask(given):
        raise Refused("reference_used", "reference")
    return known.id


def submit_ask(request_id: UUID, submit: Submit, now: datetime) -> None:
    """Send on what a program asked, once the page is read; what is refused then is told to the program.

    Claim, submit, record: submitting is a use case of its own.
    """
    waiting = _waiting(request_id, now)
    if waiting is None:
        return
    given, currency = waiting
    try:
        check_currency(given["currency"], currency)
        submit(request_id, ask_of(given), now)
    except Refused as refused:
        _settle(request_id, now, refused)
    else:
        _settle(request_id, now)


def ring_waiting_asks() -> None:
    """Ring again for asks whose bell was lost."""
    with transaction():
        for request_id in list_waiting_asks():
            enqueue_after_commit(Job.SUBMIT_ASK, request_id)


def _waiting(request_id: UUID, now: datetime) -> tuple[dict[str, Any], str | None] | None:
    """What is to be sent on, and the currency of the product; None where nothing is, or not yet."""
    with transaction():
        request, ask = get_request(request_id, lock=True), find_api_ask(request_id, lock=True)
        if ask is None or ask.settled_at is not None or request.reading not in READ:
            return None
        if request.status is not RequestStatus.DRAFT:  # submitted before, and the settling was lost
            ask.settled_at, ask.given = now, {}
            return None
        return dict(ask.given), request.product.currency if request.product else None


def _settle(request_id: UUID, now: datetime, refused: Refused | None = None) -> None:
    with transaction():
        request, ask = get_request(request_id, lock=True), find_api_ask(request_id, lock=True)
        if ask is None or ask.settled_at is not None:
            return
        ask.settled_at, ask.given = now, {}
        if refused is not None:
            ask.refused_code, ask.refused_field = refused.code, refused.field
            tell(request, "ask_refused", now, why=refused.code)


def ask_of(given: Mapping[str, Any]) -> Ask:
    """What a program gave, as the buyer's page would have given it."""
    consents = tuple(_consent(kind, said) for kind, said in given["consents"].items())
    agreed = {consent.kind for consent in consents if consent.is_given}
    return Ask(
        wish_kind=WishKind(given["wish_kind"]),
        wish_value=Decimal(given["wish_value"]),
        email=given["email"],
        phone=given["phone"],
        note=given["note"],
        city=given["city"],
        quantity=given["quantity"],
        answers_by=date.fromisoformat(given["answers_by"]) if given["answers_by"] else None,
        asks_rivals=given["asks_rivals"],
        may_contact_directly=ConsentKind.DIRECT_CONTACT in agreed,
        wants_texts=ConsentKind.TEXTS in agreed,
        language=given["language"],
        product_title=given["product_title"],
        consents=consents,
    )


def _consent(kind: str, said: Mapping[str, str]) -> ConsentSaid:
    """The program's word for it: which of its texts the buyer agreed to, and when."""
    version = f"api:{said['version']}@{said['given_at']}"
    return ConsentSaid(kind=ConsentKind(kind), is_given=True, version=version, text=said["text"])
