"""Mail to be filed, what letters say, and the page that asks a shop back: usable by everybody."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from email.message import EmailMessage
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import EscalationCase
from discount_broker.escalation.status import CaseReason, NextAction
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.offers.models import OfferDraft
from discount_broker.offers.status import AnswerKind
from discount_broker.outreach.inbound import IntentKind
from discount_broker.outreach.models import InboundMail, Outreach, Reply, Suggestion
from discount_broker.outreach.status import OutreachStatus, ReplyKind
from discount_broker.outreach.use_cases import file_mail, read_mail, receive_mail, set_mail_aside
from tests.browser import test_shops
from tests.builders import a_request, a_shop, an_operator, an_outreach, saved

pytestmark = pytest.mark.browser
lead = test_shops.lead
LONG = "Очень-длинное-слово-без-пробелов" * 6


@pytest.fixture
def now() -> datetime:
    return utcnow()


def a_mail(now: datetime, subject: str, sender: str = "anna@tools-outlet.com") -> InboundMail:
    message = EmailMessage()
    message["From"], message["Subject"], message["Message-ID"] = (
        sender,
        subject,
        f"<{LONG[:60].encode().hex()}@x>",
    )
    message.set_content(f"Здравствуйте!\n\n{LONG}\n\nДадим скидку.\nTools and More, Анна")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename=f"{LONG}.pdf")
    mail_id = receive_mail("info@in.broker.test", message.as_bytes(), now)
    read_mail(mail_id, now)
    return db.session.get_one(InboundMail, mail_id)


def an_asked_shop(now: datetime) -> Outreach:
    shop = a_shop(now, "tools.com", name="Tools and More", language="en", emails=("info@tools.com",))
    request = a_request(now, RequestStatus.ASKED, shop=shop)
    given = {"status": OutreachStatus.EXHAUSTED, "exhausted_why": "reply_to_read", "asked_at": now}
    return an_outreach(now, request, **given)


def a_letter_that_says_everything(outreach: Outreach, now: datetime) -> Reply:
    mail = saved(InboundMail(digest=str(uuid4()), recipient="", content=b"", received_at=now, read_at=now))
    facts = {"sender": "a@tools.com", "subject": "Re", "text": LONG, "received_at": now}
    reply = saved(Reply(outreach_id=outreach.id, inbound_mail_id=mail.id, kind=ReplyKind.HUMAN, **facts))
    for number, kind in enumerate(IntentKind):
        done = {"settled_at": now, "outcome": "taken"} if number % 5 == 4 else {}
        said = {"value": "7%" if number % 2 else "", "evidence": LONG, "is_certain": bool(number % 3)}
        saved(Suggestion(reply_id=reply.id, kind=kind, created_at=now, **said, **done))
    return reply


def every_page(now: datetime) -> dict[str, str]:
    """One path for each page, with everything on it that it can hold."""
    outreach, operator = an_asked_shop(now), an_operator(now)
    waiting = a_mail(now, "Bosch GSR 12V-15 cordless drill " + LONG)
    aside, filed = a_mail(now, "Реклама"), a_mail(now, "Ответ", "boris@elsewhere.example")
    set_mail_aside(aside.id, operator.id, now)
    file_mail(filed.id, outreach.id, operator.id, now)
    reply = a_letter_that_says_everything(outreach, now)
    case = {"reason": CaseReason.REPLY_TO_READ, "next_action": NextAction.READ_REPLY}
    held = saved(EscalationCase(outreach_id=outreach.id, opened_at=now, next_action_at=now, **case))
    terms = {"kind": AnswerKind.PERCENT, "percent": Decimal(7), "final_price": Decimal("12080.70")}
    draft = saved(
        OfferDraft(outreach_id=outreach.id, reply_id=reply.id, evidence=LONG, created_at=now, **terms)
    )
    return {
        "queue": "/desk/",
        "waiting": "/desk/mail",
        "set aside just now": f"/desk/mail?view=set_aside&aside={aside.id}",
        "machines": "/desk/mail?view=machines",
        "letter": f"/desk/mail/{waiting.id}?q=tools",
        "letter and nothing found": f"/desk/mail/{waiting.id}?q=nonsense",
        "filed letter": f"/desk/mail/{filed.id}",
        "case": f"/desk/cases/{held.id}",
        "draft": f"/o/{issue_token(Purpose.OFFER, outreach.id, now)}/drafts/{draft.id}",
    }


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 1280)])
def test_the_pages_of_the_mail_are_usable_by_everybody(
    address: str, lead: Callable[..., Page], now: datetime, scheme: str, width: int
) -> None:
    page, found = lead(width, scheme), {}
    for name, path in every_page(now).items():
        page.goto(address + path)
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        violations = Axe().run(page).response["violations"]
        found[name] = [(v["id"], [node["html"] for node in v["nodes"]]) for v in violations]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[name].append(("scrolls sideways", []))
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_a_letter_is_filed_by_keyboard_alone(address: str, lead: Callable[..., Page], now: datetime) -> None:
    an_asked_shop(now)
    a_mail(now, "Bosch GSR 12V-15 cordless drill")
    page = lead()
    page.get_by_role("link", name="Mail").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/mail")
    page.get_by_role("link", name="Bosch GSR").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="File here").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=goes to Tools and More by itself")
