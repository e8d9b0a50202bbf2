from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from discount_broker.accounts.models import AuditEntry
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.use_cases import open_due_cases
from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import Job
from discount_broker.kernel.money import Money
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.rules.prices import has_come_true, move_of, price_wished
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases import ask_price_again, read_price, requeue_lost_prices
from tests.builders import a_request, a_shop, an_operator, an_outreach
from tests.fakes import Answer, FakeFetcher, RecordingQueue, site_of

pytestmark = pytest.mark.usefixtures("app")

DAY = timedelta(days=1)
PAGE = """<html><head><title>Bosch GSR 18V</title><script type="application/ld+json">
{"@context": "https://schema.org", "@type": "Product", "name": "Bosch GSR 18V",
 "offers": {"@type": "Offer", "price": "%s", "priceCurrency": "%s"}}
</script></head><body><h1>Bosch GSR 18V</h1><p>%s %s</p></body></html>"""


@pytest.fixture
def outreach(now: datetime) -> Outreach:
    request = a_request(now, RequestStatus.ASKED, shop=a_shop(now, "drills.ru"))
    found = an_outreach(now, request, product_url="https://drills.ru/p/1", seen_at=now - 3 * DAY)
    found.price, found.currency = Decimal(12990), "RUB"
    db.session.commit()
    return found


def asks(amount: str, currency: str = "RUB") -> FakeFetcher:
    page = PAGE % (amount, currency, amount, currency)
    return FakeFetcher({"drills.ru": site_of({"/p/1": page})})


def reread(outreach: Outreach, fetcher: FakeFetcher, now: datetime) -> Outreach:
    ask_price_again(outreach.id, an_operator(now).id, now)
    read_price(outreach.id, fetcher, now)
    db.session.expire_all()
    return outreach


def test_the_price_is_read_again_and_the_one_of_then_is_kept(outreach: Outreach, now: datetime) -> None:
    read = reread(outreach, asks("11490"), now)
    assert (read.price, read.price_now, read.price_failure) == (Decimal(12990), Decimal(11490), "")
    assert (read.price_read_at, read.price_due_at) == (now, None)
    assert db.session.query(AuditEntry).one().what == "price_asked"


@pytest.mark.parametrize(
    ("fetcher", "why"),
    [
        (FakeFetcher({"drills.ru": site_of({})}), "http_404"),
        (FakeFetcher({"drills.ru": site_of({"/p/1": Answer(b"", 503)})}), "http_500"),
        (FakeFetcher(dead=("drills.ru",)), "unreachable"),
        (asks("150", "EUR"), "other_currency"),
        (FakeFetcher({"drills.ru": site_of({"/p/1": "<h1>About us</h1>"})}), "not_product"),
    ],
)
def test_a_price_that_cannot_be_read_says_why_and_leaves_the_last_one(
    outreach: Outreach, now: datetime, fetcher: FakeFetcher, why: str
) -> None:
    reread(outreach, asks("11490"), now)
    read = reread(outreach, fetcher, now + DAY)
    assert (read.price_now, read.price_failure, read.price_due_at) == (Decimal(11490), why, None)


def test_a_page_is_not_read_twice_in_a_minute_whoever_presses(outreach: Outreach, now: datetime) -> None:
    fetcher = asks("11490")
    reread(outreach, fetcher, now)
    assert not ask_price_again(outreach.id, an_operator(now).id, now + timedelta(seconds=30))
    assert ask_price_again(outreach.id, an_operator(now).id, now + timedelta(minutes=2))


def test_a_bell_that_rings_twice_reads_once(outreach: Outreach, now: datetime) -> None:
    fetcher = asks("11490")
    reread(outreach, fetcher, now)
    read_price(outreach.id, fetcher, now)
    assert len([asked for asked in fetcher.asked if asked.path == "/p/1"]) == 1


def test_a_lost_bell_is_rung_again(outreach: Outreach, now: datetime, queue: RecordingQueue) -> None:
    queue.down = True
    ask_price_again(outreach.id, an_operator(now).id, now)
    queue.down = False
    requeue_lost_prices(now)
    assert queue.take() == [(Job.READ_PRICE, outreach.id)]


def test_a_case_that_opens_has_its_price_read_once(
    outreach: Outreach, now: datetime, queue: RecordingQueue
) -> None:
    outreach.status, outreach.exhausted_why = OutreachStatus.EXHAUSTED, "silence"
    db.session.commit()
    open_due_cases(now)
    assert (Job.READ_PRICE, outreach.id) in queue.take()
    read_price(outreach.id, asks("11490"), now)
    open_due_cases(now)
    assert not queue.take()


def test_a_price_seen_this_morning_is_not_read_again_by_itself(
    outreach: Outreach, now: datetime, queue: RecordingQueue
) -> None:
    outreach.seen_at = now - timedelta(hours=2)
    outreach.status, outreach.exhausted_why = OutreachStatus.EXHAUSTED, "silence"
    db.session.commit()
    open_due_cases(now)
    assert not [job for job, _ in queue.take() if job == Job.READ_PRICE]


def test_a_move_says_how_much_and_whether_the_wish_came_true_by_itself() -> None:
    then = Money(Decimal(12990), "RUB")
    move = move_of(then.amount, Decimal(11490))
    assert move is not None
    assert (move.percent, move.is_cheaper) == (Decimal(12), True)
    assert has_come_true(Decimal(11690), price_wished(then, Decimal(10), None))
    assert not has_come_true(Decimal(11700), price_wished(then, Decimal(10), None))
    assert price_wished(then, None, Money(Decimal(100), "EUR")) is None
    assert move_of(None, Decimal(1)) is None
