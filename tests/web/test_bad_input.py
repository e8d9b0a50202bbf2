"""Bad mail on its whole way: bytes come in at the receiver, are read, and a person sees what they became."""

import smtplib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from flask import Flask

from discount_broker.adapters.mail_receiver import LARGEST_MAIL, MailReceiver
from discount_broker.adapters.web_form import WebFormChannel
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.use_cases import open_reviews
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.queries import is_suppressed
from discount_broker.messaging.use_cases import requeue_lost
from discount_broker.outreach.models import InboundMail, Outreach, Reply
from discount_broker.outreach.operations import reply_address
from discount_broker.outreach.queries import is_own_address
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases import ask_shop, receive_mail
from tests.builders import a_request, a_shop, an_operator, an_outreach
from tests.clockwork import work_until_quiet
from tests.contract.form_shops import CONTACT, FormShop
from tests.contract.mail_servers import free_port
from tests.extract.hostile_mails import HUGE
from tests.fakes import Answer, Asked, FakeChannel, FakeFetcher, RecordingQueue
from tests.web.conftest import Browser

Post = Callable[..., None]
Work = Callable[[], list[str]]
SHOP = "sales@tools.ru"
THANKS = Answer(b"<p>Thank you for your message.</p>")


@pytest.fixture
def now() -> datetime:
    return utcnow()


@pytest.fixture
def post(app: Flask) -> Iterator[Post]:
    """Hands bytes to the receiver, wired as `receive-mail` wires it."""

    def keep(recipient: str, content: bytes) -> None:
        with app.app_context():
            receive_mail(recipient, content, utcnow())

    def is_issued(address: str) -> bool:
        with app.app_context():
            return is_own_address(address, utcnow())

    def send(content: bytes, recipient: str, sender: str = SHOP) -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
            client.sendmail(sender, [recipient], content)

    port = free_port()
    with MailReceiver(f"127.0.0.1:{port}", "in.broker.test", keep, is_issued):
        yield send


@pytest.fixture
def outreach(now: datetime, work: Work) -> Outreach:
    """A shop that has been asked."""
    shop = a_shop(now, "tools.ru", emails=("info@tools.ru",))
    asked = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
    ask_shop(shop.id, now)
    work()
    db.session.expire_all()
    return asked


@pytest.fixture
def desk(client: Browser, now: datetime) -> Browser:
    client.set_cookie("lang", "en", domain="localhost")
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = f"operator:{an_operator(now).id}", True
    return client


def a_letter(text: str = "Дадим 7 %", sender: str = SHOP) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = sender, "Re: drill"
    message.set_content(text)
    return message.as_bytes()


def conversation(desk: Browser, outreach: Outreach) -> str:
    answer = desk.get(f"/desk/outreach/{outreach.id}")
    assert answer.status_code == 200
    db.session.expire_all()
    return answer.text


HEAD = b"From: sales@tools.ru\r\nSubject: Re\r\n"
HIDDEN_BREAK = b"From: sales@tools.ru\r\nSubject: =?utf-8?q?Hello=0D=0ABcc:_x@evil.example?=\r\n\r\n7 %\r\n"


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        pytest.param(HIDDEN_BREAK, "Hello Bcc: x@evil.example", id="a line break in a header"),
        pytest.param(
            HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + "Дадим 7 %".encode("cp1251"),
            "Дадим 7 %", id="a wrong charset",
        ),
        pytest.param(
            HEAD + b"Content-Type: text/plain; charset=no-such\r\n\r\n" + "Дадим 7 %".encode(),
            "Дадим 7 %", id="a charset nobody knows",
        ),
        pytest.param(HEAD + b"\r\n", SHOP, id="an empty body"),
        pytest.param(HEAD + b"\r\n\x00\x01 7 %\x00", "7 %", id="zero bytes"),
        pytest.param(HEAD + b"\r\n<script>alert(1)</script> 7 %", "&lt;script&gt;", id="a script"),
    ],
)  # fmt: skip
def test_a_bad_letter_to_our_address_is_an_answer_all_the_same(
    post: Post, work: Work, desk: Browser, outreach: Outreach, content: bytes, seen: str
) -> None:
    post(content, reply_address(outreach))
    work()
    page = conversation(desk, outreach)
    assert seen in page
    assert "<script>alert" not in page
    assert outreach.status is OutreachStatus.EXHAUSTED, "the ladder stops and a person reads it"
    assert [reply.kind.value for reply in outreach.replies] == ["human"]
    assert "\n" not in outreach.replies[0].subject


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "a hundred thousand parts",
        "three thousand levels",
        "mails in mails in base64",
        "boundaries that nearly match",
    ],
)
def test_a_mime_bomb_is_kept_read_and_shown(
    post: Post, work: Work, desk: Browser, outreach: Outreach, name: str
) -> None:
    content = HEAD + HUGE[name]()[: LARGEST_MAIL - 200]
    post(content, reply_address(outreach))
    work()
    mail = db.session.query(InboundMail).one()
    assert mail.read_at is not None
    assert len(mail.content) > len(content) - 1000
    conversation(desk, outreach)
    assert desk.get("/desk/mail").status_code == 200


