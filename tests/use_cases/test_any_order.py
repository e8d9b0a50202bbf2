"""Whatever comes back, in any order and however often: the end is the same."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.use_cases import open_due_cases
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.models import SendingHold
from discount_broker.messaging.status import ReceiptKind
from discount_broker.messaging.use_cases import take_receipt
from discount_broker.offers.queries import list_drafts
from discount_broker.offers.use_cases import draft_offers
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.use_cases import ask_shop, read_mail, receive_mail
from tests.builders import a_request, a_shop, an_outreach
from tests.use_cases.conftest import Work
from tests.use_cases.test_inbound_reports import a_report

pytestmark = pytest.mark.usefixtures("app")
MINUTE = timedelta(minutes=1)
numbers = count(1)
Tell = Callable[[Outreach, datetime], None]


def addresses(outreach: Outreach) -> dict[str, str]:
    delivery = outreach.steps[0].delivery
    reply = issue_token(Purpose.REPLY, outreach.id, outreach.created_at)
    bounce = issue_token(Purpose.BOUNCE, delivery.id, delivery.created_at)
    return {"reply": f"reply+{reply}@in.broker.test", "bounce": f"bounce+{bounce}@in.broker.test"}


def mail(kind: str, content: Callable[[Outreach], bytes]) -> Tell:
    """A mail that arrives; each time by another way, so that its bytes are never the same."""

    def arrive(outreach: Outreach, at: datetime) -> None:
        received = f"Received: from way{next(numbers)}.example\r\n".encode()
        recipient = addresses(outreach)[kind]
        proof = {"dmarc": "pass", "domain": outreach.shop.domain}
        read_mail(receive_mail(recipient, received + content(outreach), at, authentication=proof), at)

    return arrive


def receipt(kind: ReceiptKind) -> Tell:
    return lambda outreach, at: (
        take_receipt(outreach.steps[0].delivery_id, kind, reference="1", detail="", at=at, now=at) and None
    )


def bounce(status: str, said: str, action: str = "failed") -> Tell:
    return mail(
        "bounce", lambda outreach: a_report((f"info@{outreach.shop.domain}", status, said), action=action)
    )


def letter(text: str, **headers: str) -> Tell:
    def content(outreach: Outreach) -> bytes:
        message = EmailMessage()
        message["From"], message["Subject"] = f"anna@{outreach.shop.domain}", "Re: drill"
        message["Message-ID"] = f"<{abs(hash(text))}@{outreach.shop.domain}>"
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(text)
        return message.as_bytes()

    return mail("reply", content)


EVENTS: dict[str, Tell] = {
    "accepted": receipt(ReceiptKind.ACCEPTED),
    "delivered": receipt(ReceiptKind.DELIVERED),
    "delayed": bounce("4.4.1", "connection timed out", "delayed"),
    "full": bounce("5.2.2", "552 5.2.2 Mailbox full"),
    "unknown": bounce("5.1.1", "550 5.1.1 User unknown"),
    "blocked": bounce("5.7.1", "550 5.7.1 Blocked by our spam policy"),
    "away": letter("Я в отпуске до 20 января 2030.", Auto_Submitted="auto-replied"),
    "answer": letter("Здравствуйте! Дадим скидку 7 %. Кто вы? Пишите нам на opt@opt.example."),
    "offer": letter("Добрый день, можем дать скидку 5 %."),
}


def end_after(events: Sequence[str], work_at: Work, now: datetime) -> dict[str, Any]:
    """Everything that matters of a shop with one door, once these have come."""
    db.session.execute(delete(SendingHold))  # several servers that refuse us as such pause our sending
    domain = f"order{next(numbers)}.ru"
    shop = a_shop(now, domain, emails=(f"info@{domain}",))
    outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
    ask_shop(shop.id, now)
    work_at(now)
    db.session.expire_all()
    for number, event in enumerate(events, 1):
        EVENTS[event](outreach, now + number * MINUTE)
        work_at(now + number * MINUTE)
        db.session.expire_all()
    open_due_cases(now + 99 * MINUTE)
    db.session.expire_all()
    return state_of(outreach)


def state_of(outreach: Outreach) -> dict[str, Any]:
    (step,) = outreach.steps
    said = [s for reply in outreach.replies for s in reply.suggestions]
    return {
        "delivery": (step.delivery.status, step.delivery.failure),
        "arrived": step.delivery.delivered_at is not None,
        "outreach": outreach.status,
        "door": step.contact_point.state,
        "answered": step.answered_at is not None,
        "acknowledged": step.acknowledged_at is not None,
        "suggestions": sorted((s.kind, s.value, s.outcome) for s in said),
        "letters": sorted(letter.text for letter in outreach.letters),
        "drafts": len(list_drafts(outreach.id)),
    }


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(st.sampled_from(sorted(EVENTS)), max_size=7))
def test_any_order_and_repetition_ends_the_same(events: list[str], work_at: Work, now: datetime) -> None:
    assert end_after(events, work_at, now) == end_after(sorted(set(events)), work_at, now)


def test_everything_at_once_ends_as_the_gravest_says(work_at: Work, now: datetime) -> None:
    state = end_after([*EVENTS, *reversed(EVENTS)], work_at, now)
    assert (str(state["delivery"][0]), str(state["door"])) == ("bounced", "dead")
    assert state["answered"]
    assert len(state["letters"]) == 2
    assert draft_offers(now + 100 * MINUTE) == 1, "the later of the two letters is plain"
