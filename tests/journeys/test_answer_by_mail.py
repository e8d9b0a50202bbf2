import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from email.message import EmailMessage

from flask import Flask

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.messaging.ports import OutgoingMessage
from discount_broker.offers.queries import list_offers
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases import ask_shop, receive_mail
from tests.builders import a_request, a_shop, an_outreach
from tests.fakes import FakeChannel
from tests.web.conftest import Browser
from workers import jobs

Work = Callable[[], list[str]]


def answer_to(letter: OutgoingMessage, text: str, now: datetime) -> bytes:
    """What the mail program of somebody at the shop makes of it."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = (
        "Anna <anna@tools.com>",
        letter.reply_to,
        f"Re: {letter.subject}",
    )
    mail["Message-ID"], mail["Date"] = "<1@tools.com>", now
    mail["In-Reply-To"] = f"<{letter.idempotency_key}@in.broker.test>"
    quoted = "\n".join(f"> {line}" for line in letter.text.splitlines())
    mail.set_content(f"{text}\n\nBest regards,\nAnna\n\nOn Monday you wrote:\n{quoted}\n")
    return mail.as_bytes()


def test_from_a_letter_in_plain_words_to_an_offer_the_buyer_can_accept(
    app: Flask, mail: FakeChannel, work: Work
) -> None:
    now = utcnow()
    shop = a_shop(now, "tools.com", language="en", emails=("info@tools.com",))
    request = a_request(now, RequestStatus.ASKED, shop=shop)
    outreach = an_outreach(now, request)
    ask_shop(shop.id, now)
    work()
    asked = mail.sent.pop()
    letter = answer_to(asked, "Hello,\n\nwe can give you a discount of 7 %.", now)
    receive_mail(asked.reply_to, letter, utcnow(), authentication={"dmarc": "pass", "domain": "tools.com"})
    work()
    jobs.draft_offers()
    work()
    db.session.expire_all()
    assert outreach.status is OutreachStatus.EXHAUSTED, "nobody writes to the shop any more by themselves"
    asked_back = next(sent for sent in mail.sent if sent.to == "anna@tools.com")
    found = re.search(r"http://broker\.test(/o/\S+/drafts/\S+)", asked_back.text)
    assert found is not None
    assert list_offers(request.id) == []

    app.test_client_class = Browser
    client = app.test_client()
    assert isinstance(client, Browser)
    assert "7% off" in client.get(found.group(1)).text
    assert client.press(found.group(1)).status_code == 302
    work()
    (offer,) = list_offers(request.id)
    assert offer.percent == Decimal(7)
    assert request.buyer is not None
    assert mail.sent[-1].to == request.buyer.email
    assert request.status is RequestStatus.OFFERED
