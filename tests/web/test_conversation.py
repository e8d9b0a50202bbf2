from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import EscalationCase
from discount_broker.escalation.status import CaseReason
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.models import InboundMail, Letter, Outreach, Reply, Step
from discount_broker.outreach.status import LetterAuthor, OutreachStatus, ReplyKind
from discount_broker.outreach.use_cases import ask_shop
from tests.architecture.test_access import log_in
from tests.builders import a_case, a_request, a_shop, an_operator, an_outreach, saved
from tests.fakes import FakeChannel
from tests.web.conftest import Browser

Work = Callable[[], list[str]]
Link = Callable[[Purpose, UUID], str]


def an_asked_outreach(now: datetime, work: Work, **given: Any) -> Outreach:
    shop = a_shop(now, name="Drill House", language="en", emails=("info@drills.example",))
    outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop, **given))
    ask_shop(outreach.shop_id, now)
    work()
    return outreach


def path_to(outreach: Outreach, now: datetime) -> str:
    return f"/requests/{issue_token(Purpose.FOLLOW, outreach.discount_request_id, now)}"


def letters_path(outreach: Outreach, now: datetime) -> str:
    return f"{path_to(outreach, now)}/shops/{outreach.id}"


def a_shop_letter(now: datetime, outreach: Outreach, text: str, **mail: Any) -> Letter:
    came = saved(
        InboundMail(digest=str(uuid4()), recipient="r", content=b"", received_at=now, read_at=now, **mail)
    )
    facts = {"kind": ReplyKind.HUMAN, "sender": "anna@drills.example", "subject": "Re", "received_at": now}
    reply = saved(Reply(outreach=outreach, inbound_mail_id=came.id, text=text, **facts))
    return saved(Letter(outreach=outreach, author=LetterAuthor.SHOP, text=text, reply=reply, created_at=now))


def letters(outreach: Outreach) -> list[Letter]:
    db.session.expire_all()
    return outreach.letters


def test_the_request_page_shows_the_thread_and_takes_a_question(
    client: Browser, now: datetime, work: Work, mail: FakeChannel
) -> None:
    outreach = an_asked_outreach(now, work)
    page = client.get(path_to(outreach, now)).text
    assert "We asked Drill House by e-mail at info@drills.example" in page
    assert "Accepted by the mail server" in page
    answer = client.press(f"{letters_path(outreach, now)}/letters", text="Is it blue?")
    assert answer.status_code == 302
    assert answer.location.endswith(f"#shop-{outreach.id}")
    work()
    assert "  Is it blue?" in mail.sent[-1].text
    page = client.get(answer.location).text
    assert "You wrote to Drill House" in page
    assert "Is it blue?" in page


def test_a_shop_that_wrote_in_its_own_words_is_not_called_silent(
    client: Browser, now: datetime, work: Work
) -> None:
    outreach = an_asked_outreach(now, work)
    assert "1 shop has not answered yet" in client.get(path_to(outreach, now)).text
    a_shop_letter(now, outreach, "Which colour?")
    db.session.expire_all()
    page = client.get(path_to(outreach, now)).text
    assert "not answered yet" not in page
    assert "Drill House wrote to you: read it below" in page
    assert "the shop wrote" in page


def test_a_shop_that_nothing_could_be_sent_to_is_not_called_silent(
    client: Browser, now: datetime, work: Work
) -> None:
    outreach = an_asked_outreach(now, work)
    unreachable = an_outreach(now, outreach.discount_request, a_shop(now, name="Doorless"))
    ask_shop(unreachable.shop_id, now)
    page = client.get(path_to(outreach, now)).text
    assert unreachable.status is OutreachStatus.EXHAUSTED
    assert "1 shop has not answered yet" in page


def test_what_the_shop_may_not_know_is_shown_before_it_is_sent(
    client: Browser, now: datetime, work: Work
) -> None:
    outreach = an_asked_outreach(now, work)
    path = f"{letters_path(outreach, now)}/letters"
    typed = "Call me: +7 916 123-45-67"
    answer = client.press(path, text=typed)
    assert answer.status_code == 422
    assert "not sent yet" in answer.text
    assert "Call me: […]" in answer.text
    assert f">{typed}</textarea>" in answer.text
    assert letters(outreach) == []
    assert client.press(path, text=typed, without_contacts="yes").status_code == 302
    assert [letter.text for letter in letters(outreach)] == ["Call me: […]"]


