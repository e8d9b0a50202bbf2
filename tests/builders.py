"""Valid things, with only what matters named."""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, TypeVar
from uuid import UUID

from discount_broker.accounts.models import Buyer, Operator, StaffSession
from discount_broker.discount_requests.models import DiscountRequest, Product
from discount_broker.discount_requests.rules import WishKind
from discount_broker.discount_requests.status import ReadingStatus, RequestStatus
from discount_broker.escalation.models import EscalationCase, QueueEntry
from discount_broker.escalation.operations import requeue
from discount_broker.escalation.status import CaseReason
from discount_broker.kernel.db import db
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.status import ContactKind

T = TypeVar("T")
_numbers = count(1)
NUMBER_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def saved(row: T) -> T:
    db.session.add(row)
    db.session.commit()
    return row


def a_number() -> str:
    n, letters = next(_numbers), ""
    for _ in range(5):
        n, rest = divmod(n, len(NUMBER_LETTERS))
        letters = NUMBER_LETTERS[rest] + letters
    return f"R-{letters}"


def a_buyer(now: datetime, **given: Any) -> Buyer:
    return saved(
        Buyer(
            **{"email": f"buyer{next(_numbers)}@mail.example", "language": "en", "created_at": now, **given}
        )
    )


def an_operator(now: datetime, **given: Any) -> Operator:
    """Somebody at the desk, signed in in one browser; the session has the number of the operator."""
    n = next(_numbers)
    facts = {
        "email": f"operator{n}@desk.example",
        "name": f"Operator {n}",
        "password_hash": "-",
        "created_at": now,
    }
    operator = saved(Operator(**{**facts, **given}))
    saved(StaffSession(id=operator.id, operator_id=operator.id, begun_at=now, seen_at=now))
    return operator


def a_shop(
    now: datetime,
    domain: str = "",
    *,
    emails: tuple[str, ...] = (),
    forms: tuple[str, ...] = (),
    **given: Any,
) -> Shop:
    """A shop whose pages were read already."""
    domain = domain or f"shop{next(_numbers)}.ru"
    facts = {
        "domain": domain,
        "home_url": f"https://{domain}/",
        "name": domain,
        "country": "RU",
        "language": "ru",
    }
    shop = Shop(**{**facts, "contacts_read_at": now, "created_at": now, **given})
    for n, address in enumerate(emails):
        shop.contact_points.append(a_door(ContactKind.EMAIL, address, domain, 0.9 - n / 10, now))
    for n, page in enumerate(forms):
        shop.contact_points.append(a_door(ContactKind.FORM, page, domain, 0.8 - n / 10, now))
    return saved(shop)


def a_door(kind: ContactKind, value: str, domain: str, confidence: float, now: datetime) -> ContactPoint:
    found_at = f"https://{domain}/contacts"
    return ContactPoint(kind=kind, value=value, found_at=found_at, confidence=confidence, created_at=now)


def a_product(now: datetime, shop: Shop, **given: Any) -> Product:
    facts = {
        "shop": shop,
        "url": f"{shop.home_url}p/1",
        "title": "Bosch GSR 12V-15 cordless drill",
        "price": Decimal("12990.00"),
        "currency": "RUB",
        "confidence": 0.9,
        "read_at": now,
    }
    return saved(Product(**{**facts, **given}))


def a_request(
    now: datetime, status: RequestStatus = RequestStatus.CONFIRMED, **given: Any
) -> DiscountRequest:
    """A request for 10 % off a drill; its product has been read."""
    product = given.pop("product", None) or a_product(now, given.pop("shop", None) or a_shop(now))
    facts: dict[str, Any] = {
        "number": a_number(),
        "status": status,
        "language": "en",
        "product": product,
        "product_url": product.url,
        "reading": ReadingStatus.READ,
        "created_at": now,
    }
    if status is not RequestStatus.DRAFT:
        facts |= {"wish_kind": WishKind.PERCENT, "wish_value": Decimal(10), "submitted_at": now}
        facts["buyer"] = given.pop("buyer", None) or a_buyer(now)
    if status not in (RequestStatus.DRAFT, RequestStatus.UNCONFIRMED):
        facts |= {"confirmed_at": now, "expires_at": now + timedelta(days=14)}
    if status is RequestStatus.CLOSED:
        facts["closed_at"] = now
    return saved(DiscountRequest(**{**facts, **given}))


def an_outreach(
    now: datetime, request: DiscountRequest | None = None, shop: Shop | None = None, **given: Any
) -> Outreach:
    """A shop that is to be asked for a request, and has not been written to."""
    request = request or a_request(now, RequestStatus.ASKED)
    assert request.product is not None
    facts = {
        "discount_request": request,
        "shop": shop or request.product.shop,
        "is_rival": shop is not None,
        "product_url": request.product.url,
        "product_title": request.product.title,
        "price": request.product.price,
        "currency": request.product.currency,
        "seen_at": now,
        "created_at": now,
    }
    return saved(Outreach(**{**facts, **given}))


def a_case(
    now: datetime, outreach: Outreach | None = None, holder: Operator | None = None, **given: Any
) -> EscalationCase:
    """A shop that was silent to all letters; its case fell due an hour ago. `holder` has the shop in hand."""
    if outreach is None:
        outreach = an_outreach(now, status=OutreachStatus.EXHAUSTED, exhausted_why="silence")
    facts = {
        "outreach": outreach,
        "reason": CaseReason.SILENCE,
        "opened_at": now,
        "next_action_at": now - timedelta(hours=1),
    }
    case = saved(EscalationCase(**{**facts, **given}))
    take_in_hand(case, holder, now)
    return case


def take_in_hand(case: EscalationCase, holder: Operator | None, now: datetime) -> None:
    """Put the shop of a case into the queue, and into somebody's hands."""
    entry = requeue(case.outreach.shop_id, now)
    if holder is not None:
        entry.operator_id, entry.claimed_until = holder.id, now + timedelta(hours=1)
    db.session.commit()


def holder_id_of(case: EscalationCase) -> UUID | None:
    """Who has the shop of a case in hand, as the database says."""
    db.session.expire_all()
    return db.session.get_one(QueueEntry, case.outreach.shop_id).operator_id
