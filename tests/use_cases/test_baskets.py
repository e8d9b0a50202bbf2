"""Several things asked for at once, in the buyer's own words: what is kept, and what a shop reads."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.rules import Ask, ProductSaid, WishKind
from discount_broker.discount_requests.status import ReadingStatus, RequestStatus
from discount_broker.discount_requests.use_cases import (
    add_to_basket,
    confirm_request,
    leave_out,
    start_drafts,
    submit_request,
)
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import Refused, TokenExpired
from discount_broker.messaging.models import Delivery
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.use_cases import ask_shop, plan_outreach
from discount_broker.shops.models import Shop
from tests.builders import a_product, a_shop

pytestmark = pytest.mark.usefixtures("app")
ASK = Ask(wish_kind=WishKind.PERCENT, wish_value=Decimal(10), email="anna@mail.example")
TWO = "https://tools.ru/p/1 https://tools.ru/p/2"


def a_basket(now: datetime, shop: Shop, links: str = TWO) -> list[DiscountRequest]:
    start_drafts(links, "en", now)
    drafts = db.session.query(DiscountRequest).order_by(DiscountRequest.created_at).all()
    for n, draft in enumerate(drafts):
        draft.product = a_product(now, shop, url=draft.product_url, title=f"Drill {n}")
        draft.reading = ReadingStatus.READ
    db.session.commit()
    return drafts


@pytest.fixture
def shop(now: datetime) -> Shop:
    return a_shop(now, "tools.ru", emails=("info@tools.ru",))


def letter_about(request: DiscountRequest) -> str:
    (outreach,) = db.session.query(Outreach).filter_by(discount_request_id=request.id)
    return str(outreach.steps[0].delivery.text)


def test_the_shop_reads_how_many_for_where_and_what_else_the_same_buyer_wants(
    now: datetime, shop: Shop
) -> None:
    first, second = a_basket(now, shop)
    said = {first.id: ProductSaid(title="The grey drill")}
    submit_request(first.id, replace(ASK, quantity=3, city="Tver", said=said), now)
    confirm_request(first.id, now)
    for request in (first, second):
        plan_outreach(request.id, now)
    ask_shop(shop.id, now)
    letter = letter_about(first)
    assert "The grey drill" in letter
    assert "Tver" in letter
    assert ": 3" in letter
    assert "\n– Drill 1\n" in letter, "what else is wanted"
    assert "anna@mail.example" not in letter
    assert "The grey drill" in letter_about(second)


def test_a_basket_for_another_mailbox_is_another_basket(now: datetime, shop: Shop) -> None:
    first, second = a_basket(now, shop)
    submit_request(first.id, ASK, now)
    twin = get_request(submit_request(first.id, replace(ASK, email="boris@mail.example"), now))
    assert twin.basket_id not in (None, first.basket_id)
    confirm_request(twin.id, now)
    assert {first.status, second.status} == {RequestStatus.UNCONFIRMED}
    assert db.session.query(DiscountRequest).filter_by(status=RequestStatus.CONFIRMED).count() == 2


def test_a_basket_that_cannot_be_asked_for_as_a_whole_is_not_signed_in_part(
    now: datetime, shop: Shop
) -> None:
    first, second = a_basket(now, shop)
    second.product, second.reading, second.reading_failure = None, ReadingStatus.FAILED, "http_404"
    db.session.commit()
    with pytest.raises(Refused, match="product_unread"):
        submit_request(first.id, ASK, now)
    db.session.expire_all()
    assert {first.status, second.status} == {RequestStatus.DRAFT}
    assert db.session.query(Delivery).count() == 0


def test_the_same_page_is_not_added_twice(now: datetime, shop: Shop) -> None:
    first, _ = a_basket(now, shop)
    assert add_to_basket(first.id, "https://m.tools.ru/p/2 https://tools.ru/p/3", now) == 1


def test_whoever_is_left_alone_is_in_no_basket(now: datetime, shop: Shop) -> None:
    first, second = a_basket(now, shop)
    assert leave_out(first.id, first.id, now) == second.id
    assert (first.basket_id, second.basket_id) == (None, None)
    assert leave_out(second.id, second.id, now) == second.id, "the last one stays"


def test_of_a_marketplace_only_rivals_are_asked(now: datetime) -> None:
    start_drafts("https://ozon.ru/product/1", "en", now)
    draft = db.session.query(DiscountRequest).one()
    draft.reading, draft.reading_failure = ReadingStatus.FAILED, "marketplace"
    db.session.commit()
    submit_request(draft.id, replace(ASK, product_title="Drill", asks_rivals=False), now)
    confirm_request(draft.id, now)
    plan_outreach(draft.id, now)
    assert draft.asks_rivals
    assert db.session.query(Outreach).count() == 0, "no shop is known to sell it yet"


def test_a_last_day_that_is_over_cannot_be_confirmed(now: datetime, shop: Shop) -> None:
    first, _ = a_basket(now, shop)
    submit_request(first.id, replace(ASK, answers_by=now.date()), now)
    with pytest.raises(TokenExpired):
        confirm_request(first.id, now + timedelta(days=2))
    db.session.expire_all()
    assert first.status is RequestStatus.UNCONFIRMED


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"quantity": 0}, "quantity_out_of_range"),
        ({"quantity": 1000}, "quantity_out_of_range"),
        ({"wish_kind": WishKind.PRICE}, "percent_for_all"),
    ],
    ids=["nothing", "too many", "a price for all"],
)
def test_what_no_shop_could_read_is_refused(
    now: datetime, shop: Shop, changed: dict[str, object], code: str
) -> None:
    first, _ = a_basket(now, shop)
    with pytest.raises(Refused, match=code):
        submit_request(first.id, replace(ASK, **changed), now)  # type: ignore[arg-type]


@pytest.mark.parametrize(("days", "code"), [(-1, "answers_by_past"), (61, "answers_by_far")])
def test_a_last_day_is_within_sixty_days(now: datetime, shop: Shop, days: int, code: str) -> None:
    first, _ = a_basket(now, shop)
    with pytest.raises(Refused, match=code):
        submit_request(first.id, replace(ASK, answers_by=(now + timedelta(days=days)).date()), now)