@pytest.mark.parametrize(
    ("typed", "said"), [("  ", "write something first"), ("x" * 2001, "too long for one letter")]
)
def test_a_mistake_keeps_what_was_typed(
    client: Browser, now: datetime, work: Work, typed: str, said: str
) -> None:
    outreach = an_asked_outreach(now, work)
    answer = client.press(f"{letters_path(outreach, now)}/letters", text=typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert f">{typed}</textarea>" in answer.text


def test_where_nothing_can_be_sent_what_was_typed_can_still_be_copied(
    client: Browser, now: datetime, work: Work
) -> None:
    outreach = an_asked_outreach(now, work)
    outreach.status, outreach.next_step_at = OutreachStatus.STOPPED, None
    db.session.commit()
    page = client.get(letters_path(outreach, now)).text
    assert "gets no more letters from us" in page
    assert "<textarea" not in page
    answer = client.press(f"{letters_path(outreach, now)}/letters", text="A long letter")
    assert answer.status_code == 422
    assert "A long letter" in answer.text


def test_a_shop_of_another_request_is_not_there(client: Browser, now: datetime, work: Work) -> None:
    mine, other = an_asked_outreach(now, work), an_asked_outreach(now, work)
    path = f"{path_to(mine, now)}/shops/{other.id}"
    assert client.get(path).status_code == 404
    assert client.press(f"{path}/letters", text="Hello").status_code == 404
    assert letters(other) == []


def test_letters_of_shops_are_text_and_nothing_else(client: Browser, now: datetime, work: Work) -> None:
    outreach = an_asked_outreach(now, work)
    text = "<b>Yes</b> see https://evil.example/x\u202e\n\nIvan"
    a_shop_letter(now, outreach, text, attachments=[{"name": "<price>.pdf"}])
    page = client.get(path_to(outreach, now)).text
    assert "&lt;b&gt;Yes&lt;/b&gt; see https://evil.example/x\n\nIvan" in page
    assert 'href="https://evil' not in page
    assert "\u202e" not in page
    assert "&lt;price&gt;.pdf" in page


def test_the_buyer_never_sees_the_secret_links_of_the_shop(
    client: Browser, now: datetime, work: Work
) -> None:
    outreach = an_asked_outreach(now, work)
    sent = outreach.steps[0].delivery.text
    assert "/o/" in sent
    pages = [client.get(path_to(outreach, now) + rest).text for rest in ("", "/proof", "/proof.txt")]
    for secret in (sent.partition("/o/")[2][:48], sent.partition("/stop/")[2][:48]):
        assert not [page for page in pages if secret in page]


def test_the_polls_bring_new_letters_without_touching_what_is_being_typed(
    client: Browser, now: datetime, work: Work
) -> None:
    outreach = an_asked_outreach(now, work)
    path = f"{path_to(outreach, now)}/story"
    seen = client.get(path).text.partition("seen=")[2][:12]
    assert client.get(path, query_string={"seen": seen}).status_code == 204
    a_shop_letter(now, outreach, "Yes, it is blue.")
    news = client.get(path, query_string={"seen": seen}).text
    assert f'id="thread-{outreach.id}" hx-swap-oob="true"' in news
    assert "Yes, it is blue." in news
    assert "<textarea" not in news


def test_a_letter_that_several_requests_share_tells_nothing_of_the_others(
    client: Browser, now: datetime, work: Work
) -> None:
    outreach = an_asked_outreach(now, work)
    other = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=outreach.shop))
    step = outreach.steps[0]
    step.delivery.text = f"Two buyers: {other.discount_request.number}"
    shared = Step(number=1, contact_point=step.contact_point, delivery=step.delivery, taken_at=now)
    other.steps.append(shared)
    db.session.commit()
    for one in (outreach, other):
        page = client.get(path_to(one, now)).text
        assert "Accepted by the mail server" in page
        assert "together with others" in page
        proof = client.get(f"{path_to(one, now)}/proof").text
        assert "requests of other buyers" in proof
        assert "Two buyers" not in page + proof


def test_states_of_waiting_messages_are_told(client: Browser, now: datetime, work: Work) -> None:
    outreach = an_asked_outreach(now, work)
    delivery: Delivery = outreach.steps[0].delivery
    for status, more, said in (
        (DeliveryStatus.QUEUED, {"due_at": now + timedelta(days=2)}, "Waits for their working hours"),
        (DeliveryStatus.UNKNOWN, {}, "one of our people is finding out"),
        (DeliveryStatus.STOPPED, {}, "Held back by us"),
    ):
        delivery.status, delivery.due_at = status, more.get("due_at")
        delivery.attempts = 0
        db.session.commit()
        assert said in client.get(path_to(outreach, now)).text


