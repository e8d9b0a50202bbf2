"""The page on which a shop confirms what we understood of its letter."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose
from discount_broker.offers.models import OfferDraft
from discount_broker.offers.queries import find_offer_of
from discount_broker.offers.status import AnswerKind
from discount_broker.offers.use_cases import withdraw_request
from discount_broker.outreach.models import InboundMail, Outreach, Reply
from discount_broker.outreach.status import OutreachStatus, ReplyKind
from tests.builders import a_request, a_shop, an_outreach, saved
from tests.web.conftest import Browser

Link = Callable[[Purpose, UUID], str]


@pytest.fixture
def outreach(now: datetime) -> Outreach:
    shop = a_shop(now, "tools.com", language="en", emails=("a@tools.com",))
    request = a_request(now, RequestStatus.ASKED, shop=shop)
    return an_outreach(now, request, status=OutreachStatus.EXHAUSTED, exhausted_why="reply_to_read")


def a_draft(outreach: Outreach, now: datetime, **given: Any) -> OfferDraft:
    mail = saved(InboundMail(digest=str(uuid4()), recipient="", content=b"", received_at=now, read_at=now))
    facts = {"kind": ReplyKind.HUMAN, "sender": "a@tools.com", "subject": "", "text": "", "received_at": now}
    reply = saved(Reply(outreach_id=outreach.id, inbound_mail_id=mail.id, **facts))
    terms = {"kind": AnswerKind.PERCENT, "percent": Decimal(7), "final_price": Decimal("12080.70")}
    more = {"evidence": "We can do <7 %>", "created_at": now}
    return saved(OfferDraft(outreach_id=outreach.id, reply_id=reply.id, **{**terms, **more, **given}))


@pytest.fixture
def path(outreach: Outreach, link: Link) -> str:
    return f"/o/{link(Purpose.OFFER, outreach.id)}"


def test_to_look_changes_nothing_and_to_press_makes_the_offer(
    client: Browser, outreach: Outreach, path: str, now: datetime
) -> None:
    draft = a_draft(outreach, now)
    page = client.get(f"{path}/drafts/{draft.id}").text
    assert "7% off" in page
    assert "We can do &lt;7 %&gt;" in page
    assert "answer=percent-7" in page
    assert find_offer_of(outreach.id) is None
    for _ in range(2):
        answer = client.press(f"{path}/drafts/{draft.id}")
        assert "The buyer has your offer" in client.get(answer.location).text
    offer = find_offer_of(outreach.id)
    assert offer is not None
    assert (offer.percent, offer.operator_id) == (Decimal(7), None)
    assert outreach.status is OutreachStatus.ANSWERED


def test_a_price_can_be_corrected_on_the_usual_page(
    client: Browser, outreach: Outreach, path: str, now: datetime
) -> None:
    draft = a_draft(outreach, now, kind=AnswerKind.PRICE, percent=None, final_price=Decimal(11500))
    page = client.get(f"{path}/drafts/{draft.id}").text
    assert "answer=price-11500" in page
    assert 'value="11500"' in client.get(f"{path}?answer=price-11500").text


def test_a_draft_of_another_shop_or_of_nobody_is_not_found(client: Browser, path: str, now: datetime) -> None:
    others = a_draft(an_outreach(now), now)
    for draft_id in (others.id, uuid4()):
        assert client.get(f"{path}/drafts/{draft_id}").status_code == 404
        assert client.press(f"{path}/drafts/{draft_id}").status_code == 404


def test_a_term_that_is_over_is_said_and_can_be_corrected(
    client: Browser, outreach: Outreach, path: str, now: datetime
) -> None:
    draft = a_draft(outreach, now, valid_until=now - timedelta(days=2))
    answer = client.press(f"{path}/drafts/{draft.id}")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert find_offer_of(outreach.id) is None


def test_what_a_later_letter_has_replaced_leads_to_the_usual_page(
    client: Browser, outreach: Outreach, path: str, now: datetime
) -> None:
    draft = a_draft(outreach, now, settled_at=now)
    assert client.get(f"{path}/drafts/{draft.id}").location == path
    client.press(f"{path}/drafts/{draft.id}")
    assert find_offer_of(outreach.id) is None


def test_when_the_buyer_has_left_the_press_says_so(
    client: Browser, outreach: Outreach, path: str, now: datetime
) -> None:
    draft = a_draft(outreach, now)
    withdraw_request(outreach.discount_request_id, now)
    db.session.expire_all()
    for answer in (client.get(f"{path}/drafts/{draft.id}"), client.press(f"{path}/drafts/{draft.id}")):
        assert "This request is over" in client.get(answer.location).text
