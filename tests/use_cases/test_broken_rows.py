"""A sweep that breaks at one row does the others, and says at which it broke."""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from discount_broker.accounts.models import Buyer, BuyerCard, Consent
from discount_broker.accounts.rules.consents import ON_PREFERENCES
from discount_broker.accounts.status import ConsentKind
from discount_broker.kernel.db import db
from discount_broker.kernel.sweeping import for_each
from discount_broker.messaging.models import Delivery
from discount_broker.notifications.models import NewsItem
from discount_broker.notifications.status import NewsKind
from discount_broker.notifications.use_cases import send_greetings, send_waiting_news
from discount_broker.offers.use_cases import erase_leaving
from tests.builders import a_buyer, saved

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)
LETTER = {
    "way": "mail",
    "letter_id": "00000000-0000-4000-8000-00000000000a",
    "to": "anna@mail.example",
    "rendered": {"message": "asked_shops", "language": "en", "subject": "News", "text": "News", "html": None},
    "stop_url": "",
    "expires_at": "",
}


def broken_at(sweep: Callable[[datetime], int], now: datetime, caplog: pytest.LogCaptureFixture) -> str:
    """What is logged by a sweep that breaks at exactly one row."""
    caplog.clear()
    with caplog.at_level(logging.ERROR), pytest.raises(ExceptionGroup) as raised:
        sweep(now)
    assert len(raised.value.exceptions) == 1
    (record,) = [each for each in caplog.records if each.name == "discount_broker.kernel.sweeping"]
    return record.getMessage()


def test_one_buyer_who_cannot_be_forgotten_keeps_nobody_else(
    now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    stuck, *others = (a_buyer(now, deletion_due_at=now - n * DAY) for n in (3, 2, 1))
    a_buyer(now, email=f"{stuck.id}@erased.invalid")  # the address that should stay of them is taken
    said = broken_at(erase_leaving, now, caplog)
    assert str(stuck.id) in said
    assert stuck.email not in said
    db.session.expire_all()
    erased = {buyer.id for buyer in db.session.scalars(select(Buyer).where(Buyer.erased_at.is_not(None)))}
    assert erased == {each.id for each in others}
    assert db.session.get(Buyer, stuck.id).deletion_due_at is not None, "the next sweep tries again"


def test_one_letter_that_cannot_be_read_keeps_no_other_buyers_news(
    now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    stuck, other = a_buyer(now), a_buyer(now)
    for buyer, facts in ((stuck, {}), (other, LETTER)):
        saved(
            NewsItem(
                purpose=f"of:{buyer.id}", buyer_id=buyer.id, kind=NewsKind.ASKED, due_at=now, facts=facts
            )
        )
    assert str(stuck.id) in broken_at(send_waiting_news, now, caplog)
    assert [sent.purpose for sent in db.session.scalars(select(Delivery))] == [f"of:{other.id}"]


def test_one_birthday_on_no_clock_keeps_no_other_greeting(
    now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    for zone in ("Mars/Olympus", "Europe/Moscow"):
        buyer = a_buyer(now)
        words = {"version": "news:2", "language": "en", "text": "More.", "subject": ON_PREFERENCES}
        saved(Consent(buyer_id=buyer.id, kind=ConsentKind.NEWS, is_given=True, at=now, **words))
        saved(BuyerCard(buyer_id=buyer.id, birthday=date(1980, 1, 14), wants_greeting=True, zone=zone))
    broken_at(send_greetings, now, caplog)
    assert len(db.session.scalars(select(Delivery)).all()) == 1


def test_a_database_in_trouble_ends_the_sweep_at_once() -> None:
    tried: list[int] = []

    def act(row: int) -> None:
        tried.append(row)
        raise OperationalError("select", {}, Exception("gone"))

    with pytest.raises(OperationalError):
        for_each([1, 2, 3], act)
    assert tried == [1]


def test_what_was_done_is_counted() -> None:
    assert for_each([1, 2, 3], lambda row: row > 1) == 2
