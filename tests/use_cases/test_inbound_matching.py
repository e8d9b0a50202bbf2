"""Which conversation a mail is taken into, and what waits for a person."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.queries import find_suppression
from discount_broker.messaging.use_cases import requeue_lost
from discount_broker.outreach.models import InboundMail, KnownSender, Outreach
from discount_broker.outreach.queries.waiting_mail import (
    MailView,
    count_waiting_mail,
    list_guessed,
    list_mail,
)
from discount_broker.outreach.status import OutreachStatus, ReplyKind
from discount_broker.outreach.use_cases import (
    Learnt,
    ask_shop,
    file_mail,
    read_mail,
    receive_mail,
    set_mail_aside,
    take_mail_up_again,
)
from tests.builders import a_product, a_request, a_shop, an_operator, an_outreach
from tests.fakes import FakeChannel
from tests.use_cases.conftest import Work
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")
ANYWHERE = "info@in.broker.test"


def a_letter(text: str = "Дадим 7 %", sender: str = "Anna <sales@tools.ru>", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = sender, headers.pop("Subject", "Re: drill")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def asked(now: datetime, work_at: Work, domain: str = "tools.ru", **given: Any) -> Outreach:
    shop = a_shop(now, domain, emails=(f"info@{domain}",))
    outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop), **given)
    ask_shop(shop.id, now)
    work_at(now)
    db.session.expire_all()
    return outreach


@pytest.fixture
def outreach(work_at: Work, now: datetime) -> Outreach:
    return asked(now, work_at)


def reply_to(outreach: Outreach) -> str:
    return f"reply+{issue_token(Purpose.REPLY, outreach.id, outreach.created_at)}@in.broker.test"


def take_in(content: bytes, now: datetime, recipient: str = ANYWHERE, **given: Any) -> InboundMail:
    mail_id = receive_mail(recipient, content, now, **given)
    read_mail(mail_id, now)
    db.session.expire_all()
    return db.session.get_one(InboundMail, mail_id)


def matched(mail: InboundMail) -> tuple[UUID | None, str]:
    return mail.outreach_id, mail.matched_by


def test_a_token_in_any_header_of_recipients_counts(outreach: Outreach, now: datetime) -> None:
    letter = a_letter(sender="anna@elsewhere.example", To="x@y.example", Cc=reply_to(outreach).upper())
    assert matched(take_in(letter, now)) == (outreach.id, "token")


def test_a_look_alike_in_a_retyped_token_is_repaired(outreach: Outreach, now: datetime) -> None:
    kind, plus, token = reply_to(outreach).partition("@")[0].partition("+")
    retyped = token.translate(str.maketrans({"0": "o", "1": "l"}))
    assert matched(take_in(a_letter(), now, f"{kind}{plus}{retyped}@in.broker.test")) == (
        outreach.id,
        "token",
    )


def test_the_message_it_answers_counts(outreach: Outreach, mail: FakeChannel, now: datetime) -> None:
    answered = f"<{mail.sent[0].idempotency_key}@in.broker.test>"
    for header in ("In-Reply-To", "References"):
        letter = a_letter(
            sender=f"{header.lower()}@elsewhere.example", **{header: f"<a@b.example> {answered}"}
        )
        assert matched(take_in(letter, now)) == (outreach.id, "references")
    assert {reply.delivery_id for reply in outreach.replies} == {outreach.steps[0].delivery_id}
    assert outreach.steps[0].answered_at == now


def test_a_number_in_the_subject_counts_from_the_shop_that_was_asked(
    outreach: Outreach, work_at: Work, now: datetime
) -> None:
    another = an_outreach(now, a_request(now, RequestStatus.ASKED), outreach.shop)
    ask_shop(outreach.shop_id, now)
    letter = a_letter(Subject=f"Ваш запрос {another.discount_request.number}")
    assert matched(take_in(letter, now)) == (another.id, "number")


def test_a_number_from_a_stranger_is_a_guess(outreach: Outreach, now: datetime) -> None:
    number = outreach.discount_request.number
    mail = take_in(a_letter(sender="who@elsewhere.example", Subject=f"Re: {number}"), now)
    assert (mail.verdict, matched(mail)) == ("unmatched", (None, ""))
    ((guessed, score, reasons),) = list_guessed(mail)
    assert (guessed.id, ("number", number) in reasons) == (outreach.id, True)
    assert score >= 0.6
    assert not outreach.replies


def test_the_domain_of_a_shop_counts_for_the_one_answer_it_owes(outreach: Outreach, now: datetime) -> None:
    assert matched(take_in(a_letter(sender="boss@mail.tools.ru"), now)) == (outreach.id, "sender")
    assert outreach.status is OutreachStatus.EXHAUSTED


def test_between_two_requests_of_a_shop_a_person_decides(outreach: Outreach, now: datetime) -> None:
    another = an_outreach(now, a_request(now, RequestStatus.ASKED), outreach.shop)
    ask_shop(outreach.shop_id, now)
    mail = take_in(a_letter(), now)
    assert mail.verdict == "unmatched"
    assert {guess.id for guess, _, _ in list_guessed(mail)} == {outreach.id, another.id}


def test_a_mailbox_anybody_can_have_is_no_shops_domain(outreach: Outreach, now: datetime) -> None:
    assert take_in(a_letter(sender="tools.shop@mail.ru"), now).verdict == "unmatched"


def test_a_mail_of_our_own_is_no_answer(outreach: Outreach, mail: FakeChannel, now: datetime) -> None:
    for headers in (
        {"Message_ID": f"<{mail.sent[0].idempotency_key}@in.broker.test>"},
        {"sender": "broker@in.broker.test", "Auto_Submitted": "auto-generated"},
    ):
        assert take_in(a_letter(**headers), now, reply_to(outreach)).verdict == "own"
    assert (outreach.status, len(outreach.replies)) == (OutreachStatus.ASKED, 0)


def test_a_letter_that_came_by_two_ways_is_one_answer(outreach: Outreach, now: datetime) -> None:
    letter = a_letter(Message_ID="<1@tools.ru>")
    assert take_in(letter, now, reply_to(outreach)).verdict == "human"
    again = b"Received: from elsewhere\r\n" + letter
    assert take_in(again, now, ANYWHERE, source="imap").verdict == "duplicate"
    assert (len(outreach.replies), len(outreach.letters)) == (1, 1)
    another = a_letter("Простите, 5 %", Message_ID="<1@tools.ru>")
    assert take_in(another, now, reply_to(outreach)).verdict == "human", "not every program counts its mails"


def test_of_two_copies_read_at_once_one_is_the_answer(app: Flask, outreach: Outreach, now: datetime) -> None:
    letter = a_letter(Message_ID="<1@tools.ru>")
    copies = [b"X-Way: %d\r\n" % way + letter for way in range(3)]
    ids = [receive_mail(reply_to(outreach), copy, now) for copy in copies]
    verdicts = race(app, *[lambda each=each: read_mail(each, now) for each in ids])
    assert sorted(map(str, verdicts)) == ["duplicate", "duplicate", "human"]
    db.session.expire_all()
    assert (len(outreach.replies), len(outreach.letters)) == (1, 1)


def test_a_reply_to_a_request_that_is_gone_waits_for_a_person(now: datetime, outreach: Outreach) -> None:
    gone = f"reply+{issue_token(Purpose.REPLY, UUID(int=7), now)}@in.broker.test"
    assert take_in(a_letter(sender="who@elsewhere.example"), now, gone).verdict == "unmatched"
    assert count_waiting_mail() == 1


def test_a_reply_to_a_closed_request_is_kept_and_nobody_is_written_to(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    request = outreach.discount_request
    request.status, request.closed_at = RequestStatus.CLOSED, now
    outreach.status, outreach.next_step_at = OutreachStatus.STOPPED, None
    db.session.commit()
    events = len(request.timeline)
    mail.sent.clear()
    assert take_in(a_letter(), now, reply_to(outreach)).verdict == "human"
    work_at(now)
    assert [reply.kind for reply in outreach.replies] == [ReplyKind.HUMAN]
    assert (outreach.status, len(request.timeline)) == (OutreachStatus.STOPPED, events)
    assert [message.to for message in mail.sent if "tools.ru" in message.to] == []


def test_what_a_machine_wrote_about_nothing_troubles_nobody(now: datetime) -> None:
    mail = take_in(a_letter("Я в отпуске.", "who@elsewhere.example", Auto_Submitted="auto-replied"), now)
    assert (mail.verdict, mail.matched_by, count_waiting_mail()) == ("auto_reply", "", 0)
    assert list_mail(MailView.MACHINES) == [mail]


def test_filing_takes_a_mail_in_as_if_it_had_matched_and_learns_its_sender(
    outreach: Outreach, work_at: Work, now: datetime
) -> None:
    operator = an_operator(now)
    mail = take_in(a_letter(sender="anna@elsewhere.example"), now)
    assert outreach.status is OutreachStatus.ASKED
    assert file_mail(mail.id, outreach.id, operator.id, now) is Learnt.NEW
    db.session.expire_all()
    assert (mail.verdict, matched(mail)) == ("human", (outreach.id, "person"))
    assert (mail.filed_by_id, mail.filed_at) == (operator.id, now)
    assert (outreach.status, outreach.exhausted_why) == (OutreachStatus.EXHAUSTED, "reply_to_read")
    assert outreach.steps[0].answered_at == now
    assert file_mail(mail.id, outreach.id, operator.id, now) is Learnt.NOTHING
    assert len(outreach.replies) == 1
    next_one = take_in(a_letter("И доставка даром", sender="anna@elsewhere.example"), now)
    assert matched(next_one) == (outreach.id, "learnt")


def test_an_address_that_writes_for_another_shop_stands_for_the_newer_one(
    outreach: Outreach, work_at: Work, now: datetime
) -> None:
    other, operator = asked(now, work_at, "garden.ru"), an_operator(now)
    first = take_in(a_letter(sender="anna@mail.ru"), now)
    file_mail(first.id, outreach.id, operator.id, now)
    second = take_in(a_letter("А теперь о саде", sender="anna@mail.ru", Subject="?"), now)
    assert second.verdict == "human", "of the shop it is known for exactly one answer is awaited"
    third = receive_mail(ANYWHERE, a_letter("Сад", sender="anna@mail.ru", Subject="!"), now)
    outreach.status = OutreachStatus.ANSWERED
    db.session.commit()
    read_mail(third, now)
    assert file_mail(third, other.id, operator.id, now) is Learnt.ANOTHER_SHOP
    (known,) = db.session.query(KnownSender).all()
    assert known.shop_id == other.shop_id


def test_what_is_set_aside_waits_no_longer_and_can_be_taken_up_again(now: datetime) -> None:
    mail, operator = take_in(a_letter(sender="who@elsewhere.example"), now), an_operator(now)
    set_mail_aside(mail.id, operator.id, now)
    assert (count_waiting_mail(), [m.id for m in list_mail(MailView.SET_ASIDE)]) == (0, [mail.id])
    take_mail_up_again(mail.id, operator.id, now)
    assert (count_waiting_mail(), list_mail(MailView.SET_ASIDE)) == (1, [])


STOP = "Не пишите нам больше. Отпишите нас от рассылки."


def test_a_stop_is_obeyed_at_once_whoever_writes_with_the_token(outreach: Outreach, now: datetime) -> None:
    take_in(a_letter(STOP, "who@elsewhere.example"), now, reply_to(outreach))
    assert find_suppression("shop:tools.ru") is not None
    (suggestion,) = [s for reply in outreach.replies for s in reply.suggestions]
    assert (suggestion.kind, suggestion.outcome) == ("opt_out", "taken")


@pytest.mark.parametrize(
    ("proof", "is_stopped"), [({}, False), ({"dkim": "pass", "domain": "tools.ru"}, True)]
)
def test_a_stop_that_anybody_could_have_forged_waits_for_a_person(
    proof: dict[str, str], is_stopped: bool, outreach: Outreach, now: datetime
) -> None:
    mail = take_in(a_letter(STOP), now, authentication=proof)
    assert mail.matched_by == "sender"
    assert (find_suppression("shop:tools.ru") is not None) is is_stopped
    (suggestion,) = [s for reply in outreach.replies for s in reply.suggestions]
    assert suggestion.outcome == ("taken" if is_stopped else "")


def test_what_a_letter_says_is_kept_with_its_words(outreach: Outreach, now: datetime) -> None:
    take_in(a_letter("Добрый день! Дадим скидку 7 % до пятницы. А вы кто?"), now, reply_to(outreach))
    said = {s.kind: (s.value, s.settled_at) for reply in outreach.replies for s in reply.suggestions}
    assert said["offer"] == ("7%", None)
    assert "who_are_you" in said


def test_a_new_address_is_used_next_and_marked_as_done(outreach: Outreach, now: datetime) -> None:
    take_in(a_letter("Пишите нам на opt@tools.ru, пожалуйста."), now, reply_to(outreach))
    (suggestion,) = [s for reply in outreach.replies for s in reply.suggestions if s.kind == "new_address"]
    assert (suggestion.value, suggestion.outcome) == ("opt@tools.ru", "taken")
    assert "opt@tools.ru" in {point.value for point in outreach.shop.contact_points if point.preferred_at}


def test_the_buyers_answer_goes_on_to_the_shop(outreach: Outreach, work_at: Work, now: datetime) -> None:
    take_in(a_letter(), now, reply_to(outreach))
    token = issue_token(Purpose.BUYER_REPLY, outreach.id, outreach.created_at)
    buyers = a_letter("Есть ли синяя?", "anna@mail.example", Message_ID="<b1@mail.example>")
    for _ in range(2):
        mail = take_in(buyers, now, f"answer+{token}@in.broker.test")
    assert (mail.verdict, mail.outreach_id) == ("human", outreach.id)
    assert [letter.author for letter in outreach.letters] == ["shop", "buyer"]
    assert len(outreach.replies) == 1


def test_a_letter_of_the_buyer_is_guessed_and_filed_as_the_buyers(outreach: Outreach, now: datetime) -> None:
    buyer = outreach.discount_request.buyer
    assert buyer is not None
    mail = take_in(a_letter("Есть ли синяя?", buyer.email, Subject="?"), now)
    ((guessed, _, reasons),) = list_guessed(mail)
    assert (guessed.id, reasons[0][0]) == (outreach.id, "buyer")
    assert file_mail(mail.id, outreach.id, an_operator(now).id, now) is Learnt.NOTHING
    db.session.expire_all()
    assert [letter.author for letter in outreach.letters] == ["buyer"]
    assert (outreach.replies, outreach.status) == ([], OutreachStatus.ASKED)
    assert db.session.query(KnownSender).all() == []


def test_of_the_requests_of_a_digest_the_one_counts_that_the_writer_names(
    work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    shop = a_shop(now, "many.ru", emails=("info@many.ru",))
    products = [a_product(now, shop, url=f"{shop.home_url}p/{n}") for n in range(7)]
    outreaches = [an_outreach(now, a_request(now, RequestStatus.ASKED, product=each)) for each in products]
    ask_shop(shop.id, now)
    later = now + timedelta(days=1)
    requeue_lost(later)
    work_at(later)
    db.session.expire_all()
    digest = mail.sent[-1]
    told = [o for o in outreaches if str(o.steps[0].delivery_id) == digest.idempotency_key]
    assert len(told) == 2
    for number, meant in enumerate(told):
        quoted = "\n".join(f"> {line}" for line in digest.text.splitlines())
        words = f"По {meant.discount_request.number} дадим 7 %.\n\n{quoted}"
        letter = a_letter(words, "anna@many.ru", Message_ID=f"<{number}@many.ru>")
        for recipient in (digest.bounce_to, digest.reply_to):
            mail_in = take_in(letter, later, recipient)
            assert matched(mail_in) == (meant.id, "token")
    unclear = a_letter("Дадим 7 %", "anna@many.ru", Message_ID="<9@many.ru>")
    assert take_in(unclear, later, digest.bounce_to).verdict == "unmatched"
