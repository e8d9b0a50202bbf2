"""What comes back from shops by mail, and a shop's wish not to be asked."""

from datetime import datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage
from uuid import UUID

import pytest
from flask import Flask

from discount_broker.discount_requests.rules import Ask, WishKind
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.discount_requests.use_cases import submit_request
from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import Job
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.ports import FailureReason
from discount_broker.messaging.queries import find_suppression, get_delivery
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.models import InboundMail, Outreach
from discount_broker.outreach.queries import is_own_address
from discount_broker.outreach.status import OutreachStatus, ReplyKind
from discount_broker.outreach.use_cases import (
    ask_shop,
    read_mail,
    receive_mail,
    stop_outreach,
    stop_shop,
)
from discount_broker.shops.models import Shop
from discount_broker.shops.status import ContactState
from tests.builders import a_request, a_shop, an_outreach
from tests.fakes import FakeChannel, RecordingQueue
from tests.use_cases.conftest import Work
from tests.use_cases.race import race

ASK = Ask(wish_kind=WishKind.PERCENT, wish_value=Decimal(10), email="anna@mail.example")
pytestmark = pytest.mark.usefixtures("app")
BOUNCE = (
    "From: MAILER-DAEMON@mx.tools.ru\r\nSubject: Undelivered Mail Returned to Sender\r\n"
    "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report;"
    ' report-type=delivery-status; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSorry\r\n'
    "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.tools.ru\r\n\r\n"
    "Final-Recipient: rfc822; a@tools.ru\r\nAction: {action}\r\nStatus: {status}\r\n"
    "Diagnostic-Code: smtp; {said}\r\n--b--\r\n"
)
NO_SUCH_USER = BOUNCE.format(action="failed", status="5.1.1", said="550 5.1.1 User unknown").encode()
EXPIRED = BOUNCE.format(action="failed", status="4.4.7", said="connection expired").encode()
DELAYED = BOUNCE.format(action="delayed", status="4.4.1", said="connection timed out").encode()


def a_letter(text: str, **headers: str) -> bytes:
    message = EmailMessage()
    message["From"] = headers.pop("From", "Anna <sales@tools.ru>")
    message["Subject"] = headers.pop("Subject", "Re: drill")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


@pytest.fixture
def outreach(work_at: Work, now: datetime) -> Outreach:
    """A shop with two addresses; the first was written to."""
    shop = a_shop(now, "tools.ru", emails=("a@tools.ru", "b@tools.ru"))
    asked = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
    ask_shop(shop.id, now)
    work_at(now)
    db.session.expire_all()
    return asked


def reply_to(outreach: Outreach) -> str:
    return f"reply+{issue_token(Purpose.REPLY, outreach.id, outreach.created_at)}@in.broker.test"


def bounce_to(outreach: Outreach, mail: FakeChannel) -> str:
    return mail.sent[0].bounce_to


def take_in(recipient: str, content: bytes, now: datetime) -> str | None:
    verdict = read_mail(receive_mail(recipient, content, now), now)
    db.session.expire_all()
    return verdict


