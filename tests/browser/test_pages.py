"""What only a browser can tell: is every page usable by everybody, and does it keep its own policy?"""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from discount_broker.accounts.models import Buyer
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.operations import tell
from discount_broker.discount_requests.status import ReadingStatus, RequestStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.ports import ChannelKind
from discount_broker.offers.models import Offer
from discount_broker.offers.status import AnswerKind
from discount_broker.outreach.models import Outreach, Step
from discount_broker.outreach.status import OutreachStatus
from tests.builders import a_buyer, a_product, a_request, a_shop, an_outreach, saved

pytestmark = pytest.mark.browser


@pytest.fixture
def now() -> datetime:
    return utcnow()


def a_reading_draft(now: datetime) -> DiscountRequest:
    draft = a_request(now, RequestStatus.DRAFT)
    draft.product, draft.reading = None, ReadingStatus.WAITING
    db.session.commit()
    return draft


def a_digest(now: datetime, outreaches: list[Outreach]) -> Delivery:
    """One letter for several requests, as it waits to leave."""
    shop = outreaches[0].shop
    point = shop.contact_points[0]
    delivery = saved(
        Delivery(
            purpose=f"digest:{outreaches[0].id}:1", template="shop_digest", channel=ChannelKind.EMAIL,
            address=point.value, language="en", subject="Buyers who wait", text="!", created_at=now,
        )
    )  # fmt: skip
    for outreach in outreaches:
        saved(Step(outreach=outreach, number=1, contact_point=point, delivery=delivery, taken_at=now))
    return delivery


def every_page(now: datetime) -> dict[str, str]:
    """One path for each page, with something on it."""
    shop = a_shop(now, language="en", emails=("a@shop.example",))
    product = a_product(now, shop)
    draft = a_request(now, RequestStatus.DRAFT, product=product)
    failed = a_reading_draft(now)
    failed.reading, failed.reading_failure = ReadingStatus.FAILED, "unreachable"
    unconfirmed = a_request(now, RequestStatus.UNCONFIRMED, product=product)
    request = a_request(now, RequestStatus.OFFERED, product=product, note="A black one")
    asked = an_outreach(now, request, shop, status=OutreachStatus.ASKED, next_step_at=now + timedelta(days=1))
    another = an_outreach(now, a_request(now, RequestStatus.ASKED, product=product), shop)
    answered = an_outreach(
        now, request, a_shop(now, language="en", emails=("b@shop.example",)), status=OutreachStatus.ANSWERED
    )
    tomorrow = now + timedelta(days=1)
    saved(Offer(outreach=answered, kind=AnswerKind.PERCENT, percent=Decimal(10), valid_until=tomorrow))
    tell(request, "shop_answered", now, shop=shop.name)
    db.session.commit()

    def token(purpose: Purpose, row: DiscountRequest | Outreach | Buyer | Delivery) -> str:
        return issue_token(purpose, row.id, now)

    return {
        "landing": "/",
        "about": "/about",
        "privacy": "/privacy",
        "bot": "/bot",
        "login": "/login",
        "staff login": "/staff/login",
        "not found": "/nothing",
        "ask": f"/ask/{token(Purpose.DRAFT, draft)}",
        "ask while reading": f"/ask/{token(Purpose.DRAFT, a_reading_draft(now))}",
        "ask after a failure": f"/ask/{token(Purpose.DRAFT, failed)}",
        "sent": f"/ask/{token(Purpose.DRAFT, unconfirmed)}/sent",
        "confirm": f"/confirm/{token(Purpose.CONFIRM, unconfirmed)}",
        "follow": f"/requests/{token(Purpose.FOLLOW, request)}",
        "letters": f"/requests/{token(Purpose.FOLLOW, request)}/shops/{asked.id}",
        "proof": f"/requests/{token(Purpose.FOLLOW, request)}/proof",
        "another address": f"/o/{token(Purpose.OFFER, asked)}/address",
        "offer": f"/o/{token(Purpose.OFFER, asked)}?answer=percent-10",
        "thanks": f"/o/{token(Purpose.OFFER, answered)}/thanks",
        "digest": f"/w/{token(Purpose.WAITING, a_digest(now, [asked, another]))}",
        "digest that is over": f"/w/{token(Purpose.WAITING, a_digest(now, [answered]))}",
        "stop": f"/stop/{token(Purpose.STOP, asked)}",
        "login link": f"/login/{token(Purpose.LOGIN, a_buyer(now))}",
    }


@pytest.mark.slow
def test_every_page_is_usable_by_everybody_on_the_narrowest_phone(
    address: str, browser: Browser, now: datetime
) -> None:
    """Wider and in the dark they are looked at by test_town_pages."""
    context = browser.new_context(viewport={"width": 320, "height": 800}, bypass_csp=True)
    page = context.new_page()
    found = {}
    for name, path in every_page(now).items():
        page.goto(address + path)
        violations = Axe().run(page).response["violations"]
        found[name] = [(v["id"], [node["html"] for node in v["nodes"]]) for v in violations]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[name].append(("scrolls sideways", []))
    context.close()
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_no_page_breaks_its_own_policy(address: str, browser: Browser, now: datetime) -> None:
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type != "log" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for name, path in every_page(now).items():
        page.goto(address + path)
        if name == "not found":
            complaints.clear()  # the browser itself complains about the 404
    context.close()
    assert complaints == []


def test_the_product_appears_by_itself_and_what_was_typed_stays(
    address: str, browser: Browser, now: datetime
) -> None:
    draft = a_reading_draft(now)
    page: Page = browser.new_page()
    page.goto(f"{address}/ask/{issue_token(Purpose.DRAFT, draft.id, now)}")
    page.fill("#email", "anna@mail.example")
    page.click("label[for=wish-15]")
    draft.product, draft.reading = a_product(now, a_shop(now), title="Aurora 3000"), ReadingStatus.READ
    db.session.commit()
    page.wait_for_selector("text=Aurora 3000", timeout=5000)
    assert "RUB" in page.inner_text("#saving-15")
    assert page.input_value("#email") == "anna@mail.example"
    assert page.is_checked("#wish-15")
    page.close()
