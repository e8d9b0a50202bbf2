"""The desk's pages about what leaves: holds, unknown outcomes, tasks, ways that fail, and the stop list."""

from datetime import datetime

import pytest

from discount_broker.accounts.models import Role
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import Review
from discount_broker.escalation.queries import list_reviews
from discount_broker.escalation.status import ReviewKind
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import suppress
from discount_broker.messaging.queries import find_hold, find_suppression, get_delivery, is_suppressed
from discount_broker.messaging.status import ChannelKind, DeliveryStatus, FailureReason
from discount_broker.outreach.status import OutreachStatus
from discount_broker.shops.status import ContactState
from tests.builders import a_request, a_shop, an_outreach, saved
from tests.web.conftest import Browser
from tests.web.test_desk_shops import HOSTILE, logged_in, page_of, text_of

SENDING, STOPS = "/desk/sending", "/desk/stops"


@pytest.fixture
def desk(client: Browser, now: datetime) -> Browser:
    return logged_in(client, now)


@pytest.fixture
def lead(client: Browser, now: datetime) -> Browser:
    return logged_in(client, now, Role.LEAD)


def a_delivery(now: datetime, status: DeliveryStatus, **given: object) -> Delivery:
    facts: dict[str, object] = {
        "purpose": f"test:{now}:{status}:{given}",
        "template": "shop_request",
        "channel": ChannelKind.WEB_FORM,
        "address": "https://tools.ru/contacts",
        "language": "ru",
        "subject": HOSTILE,
        "text": "!",
        "sent_at": now if status is DeliveryStatus.SENT else None,
        "created_at": now,
    }
    delivery = saved(Delivery(**(facts | given)))
    delivery.status, delivery.due_at = status, None
    db.session.commit()
    return delivery


def test_a_lead_pulls_the_kill_switch_and_lifts_it(lead: Browser) -> None:
    lead.press(f"{SENDING}/holds", key="all", cause="wrong texts")
    assert find_hold("all") is not None
    assert "wrong texts" in text_of(lead, SENDING)
    lead.press(f"{SENDING}/holds/lift", key="all")
    assert find_hold("all") is None


def test_a_hold_without_a_reason_is_asked_for_one(lead: Browser) -> None:
    answer = lead.press(f"{SENDING}/holds", key="channel:sms", cause=" ")
    assert answer.status_code == 422
    assert find_hold("channel:sms") is None


def test_an_operator_holds_a_shop_but_not_everything(desk: Browser, now: datetime) -> None:
    shop = a_shop(now, "tools.ru")
    assert desk.press(f"{SENDING}/holds", key="all", cause="x").status_code == 403
    desk.press(f"{page_of(shop)}/hold")
    assert find_hold("shop:tools.ru") is not None
    assert "held back" in text_of(desk, page_of(shop))
    desk.press(f"{page_of(shop)}/release")
    assert find_hold("shop:tools.ru") is None


def test_what_nobody_knows_is_found_out_once(desk: Browser, now: datetime) -> None:
    unknown = a_delivery(now, DeliveryStatus.UNKNOWN)
    page = text_of(desk, SENDING)
    assert HOSTILE not in page
    assert "tools.ru/contacts" in page
    desk.press(f"{SENDING}/unknown/{unknown.id}", arrived="yes")
    assert get_delivery(unknown.id).status is DeliveryStatus.SENT
    desk.press(f"{SENDING}/unknown/{unknown.id}", arrived="no")
    assert "meanwhile" in text_of(desk, SENDING)
    assert get_delivery(unknown.id).status is DeliveryStatus.SENT


def test_the_ways_of_sending_forms_are_counted(desk: Browser, now: datetime) -> None:
    for number in range(3):
        a_delivery(now, DeliveryStatus.SENT, recipe="contact_form_7", purpose=f"a{number}")
    a_delivery(
        now, DeliveryStatus.FAILED, recipe="contact_form_7", failure=FailureReason.REFUSED, purpose="b"
    )
    a_delivery(
        now, DeliveryStatus.FAILED, recipe="contact_form_7", failure=FailureReason.CAPTCHA, purpose="c"
    )
    page = text_of(desk, SENDING)
    assert "3 of 4 confirmed" in page
    assert "for people: 1" in page