def test_a_bounce_closes_the_door_and_the_next_is_tried_at_once(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    assert take_in(bounce_to(outreach, mail), NO_SUCH_USER, now) == "bounce"
    work_at(now)
    db.session.expire_all()
    first, second = outreach.steps
    assert (first.delivery.status, first.delivery.failure) == (
        DeliveryStatus.BOUNCED,
        FailureReason.ADDRESS_DEAD,
    )
    assert first.contact_point.state is ContactState.DEAD
    assert second.contact_point.value == "b@tools.ru"
    assert [m.to for m in mail.sent] == ["a@tools.ru", "b@tools.ru"]


def test_the_same_bounce_reported_by_two_servers_counts_once(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    for report in (NO_SUCH_USER, NO_SUCH_USER + b"\r\n"):
        take_in(bounce_to(outreach, mail), report, now)
        work_at(now)
    db.session.expire_all()
    assert len(outreach.steps) == 2
    events = [entry.event for entry in outreach.discount_request.timeline]
    assert events.count("door_failed") == 1


def test_a_server_that_gave_up_closes_no_door_but_the_next_is_tried(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    take_in(bounce_to(outreach, mail), EXPIRED, now)
    work_at(now)
    db.session.expire_all()
    assert outreach.steps[0].contact_point.state is ContactState.UNVERIFIED
    assert len(outreach.steps) == 2


def test_a_delay_is_no_end(outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime) -> None:
    take_in(bounce_to(outreach, mail), DELAYED, now)
    work_at(now)
    db.session.expire_all()
    assert outreach.steps[0].delivery.status is DeliveryStatus.SENT
    assert len(outreach.steps) == 1


def test_a_human_answer_stops_the_ladder_and_is_put_before_people(outreach: Outreach, now: datetime) -> None:
    assert take_in(reply_to(outreach), a_letter("Добрый день! Дадим 7 %, позвоните."), now) == "human"
    assert (outreach.status, outreach.exhausted_why) == (OutreachStatus.EXHAUSTED, "reply_to_read")
    assert outreach.next_step_at is None
    assert outreach.replies[0].kind is ReplyKind.HUMAN
    assert "7 %" in outreach.replies[0].text
    assert outreach.steps[0].contact_point.state is ContactState.GOOD
    assert outreach.steps[0].contact_point.last_answer_at == now


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        ({"Auto_Submitted": "auto-replied", "Subject": "Автоответ"}, "Я в отпуске до 20 января."),
        ({"Auto_Submitted": "auto-generated"}, "Ваше обращение № 123 принято."),
    ],
)
def test_a_machines_answer_does_not_stop_the_ladder(
    headers: dict[str, str], text: str, outreach: Outreach, now: datetime
) -> None:
    assert take_in(reply_to(outreach), a_letter(text, **headers), now) != "human"
    assert outreach.status is OutreachStatus.ASKED
    assert outreach.next_step_at is not None
    assert len(outreach.replies) == 1


def test_a_written_stop_is_obeyed_for_all_requests_of_the_shop(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    another = an_outreach(now, a_request(now, RequestStatus.ASKED), outreach.shop)
    ask_shop(outreach.shop_id, now)
    take_in(reply_to(outreach), a_letter("Не пишите нам больше. Отпишите нас от рассылки."), now)
    work_at(now)
    db.session.expire_all()
    stop = find_suppression("shop:tools.ru")
    assert stop is not None
    assert stop.reason == "reply"
    assert {outreach.status, another.status} == {OutreachStatus.STOPPED}
    assert another.steps[0].delivery.status is DeliveryStatus.STOPPED
    assert len(mail.sent) == 1
    assert {point.state for point in outreach.shop.contact_points} == {ContactState.STOPPED}


def test_a_mail_that_belongs_to_nothing_is_kept_and_named_so(outreach: Outreach, now: datetime) -> None:
    for recipient in (
        "info@in.broker.test",
        "reply+abc@in.broker.test",
        "",
        "reply+@",
        "bounce+x@in.broker.test",
    ):
        letter = a_letter("Здравствуйте", From="somebody@elsewhere.example")
        assert take_in(recipient, letter, now) == "unmatched"
    assert not outreach.replies


@pytest.mark.parametrize(
    "content", [b"", b"\0\xff\xfe", b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x"]
)
def test_a_broken_mail_is_read_to_its_end(content: bytes, outreach: Outreach, now: datetime) -> None:
    assert take_in(reply_to(outreach), content, now) is not None


def test_the_same_mail_twice_is_one_mail(
    app: Flask, outreach: Outreach, queue: RecordingQueue, now: datetime
) -> None:
    recipient, letter = reply_to(outreach), a_letter("Дадим 7 %")
    ids = race(app, *[lambda: receive_mail(recipient, letter, now)] * 3)
    assert len(set(ids)) == 1
    verdicts = race(app, *[lambda: read_mail(ids[0], now)] * 3)
    assert sorted(verdicts, key=str) == [None, None, "human"]
    db.session.expire_all()
    assert len(outreach.replies) == 1
    queue.take()
    receive_mail(recipient, letter, now)
    assert not queue.rung, "it was read long ago"


def test_a_mail_whose_reader_died_is_rung_for_again(
    outreach: Outreach, queue: RecordingQueue, now: datetime
) -> None:
    mail_id = receive_mail(reply_to(outreach), a_letter("Да"), now)
    queue.take()
    assert receive_mail(reply_to(outreach), a_letter("Да"), now) == mail_id
    assert queue.rung == [(Job.READ_MAIL, mail_id)]
    assert db.session.get_one(InboundMail, mail_id).read_at is None


def test_an_answer_to_the_bounce_address_and_in_capitals_is_understood(
    outreach: Outreach, mail: FakeChannel, now: datetime
) -> None:
    assert take_in(bounce_to(outreach, mail).upper(), a_letter("Дадим 7 %"), now) == "human"
    assert outreach.status is OutreachStatus.EXHAUSTED


def test_a_bounce_of_a_buyers_mail_is_written_down(work_at: Work, mail: FakeChannel, now: datetime) -> None:
    submit_request(a_request(now, RequestStatus.DRAFT).id, ASK, now)
    work_at(now)
    take_in(mail.sent[0].bounce_to, NO_SUCH_USER, now)
    assert get_delivery(UUID(mail.sent[0].idempotency_key)).status is DeliveryStatus.BOUNCED


def test_the_stop_button_stops_everything_and_pressing_twice_is_pressing_once(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    stop_shop(outreach.id, "first press", now)
    stop_shop(outreach.id, "second press", now)
    assert outreach.status is OutreachStatus.STOPPED
    stop = find_suppression("shop:tools.ru")
    assert stop is not None
    assert (stop.reason, stop.cause) == ("stop_page", "first press")
    later = an_outreach(now, a_request(now, RequestStatus.ASKED), outreach.shop)
    ask_shop(outreach.shop_id, now)
    work_at(now)
    db.session.expire_all()
    assert later.status is OutreachStatus.EXHAUSTED
    assert len(mail.sent) == 1


@pytest.mark.parametrize(
    "doors",
    [
        {"emails": ("A@Tools.ru",)},
        {"emails": ("sales@tools.ru",)},
        {"forms": ("https://www.tools.ru/contacts",)},
    ],
)
def test_a_stopped_shop_is_not_reached_through_another_that_shows_its_doors(
    outreach: Outreach,
    work_at: Work,
    mail: FakeChannel,
    forms: FakeChannel,
    now: datetime,
    doors: dict[str, tuple[str, ...]],
) -> None:
    stop_shop(outreach.id, "press", now)
    twin = a_shop(now, "tools-outlet.com", **doors)
    asked = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=twin))
    ask_shop(twin.id, now)
    work_at(now)
    db.session.expire_all()
    assert asked.status is OutreachStatus.EXHAUSTED
    assert (len(mail.sent), forms.sent) == (1, [])


def test_a_mailbox_that_forbade_it_is_left_alone_wherever_it_is_shown(
    work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    first = a_shop(now, "knives.ru", emails=("knives.and.spoons@mail.ru",))
    asked = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=first))
    ask_shop(first.id, now)
    work_at(now)
    stop_shop(asked.id, "press", now)
    other = a_shop(now, "spoons.ru", emails=("knives.and.spoons@mail.ru",))
    an_outreach(now, a_request(now, RequestStatus.ASKED, shop=other))
    stranger = a_shop(now, "forks.ru", emails=("forks@mail.ru",))
    an_outreach(now, a_request(now, RequestStatus.ASKED, shop=stranger))
    ask_shop(other.id, now)
    ask_shop(stranger.id, now)
    work_at(now)
    assert [message.to for message in mail.sent] == ["knives.and.spoons@mail.ru", "forks@mail.ru"]


def test_two_stops_of_one_shop_from_two_mails_at_once(app: Flask, outreach: Outreach, now: datetime) -> None:
    ids = [
        outreach.id,
        *(an_outreach(now, a_request(now, RequestStatus.ASKED), outreach.shop).id for _ in range(3)),
    ]
    assert race(app, *[lambda each=each: stop_shop(each, "", now) for each in ids]) == [None] * 4
    assert db.session.get_one(Shop, outreach.shop_id).contact_points[0].state is ContactState.STOPPED


def test_a_shop_may_leave_one_request_alone(outreach: Outreach, now: datetime) -> None:
    stop_outreach(outreach.id, now)
    stop_outreach(outreach.id, now + timedelta(minutes=1))
    assert outreach.status is OutreachStatus.STOPPED
    assert find_suppression("shop:tools.ru") is None
    events = [entry.event for entry in outreach.discount_request.timeline]
    assert events.count("shop_declined") == 1


def test_an_address_is_ours_only_when_we_gave_it_out(
    outreach: Outreach, mail: FakeChannel, now: datetime
) -> None:
    given = [reply_to(outreach), reply_to(outreach).upper(), bounce_to(outreach, mail)]
    assert [is_own_address(address, now) for address in given] == [True] * 3
    kind_swapped = reply_to(outreach).replace("reply+", "bounce+")
    answer_to_a_check = f"reply+{issue_token(Purpose.CHECK, outreach.id, now)}@in.broker.test"
    assert is_own_address(answer_to_a_check, now)
    unknown_kind = answer_to_a_check.replace("reply+", "other+")
    nobody = [f"reply+{'a' * 48}@in.broker.test", "postmaster@in.broker.test"]
    made_up = [kind_swapped, unknown_kind, *nobody]
    assert [is_own_address(address, now) for address in made_up] == [False] * 4
