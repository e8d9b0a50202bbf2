"""A sweep that could not do all that was due did the rest, and is named to who watches until it can."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from discount_broker.accounts.models import BuyerCard
from discount_broker.discount_requests.models import TimelineEntry
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import EscalationCase
from discount_broker.escalation.use_cases import open_due_cases
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases import ask_shop, tell_the_silence
from tests.builders import a_buyer, a_request, a_shop, an_outreach, saved
from workers import jobs, runtime

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)


def asked(now: datetime, name: str, **card: Any) -> Outreach:
    shop = a_shop(now, f"{name}.ru", emails=(f"info@{name}.ru",))
    buyer = a_buyer(now, email=f"{name}@mail.example")
    saved(BuyerCard(buyer_id=buyer.id, **card))
    outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop, buyer=buyer))
    ask_shop(shop.id, now)
    return outreach


def exhausted(now: datetime, why: str) -> Outreach:
    outreach = an_outreach(now, a_request(now, RequestStatus.ASKED))
    outreach.status, outreach.exhausted_why = OutreachStatus.EXHAUSTED, why
    db.session.commit()
    return outreach


def breaks_once(sweep: Callable[[datetime], object], now: datetime) -> None:
    with pytest.raises(ExceptionGroup):
        sweep(now)
    db.session.expire_all()


def test_one_case_that_cannot_be_opened_keeps_no_other_from_the_desk(now: datetime) -> None:
    exhausted(now, "for no reason we know")
    others = {exhausted(now, "silence").id for _ in range(2)}
    breaks_once(open_due_cases, now)
    assert set(db.session.scalars(select(EscalationCase.outreach_id))) == others


def test_one_buyer_on_no_clock_keeps_nobody_else_in_silence(now: datetime) -> None:
    asked(now, "first", zone="Mars/Olympus")
    others = {asked(now, name).discount_request_id for name in ("second", "third")}
    breaks_once(tell_the_silence, now + 3 * DAY)
    told = select(TimelineEntry.discount_request_id).where(TimelineEntry.event == "silence_told")
    assert set(db.session.scalars(told)) == others


def test_what_a_sweep_left_undone_is_told_until_it_is_done(app: Flask) -> None:
    runtime.bind(app)
    broken = exhausted(utcnow(), "for no reason we know")
    with pytest.raises(ExceptionGroup):
        jobs.open_due_cases()
    client = app.test_client()
    told = client.get("/readyz").get_json()
    assert (told["troubles"], told["broken_sweeps"]) == (["sweep_broke"], ["open_due_cases"])
    with pytest.raises(ExceptionGroup):
        jobs.open_due_cases()
    assert client.get("/readyz").get_json()["broken_sweeps"] == ["open_due_cases"], "it is named once"
    assert 'broker_trouble{kind="sweep_broke"} 1.0' in client.get("/metrics").text
    db.session.get_one(Outreach, broken.id).exhausted_why = "silence"
    db.session.commit()
    jobs.open_due_cases()
    told = client.get("/readyz").get_json()
    assert (told["troubles"], told["broken_sweeps"]) == ([], [])