def test_a_task_is_looked_at_once(desk: Browser, now: datetime) -> None:
    review = saved(
        Review(
            key="address_dead:1",
            kind=ReviewKind.ADDRESS_DEAD,
            facts={"value": "dead@tools.ru", "said": "550"},
        )
    )
    assert "dead@tools.ru" in text_of(desk, SENDING)
    for _ in range(2):
        desk.press(f"{SENDING}/tasks/{review.id}")
    assert list_reviews() == []


def test_a_shop_that_says_no_on_the_phone_is_entered_and_all_ends(desk: Browser, now: datetime) -> None:
    shop = a_shop(now, "tools.ru", emails=("a@tools.ru",))
    outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
    answer = desk.press(STOPS, kind="shop", value="https://www.tools.ru/shop", cause="Ivan, by phone: never")
    assert answer.status_code == 302
    db.session.expire_all()
    stop = find_suppression("shop:tools.ru")
    assert stop is not None
    assert (stop.reason, stop.cause, stop.operator_id is not None) == (
        "operator",
        "Ivan, by phone: never",
        True,
    )
    assert outreach.status is OutreachStatus.STOPPED
    assert "Ivan, by phone" in text_of(desk, f"{STOPS}?q=tools")


@pytest.mark.parametrize(
    ("kind", "value", "key"),
    [
        ("email", " Anna@Tools.RU ", "email:anna@tools.ru"),
        ("domain", "info@mail.tools.ru", "domain:tools.ru"),
        ("phone", "8 495 123-45-67", "phone:+74951234567"),
    ],
)
def test_what_was_typed_is_read_generously(desk: Browser, kind: str, value: str, key: str) -> None:
    assert desk.press(STOPS, kind=kind, value=value, cause="a letter").status_code == 302
    assert is_suppressed([key])


def test_a_stop_of_a_domain_closes_every_address_there(desk: Browser) -> None:
    desk.press(STOPS, kind="domain", value="tools.ru", cause="their lawyer")
    assert is_suppressed(["email:anybody@tools.ru"])
    assert not is_suppressed(["email:anybody@other.ru"])


@pytest.mark.parametrize(
    "typed",
    [
        {"kind": "shop", "value": "no domain", "cause": "x"},
        {"kind": "email", "value": "no address", "cause": "x"},
        {"kind": "phone", "value": "12", "cause": "x"},
        {"kind": "shop", "value": "tools.ru", "cause": ""},
        {"kind": "shop", "value": "", "cause": "x"},
        {"kind": "planet", "value": "tools.ru", "cause": "x"},
    ],
)
def test_what_cannot_be_read_is_kept_as_typed(desk: Browser, typed: dict[str, str]) -> None:
    answer = desk.press(STOPS, **typed)
    assert answer.status_code == 422
    assert typed["value"] in answer.get_data(as_text=True)


def test_a_lead_takes_an_entry_back_with_a_reason_and_its_doors_open(lead: Browser, now: datetime) -> None:
    shop = a_shop(now, "tools.ru", emails=("a@tools.ru",))
    lead.press(STOPS, kind="shop", value="tools.ru", cause="said so")
    lead.press(f"{STOPS}/lift", key="shop:tools.ru", cause="")
    assert is_suppressed(["shop:tools.ru"])
    lead.press(f"{STOPS}/lift", key="shop:tools.ru", cause="their director wrote")
    db.session.expire_all()
    assert not is_suppressed(["shop:tools.ru"])
    stop = find_suppression("shop:tools.ru")
    assert stop is not None
    assert "their director wrote" in stop.cause
    assert shop.contact_points[0].state is ContactState.UNVERIFIED
    suppress("shop:tools.ru", reason="reply", cause="again", now=now)
    assert is_suppressed(["shop:tools.ru"])


def test_an_operator_takes_nothing_back(desk: Browser, now: datetime) -> None:
    suppress("shop:tools.ru", reason="reply", cause="no", now=now)
    db.session.commit()
    assert desk.press(f"{STOPS}/lift", key="shop:tools.ru", cause="x").status_code == 403
