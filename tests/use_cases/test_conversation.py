"""What buyer and shop write to each other passes through us, and neither sees the other's address."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask

from discount_broker.accounts.models import AuditEntry
from discount_broker.discount_requests.operations import tell
from discount_broker.discount_requests.status import Outcome, RequestStatus
from discount_broker.escalation.queries import find_case_of
from discount_broker.escalation.status import CaseReason, CaseStatus, Ending, NextAction
from discount_broker.escalation.use_cases import close_case, open_due_cases, snooze_case
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound, Refused
from discount_broker.kernel.tokens import Purpose, read_token
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.models import Suppression
from discount_broker.messaging.ports import FailureReason, OutcomeUnknown, OutgoingMessage, PermanentFailure
from discount_broker.messaging.queries.stopping import hashed
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.messaging.use_cases import requeue_lost
from discount_broker.offers.use_cases import withdraw_request
from discount_broker.outreach.models import InboundMail, Letter, Outreach, Reply
from discount_broker.outreach.operations.conversation import take_buyer_letter, take_shop_letter
from discount_broker.outreach.queries import count_messages, is_own_address
from discount_broker.outreach.queries.thread import is_for_us, list_forbidding
from discount_broker.outreach.status import LetterAuthor, OutreachStatus, ReplyKind
from discount_broker.outreach.use_cases import ask_shop, receive_mail, stop_outreach
from discount_broker.outreach.use_cases.conversing import (
    Reader,
    take_back_letter,
    write_by_hand,
    write_to_shop,
)
from discount_broker.outreach.use_cases.correcting import disown_door
from discount_broker.shops.queries import is_stopped
from discount_broker.shops.status import ContactState
from tests.builders import a_request, a_shop, an_operator, an_outreach, saved
from tests.fakes import FakeChannel

Work = Callable[[], list[str]]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def work(work_at: Callable[[datetime], list[str]], now: datetime) -> Work:
    """Do what was rung for, a little later."""
    return lambda: work_at(now + 2 * MINUTE)


def an_asked_outreach(now: datetime, work: Work, **doors: tuple[str, ...]) -> Outreach:
    """A shop that was asked, and whose first message has left."""
    doors = doors or {"emails": ("info@shop.example",)}
    shop = a_shop(now, "shop.example", name="Drill House", language="en", **doors)
    outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop, phone="+79161234567"))
    ask_shop(outreach.shop_id, now)
    work()
    return outreach


def a_reply(now: datetime, outreach: Outreach, text: str, **given: object) -> Reply:
    mail = InboundMail(
        digest=f"{now}{text}", recipient="reply+x@in.broker.test", content=b"", received_at=now, read_at=now
    )
    facts = {"kind": ReplyKind.HUMAN, "sender": "info@shop.example", "subject": "Re", "received_at": now}
    db.session.add(mail)
    db.session.flush()
    return saved(Reply(outreach=outreach, inbound_mail_id=mail.id, text=text, **{**facts, **given}))


def ask(outreach: Outreach, text: str, now: datetime, *, sure: bool = False) -> None:
    write_to_shop(outreach.discount_request_id, outreach.id, text, now, without_contacts=sure)


def letters(outreach: Outreach) -> list[Letter]:
    db.session.expire_all()
    return outreach.letters


def take(outreach: Outreach, text: str, now: datetime, **given: object) -> Letter:
    reply = a_reply(now, outreach, text, **given)
    with transaction():
        return take_shop_letter(outreach, reply, now)


def left_last(mail: FakeChannel) -> OutgoingMessage:
    return mail.sent[-1]


def test_a_question_goes_out_under_the_thread_of_the_request(
    now: datetime, work: Work, mail: FakeChannel
) -> None:
    outreach = an_asked_outreach(now, work)
    ask(outreach, "Is the case part of it?\n\nThank you", now + MINUTE)
    work()
    first, second = mail.sent
    assert second.to == "info@shop.example"
    assert second.in_reply_to == first.idempotency_key
    assert second.subject == f"Re: {first.subject}"
    assert second.reply_to == first.reply_to
    assert second.stop_url
    assert "  Is the case part of it?\n\n  Thank you\n" in second.text
    assert outreach.discount_request.buyer is not None
    assert outreach.discount_request.buyer.email not in second.text + (second.html or "")
    [letter] = letters(outreach)
    assert letter.author is LetterAuthor.BUYER
    assert letter.delivery is not None
    assert letter.delivery.status is DeliveryStatus.SENT


def test_contact_details_are_left_out_and_the_buyer_is_told_before(
    now: datetime, work: Work, mail: FakeChannel
) -> None:
    outreach = an_asked_outreach(now, work)
    text = "Call me: 8 916 123-45-67, or write to anna@mail.example"
    with pytest.raises(Refused, match="letter_has_contacts"):
        ask(outreach, text, now)
    assert letters(outreach) == []
    ask(outreach, text, now, sure=True)
    work()
    assert "Call me: […], or write to […]" in left_last(mail).text
    assert letters(outreach)[0].text == "Call me: […], or write to […]"


@pytest.mark.parametrize("how", ["allowed", "accepted"])
def test_a_shop_that_may_know_the_buyer_reads_everything(
    now: datetime, work: Work, mail: FakeChannel, how: str
) -> None:
    outreach = an_asked_outreach(now, work)
    if how == "allowed":
        outreach.discount_request.may_contact_directly = True
    else:
        outreach.status, outreach.next_step_at = OutreachStatus.ANSWERED, None
        tell(outreach.discount_request, "offer_accepted", now, shop="Drill House", outreach=str(outreach.id))
    db.session.commit()
    ask(outreach, "Call me: 8 916 123-45-67", now)
    work()
    assert "Call me: 8 916 123-45-67" in left_last(mail).text


def test_another_shop_whose_offer_was_not_accepted_still_knows_nothing(now: datetime, work: Work) -> None:
    outreach = an_asked_outreach(now, work)
    tell(outreach.discount_request, "offer_accepted", now, shop="Drill House", outreach="another")
    db.session.commit()
    with pytest.raises(Refused, match="letter_has_contacts"):
        ask(outreach, "Call me: 8 916 123-45-67", now)


def test_what_the_shop_itself_publishes_may_be_named(now: datetime, work: Work) -> None:
    outreach = an_asked_outreach(now, work)
    ask(outreach, "I wrote to sale@shop.example before.", now)
    assert letters(outreach)[0].text == "I wrote to sale@shop.example before."


def test_a_second_press_sends_nothing(now: datetime, work: Work) -> None:
    outreach = an_asked_outreach(now, work)
    ask(outreach, "Is it blue?", now)
    ask(outreach, "Is it blue? ", now + MINUTE)
    assert len(letters(outreach)) == 1
    ask(outreach, "Is it red?", now + MINUTE)
    assert len(letters(outreach)) == 2


@pytest.mark.parametrize(
    ("text", "code"), [("", "letter_empty"), (" \r\n ", "letter_empty"), ("x" * 2001, "letter_too_long")]
)
def test_a_letter_has_some_words_and_not_too_many(now: datetime, work: Work, text: str, code: str) -> None:
    outreach = an_asked_outreach(now, work)
    with pytest.raises(Refused, match=code):
        ask(outreach, text, now)


def test_five_letters_a_day_are_enough(now: datetime, work: Work) -> None:
    outreach = an_asked_outreach(now, work)
    for n in range(5):
        ask(outreach, f"Question {n}", now)
    with pytest.raises(Refused, match="letters_too_many"):
        ask(outreach, "One more", now + MINUTE)
    ask(outreach, "One more", now + DAY + MINUTE)
    assert len(letters(outreach)) == 6


def test_nobody_writes_for_a_request_of_others(now: datetime, work: Work) -> None:
    outreach, other = an_asked_outreach(now, work), a_request(now, RequestStatus.ASKED)
    with pytest.raises(NotFound):
        write_to_shop(other.id, outreach.id, "Hello", now)


def test_there_are_times_when_a_shop_is_not_written_to(now: datetime, work: Work) -> None:
    outreach = an_asked_outreach(now, work)
    request = outreach.discount_request
    for status, code in (
        (OutreachStatus.STOPPED, "letters_forbidden"),
        (OutreachStatus.DECLINED, "letters_declined"),
        (OutreachStatus.PLANNED, "letters_too_early"),
    ):
        outreach.status, outreach.next_step_at = status, None
        db.session.commit()
        with pytest.raises(Refused, match=code):
            ask(outreach, "Hello", now)
    request.status, request.closed_at = RequestStatus.CLOSED, now
    db.session.commit()
    with pytest.raises(Refused, match="letters_over"):
        ask(outreach, "Hello", now)


def test_a_shop_that_said_no_in_its_own_words_can_be_answered(now: datetime, work: Work) -> None:
    outreach = an_asked_outreach(now, work)
    outreach.status, outreach.next_step_at = OutreachStatus.DECLINED, None
    take(outreach, "No, but two pieces would be cheaper.", now)
    ask(outreach, "Two, then.", now)
    assert letters(outreach)[-1].delivery is not None


def test_it_is_known_of_many_shops_at_once_which_forbid_letters(now: datetime) -> None:
    free, by_name, by_hash = a_shop(now), a_shop(now), a_shop(now)
    by_alias, alias = a_shop(now), a_shop(now)
    alias.merged_into_id = by_alias.id
    db.session.commit()
    for key in (f"shop:{by_name.domain}", hashed(f"shop:{by_hash.domain}"), f"shop:{alias.domain}"):
        saved(Suppression(key=key, reason="reply", cause="", created_at=now))
    outreaches = [an_outreach(now, a_request(now), shop=shop) for shop in (free, by_name, by_hash, by_alias)]
    found = list_forbidding(outreaches)
    assert found == {one.id for one in outreaches if is_stopped(one.shop)}
    assert found == {one.id for one in outreaches[1:]}


def test_the_stop_list_wins_over_every_letter(now: datetime, work: Work, mail: FakeChannel) -> None:
    outreach = an_asked_outreach(now, work)
    ask(outreach, "Is it blue?", now)
    saved(Suppression(key="shop:shop.example", reason="reply", cause="", created_at=now))
    work()
    [letter] = letters(outreach)
    assert letter.delivery is not None
    assert letter.delivery.status is DeliveryStatus.STOPPED
    assert len(mail.sent) == 1
    with pytest.raises(Refused, match="letters_forbidden"):
        ask(outreach, "Is it red?", now)


def test_where_a_shop_has_only_a_form_the_question_goes_through_it(
    now: datetime, work: Work, forms: FakeChannel
) -> None:
    page = "https://shop.example/contacts"
    outreach = an_asked_outreach(now, work, forms=(page,))
    ask(outreach, "Is it blue?", now)
    work()
    question = left_last(forms)
    assert (question.to, question.html) == (page, None)
    assert "  Is it blue?" in question.text
    assert question.reply_to in question.text
    assert len(forms.sent) == 2


def test_where_no_door_is_left_the_letter_waits_for_our_people(now: datetime, work: Work) -> None:
    outreach = an_asked_outreach(now, work)
    for point in outreach.shop.contact_points:
        point.state = "dead"
    db.session.commit()
    ask(outreach, "Is it blue?", now)
    [letter] = letters(outreach)
    assert letter.delivery is None
    assert outreach.discount_request.timeline[-1].event == "letter_kept"


def test_a_letter_of_the_shop_reaches_the_buyer_and_can_be_answered_by_mail(
    now: datetime, work: Work, mail: FakeChannel
) -> None:
    outreach = an_asked_outreach(now, work)
    take(outreach, "Good day,\nyes, 5 % is possible.\nIvan, +7 495 104-83-86", now + MINUTE)
    work()
    passed_on = left_last(mail)
    assert outreach.discount_request.buyer is not None
    assert passed_on.to == outreach.discount_request.buyer.email
    assert "Drill House wrote to you" in passed_on.subject
    assert "  yes, 5 % is possible.\n  Ivan, +7 495 104-83-86\n" in passed_on.text
    assert "info@shop.example" not in passed_on.text
    assert is_own_address(passed_on.reply_to, now)
    kind, _, token = passed_on.reply_to.partition("@")[0].partition("+")
    assert kind == "answer"
    assert read_token(Purpose.BUYER_REPLY, token, now) == outreach.id
    assert f"/shops/{outreach.id}" in passed_on.text


def test_the_same_reply_is_passed_on_once(now: datetime, work: Work, mail: FakeChannel) -> None:
    outreach = an_asked_outreach(now, work)
    reply = a_reply(now, outreach, "Yes.")
    for _ in range(2):
        with transaction():
            take_shop_letter(outreach, reply, now)
    work()
    assert len(letters(outreach)) == 1
    assert len(mail.sent) == 2


def test_a_second_letter_of_the_shop_follows_the_first(now: datetime, work: Work, mail: FakeChannel) -> None:
    outreach = an_asked_outreach(now, work)
    take(outreach, "Yes.", now)
    take(outreach, "And the case is free.", now + MINUTE)
    work()
    assert mail.sent[2].in_reply_to == mail.sent[1].idempotency_key


def test_whoever_quotes_our_links_gives_no_secret_away(now: datetime, work: Work, mail: FakeChannel) -> None:
    outreach = an_asked_outreach(now, work)
    request = left_last(mail)
    take(outreach, f"Yes.\n\nYour letter was:\n{request.text}", now)
    work()
    passed_on = left_last(mail)
    token = request.reply_to.partition("+")[2].partition("@")[0]
    told = passed_on.text + (passed_on.html or "") + letters(outreach)[0].text
    assert token not in told
    offer_token = request.text.partition("/o/")[2][:48]
    assert offer_token not in told
    ask(outreach, f"They see {passed_on.text.partition('requests/')[2][:48]}?", now)
    work()
    assert passed_on.text.partition("requests/")[2][:48] not in left_last(mail).text


def test_hostile_words_stay_words(now: datetime, work: Work, mail: FakeChannel) -> None:
    outreach = an_asked_outreach(now, work)
    take(outreach, "<script>alert(1)</script>\r\nBcc: all@mail.example\u202e\x00", now)
    work()
    passed_on = left_last(mail)
    assert passed_on.html is not None
    assert "<script" not in passed_on.html
    assert "&lt;script&gt;" in passed_on.html
    assert "\nBcc" not in passed_on.text
    assert not {"\u202e", "\x00"} & set(passed_on.text + passed_on.html)


def test_a_very_long_letter_is_mailed_in_part_and_kept_whole(
    now: datetime, work: Work, mail: FakeChannel
) -> None:
    outreach = an_asked_outreach(now, work)
    letter = take(outreach, "word " * 3000, now)
    work()
    assert len(letter.text) > 14_000
    assert len(left_last(mail).text) < 9_000
    assert "The letter is longer" in left_last(mail).text


def test_a_buyer_who_has_left_is_not_written_to(now: datetime, work: Work, mail: FakeChannel) -> None:
    outreach = an_asked_outreach(now, work)
    request = outreach.discount_request
    request.status, request.closed_at, request.outcome = RequestStatus.CLOSED, now, Outcome.WITHDRAWN
    db.session.commit()
    letter = take(outreach, "Too late?", now)
    work()
    assert letter.delivery is None
    assert len(mail.sent) == 1


def test_the_buyers_mail_goes_on_to_the_shop(now: datetime, work: Work, mail: FakeChannel) -> None:
    outreach = an_asked_outreach(now, work)
    take(outreach, "Which colour?", now)
    with transaction():
        take_buyer_letter(outreach, "Blue. Call 8 916 123-45-67", now + MINUTE)
    work()
    assert left_last(mail).to == "info@shop.example"
    assert "  Blue. Call […]" in left_last(mail).text
    assert "left out contact details" in left_last(mail).text


def test_a_mail_that_may_not_go_on_is_kept_for_our_people(now: datetime, work: Work) -> None:
    outreach = an_asked_outreach(now, work)
    with transaction():
        too_long = take_buyer_letter(outreach, "x" * 3000, now)
    for n in range(4):
        ask(outreach, f"Question {n}", now)
    with transaction():
        too_many = take_buyer_letter(outreach, "One more", now)
    outreach.status, outreach.next_step_at = OutreachStatus.STOPPED, None
    db.session.commit()
    with transaction():
        forbidden = take_buyer_letter(outreach, "Hello?", now + 2 * DAY)
    assert [kept.delivery for kept in (too_long, too_many, forbidden)] == [None] * 3
    assert len(too_long.text) == 3000


def test_the_answer_goes_to_the_door_the_shop_answered_from(
    now: datetime, work: Work, mail: FakeChannel
) -> None:
    outreach = an_asked_outreach(now, work, emails=("info@shop.example", "boss@shop.example"))
    take(outreach, "Yes?", now, sender="Boss@shop.example")
    ask(outreach, "Blue.", now + MINUTE)
    work()
    assert left_last(mail).to == "boss@shop.example"


def test_an_operators_letter_waits_half_a_minute_and_can_be_taken_back(
    now: datetime, work: Work, mail: FakeChannel
) -> None:
    outreach, operator = an_asked_outreach(now, work), an_operator(now)
    write_by_hand(outreach.id, Reader.SHOP, operator.id, "Who decides on prices?", now)
    work()
    requeue_lost(now + timedelta(seconds=29))
    work()
    assert len(mail.sent) == 1
    [letter] = letters(outreach)
    assert [take_back_letter(letter.id, operator.id, now) for _ in range(2)] == [True, False]
    assert (
        db.session.query(AuditEntry).filter_by(what="letter_taken_back", operator_id=operator.id).count() == 1
    )
    assert letters(outreach)[0].text == "Who decides on prices?"
    write_by_hand(outreach.id, Reader.SHOP, operator.id, "Who decides on prices?", now + MINUTE)
    assert len(letters(outreach)) == 2, "what was taken back can be sent again"


@pytest.mark.parametrize("reader", Reader)
def test_an_operators_letter_is_no_automatic_mail(
    now: datetime, work: Work, mail: FakeChannel, reader: Reader
) -> None:
    outreach, operator = an_asked_outreach(now, work), an_operator(now)
    write_by_hand(outreach.id, reader, operator.id, "Good afternoon", now)
    delivery = letters(outreach)[0].delivery
    assert delivery is not None
    assert delivery.due_at == now + timedelta(seconds=30)
    delivery.due_at = now
    db.session.commit()
    requeue_lost(now)
    work()
    sent = left_last(mail)
    assert sent.by_hand
    assert "  Good afternoon" in sent.text
    assert not take_back_letter(letters(outreach)[0].id, operator.id, now)
    buyer = outreach.discount_request.buyer
    assert buyer is not None
    assert sent.to == {Reader.SHOP: "info@shop.example", Reader.BUYER: buyer.email}[reader]


def test_a_buyers_answer_to_our_people_stays_with_them(now: datetime, work: Work) -> None:
    outreach, operator = an_asked_outreach(now, work), an_operator(now)
    write_by_hand(outreach.id, Reader.BUYER, operator.id, "Which city?", now)
    with transaction():
        letter = take_buyer_letter(outreach, "Omsk", now + MINUTE)
    assert letter.delivery is None
    assert outreach.discount_request.timeline[-1].event == "wrote_to_us"
    assert is_for_us(letter)


def test_an_operator_cannot_write_to_whoever_forbade_it(now: datetime, work: Work) -> None:
    outreach, operator = an_asked_outreach(now, work), an_operator(now)
    for point in outreach.shop.contact_points:
        point.state = "dead"
    db.session.commit()
    with pytest.raises(Refused, match="letter_has_no_way"):
        write_by_hand(outreach.id, Reader.SHOP, operator.id, "Hello", now)
    saved(Suppression(key="shop:shop.example", reason="reply", cause="", created_at=now))
    with pytest.raises(Refused, match="letters_forbidden"):
        write_by_hand(outreach.id, Reader.SHOP, operator.id, "Hello", now)
    assert letters(outreach) == []


def test_only_what_was_written_by_hand_can_be_taken_back(now: datetime, work: Work) -> None:
    outreach = an_asked_outreach(now, work)
    ask(outreach, "Is it blue?", now)
    with pytest.raises(NotFound):
        take_back_letter(letters(outreach)[0].id, an_operator(now).id, now)


@pytest.fixture
def shop_hours(app: Flask) -> Iterator[None]:
    """Letters to shops leave from eight to twenty."""
    here = app.extensions["site"]
    app.extensions["site"] = replace(here, shop_hours=(8, 20))
    yield
    app.extensions["site"] = here


@pytest.mark.usefixtures("shop_hours")
def test_a_question_nobody_waits_for_keeps_to_the_hours_of_the_shop(now: datetime, work: Work) -> None:
    outreach = an_asked_outreach(now, work)
    midnight = now.replace(hour=21)
    ask(outreach, "Is it blue?", midnight)
    delivery = letters(outreach)[0].delivery
    assert delivery is not None
    assert delivery.due_at == (now + DAY).replace(hour=5), "eight in the morning in Moscow"


@pytest.mark.usefixtures("shop_hours")
def test_an_answer_the_shop_waits_for_leaves_at_once(now: datetime, work: Work) -> None:
    outreach = an_asked_outreach(now, work)
    midnight = now.replace(hour=21)
    take(outreach, "Which colour?", midnight)
    ask(outreach, "Blue.", midnight + MINUTE)
    delivery = letters(outreach)[-1].delivery
    assert delivery is not None
    assert delivery.due_at == midnight + MINUTE


def test_letters_count_as_messages_the_shop_has_had(now: datetime, work: Work) -> None:
    outreach = an_asked_outreach(now, work)
    for n in range(4):
        ask(outreach, f"Question {n}", now)
    take(outreach, "Which colour?", now - MINUTE)
    work()
    assert count_messages(outreach.shop_id, now - DAY) == 5, "what went to the buyer is none of the shop's"
    other = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=outreach.shop))
    ask_shop(other.shop_id, now + MINUTE)
    assert other.steps[0].delivery.template == "shop_digest"


def test_a_letter_that_came_back_goes_through_another_door_at_once(
    now: datetime, work: Work, mail: FakeChannel
) -> None:
    outreach = an_asked_outreach(now, work, emails=("info@shop.example", "boss@shop.example"))
    mail.dead["info@shop.example"] = PermanentFailure("550 no such user", FailureReason.ADDRESS_DEAD)
    ask(outreach, "Is it blue?", now)
    work()
    assert [sent.to for sent in mail.sent] == ["info@shop.example", "boss@shop.example"]
    assert "  Is it blue?" in left_last(mail).text
    dead = {point.value: point.state for point in outreach.shop.contact_points}
    assert dead["info@shop.example"] is ContactState.DEAD
    [letter] = letters(outreach)
    assert letter.delivery is not None
    assert letter.delivery.status is DeliveryStatus.SENT


@pytest.mark.parametrize("lost", ["dead", "unknown"])
def test_a_letter_that_nothing_carries_on_comes_to_the_desk_once(
    now: datetime, work: Work, forms: FakeChannel, mail: FakeChannel, lost: str
) -> None:
    if lost == "dead":
        outreach = an_asked_outreach(now, work)
        mail.failing_with = PermanentFailure("550 no such user", FailureReason.ADDRESS_DEAD)
    else:
        outreach = an_asked_outreach(now, work, forms=("https://shop.example/contacts",))
        forms.failing_with = OutcomeUnknown("no answer")
    ask(outreach, "Is it blue?", now)
    work()
    open_due_cases(now + 3 * MINUTE)
    open_due_cases(now + 4 * MINUTE)
    case = find_case_of(outreach.id)
    assert case is not None
    assert (case.reason, case.next_action) == (CaseReason.STRANDED_LETTER, NextAction.READ_LETTER)
    settle = saved(an_operator(now))
    close_case(case.id, settle.id, Ending.NO_LONGER_NEEDED, now + 5 * MINUTE)
    open_due_cases(now + 6 * MINUTE)
    assert case.status is CaseStatus.CLOSED


def test_letters_that_wait_are_dropped_when_the_buyer_leaves(
    now: datetime, work: Work, mail: FakeChannel
) -> None:
    outreach = an_asked_outreach(now, work)
    take(outreach, "Yes?", now)
    ask(outreach, "Is it blue?", now + MINUTE)
    withdraw_request(outreach.discount_request_id, now + MINUTE)
    statuses = [letter.delivery.status for letter in letters(outreach) if letter.delivery]
    assert statuses == [DeliveryStatus.QUEUED, DeliveryStatus.STOPPED], "what the shop wrote is still told"


def a_mail(sender: str, to: str, text: str) -> bytes:
    return (
        f"From: {sender}\r\nTo: {to}\r\nSubject: Re: your letter\r\n"
        f"Message-ID: <{hash(text)}@mail.example>\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}"
    ).encode()


def test_shop_and_buyer_write_to_each_other_by_mail_alone(
    now: datetime, work: Work, mail: FakeChannel
) -> None:
    outreach = an_asked_outreach(now, work)
    request = left_last(mail)
    quote = "".join(f"> {line}\n" for line in request.text.splitlines())
    said = f"Good day!\n\nWhich city are you in?\n\nOn Monday Discount Broker wrote:\n{quote}"
    receive_mail(request.reply_to, a_mail("info@shop.example", request.reply_to, said), now + MINUTE)
    work()
    asked = left_last(mail)
    buyer = outreach.discount_request.buyer
    assert buyer is not None
    assert asked.to == buyer.email
    assert "  Which city are you in?" in asked.text
    assert "ready to buy" not in asked.text
    answer = (
        f"Omsk, or call 8 916 123-45-67\n\nOn Monday Drill House wrote:\n> {asked.text.splitlines()[2]}\n"
    )
    receive_mail(asked.reply_to, a_mail(buyer.email, asked.reply_to, answer), now + MINUTE)
    work()
    answered = left_last(mail)
    assert answered.to == "info@shop.example"
    assert "  Omsk, or call […]\n" in answered.text
    assert buyer.email not in answered.text + (answered.html or "") + answered.reply_to
    assert answered.reply_to == request.reply_to
    assert [letter.author for letter in letters(outreach)] == [LetterAuthor.SHOP, LetterAuthor.BUYER]


def test_machines_of_the_buyer_are_not_passed_on(now: datetime, work: Work, mail: FakeChannel) -> None:
    outreach = an_asked_outreach(now, work)
    take(outreach, "Which city?", now)
    work()
    to = left_last(mail).reply_to
    away = a_mail("b@mail.example", to, "I am away until Monday.").replace(
        b"Subject:", b"Auto-Submitted: auto-replied\r\nSubject: Out of office"
    )
    receive_mail(to, away, now + MINUTE)
    work()
    assert len(letters(outreach)) == 1


def test_an_answer_to_our_people_brings_the_open_case_up_again(now: datetime, work: Work) -> None:
    outreach, operator = an_asked_outreach(now, work), an_operator(now)
    outreach.status, outreach.next_step_at, outreach.exhausted_why = OutreachStatus.EXHAUSTED, None, "silence"
    db.session.commit()
    open_due_cases(now)
    case = find_case_of(outreach.id)
    assert case is not None
    write_by_hand(outreach.id, Reader.BUYER, operator.id, "Which city?", now)
    snooze_case(case.id, operator.id, now + DAY, now)
    with transaction():
        take_buyer_letter(outreach, "Omsk", now + MINUTE)
    open_due_cases(now + 2 * MINUTE)
    assert (case.reason, case.next_action) == (CaseReason.STRANDED_LETTER, NextAction.READ_LETTER)
    assert case.next_action_at == now + 2 * MINUTE
    snooze_case(case.id, operator.id, now + DAY, now + 3 * MINUTE)
    open_due_cases(now + 4 * MINUTE)
    assert case.next_action_at == now + DAY, "told once"


def test_a_letter_that_waits_does_not_leave_to_a_shop_that_wants_no_more_of_this_request(
    now: datetime, work: Work, mail: FakeChannel
) -> None:
    outreach = an_asked_outreach(now, work)
    ask(outreach, "Is the case part of it?", now)
    stop_outreach(outreach.id, now)
    work()
    [letter] = letters(outreach)
    assert letter.delivery is not None
    assert letter.delivery.status is DeliveryStatus.STOPPED
    assert len(mail.sent) == 1


def test_a_letter_to_a_door_that_is_somebody_elses_goes_through_another_one(
    now: datetime, work: Work, mail: FakeChannel
) -> None:
    outreach = an_asked_outreach(now, work, emails=("info@shop.example", "sales@shop.example"))
    ask(outreach, "Is the case part of it?", now)
    first = outreach.steps[0].contact_point
    disown_door(outreach.shop_id, first.id, an_operator(now).id, now)
    work()
    assert [message.to for message in mail.sent] == [
        first.value,
        ({"info@shop.example", "sales@shop.example"} - {first.value}).pop(),
    ]
    assert [letter.delivery.status for letter in letters(outreach) if letter.delivery] == [
        DeliveryStatus.SENT
    ]


def test_a_letter_to_an_address_that_is_forbidden_meanwhile_comes_to_our_people(
    now: datetime, work: Work, mail: FakeChannel
) -> None:
    outreach = an_asked_outreach(now, work)
    ask(outreach, "Is the case part of it?", now)
    saved(Suppression(key="email:info@shop.example", reason="operator"))
    work()
    open_due_cases(now + 3 * MINUTE)
    assert len(mail.sent) == 1
    case = find_case_of(outreach.id)
    assert case is not None
    assert case.reason is CaseReason.STRANDED_LETTER
