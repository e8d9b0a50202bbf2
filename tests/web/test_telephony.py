"""Exchanges that tell of calls over HTTP, in any order and more than once, and the page of missed ones."""

import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.client import HTTPConnection
from itertools import permutations
from threading import Thread
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from werkzeug.serving import make_server

from discount_broker.accounts.models import Operator
from discount_broker.escalation.models import EscalationCase, PhoneCall
from discount_broker.escalation.queries.calls import count_missed
from discount_broker.escalation.status import CallDirection
from discount_broker.kernel.db import db
from discount_broker.messaging.extract.twilio_signature import sign
from discount_broker.shops.models import Shop, ShopPerson
from discount_broker.shops.status import ContactKind
from tests.builders import a_case, a_door, a_request, a_shop, an_operator, an_outreach, saved
from tests.web.conftest import Browser

SECRET = "a secret of the exchange, long enough"
TOKEN = "a-token-of-twilio"
TWILIO_URL = "http://broker.test/in/calls/twilio"
RANG = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
Post = Callable[[str, bytes, dict[str, str]], int]


@pytest.fixture
def exchange(app: Flask) -> Iterator[Flask]:
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(
        settings, telephony_secret=SECRET, twilio_voice_token=TOKEN, telephony_country="RU"
    )
    yield app
    app.extensions["settings"] = settings


@pytest.fixture
def post(exchange: Flask) -> Iterator[Post]:
    """Post a body to a running server, as an exchange does."""
    server = make_server("127.0.0.1", 0, exchange, threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()

    def send(path: str, body: bytes, headers: dict[str, str]) -> int:
        connection = HTTPConnection("127.0.0.1", server.server_port, timeout=20)
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        db.session.rollback()
        db.session.expire_all()
        return answer.status

    yield send
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def olga(now: datetime) -> Operator:
    return an_operator(now, name="Olga", extension="101")


@pytest.fixture
def shop(now: datetime) -> Shop:
    found = a_shop(now, "drills.ru", name="Drills")
    found.contact_points.append(a_door(ContactKind.PHONE, "+74951234567", found.domain, 0.9, now))
    return saved(found)


@pytest.fixture
def desk(client: Browser, olga: Operator) -> Browser:
    client.set_cookie("zone", "UTC", domain="localhost")
    with client.session_transaction() as session:
        session["_user_id"] = f"operator:{olga.id}"
        session["_fresh"] = True
    return client


def an_event(event: str, moment: datetime, **told: Any) -> bytes:
    """As a dialplan of Asterisk posts it with curl."""
    facts = {
        "uniqueid": "1763629200.42",
        "direction": "in",
        "caller": "84951234567",
        "callee": "PJSIP/101-0000002a",
        "event": event,
        "at": str(int(moment.timestamp())),
    }
    return json.dumps(facts | told).encode()


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "X-Broker-Signature": "sha256=" + hmac.digest(secret.encode(), body, "sha256").hex(),
    }


def tell_asterisk(post: Post, event: str, at: datetime, **told: Any) -> int:
    body = an_event(event, at, **told)
    return post("/in/calls/asterisk", body, signed(body))


def tell_twilio(post: Post, token: str = TOKEN, **told: str) -> int:
    fields = {"AccountSid": "AC1", "ApiVersion": "2010-04-01", "CallSid": "CA1234567890abcdef", **told}
    body = urlencode(fields).encode()
    signature = sign(token, TWILIO_URL, sorted(fields.items()))
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
    return post("/in/calls/twilio", body, headers)


def the_call() -> PhoneCall:
    return db.session.query(PhoneCall).one()


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_events_in_any_order_and_told_twice_are_one_call(
    post: Post, olga: Operator, shop: Shop, order: tuple[int, ...]
) -> None:
    told = [("ring", 0), ("answer", 9), ("hangup", 129)]
    for number in (*order, order[0]):
        event, seconds = told[number]
        assert tell_asterisk(post, event, RANG + timedelta(seconds=seconds)) == 200
    call = the_call()
    assert (call.direction, call.number) == (CallDirection.IN, "+74951234567")
    assert (call.operator_id, call.shop_id) == (olga.id, shop.id)
    assert call.started_at == RANG
    assert call.answered_at == RANG + timedelta(seconds=9)
    assert call.ended_at == RANG + timedelta(seconds=129)


