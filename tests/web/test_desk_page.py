"""What the page of a case tells, and what it hands to a person: forms, doubtful messages, words."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import EscalationCase
from discount_broker.escalation.status import CaseReason, NextAction
from discount_broker.escalation.use_cases import claim_case, go_on_with_cases_of, open_due_cases
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.ports import ChannelKind, FailureReason
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.messaging.use_cases import resolve_unknown
from discount_broker.outreach.models import InboundMail, Outreach, Reply, Step
from discount_broker.outreach.status import OutreachStatus, ReplyKind
from discount_broker.scorecards.models import ScoreCard
from discount_broker.shops.models import ContactPoint
from discount_broker.shops.status import ContactKind
from tests.builders import a_buyer, a_door, a_request, a_shop, an_operator, an_outreach, saved
from tests.web.conftest import Browser

HOUR = timedelta(hours=1)
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def desk(client: Browser, now: datetime) -> Browser:
    client.set_cookie("zone", "UTC", domain="localhost")
    with client.session_transaction() as session:
        session["_user_id"] = f"operator:{an_operator(now).id}"
        session["_fresh"] = True
    return client


def a_case(now: datetime, outreach: Outreach, reason: CaseReason = CaseReason.SILENCE) -> EscalationCase:
    outreach.status, outreach.exhausted_why = OutreachStatus.EXHAUSTED, reason
    db.session.commit()
    open_due_cases(now)
    return db.session.query(EscalationCase).filter_by(outreach_id=outreach.id).one()


def a_step(now: datetime, outreach: Outreach, kind: ContactKind, **given: Any) -> Step:
    point = next(p for p in outreach.shop.contact_points if p.kind is kind)
    outreach.steps_taken += 1
    delivery = Delivery(
        purpose=f"outreach:{outreach.id}:{outreach.steps_taken}",
        template="shop_request",
        channel=ChannelKind.EMAIL if kind is ContactKind.EMAIL else ChannelKind.WEB_FORM,
        address=point.value,
        language="en",
        subject="A buyer asks",
        text=f"Dear shop {HOSTILE}",
    )
    saved(delivery)
    for name, value in {"status": DeliveryStatus.SENT, "sent_at": now, "due_at": None, **given}.items():
        setattr(delivery, name, value)
    step = Step(number=outreach.steps_taken, contact_point=point, delivery=delivery, taken_at=now)
    outreach.steps.append(step)
    db.session.commit()
    return step


def a_captcha_form(now: datetime, outreach: Outreach) -> ContactPoint:
    point = a_door(ContactKind.FORM, "https://shop.example/ask", "shop.example", 0.9, now)
    point.form = {"captcha": "recaptcha"}
    outreach.shop.contact_points.append(point)
    db.session.commit()
    return point


def page_of(case: EscalationCase) -> str:
    return f"/desk/cases/{case.id}"


def text_of(browser: Browser, path: str) -> str:
    return browser.get(path).get_data(as_text=True)


def test_everything_known_stands_on_one_page(desk: Browser, now: datetime) -> None:
    shop = a_shop(now, name="Teapots", emails=("info@teapots.ru",), language="en")
    shop.contact_points.append(a_door(ContactKind.PHONE, "+74951234567", shop.domain, 0.9, now))
    shop.contact_points.append(a_door(ContactKind.MESSENGER, "telegram:teapots", shop.domain, 0.9, now))
    buyer = a_buyer(now, email="anna@mail.example")
    request = a_request(
        now, RequestStatus.ASKED, shop=shop, buyer=buyer, note="For Friday", best_time="after six"
    )
    other = a_request(now, RequestStatus.ASKED, buyer=buyer)
    outreach = an_outreach(now, request)
    a_step(now, outreach, ContactKind.EMAIL)
    facts = {"promises_made": 2, "promises_kept": 1, "median_answer_seconds": 7200, "computed_at": now}
    saved(ScoreCard(shop_id=shop.id, asked=5, answered=3, offered=2, **facts))
    page = text_of(desk, page_of(a_case(now, outreach)))
    for fact in (
        "Silent to all our letters", "Call the shop", request.number, "Bosch GSR", "10% off",
        'href="tel:+74951234567"', "+7 495 123-45-67", 'href="https://t.me/teapots"', "at the shop (Moscow)",
        "3 of 5 requests", "2 hours", "1 of 2", "anna@mail.example", "For Friday", "after six", other.number,
        "Do not pass on name, address or phone", "info@teapots.ru", "The buyer",
    ):  # fmt: skip
        assert fact in page, fact


def test_other_cases_of_the_shop_are_one_press_away(desk: Browser, now: datetime) -> None:
    shop = a_shop(now)
    first, second = (a_case(now, an_outreach(now, shop=shop)) for _ in range(2))
    assert page_of(second) in text_of(desk, page_of(first))


def test_what_came_from_strangers_is_text_and_nothing_else(desk: Browser, now: datetime) -> None:
    shop = a_shop(now, name=HOSTILE, emails=("info@shop.ru",))
    shop.contact_points.append(a_door(ContactKind.MESSENGER, "telegram:x/../<b>", shop.domain, 0.9, now))
    outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop, note=HOSTILE))
    outreach.product_title = HOSTILE
    a_step(now, outreach, ContactKind.EMAIL, last_error=HOSTILE, evidence={HOSTILE: HOSTILE})
    mail = saved(InboundMail(digest="1", recipient="x", content=b""))
    reply = {"sender": HOSTILE, "subject": HOSTILE, "text": HOSTILE, "received_at": now}
    outreach.replies.append(Reply(inbound_mail_id=mail.id, kind=ReplyKind.HUMAN, **reply))
    page = text_of(desk, page_of(a_case(now, outreach, CaseReason.REPLY_TO_READ)))
    assert page.count("&lt;script&gt;") > 5
    assert HOSTILE not in page
    assert "t.me/x" not in page


def test_a_letter_is_quoted_above_the_answer_it_becomes(desk: Browser, now: datetime) -> None:
    outreach = an_outreach(now, a_request(now, RequestStatus.ASKED))
    mail = saved(InboundMail(digest="1", recipient="x", content=b""))
    reply = {"sender": "max@shop.ru", "subject": "Re", "text": "We give five.", "received_at": now}
    outreach.replies.append(Reply(inbound_mail_id=mail.id, kind=ReplyKind.HUMAN, **reply))
    case = a_case(now, outreach, CaseReason.REPLY_TO_READ)
    page = text_of(desk, page_of(case))
    assert case.next_action is NextAction.READ_REPLY
    assert page.index("We give five.") < page.index("What does the shop say?") < page.index("Log a call")


class TestWords:
    def test_the_script_names_the_attempts_that_arrived_and_no_others(
        self, desk: Browser, now: datetime
    ) -> None:
        shop = a_shop(now, emails=("info@shop.ru",), forms=("https://shop.ru/ask",), language="en")
        outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
        a_step(now, outreach, ContactKind.EMAIL)
        a_step(now, outreach, ContactKind.FORM, status=DeliveryStatus.FAILED, sent_at=None)
        script = text_of(desk, page_of(a_case(now, outreach))).split("What to say")[1]
        assert "e-mail to info@shop.ru" in script
        assert "the form on your site" not in script

    def test_the_script_speaks_the_language_of_the_shop(self, desk: Browser, now: datetime) -> None:
        for language in ("ru", "en"):
            outreach = an_outreach(now, shop=a_shop(now, language=language))
            assert f'class="words" lang="{language}"' in text_of(desk, page_of(a_case(now, outreach)))

    @pytest.mark.parametrize("may", [True, False])
    def test_the_number_of_the_buyer_is_in_the_script_only_with_leave(
        self, desk: Browser, now: datetime, may: bool
    ) -> None:
        request = a_request(
            now, RequestStatus.ASKED, phone="+79990001122", may_contact_directly=may,
            shop=a_shop(now, language="en"),
        )  # fmt: skip
        script = text_of(desk, page_of(a_case(now, an_outreach(now, request)))).split("What to say")[1]
        assert ("The number is +79990001122" in script) is may


class TestDoors:
    def test_a_form_for_people_comes_with_its_text_and_counts_as_a_message(
        self, desk: Browser, now: datetime
    ) -> None:
        outreach = an_outreach(now, a_request(now, RequestStatus.ASKED))
        point = a_captcha_form(now, outreach)
        case = a_case(now, outreach, CaseReason.CAPTCHA)
        page = text_of(desk, page_of(case))
        assert "https://shop.example/ask" in page
        assert outreach.discount_request.number in page.split("<textarea")[1]
        desk.press(f"{page_of(case)}/forms/{point.id}", outcome="sent")
        db.session.expire_all()
        (step,) = outreach.steps
        assert (step.delivery.status, step.contact_point_id) == (DeliveryStatus.SENT, point.id)
        assert (case.reason, case.next_action) == (CaseReason.ANSWER_AWAITED, NextAction.CALL)
        assert case.next_action_at is not None
        assert case.next_action_at > now + HOUR

    def test_a_form_of_another_shop_is_not_found(self, desk: Browser, now: datetime) -> None:
        case = a_case(now, an_outreach(now))
        other = a_captcha_form(now, an_outreach(now))
        assert desk.press(f"{page_of(case)}/forms/{other.id}", outcome="sent").status_code == 404

    @pytest.mark.parametrize(
        ("said", "status", "reason"),
        [
            ("yes", DeliveryStatus.SENT, CaseReason.ANSWER_AWAITED),
            ("no", DeliveryStatus.FAILED, CaseReason.DOORS_DEAD),
        ],
    )
    def test_a_person_finds_out_whether_a_message_arrived(
        self, desk: Browser, now: datetime, said: str, status: DeliveryStatus, reason: CaseReason
    ) -> None:
        outreach = an_outreach(now, shop=a_shop(now, forms=("https://shop.ru/ask",)))
        step = a_step(
            now, outreach, ContactKind.FORM, status=DeliveryStatus.UNKNOWN, sent_at=None,
            failure=FailureReason.OTHER,
        )  # fmt: skip
        case = a_case(now, outreach, CaseReason.OUTCOME_UNKNOWN)
        assert "Did this message arrive?" in text_of(desk, page_of(case))
        address = f"{page_of(case)}/deliveries/{step.delivery_id}"
        desk.press(address, arrived=said)
        db.session.expire_all()
        assert (step.delivery.status, case.reason) == (status, reason)
        assert "known already" in text_of(desk, desk.press(address, arrived="no").location)

    @pytest.mark.parametrize(
        ("arrived", "reason"), [(True, CaseReason.ANSWER_AWAITED), (False, CaseReason.DOORS_DEAD)]
    )
    def test_what_was_found_out_on_another_page_takes_the_case_along(
        self, app: Flask, now: datetime, arrived: bool, reason: CaseReason
    ) -> None:
        outreach = an_outreach(now, shop=a_shop(now, forms=("https://shop.ru/ask",)))
        step = a_step(
            now, outreach, ContactKind.FORM, status=DeliveryStatus.UNKNOWN, sent_at=None,
            failure=FailureReason.OTHER,
        )  # fmt: skip
        case = a_case(now, outreach, CaseReason.OUTCOME_UNKNOWN)
        go_on_with_cases_of(step.delivery_id, now)
        assert case.reason is CaseReason.OUTCOME_UNKNOWN, "nothing is known yet"
        resolve_unknown(step.delivery_id, now, arrived=arrived)
        go_on_with_cases_of(step.delivery_id, now)
        db.session.expire_all()
        assert case.reason is reason

    def test_in_a_colleagues_case_nothing_is_settled(self, desk: Browser, now: datetime) -> None:
        outreach = an_outreach(now, shop=a_shop(now, forms=("https://shop.ru/ask",)))
        step = a_step(
            now, outreach, ContactKind.FORM, status=DeliveryStatus.UNKNOWN, sent_at=None,
            failure=FailureReason.OTHER,
        )  # fmt: skip
        case = a_case(now, outreach, CaseReason.OUTCOME_UNKNOWN)
        claim_case(case.id, an_operator(now).id, now)
        desk.press(f"{page_of(case)}/deliveries/{step.delivery_id}", arrived="yes")
        db.session.expire_all()
        assert (step.delivery.status, case.reason) == (DeliveryStatus.UNKNOWN, CaseReason.OUTCOME_UNKNOWN)

    def test_a_message_of_another_case_is_not_found(self, desk: Browser, now: datetime) -> None:
        case = a_case(now, an_outreach(now))
        assert desk.press(f"{page_of(case)}/deliveries/{uuid4()}", arrived="yes").status_code == 404


def test_a_case_whose_shop_has_forbidden_us_leaves_the_desk(now: datetime, desk: Browser) -> None:
    case = a_case(now, an_outreach(now))
    case.outreach.status = OutreachStatus.STOPPED
    db.session.commit()
    open_due_cases(now)
    db.session.expire_all()
    assert case.ending == "no_longer_needed"
    assert "Log a call" not in text_of(desk, page_of(case))
