"""Use cases that meet at the same rows: nobody waits for another in a circle."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.rules import Ask, WishKind
from discount_broker.discount_requests.status import ReadingStatus
from discount_broker.discount_requests.use_cases import (
    add_to_basket,
    confirm_request,
    leave_out,
    start_drafts,
    submit_request,
)
from discount_broker.kernel.db import db
from tests.builders import a_product, a_shop
from tests.use_cases.race import queue_up

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.postgresql]
ASK = Ask(wish_kind=WishKind.PERCENT, wish_value=Decimal(10), email="anna@mail.example")
MET = "met another one, trying again"
Act = Callable[[UUID, datetime], object]


def a_basket(now: datetime) -> list[UUID]:
    start_drafts("https://tools.ru/p/1 https://tools.ru/p/2", "en", now)
    shop, drafts = a_shop(now, "tools.ru"), db.session.scalars(select(DiscountRequest)).all()
    for draft in drafts:
        draft.product, draft.reading = a_product(now, shop, url=draft.product_url), ReadingStatus.READ
    db.session.commit()
    return [draft.id for draft in sorted(drafts, key=lambda draft: draft.created_at)]


def submit(request_id: UUID, now: datetime) -> object:
    return submit_request(request_id, ASK, now)


def confirm(request_id: UUID, now: datetime) -> object:
    return confirm_request(request_id, now).id


def add(request_id: UUID, now: datetime) -> object:
    return add_to_basket(request_id, "https://tools.ru/p/3", now)


@pytest.mark.parametrize(
    ("first", "second"),
    [(submit, submit), (confirm, confirm), (confirm, submit), (add, submit)],
    ids=["signed twice", "confirmed twice", "confirmed and signed", "added to and signed"],
)
def test_two_who_begin_at_either_end_of_a_basket_do_not_wait_for_each_other(
    first: Act, second: Act, app: Flask, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    one, other = a_basket(now)
    if confirm in (first, second):
        submit_request(one, ASK, now)
    rows = select(DiscountRequest.id)
    results = queue_up(app, rows, lambda: first(other, now), lambda: second(one, now))
    refused = [type(result).__name__ for result in results if isinstance(result, Exception)]
    assert refused in ([], ["IllegalTransition"]), "who came second may find that it was confirmed"
    assert MET not in caplog.text


def test_whoever_leaves_a_product_out_while_the_basket_is_signed_waits(
    app: Flask, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    one, other = a_basket(now)
    rows = select(DiscountRequest.id)
    results = queue_up(app, rows, lambda: leave_out(other, one, now), lambda: submit(one, now))
    assert not [result for result in results if isinstance(result, Exception)]
    assert MET not in caplog.text