def test_a_direct_number_of_somebody_at_the_shop_finds_it_too(post: Post, shop: Shop, now: datetime) -> None:
    saved(ShopPerson(shop_id=shop.id, name="Ivan", phone="+79161112233", met_at=now, created_at=now))
    tell_asterisk(post, "ring", RANG, direction="out", caller="101", callee="8 916 111-22-33")
    call = the_call()
    assert (call.direction, call.number, call.shop_id) == (CallDirection.OUT, "+79161112233", shop.id)


@pytest.mark.parametrize(
    ("body", "headers", "code"),
    [
        (an_event("ring", RANG), signed(an_event("ring", RANG), "another secret, as long as ours"), 403),
        (an_event("ring", RANG), signed(an_event("hangup", RANG)), 403),
        (an_event("ring", RANG), {}, 403),
        (b"[]", signed(b"[]"), 422),
        (b"\xff", signed(b"\xff"), 422),
        (b"[" * 60_000, signed(b"[" * 60_000), 422),
        (an_event("sneeze", RANG), signed(an_event("sneeze", RANG)), 422),
        (an_event("ring", RANG, at="1e300"), signed(an_event("ring", RANG, at="1e300")), 422),
        (an_event("ring", RANG, uniqueid=""), signed(an_event("ring", RANG, uniqueid="")), 422),
        (b"x" * 70_000, signed(b"x" * 70_000), 413),
    ],
)
def test_what_is_not_signed_or_no_event_leaves_nothing(
    post: Post, body: bytes, headers: dict[str, str], code: int
) -> None:
    assert post("/in/calls/asterisk", body, headers) == code
    assert not db.session.query(PhoneCall).count()


def test_without_a_secret_there_is_no_such_address(client: Browser) -> None:
    assert client.post("/in/calls/asterisk", data=b"{}").status_code == 404
    assert client.post("/in/calls/twilio", data={}).status_code == 404


def test_twilio_tells_of_a_call_we_made(post: Post, olga: Operator, shop: Shop) -> None:
    made = {"Direction": "outbound-api", "From": "client:101", "To": "+74951234567"}
    for status, seconds, more in (
        ("initiated", 0, {}),
        ("ringing", 1, {}),
        ("in-progress", 8, {}),
        ("completed", 68, {"CallDuration": "60"}),
    ):
        at = format_datetime(RANG + timedelta(seconds=seconds))
        assert tell_twilio(post, CallStatus=status, Timestamp=at, **made, **more) == 200
    call = the_call()
    assert (call.direction, call.operator_id, call.shop_id) == (CallDirection.OUT, olga.id, shop.id)
    assert (call.started_at, call.answered_at) == (RANG, RANG + timedelta(seconds=8))
    assert call.ended_at == RANG + timedelta(seconds=68)


def test_twilio_takes_every_call_itself_and_only_a_person_counts(post: Post, shop: Shop) -> None:
    came = {"Direction": "inbound", "From": "+74951234567", "To": "+74950000000"}
    tell_twilio(post, CallStatus="in-progress", Timestamp=format_datetime(RANG), **came)
    at = format_datetime(RANG + timedelta(seconds=30))
    tell_twilio(post, CallStatus="completed", CallDuration="30", Timestamp=at, **came)
    assert (the_call().answered_at, count_missed()) == (None, 1)
    tell_twilio(post, CallStatus="in-progress", DialCallStatus="completed", DialCallDuration="20", **came)
    assert the_call().answered_at is not None
    assert count_missed() == 0


