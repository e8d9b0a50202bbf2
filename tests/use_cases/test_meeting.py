"""Use cases that meet at one shop, each with rows the other wants: all are done, and nobody sees an error."""

from datetime import datetime

import pytest
from flask import Flask

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.errors import IllegalTransition
from discount_broker.offers.rules import Answer
from discount_broker.offers.status import AnswerKind
from discount_broker.offers.use_cases import submit_answer, withdraw_request
from discount_broker.outreach.use_cases import ask_shop, stop_shop
from discount_broker.shops.queries import is_stopped
from tests.builders import a_request, a_shop, an_outreach
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")
NEVER, NOT_NOW = Answer(kind=AnswerKind.NEVER), Answer(kind=AnswerKind.NOT_NOW)


@pytest.mark.parametrize("_round", range(3))
def test_stops_answers_and_withdrawals_at_one_shop(app: Flask, now: datetime, _round: int) -> None:
    shop = a_shop(now, "tools.ru", emails=("a@tools.ru",))
    outreaches = [an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop)) for _ in range(8)]
    ask_shop(shop.id, now)
    ids, request_ids = [o.id for o in outreaches], [o.discount_request_id for o in outreaches]
    results = race(
        app,
        lambda: withdraw_request(request_ids[7], now),
        lambda: submit_answer(ids[0], NEVER, now),
        lambda: stop_shop(ids[1], "", now),
        lambda: submit_answer(ids[6], NOT_NOW, now),
        lambda: submit_answer(ids[5], NEVER, now),
    )
    # Whoever answers a request that another has ended meanwhile is told so.
    assert all(result is None or isinstance(result, IllegalTransition) for result in results), results
    assert is_stopped(shop)
