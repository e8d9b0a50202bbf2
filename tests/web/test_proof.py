from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.models import DeliveryReceipt
from discount_broker.messaging.ports import OutgoingMessage, Receipt
from discount_broker.messaging.status import ReceiptKind
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.use_cases import ask_shop
from tests.builders import a_request, a_shop, an_outreach
from tests.fakes import FakeChannel
from tests.web.conftest import Browser

Work = Callable[[], list[str]]
THANKS = "Thank you, your message has been sent."


class Witness(FakeChannel):
    """Takes every message and leaves the evidence a real channel leaves."""

    def __init__(self, **evidence: str) -> None:
        super().__init__()
        self.evidence = evidence

    def send(self, message: OutgoingMessage) -> Receipt:
        super().send(message)
        return Receipt(f"<{message.idempotency_key}@in.broker.test>", dict(self.evidence))


def asked(now: datetime, work: Work, **doors: tuple[str, ...]) -> Outreach:
    shop = a_shop(now, name="Drill House", language="en", **doors)
    outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop, note="A blue one\nplease"))
    ask_shop(outreach.shop_id, now)
    work()
    db.session.expire_all()
    return outreach


def proof_of(outreach: Outreach, now: datetime) -> str:
    return f"/requests/{issue_token(Purpose.FOLLOW, outreach.discount_request_id, now)}/proof"


def test_a_mail_is_proved_by_what_the_server_said(client: Browser, now: datetime, work: Work) -> None:
    channels = client.application.extensions["channels"]
    channels["email"] = Witness(**{"server answer": "250 2.0.0 Ok: queued as 4F2"})
    outreach = asked(now, work, emails=("info@drills.example",))
    delivery = outreach.steps[0].delivery
    delivery.receipts.append(
        DeliveryReceipt(kind=ReceiptKind.DELIVERED, reference="1", detail="to\r\ntheir store", at=now)
    )
    db.session.commit()
    for path in (proof_of(outreach, now), f"{proof_of(outreach, now)}.txt"):
        page = client.get(path).text
        for fact in (
            outreach.discount_request.number,
            "Bosch GSR 12V-15 cordless drill",
            "info@drills.example",
            "Drill House",
            "250 2.0.0 Ok: queued as 4F2",
            sha256(delivery.text.encode()).hexdigest(),
            "delivered · to their store",
            "GMT+03:00",
            "A buyer is ready to buy this from you now:",
        ):
            assert fact in page, (path, fact)
    assert delivery.provider_reference is not None
    assert delivery.provider_reference in page


def test_times_in_utc_are_called_so(client: Browser, now: datetime, work: Work) -> None:
    outreach = asked(now, work, emails=("info@drills.example",))
    client.set_cookie("zone", "UTC", domain="localhost")
    page = client.get(proof_of(outreach, now)).text
    assert "(UTC)" in page
    assert "GMT" not in page


def test_a_form_is_proved_by_its_thanks(client: Browser, now: datetime, work: Work) -> None:
    channels = client.application.extensions["channels"]
    channels["web_form"] = Witness(**{"decided by": THANKS, "fields": "secret"})
    outreach = asked(now, work, forms=("https://drills.example/contacts",))
    page = client.get(f"{proof_of(outreach, now)}.txt").text
    assert THANKS in page
    assert "https://drills.example/contacts" in page
    assert "Message-ID" not in page
    assert "secret" not in page


def test_the_text_file_is_saved_under_the_number_of_the_request(
    client: Browser, now: datetime, work: Work
) -> None:
    outreach = asked(now, work, emails=("info@drills.example",))
    answer = client.get(f"{proof_of(outreach, now)}.txt")
    assert answer.mimetype == "text/plain"
    name = f"proof-{outreach.discount_request.number}.txt"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "&" not in answer.text.replace("Drill House", ""), "text, not markup"
    assert "A blue one please" in answer.text


def test_a_request_that_nobody_was_asked_for_has_an_empty_proof(client: Browser, now: datetime) -> None:
    request = a_request(now)
    token = issue_token(Purpose.FOLLOW, request.id, now)
    for path in (f"/requests/{token}/proof", f"/requests/{token}/proof.txt"):
        assert "Nothing has been sent yet." in client.get(path).text


def test_a_proof_does_not_tell_the_buyer_what_a_server_repeats_of_our_secrets(
    client: Browser, now: datetime, work: Work
) -> None:
    token = "a2b3" * 12
    said = f"550 <bounce+{token}@in.broker.test> rejected"
    client.application.extensions["channels"]["email"] = Witness(**{"server answer": said})
    outreach = asked(now, work, emails=("info@drills.example",))
    delivery = outreach.steps[0].delivery
    delivery.receipts.append(
        DeliveryReceipt(kind=ReceiptKind.POLICY_BOUNCE, reference="1", detail=said, at=now)
    )
    db.session.commit()
    page = client.get(f"{proof_of(outreach, now)}.txt").text
    assert page.count("rejected") == 2
    assert token not in page