def test_a_line_that_twilio_dials_belongs_to_the_call_it_was_dialled_for(
    post: Post, olga: Operator, shop: Shop
) -> None:
    leg = {"ParentCallSid": "CA1234567890abcdef", "CallSid": "CAleg", "Direction": "outbound-dial"}
    ends = {"From": "+74950000000", "To": "sip:101@pbx.example"}
    at = format_datetime(RANG + timedelta(seconds=5))
    tell_twilio(post, CallStatus="in-progress", Timestamp=at, **leg, **ends)
    came = {"Direction": "inbound", "From": "+74951234567", "To": "sip:101@pbx.example"}
    tell_twilio(post, CallStatus="ringing", Timestamp=format_datetime(RANG), **came)
    call = the_call()
    assert (call.direction, call.number, call.shop_id) == (CallDirection.IN, "+74951234567", shop.id)
    assert (call.started_at, call.answered_at) == (RANG, RANG + timedelta(seconds=5))


def test_what_twilio_did_not_sign_is_refused(post: Post) -> None:
    told = {"CallStatus": "ringing", "Direction": "inbound", "From": "+74951234567", "To": "+7495"}
    assert tell_twilio(post, token="a token of somebody else", **told) == 403
    assert tell_twilio(post, CallStatus="sneezing", Direction="inbound", From="", To="") == 422
    assert not db.session.query(PhoneCall).count()


class TestMissed:
    def missed(self, post: Post, **told: Any) -> PhoneCall:
        tell_asterisk(post, "ring", RANG, **told)
        tell_asterisk(post, "hangup", RANG + timedelta(seconds=20), **told)
        return the_call()

    def test_it_stands_on_a_page_until_somebody_settles_it(
        self, post: Post, desk: Browser, shop: Shop
    ) -> None:
        call = self.missed(post)
        page = desk.get("/desk/calls").get_data(as_text=True)
        assert "Drills" in page
        assert 'href="tel:+74951234567"' in page
        assert "+7 495 123-45-67" in page
        assert "to be called back" in page
        desk.press(f"/desk/calls/{call.id}/settle")
        assert "Nobody who called us was missed." in desk.get("/desk/calls").get_data(as_text=True)

    def test_whoever_calls_back_takes_it_off_the_list(self, post: Post, shop: Shop) -> None:
        self.missed(post)
        back = {"uniqueid": "2", "direction": "out", "caller": "102", "callee": "+74951234567"}
        tell_asterisk(post, "ring", RANG + timedelta(minutes=5), **back)
        assert count_missed() == 0

    def test_a_call_to_nowhere_gives_back_no_withheld_number(self, post: Post, shop: Shop) -> None:
        self.missed(post, caller="")
        tell_asterisk(post, "ring", RANG, uniqueid="2", direction="out", caller="102", callee="")
        assert count_missed() == 1

    def test_a_number_nobody_knows_and_a_withheld_one_are_listed_as_such(
        self, post: Post, desk: Browser
    ) -> None:
        self.missed(post, caller="anonymous", callee="500")
        page = desk.get("/desk/calls").get_data(as_text=True)
        assert "A number we do not know" in page
        assert "for extension 500" in page

    def test_only_staff_see_and_settle_them(self, client: Browser, post: Post) -> None:
        call = self.missed(post)
        assert (
            "/desk/login" in client.get("/desk/calls").location
            or client.get("/desk/calls").status_code == 302
        )
        assert client.press(f"/desk/calls/{call.id}/settle").status_code == 302
        assert count_missed() == 1


def test_the_page_of_the_shops_case_is_one_press_away(
    post: Post, desk: Browser, shop: Shop, now: datetime
) -> None:
    case: EscalationCase = a_case(now, an_outreach(now, a_request(now, shop=shop)))
    tell_asterisk(post, "ring", RANG)
    tell_asterisk(post, "hangup", RANG + timedelta(seconds=20))
    assert f"/desk/cases/{case.id}" in desk.get("/desk/calls").get_data(as_text=True)
