"""Mail that a person files, and what letters were found to say, on the pages of the desk."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import pytest

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import EscalationCase
from discount_broker.escalation.status import CaseReason, NextAction
from discount_broker.kernel.db import db
from discount_broker.offers.models import OfferDraft
from discount_broker.offers.status import AnswerKind
from discount_broker.outreach.models import InboundMail, Outreach, Reply, Suggestion
from discount_broker.outreach.status import OutreachStatus, ReplyKind
from discount_broker.outreach.use_cases import ask_shop, read_mail, receive_mail
from tests.builders import a_request, a_shop, an_operator, an_outreach, saved, take_in_hand
from tests.fakes import FakeChannel
from tests.web.conftest import Browser

Work = Callable[[], list[str]]
ANYWHERE = "info@in.broker.test"
LETTER = "Здравствуйте! По вашей дрели дадим <b>7 %</b>."


@pytest.fixture
def desk(client: Browser, now: datetime) -> Browser:
    client.set_cookie("zone", "UTC", domain="localhost")
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = f"operator:{an_operator(now).id}", True
    return client


@pytest.fixture
def outreach(now: datetime, work: Work) -> Outreach:
    shop = a_shop(now, "tools.ru", emails=("info@tools.ru",))
    asked = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
    ask_shop(shop.id, now)
    db.session.expire_all()
    return asked


def a_mail(
    now: datetime, sender: str = "anna@tools-shop.com", text: str = LETTER, **more: str
) -> InboundMail:
    message = EmailMessage()
    message["From"], message["Subject"] = sender, more.pop("subject", "Bosch GSR 12V-15 cordless drill")
    message.set_content(text)
    message.add_attachment(b"<script>", maintype="text", subtype="html", filename="price.html")
    mail_id = receive_mail(ANYWHERE, message.as_bytes(), now)
    read_mail(mail_id, now)
    db.session.expire_all()
    return db.session.get_one(InboundMail, mail_id)


def test_what_waits_is_listed_with_its_best_guess_and_counted_at_the_desk(
    desk: Browser, outreach: Outreach, now: datetime
) -> None:
    a_mail(now)
    page = desk.get("/desk/mail").text
    assert "anna@tools-shop.com" in page
    assert outreach.discount_request.number.replace("-", "&#8209;")[:3] in page or "tools.ru" in page
    queue = desk.get("/desk/").text
    assert 'Letters to file <span class="count">1</span>' in queue
    assert 'href="/desk/mail"' in queue


def test_an_empty_pen_says_so_in_every_view(desk: Browser) -> None:
    assert "every letter found its request" in desk.get("/desk/mail").text
    for view in ("set_aside", "machines", "nonsense"):
        assert desk.get(f"/desk/mail?view={view}").status_code == 200
    assert "belongs to no request" not in desk.get("/desk/").text


def test_a_letter_of_a_stranger_is_text_and_nothing_else(
    desk: Browser, outreach: Outreach, now: datetime
) -> None:
    mail = a_mail(now, subject="<script>alert(1)</script>")
    page = desk.get(f"/desk/mail/{mail.id}").text
    assert "&lt;b&gt;7 %&lt;/b&gt;" in page
    assert "<script>alert" not in page
    assert "not proved" in page


def test_a_file_of_a_stranger_is_saved_and_never_opened(desk: Browser, now: datetime) -> None:
    mail = a_mail(now)
    (part,) = mail.attachments
    answer = desk.get(f"/desk/mail/{mail.id}/files/{part['index']}")
    assert answer.data.strip() == b"<script>"
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    for index in (0, 99):
        assert desk.get(f"/desk/mail/{mail.id}/files/{index}").status_code == 404


def test_a_press_files_the_letter_where_it_was_guessed(
    desk: Browser, outreach: Outreach, now: datetime
) -> None:
    mail = a_mail(now)
    assert f'value="{outreach.id}"' in desk.get(f"/desk/mail/{mail.id}").text
    answer = desk.press(f"/desk/mail/{mail.id}/file", outreach=str(outreach.id))
    assert answer.status_code == 302
    assert (
        "The next letter from anna@tools-shop.com goes to tools.ru by itself"
        in desk.get(answer.location).text
    )
    assert (mail.outreach_id, outreach.status) == (outreach.id, OutreachStatus.EXHAUSTED)
    assert "File here" not in desk.get(f"/desk/mail/{mail.id}").text


def test_the_request_can_be_looked_for_by_its_number(
    desk: Browser, outreach: Outreach, now: datetime
) -> None:
    mail = a_mail(now, "who@elsewhere.example", "?", subject="?")
    page = desk.get(f"/desk/mail/{mail.id}").text
    assert "Nothing in it points" in page
    found = desk.get(f"/desk/mail/{mail.id}?q={outreach.discount_request.number}").text
    assert f'value="{outreach.id}"' in found
    assert "No request has this number" in desk.get(f"/desk/mail/{mail.id}?q=nonsense").text


def test_nonsense_is_filed_nowhere(desk: Browser, now: datetime) -> None:
    mail = a_mail(now)
    assert desk.press(f"/desk/mail/{mail.id}/file", outreach="x").status_code == 400
    assert desk.press(f"/desk/mail/{mail.id}/file", outreach=str(uuid4())).status_code == 404
    assert desk.press(f"/desk/mail/{uuid4()}/aside").status_code == 404


def test_what_is_set_aside_can_be_taken_up_again_at_once(desk: Browser, now: datetime) -> None:
    mail = a_mail(now)
    answer = desk.press(f"/desk/mail/{mail.id}/aside")
    assert f"/desk/mail/{mail.id}/again" in desk.get(answer.location).text
    desk.press(f"/desk/mail/{mail.id}/again")
    assert mail.verdict == "unmatched"
    assert desk.get("/desk/mail?aside=nonsense").status_code == 200


@pytest.fixture
def case(now: datetime, outreach: Outreach) -> EscalationCase:
    outreach.status, outreach.exhausted_why = OutreachStatus.EXHAUSTED, "reply_to_read"
    outreach.next_step_at = None
    facts: dict[str, Any] = {"reason": CaseReason.REPLY_TO_READ, "opened_at": now, "next_action_at": now}
    return saved(EscalationCase(outreach=outreach, next_action=NextAction.READ_REPLY, **facts))


def a_suggestion(case: EscalationCase, now: datetime, kind: str, value: str = "", **given: Any) -> Suggestion:
    mail = saved(InboundMail(digest=str(uuid4()), recipient="", content=b"", received_at=now, read_at=now))
    facts = {
        "kind": ReplyKind.HUMAN,
        "sender": "a@tools.ru",
        "subject": "Re",
        "text": "…",
        "received_at": now,
    }
    reply = Reply(outreach_id=case.outreach_id, inbound_mail_id=mail.id, **facts)
    said = {"evidence": "дадим <i>7 %</i>", "created_at": now}
    return saved(Suggestion(reply=reply, kind=kind, value=value, **{**said, **given}))


def test_what_a_letter_says_stands_beside_it_with_its_words(
    desk: Browser, case: EscalationCase, now: datetime
) -> None:
    a_suggestion(case, now, "offer", "7%", is_certain=False)
    a_suggestion(case, now, "something_new")
    page = desk.get(f"/desk/cases/{case.id}").text
    assert "дадим &lt;i&gt;7 %&lt;/i&gt;" in page
    assert "not certain" in page
    assert "something_new" in page


@pytest.mark.parametrize(
    ("kind", "value", "filled"),
    [
        ("offer", "7%", 'value="7"'),
        ("offer", "11500 RUB", 'value="11500"'),
        ("free_delivery", "", 'value="free_delivery" checked'),
        ("lowest_price", "", "&lt;i&gt;7 %&lt;/i&gt;"),
        ("promo_code", "DRILL7", "&lt;i&gt;7 %&lt;/i&gt;"),
    ],
)
def test_an_offer_is_entered_as_the_answer_with_one_press_more(
    desk: Browser, case: EscalationCase, now: datetime, kind: str, value: str, filled: str
) -> None:
    said = a_suggestion(case, now, kind, value)
    link = f"/desk/cases/{case.id}?suggestion={said.id}"
    assert link in desk.get(f"/desk/cases/{case.id}").text.replace("&amp;", "&")
    assert filled in desk.get(link).text
    assert said.settled_at is None
    for other in ("nonsense", str(uuid4())):
        assert desk.get(f"/desk/cases/{case.id}?suggestion={other}").status_code == 200


def test_one_press_does_what_the_letter_asks(desk: Browser, case: EscalationCase, now: datetime) -> None:
    said = a_suggestion(case, now, "call_us", "+7 495 123-45-67")
    assert "Keep the number, call next" in desk.get(f"/desk/cases/{case.id}").text
    answer = desk.press(f"/desk/cases/{case.id}/suggestions/{said.id}/take")
    assert "+74951234567" in desk.get(answer.location).text
    assert (said.outcome, case.next_action) == ("taken", NextAction.CALL)


def test_who_we_are_is_written_in_the_language_of_the_shop(
    desk: Browser, case: EscalationCase, now: datetime, work: Work, mail: FakeChannel
) -> None:
    said = a_suggestion(case, now, "who_are_you")
    desk.press(f"/desk/cases/{case.id}/suggestions/{said.id}/take")
    (letter,) = case.outreach.letters
    assert letter.author == "operator"
    assert "Покупател" in letter.text
    assert letter.delivery is not None
    assert letter.delivery.by_hand
    assert said.outcome == "taken"


def test_in_a_colleagues_case_no_letter_leaves(desk: Browser, case: EscalationCase, now: datetime) -> None:
    said = a_suggestion(case, now, "who_are_you")
    take_in_hand(case, an_operator(now), now)
    desk.press(f"/desk/cases/{case.id}/suggestions/{said.id}/take")
    db.session.expire_all()
    assert (case.outreach.letters, said.outcome) == ([], "")


def test_what_is_put_aside_has_no_button_any_more(desk: Browser, case: EscalationCase, now: datetime) -> None:
    said = a_suggestion(case, now, "decline")
    desk.press(f"/desk/cases/{case.id}/suggestions/{said.id}/dismiss")
    page = desk.get(f"/desk/cases/{case.id}").text
    assert said.outcome == "dismissed"
    assert f"{said.id}/take" not in page


def test_the_whole_letter_is_one_press_away_from_what_was_cut_out_of_it(
    desk: Browser, outreach: Outreach, case: EscalationCase, now: datetime
) -> None:
    mail = a_mail(now)
    desk.press(f"/desk/mail/{mail.id}/file", outreach=str(outreach.id))
    assert f'href="/desk/mail/{mail.id}"' in desk.get(f"/desk/cases/{case.id}").text
    page = desk.get(f"/desk/mail/{mail.id}").text
    assert "price.html" in page
    assert "Filed by hand" in page


def test_what_cannot_be_done_is_said_and_changes_nothing(
    desk: Browser, case: EscalationCase, now: datetime
) -> None:
    said = a_suggestion(case, now, "new_address", "opt at tools")
    answer = desk.press(f"/desk/cases/{case.id}/suggestions/{said.id}/take")
    assert "cannot be right" in desk.get(answer.location).text
    case.outreach.status = OutreachStatus.ANSWERED
    no = a_suggestion(case, now, "decline")
    answer = desk.press(f"/desk/cases/{case.id}/suggestions/{no.id}/take")
    assert "Nothing was changed" in desk.get(answer.location).text
    assert desk.press(f"/desk/cases/{case.id}/suggestions/{uuid4()}/dismiss").status_code == 404


def test_a_colleagues_case_is_left_alone(desk: Browser, case: EscalationCase, now: datetime) -> None:
    said = a_suggestion(case, now, "decline")
    take_in_hand(case, an_operator(now), now)
    for press in ("take", "dismiss"):
        answer = desk.press(f"/desk/cases/{case.id}/suggestions/{said.id}/{press}")
        assert "Nothing was changed" in desk.get(answer.location).text
    assert said.settled_at is None


def test_what_the_shop_was_asked_to_confirm_stands_at_the_desk(
    desk: Browser, case: EscalationCase, now: datetime
) -> None:
    said = a_suggestion(case, now, "offer", "7%")
    terms = {"kind": AnswerKind.PERCENT, "percent": Decimal(7), "evidence": "7 %", "created_at": now}
    draft = saved(OfferDraft(outreach_id=case.outreach_id, reply_id=said.reply_id, **terms))
    assert "waits for its press" in desk.get(f"/desk/cases/{case.id}").text
    draft.settled_at = now
    db.session.commit()
    assert "waits for its press" not in desk.get(f"/desk/cases/{case.id}").text
