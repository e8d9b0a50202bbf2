"""What the sweeps over offers look for is read in as many statements for many rows as for one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db
from discount_broker.messaging.ports import PermanentFailure
from discount_broker.offers.models import Offer
from discount_broker.offers.queries import find_offer_of, list_outcomes_to_ask, list_untold_acceptances
from discount_broker.offers.queries.countering import list_untold_counters
from discount_broker.offers.queries.reminders import list_ending
from discount_broker.offers.rules import Answer
from discount_broker.offers.rules.countering import Counter
from discount_broker.offers.status import AnswerKind
from discount_broker.offers.use_cases import accept_offer, counter_offer, submit_answer
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.queries.outreaches import list_silent_requests
from discount_broker.outreach.use_cases import ask_shop
from tests.builders import a_buyer, a_request, a_shop, an_outreach
from tests.fakes import FakeChannel
from tests.statements import counted
from tests.use_cases.conftest import Work

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)
MANY = 20


def asked(now: datetime, name: str) -> Outreach:
    shop = a_shop(now, f"{name}.ru", emails=(f"info@{name}.ru",))
    buyer = a_buyer(now, email=f"{name}@mail.example")
    outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop, buyer=buyer))
    ask_shop(shop.id, now)
    return outreach


def offered(now: datetime, name: str) -> Offer:
    outreach = asked(now, name)
    submit_answer(outreach.id, Answer(kind=AnswerKind.PERCENT, percent=Decimal(5)), now)
    offer = find_offer_of(outreach.id)
    assert offer is not None
    return offer


def accepted(now: datetime, name: str) -> Offer:
    offer = offered(now, name)
    accept_offer(offer.outreach.discount_request_id, offer.id, now)
    return offer


def countered(now: datetime, name: str) -> Offer:
    offer = offered(now, name)
    counter_offer(offer.outreach.discount_request_id, offer.id, Counter(percent=Decimal(9)), now)
    return offer


@pytest.mark.parametrize(
    ("make", "found", "read"),
    [
        (accepted, lambda now: list_untold_acceptances(), lambda offer: offer.outreach.discount_request),
        (countered, lambda now: list_untold_counters(), lambda one: one.offer.outreach.discount_request),
        (accepted, lambda now: list_outcomes_to_ask(now + 3 * DAY), lambda offer: offer.outreach),
        (offered, lambda now: list_ending(now + 2 * DAY + DAY / 2), lambda offer: offer.outreach),
        (asked, lambda now: list_silent_requests(now + 9 * DAY), lambda request_id: request_id),
    ],
    ids=["untold acceptances", "untold counter-offers", "outcomes to ask", "ending", "silent"],
)
def test_many_rows_take_as_many_statements_as_one(
    make: Callable[[datetime, str], object],
    found: Callable[[datetime], list[object]],
    read: Callable[[object], object],
    mail: FakeChannel,
    work_at: Work,
    now: datetime,
) -> None:
    taken = []
    for names in (["first"], [f"shop{n}" for n in range(1, MANY)]):
        mail.dead.update({f"info@{name}.ru": PermanentFailure("550 no such user") for name in names})
        for name in names:
            make(now, name)
        work_at(now)
        db.session.expire_all()
        with counted() as statements:
            rows = found(now)
            for row in rows:
                read(row)
        taken.append((len(rows), len(statements)))
    (few, small), (many, large) = taken
    assert (few, many) == (1, MANY)
    assert small == large