def test_news_of_many_shops_cost_as_many_questions_as_of_one(
    client: Browser, now: datetime, work: Work
) -> None:
    outreach = an_asked_outreach(now, work)
    path, asked = f"{path_to(outreach, now)}/story", []

    def listen(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        client.get(path)
        for_one = len(asked)
        for _ in range(3):
            shop = a_shop(now, emails=("info@other.example",))
            ask_shop(an_outreach(now, outreach.discount_request, shop).shop_id, now)
        work()
        asked.clear()
        client.get(path)
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    assert len(asked) <= for_one


class TestDesk:
    @pytest.fixture
    def operator_id(self, client: Browser, now: datetime) -> UUID:
        operator = an_operator(now)
        log_in(client, "operator", operator.id)
        return operator.id

    @pytest.mark.parametrize("has_case", [True, False])
    def test_a_letter_can_be_taken_back_and_its_words_come_back(
        self, client: Browser, now: datetime, work: Work, operator_id: UUID, has_case: bool
    ) -> None:
        outreach = an_asked_outreach(now, work)
        if has_case:
            saved(
                EscalationCase(
                    outreach_id=outreach.id, reason=CaseReason.SILENCE, next_action_at=now, opened_at=now
                )
            )
        answer = client.press(
            f"/desk/outreach/{outreach.id}/letters", reader="shop", text="Who decides on prices?"
        )
        assert answer.status_code == 302
        page = client.get(answer.location).text
        assert "leaves in 30 seconds" in page
        assert "Undo" in page
        [letter] = letters(outreach)
        for page in (path_to(outreach, now), f"{path_to(outreach, now)}/proof"):
            assert "Who decides" not in client.get(page).text, "not said yet"
        answer = client.press(f"/desk/letters/{letter.id}/undo")
        page = client.get(answer.location).text
        assert ">Who decides on prices?</textarea>" in page
        assert "leaves in 30 seconds" not in page
        page = client.get(client.press(f"/desk/letters/{letter.id}/undo").location).text
        assert "Too late" in page

    def test_a_note_to_the_buyer_reaches_them_and_their_page(
        self, client: Browser, now: datetime, work: Work, mail: FakeChannel, operator_id: UUID
    ) -> None:
        outreach = an_asked_outreach(now, work)
        client.press(f"/desk/outreach/{outreach.id}/letters", reader="buyer", text="Which city?")
        delivery = letters(outreach)[0].delivery
        assert delivery is not None
        delivery.status, delivery.due_at, delivery.sent_at = DeliveryStatus.SENT, None, now
        db.session.commit()
        page = client.get(path_to(outreach, now)).text
        assert "One of our people wrote to you" in page
        assert "Which city?" in page
        assert "Which city?" not in client.get(f"{path_to(outreach, now)}/proof").text
        assert "Which city?" in client.get(f"/desk/outreach/{outreach.id}").text

    def test_nothing_typed_is_lost(
        self, client: Browser, now: datetime, work: Work, operator_id: UUID
    ) -> None:
        outreach = an_asked_outreach(now, work)
        path = f"/desk/outreach/{outreach.id}/letters"
        assert client.press(path, reader="shop", text=" ").status_code == 422
        colleague = an_operator(now)
        a_case(now, outreach, colleague)
        answer = client.press(path, reader="buyer", text="Good day")
        assert answer.status_code == 409
        assert ">Good day</textarea>" in answer.text
        assert letters(outreach) == []

    def test_the_desk_reads_what_the_buyer_wrote(
        self, client: Browser, now: datetime, work: Work, operator_id: UUID
    ) -> None:
        outreach = an_asked_outreach(now, work)
        saved(Letter(outreach=outreach, author=LetterAuthor.BUYER, text="Is it <blue>?", created_at=now))
        a_shop_letter(now, outreach, "It is red.")
        page = client.get(f"/desk/outreach/{outreach.id}").text
        assert "The buyer wrote" in page
        assert "Is it &lt;blue&gt;?" in page
        assert "One of our people looks after this letter" in page
        assert page.count("It is red.") == 1

    def test_words_of_another_conversation_do_not_come_into_the_form(
        self, client: Browser, now: datetime, work: Work, operator_id: UUID
    ) -> None:
        outreach, other = an_asked_outreach(now, work), an_asked_outreach(now, work)
        client.press(f"/desk/outreach/{other.id}/letters", reader="shop", text="For others")
        [letter] = letters(other)
        for again in (letter.id, uuid4(), "rubbish"):
            page = client.get(f"/desk/outreach/{outreach.id}?again={again}").text
            assert "For others" not in page
