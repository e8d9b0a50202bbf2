"""Whose mail it is, found out before it is read and after it was kept."""

from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask

from discount_broker.kernel.db import db
from discount_broker.outreach.models import InboundMail
from discount_broker.outreach.use_cases import authenticate_mail, read_mail, receive_mail
from tests.fakes import FakeAuthenticity

LETTER = b"From: sales@shop.example\r\nSubject: Re\r\n\r\n10 %\r\n"
PROOF = {"dkim": "pass", "domain": "shop.example", "by": "us"}


@pytest.fixture
def authenticity(app: Flask) -> FakeAuthenticity:
    return FakeAuthenticity({LETTER: PROOF})


def told_of(mail_id: UUID) -> dict[str, str]:
    db.session.expire_all()
    told: dict[str, str] = db.session.get_one(InboundMail, mail_id).authentication
    return told


def test_a_mail_that_nobody_has_checked_is_checked_by_us(
    now: datetime, authenticity: FakeAuthenticity
) -> None:
    mail_id = receive_mail("reply+x@in.broker.test", LETTER, now)
    authenticate_mail(mail_id, authenticity)
    assert told_of(mail_id) == PROOF


@pytest.mark.parametrize("told", [{"dmarc": "fail", "by": "mx"}, {"spf": "pass", "domain": "shop.example"}])
def test_what_a_server_of_ours_has_found_out_stands(
    now: datetime, authenticity: FakeAuthenticity, told: dict[str, str]
) -> None:
    mail_id = receive_mail("reply+x@in.broker.test", LETTER, now, authentication=told)
    authenticate_mail(mail_id, authenticity)
    assert told_of(mail_id) == told
    assert authenticity.asked == []


def test_a_mail_that_was_read_is_left_alone(now: datetime, authenticity: FakeAuthenticity) -> None:
    mail_id = receive_mail("reply+x@in.broker.test", LETTER, now)
    read_mail(mail_id, now)
    authenticate_mail(mail_id, authenticity)
    assert told_of(mail_id) == {}
    assert authenticity.asked == []
