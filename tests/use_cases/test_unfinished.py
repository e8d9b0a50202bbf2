"""A request that was begun and not confirmed: one letter invites an answer, and never a second."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from discount_broker.accounts.models import BuyerCard, ContactWish
from discount_broker.accounts.status import ContactWishKind
from discount_broker.discount_requests.models import Basket, DiscountRequest
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.discount_requests.use_cases import confirm_request, remind_unconfirmed
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.notifications.models import NewsPreference
from discount_broker.notifications.queries import reader_of
from discount_broker.notifications.status import NewsKind, NewsWay
from discount_broker.outreach.models import InboundMail
from discount_broker.outreach.queries import is_own_address
from discount_broker.outreach.queries.mails import find_begun
from discount_broker.outreach.status import UNMATCHED
from discount_broker.outreach.use_cases import receive_mail
from tests.builders import a_buyer, a_request, saved
from tests.fakes import FakeChannel

pytestmark = pytest.mark.usefixtures("app")
Work = Callable[[], list[str]]
A_DAY = timedelta(days=1)


def unfinished(now: datetime, **given: object) -> DiscountRequest:
    return a_request(now, RequestStatus.UNCONFIRMED, **given)


def reminders() -> list[Delivery]:
    return db.session.query(Delivery).filter(Delivery.purpose.endswith(":unfinished")).all()


def test_who_confirms_nothing_for_a_day_gets_one_letter_and_never_a_second(now: datetime) -> None:
    request = unfinished(now)
    assert remind_unconfirmed(now + timedelta(hours=23)) == 0
    assert remind_unconfirmed(now + A_DAY) == 1
    assert [remind_unconfirmed(now + A_DAY + timedelta(hours=h)) for h in (1, 24, 40)] == [0, 0, 0]
    letter = reminders()[0]
    assert request.number in letter.subject
    assert "This is the only reminder" in letter.text
    assert request.reminded_at == now + A_DAY


def test_what_was_confirmed_meanwhile_is_not_asked_about(now: datetime) -> None:
    request = unfinished(now)
    confirm_request(request.id, now + timedelta(hours=2))
    assert remind_unconfirmed(now + A_DAY) == 0


def test_what_can_no_longer_be_confirmed_is_not_asked_about(now: datetime) -> None:
    unfinished(now)
    assert remind_unconfirmed(now + timedelta(days=4)) == 0


def test_of_a_basket_one_letter_tells_all(now: datetime) -> None:
    basket, buyer = saved(Basket(created_at=now)), a_buyer(now)
    requests = [unfinished(now, basket_id=basket.id, buyer=buyer) for _ in range(3)]
    assert remind_unconfirmed(now + A_DAY) == 1
    assert remind_unconfirmed(now + A_DAY) == 0
    assert {request.reminded_at for request in requests} == {now + A_DAY}


def test_its_link_still_confirms(now: datetime) -> None:
    request = unfinished(now)
    remind_unconfirmed(now + A_DAY)
    assert "/confirm/" in reminders()[0].text
    assert confirm_request(request.id, now + 2 * A_DAY).status is RequestStatus.CONFIRMED


def test_an_answer_to_it_waits_for_a_person_with_its_request_known(
    now: datetime, mail: FakeChannel, work: Work
) -> None:
    request = unfinished(now)
    remind_unconfirmed(now + A_DAY)
    address = reminders()[0].reply_to
    assert is_own_address(address, now)
    letter = b"From: anna@mail.example\r\nSubject: Re\r\n\r\nIs it really free?\r\n"
    mail_id = receive_mail(address, letter, now + A_DAY)
    work()
    kept = db.session.get_one(InboundMail, mail_id)
    assert kept.verdict == UNMATCHED
    found = find_begun(kept, now + A_DAY)
    assert found is not None
    assert found.id == request.id


def test_an_address_that_somebody_made_up_names_no_request(now: datetime) -> None:
    made_up = InboundMail(digest="x", recipient=f"begun+{'a' * 48}@in.broker.test", content=b"")
    assert find_begun(made_up, now) is None
    assert not is_own_address(made_up.recipient, now)


@pytest.mark.parametrize("gone", ["erased_at", "deletion_due_at"])
def test_whoever_is_forgotten_or_asked_to_be_gets_no_reminder(now: datetime, gone: str) -> None:
    request = unfinished(now)
    setattr(request.buyer, gone, now)
    db.session.commit()
    assert remind_unconfirmed(now + A_DAY) == 0
    assert reminders() == []


def test_who_wants_no_such_news_is_not_reminded(now: datetime) -> None:
    request = unfinished(now)
    assert request.buyer_id is not None
    saved(NewsPreference(buyer_id=request.buyer_id, kind=NewsKind.ASKED, way=NewsWay.NONE))
    remind_unconfirmed(now + A_DAY)
    assert reminders() == []


def test_it_waits_for_the_end_of_quiet_hours_and_leads_to_the_page_of_its_news(now: datetime) -> None:
    request = unfinished(now)
    assert request.buyer_id is not None
    hours = {"from_minute": 0, "until_minute": 14 * 60}
    saved(ContactWish(buyer_id=request.buyer_id, kind=ContactWishKind.QUIET_HOURS, created_at=now, **hours))
    saved(BuyerCard(buyer_id=request.buyer_id, zone="UTC", changed_at=now))
    remind_unconfirmed(now + A_DAY)
    [letter] = reminders()
    assert letter.due_at == now.replace(hour=14) + A_DAY
    assert "/n/" in letter.stop_url
    assert reader_of(letter.id).kinds == (NewsKind.ASKED,)

    confirm_request(request.id, now + A_DAY)
    db.session.expire_all()
    assert letter.status is DeliveryStatus.STOPPED, "it was confirmed before the letter left"
