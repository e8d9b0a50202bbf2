"""Valid rows for the pages, so that a test names only what matters to it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from discount_broker.accounts.models import Buyer, Operator, Role
from discount_broker.discount_requests.models import DiscountRequest, Product
from discount_broker.discount_requests.operations import tell
from discount_broker.discount_requests.rules import WishKind
from discount_broker.discount_requests.status import ReadingStatus, RequestStatus
from discount_broker.kernel.db import db
from discount_broker.offers.models import Offer
from discount_broker.offers.status import AnswerKind
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from discount_broker.shops.models import Shop


def now() -> datetime:
    return datetime.now(UTC)


def a_shop(domain: str = "kofe.example", **more: Any) -> Shop:
    given = {"domain": domain, "home_url": f"https://{domain}/", "name": domain, "language": "en"} | more
    return _kept(Shop(**given))


def a_product(shop: Shop | None = None, **more: Any) -> Product:
    shop = shop or a_shop()
    given = {
        "shop": shop,
        "url": f"{shop.home_url}espresso",
        "title": "Espresso machine Aurora 3000",
        "price": Decimal("24990"),
        "currency": "RUB",
        "confidence": 0.9,
        "availability": "in_stock",
        "read_at": now(),
    } | more
    return _kept(Product(**given))


def a_draft(**more: Any) -> DiscountRequest:
    given = {"number": "R-7K2M9", "language": "en", "product_url": "https://kofe.example/espresso"} | more
    return _kept(DiscountRequest(**given))


def a_read_draft(product: Product | None = None, **more: Any) -> DiscountRequest:
    return a_draft(product=product or a_product(), reading=ReadingStatus.READ, **more)


def a_buyer(email: str = "anna@mail.example", **more: Any) -> Buyer:
    return _kept(Buyer(email=email, **more))


def a_request(status: RequestStatus = RequestStatus.ASKED, **more: Any) -> DiscountRequest:
    given: dict[str, Any] = {
        "status": status,
        "wish_kind": WishKind.PERCENT,
        "wish_value": Decimal(10),
        "submitted_at": now(),
    } | more
    if "buyer" not in given:
        given["buyer"] = a_buyer()
    if status is not RequestStatus.UNCONFIRMED:
        given.setdefault("confirmed_at", now())
        given.setdefault("expires_at", now() + timedelta(days=14))
    request = a_read_draft(**given)
    tell(request, "confirmed", now())
    db.session.commit()
    return request


def an_outreach(request: DiscountRequest, shop: Shop | None = None, **more: Any) -> Outreach:
    assert request.product is not None
    shop = shop or request.product.shop
    status = more.get("status", OutreachStatus.ASKED)
    given = {
        "discount_request": request,
        "shop": shop,
        "is_rival": shop.id != request.product.shop_id,
        "product_url": f"{shop.home_url}espresso",
        "product_title": request.product.title,
        "seen_at": now(),
        "price": request.product.price,
        "currency": request.product.currency,
        "status": status,
        "next_step_at": now() + timedelta(days=1) if status is OutreachStatus.ASKED else None,
    } | more
    return _kept(Outreach(**given))


def an_offer(outreach: Outreach, percent: str = "10", **more: Any) -> Offer:
    outreach.status, outreach.next_step_at = OutreachStatus.ANSWERED, None
    price = outreach.price
    given = {
        "outreach": outreach,
        "kind": AnswerKind.PERCENT,
        "percent": Decimal(percent),
        "final_price": price * (100 - Decimal(percent)) / 100 if price else None,
        "valid_until": now() + timedelta(days=3),
    } | more
    return _kept(Offer(**given))


def an_operator(role: Role = Role.OPERATOR) -> Operator:
    return _kept(Operator(email=f"{role}@desk.example", name="Olga", password_hash="-", role=role))


def _kept(row: Any) -> Any:
    db.session.add(row)
    db.session.commit()
    return row
