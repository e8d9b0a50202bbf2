"""Gateways that tell what became of a text, phones that say stop, and the pages a text leads to."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from uuid import UUID, uuid4

import pytest
from flask import Flask

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.short_links import number_in, short_code
from discount_broker.kernel.tokens import Purpose
from discount_broker.messaging.extract.sms_receipts import smsc_number
from discount_broker.messaging.extract.twilio_signature import sign
from discount_broker.messaging.models import Delivery, DeliveryReceipt, Suppression
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.queries import is_suppressed
from discount_broker.messaging.status import DeliveryStatus, FailureReason
from discount_broker.web.sms import door_address, receipt_address
from tests.builders import a_request, saved
from tests.web.conftest import Browser

PHONE = "+79161234567"
TOKEN = "a-twilio-token"
URLS = {
    "kannel": "kannel://market:pass@127.0.0.1:13013",
    "twilio": f"twilio://AC1:{TOKEN}@api.twilio.com",
    "smsc": "smsc://market:pass@smsc.ru",
}
Use = Callable[[str], None]
Link = Callable[[Purpose, UUID], str]
ALL = [*URLS]


@pytest.fixture
def use(app: Flask) -> Iterator[Use]:
    """Set the installation up with one gateway."""
    settings, site = app.extensions["settings"], app.extensions["site"]

    def with_gateway(provider: str) -> None:
        app.extensions["settings"] = replace(settings, sms_url=URLS[provider])
        app.extensions["site"] = replace(site, sends_texts=True)

    yield with_gateway
    app.extensions.update(settings=settings, site=site)


def a_text(now: datetime, **given: Any) -> Delivery:
    """A text that has left."""
    facts = {
        "purpose": f"offer:{uuid4()}:text",
        "template": "offer_made",
        "channel": ChannelKind.SMS,
        "address": PHONE,
        "stop_keys": [f"phone:{PHONE}"],
        "language": "ru",
        "subject": "",
        "text": "x",
        "created_at": now - timedelta(minutes=6),
    }
    delivery = saved(Delivery(**facts))
    left = {"status": DeliveryStatus.SENT, "due_at": None, "sent_at": now - timedelta(minutes=5), **given}
    for name, value in left.items():
        setattr(delivery, name, value)
    return saved(delivery)


def path_of(url: str) -> str:
    return urlsplit(url).path


def post_signed(client: Browser, url: str, fields: dict[str, str], token: str = TOKEN) -> Any:
    signature = sign(token, url, sorted(fields.items()))
    return client.post(path_of(url), data=fields, headers={"X-Twilio-Signature": signature})


def tell(client: Browser, provider: str, delivery: Delivery, state: str, **more: str) -> Any:
    """Say what became of a text as its gateway would."""
    url = receipt_address(provider, str(delivery.id))
    match provider:
        case "kannel":
            told = {"type": state, "fid": "F1", "answer": "ACK/", "at": "1894608000", **more}
            return client.get(f"{path_of(url)}?{urlencode(told)}")
        case "twilio":
            fields = {"MessageSid": "SM1", "MessageStatus": state, "To": PHONE, "AccountSid": "AC1", **more}
            return post_signed(client, url, fields)
    fields = {"id": smsc_number(delivery.id), "phone": PHONE[1:], "status": state, "err": "0", **more}
    return client.post(path_of(door_address("smsc", "receipt")), data=fields)


STATES = {
    "kannel": ("8", "4", "1"),
    "twilio": ("queued", "sent", "delivered"),
    "smsc": ("-1", "0", "1"),
}
FAILED = {"kannel": "2", "twilio": "undelivered", "smsc": "3"}


@pytest.mark.parametrize("provider", ALL)
def test_receipts_in_any_order_and_told_twice_end_the_same(
    provider: str, use: Use, client: Browser, now: datetime
) -> None:
    use(provider)
    for order in permutations(STATES[provider]):
        delivery = a_text(now)
        for state in (*order, *order):
            assert tell(client, provider, delivery, state).status_code == 200
        db.session.refresh(delivery)
        assert delivery.status is DeliveryStatus.SENT
        assert delivery.delivered_at is not None


@pytest.mark.parametrize("provider", ALL)
def test_a_text_that_did_not_arrive_is_told_apart(
    provider: str, use: Use, client: Browser, now: datetime
) -> None:
    use(provider)
    for order in permutations((STATES[provider][1], FAILED[provider])):
        delivery = a_text(now)
        for state in order:
            tell(client, provider, delivery, state)
        db.session.refresh(delivery)
        assert delivery.status is DeliveryStatus.BOUNCED


@pytest.mark.parametrize(("provider", "state", "more"), [("twilio", "failed", "30006"), ("smsc", "22", "")])
def test_a_number_that_is_none_is_known_as_dead(
    provider: str, state: str, more: str, use: Use, client: Browser, now: datetime
) -> None:
    use(provider)
    delivery = a_text(now)
    tell(client, provider, delivery, state, **({"ErrorCode": more} if more else {}))
    db.session.refresh(delivery)
    assert delivery.failure is FailureReason.ADDRESS_DEAD


def test_what_may_have_been_sent_is_settled_by_its_receipt(use: Use, client: Browser, now: datetime) -> None:
    use("kannel")
    delivery = a_text(now, status=DeliveryStatus.UNKNOWN, sent_at=None)
    tell(client, "kannel", delivery, "1")
    db.session.refresh(delivery)
    assert delivery.status is DeliveryStatus.SENT


@pytest.mark.parametrize("provider", ALL)
def test_news_that_is_none_is_taken_and_not_kept(
    provider: str, use: Use, client: Browser, now: datetime
) -> None:
    use(provider)
    assert tell(client, provider, a_text(now), "777").status_code == 200
    assert db.session.query(DeliveryReceipt).count() == 0


@pytest.mark.parametrize("provider", ALL)
def test_a_receipt_without_its_fields_is_a_bad_request(
    provider: str, use: Use, client: Browser, now: datetime
) -> None:
    use(provider)
    assert tell(client, provider, a_text(now), "").status_code == 400


def test_a_receipt_of_smsc_for_a_text_of_somebody_else_is_passed_over(
    use: Use, client: Browser, now: datetime
) -> None:
    use("smsc")
    a_text(now)
    assert tell(client, "smsc", a_text(now, address="+79990000000"), "1").status_code == 200
    assert db.session.query(DeliveryReceipt).count() == 0


def test_smsc_may_come_by_get_too(use: Use, client: Browser, now: datetime) -> None:
    use("smsc")
    delivery = a_text(now)
    told = {"id": smsc_number(delivery.id), "phone": PHONE[1:], "status": "1", "ts": "1893456000"}
    path = path_of(door_address("smsc", "receipt"))
    assert client.get(f"{path}?{urlencode(told)}").status_code == 200
    db.session.refresh(delivery)
    assert delivery.delivered_at is not None


@pytest.mark.parametrize("provider", ALL)
def test_only_the_gateway_of_the_settings_is_heard(
    provider: str, use: Use, client: Browser, now: datetime
) -> None:
    delivery = a_text(now)
    assert tell(client, provider, delivery, STATES[provider][2]).status_code == 404
    use(next(other for other in ALL if other != provider))
    assert tell(client, provider, delivery, STATES[provider][2]).status_code == 404
    assert db.session.query(DeliveryReceipt).count() == 0


def test_the_address_of_one_message_opens_no_other_door(use: Use, client: Browser, now: datetime) -> None:
    use("kannel")
    delivery = a_text(now)
    own, door = receipt_address("kannel", str(delivery.id)), door_address("kannel", "text")
    said = urlencode({"from": PHONE, "text": "STOP", "type": "1"})
    assert client.get(f"{path_of(own).replace('/receipt/', '/text/')}?{said}").status_code == 404
    assert client.get(f"{path_of(door).replace('/text/', '/receipt/')}?{said}").status_code == 404
    assert client.get(f"{path_of(own)[:-6]}aaaaaa?{said}").status_code == 404
    assert db.session.query(Suppression).count() == 0


def test_a_receipt_for_a_text_that_was_deleted_is_refused(use: Use, client: Browser) -> None:
    use("kannel")
    path = path_of(receipt_address("kannel", str(uuid4())))
    assert client.get(f"{path}?type=1").status_code == 404


def test_twilio_has_to_sign_for_the_public_address(use: Use, client: Browser, now: datetime) -> None:
    use("twilio")
    delivery = a_text(now)
    url = receipt_address("twilio", str(delivery.id))
    fields = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    assert post_signed(client, url, fields, token="another").status_code == 403
    assert client.post(path_of(url), data=fields).status_code == 403
    changed = sign(TOKEN, url, sorted(fields.items()))
    forged = {**fields, "MessageStatus": "failed"}
    answer = client.post(path_of(url), data=forged, headers={"X-Twilio-Signature": changed})
    assert answer.status_code == 403
    inner = {"X-Twilio-Signature": changed, "Host": "127.0.0.1:8000", "X-Forwarded-Proto": "http"}
    assert client.post(path_of(url), data=fields, headers=inner).status_code == 200
    assert client.get(path_of(url)).status_code == 404, "Twilio posts"


def stop_by(client: Browser, provider: str, words: str, phone: str = PHONE) -> Any:
    url = door_address(provider, "text")
    match provider:
        case "kannel":
            said = quote(words.encode("utf-16-be"))
            return client.get(f"{path_of(url)}?from={quote(phone)}&to=4444&text={said}&charset=UTF-16BE")
        case "twilio":
            return post_signed(client, url, {"From": phone, "To": "+15005550006", "Body": words})
    body = f"phone={phone[1:]}&to=4444&mes=".encode() + quote(words.encode("windows-1251")).encode()
    return client.post(path_of(url), data=body, content_type="application/x-www-form-urlencoded")


@pytest.mark.parametrize("provider", ALL)
def test_a_phone_that_says_stop_is_never_texted_again_and_gets_no_answer(
    provider: str, use: Use, client: Browser
) -> None:
    use(provider)
    for _ in range(2):
        answer = stop_by(client, provider, "Стоп, пожалуйста")
        assert answer.status_code == 200
        assert answer.text in ("", "<Response/>")
    assert is_suppressed([f"phone:{PHONE}"])
    assert db.session.query(Suppression).one().cause == f"{provider}: Стоп, пожалуйста"


@pytest.mark.parametrize("provider", ALL)
def test_other_words_of_a_phone_change_nothing(provider: str, use: Use, client: Browser) -> None:
    use(provider)
    assert stop_by(client, provider, "Да, спасибо").status_code == 200
    assert stop_by(client, provider, "STOP", phone="+Beeline").status_code == 200
    assert db.session.query(Suppression).count() == 0


def test_a_form_in_parts_is_read_too(use: Use, client: Browser) -> None:
    use("smsc")
    fields = {"phone": PHONE[1:], "mes": "СТОП"}
    client.post(path_of(door_address("smsc", "text")), data=fields, content_type="multipart/form-data")
    assert is_suppressed([f"phone:{PHONE}"])


def test_the_short_link_of_a_text_opens_the_request(client: Browser, now: datetime) -> None:
    asked = a_request(now, RequestStatus.ASKED)
    code = short_code(asked.number)
    assert len(code) == 13
    for spelled in (code, code.upper()):
        answer = client.get(f"/t/{spelled}")
        assert answer.status_code == 302
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert asked.number in client.get(path_of(answer.location)).text


def test_a_short_link_cannot_be_guessed_from_the_number(client: Browser, now: datetime) -> None:
    asked, other = a_request(now, RequestStatus.ASKED), a_request(now, RequestStatus.ASKED)
    plain = asked.number[2:].lower()
    for code in (plain, f"{plain}aaaaaaaa", plain + short_code(other.number)[5:], "x", "é" * 13):
        assert client.get(f"/t/{code}").status_code == 404
    assert number_in(short_code("R-7K2M9")) == "R-7K2M9"
    assert client.get(f"/t/{short_code('R-22222')}").status_code == 404, "signed, but there is none"


def test_the_buyer_ends_the_texts_by_one_press(use: Use, client: Browser, link: Link, now: datetime) -> None:
    use("smsc")
    asked = a_request(now, RequestStatus.ASKED, phone="8 916 123-45-67", wants_texts=True)
    token = link(Purpose.FOLLOW, asked.id)
    assert f"/requests/{token}/texts" in client.get(f"/requests/{token}").text
    assert PHONE in client.get(f"/requests/{token}/texts").text
    assert not is_suppressed([f"phone:{PHONE}"]), "looking changes nothing"
    assert "No text will come" in client.press(f"/requests/{token}/texts").text.replace("no text", "No text")
    assert is_suppressed([f"phone:{PHONE}"])


def test_a_request_without_texts_has_no_page_to_end_them(
    use: Use, client: Browser, link: Link, now: datetime
) -> None:
    use("smsc")
    token = link(Purpose.FOLLOW, a_request(now, RequestStatus.ASKED, phone=PHONE).id)
    assert client.get(f"/requests/{token}/texts").status_code == 404
    assert "/texts" not in client.get(f"/requests/{token}").text


def asked_with(client: Browser, link: Link, now: datetime, **typed: str) -> tuple[DiscountRequest, Any]:
    draft = a_request(now, RequestStatus.DRAFT)
    fields = {"wish": "10", "email": "anna@mail.example", "consent": "y", **typed}
    answer = client.press(f"/ask/{link(Purpose.DRAFT, draft.id)}", **fields)
    db.session.refresh(draft)
    return draft, answer


def test_the_box_for_texts_is_there_and_empty_where_a_gateway_is(
    use: Use, client: Browser, link: Link, now: datetime
) -> None:
    path = f"/ask/{link(Purpose.DRAFT, a_request(now, RequestStatus.DRAFT).id)}"
    assert "wants_texts" not in client.get(path).text
    use("smsc")
    page = client.get(path).text
    assert 'name="wants_texts"' in page
    box = page[page.index('id="wants_texts"') :]
    assert "checked" not in box[: box.index(">")]


def test_who_ticks_the_box_agrees_to_texts(use: Use, client: Browser, link: Link, now: datetime) -> None:
    use("smsc")
    draft, _ = asked_with(client, link, now, phone="8 916 123-45-67", wants_texts="y")
    assert draft.wants_texts
    draft, _ = asked_with(client, link, now, phone="8 916 123-45-67")
    assert not draft.wants_texts


@pytest.mark.parametrize(
    ("phone", "sentence"),
    [("", "type the number"), ("8 495 123-45-67", "gets no texts"), ("?", "gets no texts")],
)
def test_texts_need_a_number_that_takes_them(
    phone: str, sentence: str, use: Use, client: Browser, link: Link, now: datetime
) -> None:
    use("smsc")
    draft, answer = asked_with(client, link, now, phone=phone, wants_texts="y", note="a blue one")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "a blue one" in answer.text
    assert not draft.wants_texts
    assert asked_with(client, link, now, phone=phone)[1].status_code == 302, "without texts any number goes"


def test_where_no_gateway_is_the_box_counts_for_nothing(client: Browser, link: Link, now: datetime) -> None:
    draft, answer = asked_with(client, link, now, phone=PHONE, wants_texts="y")
    assert answer.status_code == 302
    assert not draft.wants_texts


def test_moments_of_a_gateway_that_make_no_sense_are_ours(use: Use, client: Browser, now: datetime) -> None:
    use("kannel")
    for at in ("", "-5", "99999999999999999999", "soon", "%T"):
        delivery = a_text(now)
        assert tell(client, "kannel", delivery, "1", at=at).status_code == 200
        db.session.refresh(delivery)
        assert delivery.delivered_at is not None
        assert abs(delivery.delivered_at - datetime.now(UTC)) < timedelta(minutes=5)
