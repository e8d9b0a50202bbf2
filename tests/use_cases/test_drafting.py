"""What a letter plainly offers is asked back, and becomes an offer when the shop presses."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage

import pytest
from flask import Flask

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.queries import find_case_of
from discount_broker.escalation.status import CaseReason, NextAction
from discount_broker.escalation.use_cases import open_due_cases
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import IllegalTransition, NotFound, Refused
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.offers.models import OfferDraft
from discount_broker.offers.queries import find_offer_of, list_drafts, list_open_drafts
from discount_broker.offers.rules import Answer
from discount_broker.offers.status import AnswerKind
from discount_broker.offers.use_cases import confirm_draft, draft_offers, submit_answer, withdraw_request
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.queries.suggestions import list_open_suggestions
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases import ask_shop, read_mail, receive_mail
from tests.builders import a_case, a_request, a_shop, an_operator, an_outreach, holder_id_of
from tests.fakes import FakeChannel
from tests.use_cases.conftest import Work
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")
PROVED = {"dmarc": "pass", "domain": "tools.ru"}
PLAIN = "Здравствуйте! Готовы дать скидку 7 %. Предложение действует до 30 января."


@pytest.fixture
def outreach(work_at: Work, mail: FakeChannel, now: datetime) -> Outreach:
    """A shop that was asked; what was sent so far is forgotten."""
    shop = a_shop(now, "tools.ru", emails=("info@tools.ru",))
    asked = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
    ask_shop(shop.id, now)
    work_at(now)
    mail.sent.clear()
    db.session.expire_all()
    return asked


def write(outreach: Outreach, text: str, now: datetime, sender: str = "anna@tools.ru", **proof: str) -> None:
    message = EmailMessage()
    message["From"], message["Subject"], message["Message-ID"] = sender, "Re", f"<{hash(text)}@tools.ru>"
    message.set_content(text)
    token = issue_token(Purpose.REPLY, outreach.id, outreach.created_at)
    address = f"reply+{token}@in.broker.test"
    read_mail(receive_mail(address, message.as_bytes(), now, authentication=proof or PROVED), now)
    db.session.expire_all()


def to_the_shop(mail: FakeChannel) -> list[str]:
    return [message.text for message in mail.sent if message.to.endswith("tools.ru")]


def the_draft(outreach: Outreach) -> OfferDraft:
    (draft,) = list_open_drafts(outreach.id)
    return draft


def test_a_plain_offer_is_asked_back_and_the_buyer_hears_nothing_of_it(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    write(outreach, PLAIN, now)
    assert [draft_offers(now), draft_offers(now)] == [1, 0]
    work_at(now)
    db.session.expire_all()
    draft = the_draft(outreach)
    assert (draft.kind, draft.percent, draft.settled_at) == (AnswerKind.PERCENT, Decimal(7), None)
    assert draft.valid_until == datetime(2030, 1, 30, 20, 59, tzinfo=UTC)
    assert draft.evidence in PLAIN
    (letter,) = to_the_shop(mail)
    assert f"/drafts/{draft.id}" in letter
    assert find_offer_of(outreach.id) is None
    assert outreach.discount_request.status is RequestStatus.ASKED


@pytest.mark.parametrize(
    "text",
    [
        "Готовы дать скидку 7 % до 30 января.",
        "Дадим скидку 7% до 30.01.2030.",
        "We can give you 7 % off until 30 January.",
    ],
)
def test_the_term_may_stand_in_the_same_sentence(text: str, outreach: Outreach, now: datetime) -> None:
    write(outreach, text, now)
    draft_offers(now)
    assert the_draft(outreach).valid_until == datetime(2030, 1, 30, 20, 59, tzinfo=UTC)


def test_a_press_makes_it_the_shops_answer_and_a_second_one_changes_nothing(
    app: Flask, outreach: Outreach, now: datetime
) -> None:
    write(outreach, PLAIN, now)
    draft_offers(now)
    ids = outreach.id, the_draft(outreach).id
    assert race(app, *[lambda: confirm_draft(*ids, now)] * 3) == [None] * 3
    db.session.expire_all()
    offer = find_offer_of(outreach.id)
    assert offer is not None
    assert (offer.percent, offer.valid_until) == (Decimal(7), datetime(2030, 1, 30, 20, 59, tzinfo=UTC))
    assert offer.operator_id is None
    assert outreach.status is OutreachStatus.ANSWERED
    assert (list_open_drafts(outreach.id), list_open_suggestions(outreach.id)) == ([], [])


def test_a_price_becomes_a_draft_in_the_currency_of_the_shop(outreach: Outreach, now: datetime) -> None:
    write(outreach, "Можем отдать за 11 500 руб.", now)
    draft_offers(now)
    draft = the_draft(outreach)
    assert (draft.kind, draft.final_price, draft.valid_until) == (AnswerKind.PRICE, Decimal(11500), None)
    confirm_draft(outreach.id, draft.id, now)
    offer = find_offer_of(outreach.id)
    assert offer is not None
    assert offer.valid_until == now + timedelta(days=3)


@pytest.mark.parametrize(
    "proof",
    [
        {"spf": "none"},
        {"dkim": "pass", "domain": "elsewhere.example"},
        {"dmarc": "fail"},
    ],
)
def test_a_sender_who_has_proved_nothing_gets_no_draft(
    proof: dict[str, str], outreach: Outreach, now: datetime
) -> None:
    write(outreach, PLAIN, now, **proof)
    assert draft_offers(now) == 0
    assert outreach.status is OutreachStatus.EXHAUSTED, "it is an answer all the same, for a person to read"


def test_a_proved_sender_of_another_domain_gets_no_draft(outreach: Outreach, now: datetime) -> None:
    write(outreach, PLAIN, now, "boss@elsewhere.example", dmarc="pass", domain="elsewhere.example")
    write(outreach, PLAIN + " ", now, "boss@elsewhere.example", dmarc="pass", domain="tools.ru")
    assert draft_offers(now) == 0


@pytest.mark.parametrize(
    "text",
    [
        "Дадим скидку 7 %, если закажете два.",
        "Дадим скидку 7 %. А какой цвет нужен?",
        "Скидку 7 % не даём.",
        "Дадим 5 % или 7 %.",
        "Дадим скидку до 7 %.",
        "Дадим скидку до 7.5 %.",
        "Скидка 7 %? Позвоните нам.",
        "Спасибо, посмотрим.",
        "Можем отдать за 99 000 руб.",
    ],
)
def test_what_is_not_said_plainly_is_left_to_a_person(text: str, outreach: Outreach, now: datetime) -> None:
    write(outreach, text, now)
    assert draft_offers(now) == 0


def test_a_later_letter_takes_the_place_of_the_draft(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    write(outreach, PLAIN, now)
    draft_offers(now)
    first = the_draft(outreach)
    later = now + timedelta(minutes=10)
    write(outreach, "Простите, ошиблись: можем дать скидку 5 %.", later)
    draft_offers(later)
    assert the_draft(outreach).percent == Decimal(5)
    with pytest.raises(IllegalTransition):
        confirm_draft(outreach.id, first.id, later)
    write(outreach, "Нет, всё же можем дать скидку 6 %.", later + timedelta(minutes=10))
    assert draft_offers(later + timedelta(minutes=10)) == 0, "that is for a person"
    assert len(list_drafts(outreach.id)) == 2


def test_the_desk_waits_a_day_of_the_shop_for_the_press(outreach: Outreach, now: datetime) -> None:
    write(outreach, PLAIN, now)
    draft_offers(now)
    open_due_cases(now)
    db.session.expire_all()
    case = find_case_of(outreach.id)
    assert case is not None
    assert (case.reason, case.next_action) == (CaseReason.REPLY_TO_READ, NextAction.READ_REPLY)
    assert case.next_action_at is not None
    assert now + timedelta(hours=20) < case.next_action_at < now + timedelta(days=2)


def test_an_operator_who_has_the_case_hears_of_the_letter_at_once(outreach: Outreach, now: datetime) -> None:
    case = a_case(now, outreach, an_operator(now), next_action_at=now + timedelta(hours=5))
    write(outreach, PLAIN, now)
    assert draft_offers(now) == 1
    open_due_cases(now)
    db.session.expire_all()
    assert (case.reason, case.next_action_at) == (CaseReason.REPLY_TO_READ, now)
    assert holder_id_of(case) is not None


def test_another_answer_settles_the_draft_and_keeps_its_letter_here(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    write(outreach, PLAIN, now)
    draft_offers(now)
    draft = the_draft(outreach)
    submit_answer(outreach.id, Answer(kind=AnswerKind.PERCENT, percent=Decimal(8)), now)
    work_at(now)
    db.session.expire_all()
    assert draft.settled_at == now
    assert to_the_shop(mail) == []
    with pytest.raises(IllegalTransition):
        confirm_draft(outreach.id, draft.id, now)


def test_when_its_term_is_over_or_nobody_wants_it_a_press_is_refused(
    outreach: Outreach, now: datetime
) -> None:
    write(outreach, PLAIN, now)
    draft_offers(now)
    draft = the_draft(outreach)
    with pytest.raises(NotFound):
        confirm_draft(an_outreach(now, outreach.discount_request, a_shop(now)).id, draft.id, now)
    with pytest.raises(Refused):
        confirm_draft(outreach.id, draft.id, now + timedelta(days=30))
    withdraw_request(outreach.discount_request_id, now)
    with pytest.raises(IllegalTransition):
        confirm_draft(outreach.id, draft.id, now)


def test_a_letter_to_a_request_that_is_over_drafts_nothing(outreach: Outreach, now: datetime) -> None:
    withdraw_request(outreach.discount_request_id, now)
    write(outreach, PLAIN, now)
    assert draft_offers(now) == 0
    assert outreach.replies[0].text


def test_the_letter_that_asks_back_waits_like_any_other(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    write(outreach, PLAIN, now)
    draft_offers(now)
    draft = the_draft(outreach)
    assert draft.valid_until is not None
    assert draft.valid_until.date() == date(2030, 1, 30)
    withdraw_request(outreach.discount_request_id, now)
    work_at(now)
    assert {d.status for d in [step.delivery for step in outreach.steps]} == {DeliveryStatus.SENT}


def test_the_letter_that_asks_back_does_not_leave_when_the_buyer_wants_no_answer_any_more(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    write(outreach, PLAIN, now)
    draft_offers(now)
    withdraw_request(outreach.discount_request_id, now)
    work_at(now)
    assert to_the_shop(mail) == []
    assert list_open_drafts(outreach.id) == []