@pytest.mark.slow
def test_a_letter_with_25_megabytes_is_an_answer_and_a_larger_one_is_refused_to_the_senders_face(
    post: Post, work: Work, desk: Browser, outreach: Outreach
) -> None:
    line = b"x" * 998 + b"\r\n"
    with pytest.raises(smtplib.SMTPException, match="552"):
        post(HEAD + b"\r\n" + line * (LARGEST_MAIL // 1000 + 1), reply_address(outreach))
    assert db.session.query(InboundMail).count() == 0
    post(HEAD + b"\r\nDa, 7 %\r\n\r\n" + line * (LARGEST_MAIL // 1000 - 1), reply_address(outreach))
    work()
    assert "Da, 7 %" in conversation(desk, outreach)


def test_the_same_mail_again_is_one_answer(
    post: Post, work: Work, desk: Browser, outreach: Outreach, mail: FakeChannel
) -> None:
    for _ in range(3):
        post(a_letter(), reply_address(outreach))
        work()
    conversation(desk, outreach)
    assert len(outreach.replies) == len(outreach.letters) == 1
    buyer = outreach.discount_request.buyer
    assert buyer is not None
    assert [message.to for message in mail.sent].count(buyer.email) == 1


@pytest.mark.parametrize("sender", ["forger@evil.example", SHOP], ids=["a stranger", "as the shop"])
def test_a_forged_stop_silences_nobody_and_waits_for_a_person(
    post: Post, work: Work, desk: Browser, outreach: Outreach, sender: str
) -> None:
    number = outreach.discount_request.number
    post(a_letter(f"{number}: не пишите нам больше", sender), "postmaster@in.broker.test", sender)
    work()
    assert not is_suppressed(["shop:tools.ru"])
    assert "tools.ru" not in desk.get("/desk/stops").text
    assert sender in desk.get("/desk/mail").text + conversation(desk, outreach)


@pytest.mark.parametrize("is_gone", [True, False], ids=["deleted", "closed"])
def test_an_answer_that_comes_too_late_is_kept_and_nobody_is_troubled(
    post: Post, work: Work, desk: Browser, outreach: Outreach, mail: FakeChannel, is_gone: bool
) -> None:
    request, address = outreach.discount_request, reply_address(outreach)
    request.status, request.closed_at = RequestStatus.CLOSED, utcnow()
    outreach.status, outreach.next_step_at = OutreachStatus.STOPPED, None
    db.session.commit()
    if is_gone:
        gone = issue_token(Purpose.REPLY, request.id, request.created_at)
        address = f"reply+{gone}@in.broker.test"
    mail.sent.clear()
    post(a_letter(sender="anna@elsewhere.example"), address)
    work()
    assert "anna@elsewhere.example" in (
        desk.get("/desk/mail").text if is_gone else conversation(desk, outreach)
    )
    assert outreach.status is OutreachStatus.STOPPED
    assert [message.to for message in mail.sent if "tools.ru" in message.to] == []


def test_a_token_with_look_alikes_is_understood_and_a_wrong_one_refused_to_the_senders_face(
    post: Post, work: Work, desk: Browser, outreach: Outreach
) -> None:
    local, _, domain = reply_address(outreach).partition("@")
    token = local.removeprefix("reply+")
    wrong = ("a" if token[0] != "a" else "b") + token[1:]
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        post(a_letter(), f"reply+{wrong}@{domain}")
    assert {code for code, _ in refused.value.recipients.values()} == {550}
    assert db.session.query(Reply).count() == 0
    retyped = token.upper().translate(str.maketrans("01", "OI"))
    post(a_letter(), f"reply+{retyped}@{domain}")
    work()
    assert "Дадим 7 %" in conversation(desk, outreach)


def asked_by_form(app: Flask, now: datetime, site: Callable[[Asked], Answer]) -> Outreach:
    """A shop whose only door is a form, sent by the real channel."""
    app.extensions["channels"][ChannelKind.WEB_FORM] = WebFormChannel(
        FakeFetcher({"tools.ru": site}), service_name="The service"
    )
    shop = a_shop(now, "tools.ru", language="en", forms=("https://tools.ru/contacts",))
    asked = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
    ask_shop(shop.id, now)
    return asked


def test_a_shop_that_answers_500_for_a_day_gets_one_letter_when_it_is_back(
    app: Flask, queue: RecordingQueue, fetcher: FakeFetcher, desk: Browser, now: datetime
) -> None:
    shop, back_at, at = FormShop(answer=THANKS), now + timedelta(days=1), now

    def site(asked: Asked) -> Answer:
        return shop(asked) if at >= back_at else Answer(b"Oh", 500)

    outreach = asked_by_form(app, now, site)
    pages = []
    while at < now + timedelta(days=3):
        requeue_lost(at)
        work_until_quiet(app, queue, fetcher, at)
        pages.append(conversation(desk, outreach))
        at += timedelta(hours=3)
    assert "Could not be handed over yet" in pages[0]
    assert "Their form took it" in pages[-1]
    assert len(shop.taken) == 1
    assert len(outreach.steps) == 1, "no other door was needed, and nobody was troubled"


def test_a_form_that_changed_since_it_was_found_is_sent_as_it_is_now_and_one_that_went_is_told(
    app: Flask, queue: RecordingQueue, fetcher: FakeFetcher, desk: Browser, now: datetime
) -> None:
    moved = CONTACT.replace('name="message"', 'name="your_question"')
    shop = FormShop(answer=THANKS, page=moved)
    outreach = asked_by_form(app, now, shop)
    outreach.shop.contact_points[0].form = {"fields": {"message": "message"}}
    db.session.commit()
    work_until_quiet(app, queue, fetcher, now)
    assert "your_question" in shop.taken[0]
    assert "Their form took it" in conversation(desk, outreach)
    gone = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=outreach.shop))
    shop.page = "<p>We have moved.</p>"
    ask_shop(outreach.shop_id, now)
    work_until_quiet(app, queue, fetcher, now)
    assert "the form is no longer there" in conversation(desk, gone)
    assert len(shop.taken) == 1
    open_reviews(now)
    assert "tools.ru/contacts" in desk.get("/desk/sending").text
