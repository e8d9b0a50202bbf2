"""What leaves, what is held and whom to leave alone, in a browser: full, empty, and in hostile words."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.use_cases import open_reviews
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import suppress, withhold
from discount_broker.messaging.queries import find_hold, get_delivery, is_suppressed
from discount_broker.messaging.status import ChannelKind, DeliveryStatus, FailureReason
from discount_broker.shops.status import ContactKind, ContactState
from tests.browser.conftest import follow
from tests.browser.test_shops import lead
from tests.builders import a_request, a_shop, an_operator, an_outreach
from tests.web.test_desk_page import a_step
from tests.web.test_desk_sending import a_delivery

pytestmark = pytest.mark.browser
__all__ = ["lead"]
HOSTILE = "<script>alert(1)</script>\u202e" + "x" * 300
PAGES = {
    "queue": "/desk/",
    "mail": "/desk/mail",
    "shops": "/desk/shops",
    "twins": "/desk/shops/twins",
    "sending": "/desk/sending",
    "stop list": "/desk/stops",
    "found": "/desk/stops?q=shop",
    "nothing found": "/desk/stops?q=nonsense",
}


@pytest.fixture
def now() -> datetime:
    return utcnow()


def everything(now: datetime) -> Delivery:
    """All that the pages can show, in words of strangers; the message whose outcome nobody knows."""
    shop = a_shop(now, "instrumenty.example", name=HOSTILE, emails=("a@instrumenty.example",),
                  forms=("https://instrumenty.example/contacts/" + "long/" * 40,))  # fmt: skip
    outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
    unknown = a_step(now, outreach, ContactKind.FORM, status=DeliveryStatus.UNKNOWN, sent_at=None).delivery
    bounced = a_step(now, outreach, ContactKind.EMAIL, status=DeliveryStatus.BOUNCED).delivery
    bounced.failure, bounced.last_error = FailureReason.ADDRESS_DEAD, HOSTILE
    shop.contact_points[0].state = ContactState.DEAD
    unknown.last_error = HOSTILE
    for number in range(6):
        status = DeliveryStatus.FAILED if number else DeliveryStatus.SENT
        a_delivery(now, status, recipe="plain", purpose=f"form {number}", last_error=HOSTILE)
    lost = DeliveryStatus.FAILED
    a_delivery(now, lost, channel=ChannelKind.SMS, address="+79990001122", purpose="sms")
    a_delivery(now, DeliveryStatus.SENT, purpose="stuck")
    stuck = db.session.query(Delivery).filter_by(purpose="stuck").one()
    stuck.status, stuck.due_at = DeliveryStatus.QUEUED, now - timedelta(hours=1)
    olga = an_operator(now).id
    withhold("shop:instrumenty.example", reason="operator", cause=HOSTILE, now=now, operator_id=olga)
    withhold("sender:here.example", reason="policy", cause="554 " * 60, now=now, until=now + timedelta(1))
    suppress(f"form:https://shop.example/{'x' * 200}", reason="reply", cause=HOSTILE, now=now)
    suppress("shop:pause.example", reason="pause", cause="", now=now, until=now + timedelta(days=30))
    db.session.commit()
    open_reviews(now)
    return unknown


def faults_of(page: Page) -> list[object]:
    violations = Axe().run(page).response["violations"]
    found: list[object] = [(v["id"], [node["html"] for node in v["nodes"]]) for v in violations]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("scrolls sideways")
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 360), ("light", 800), ("dark", 1280)])
def test_the_pages_about_sending_are_usable_by_everybody(
    address: str, lead: Callable[..., Page], now: datetime, scheme: str, width: int
) -> None:
    page, found = lead(width, scheme), {}
    for state in ("empty", "full"):
        if state == "full":
            everything(now)
        for name, path in PAGES.items():
            page.goto(address + path)
            page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
            found[f"{name}, {state}"] = faults_of(page)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_every_page_of_the_desk_leads_to_every_other_and_says_where_one_is(
    address: str, lead: Callable[..., Page], now: datetime
) -> None:
    everything(now)
    page = lead(360)
    ways = {}
    for name, path in PAGES.items():
        page.goto(address + path)
        nav = page.locator(".desk-nav")
        ways[name] = [link.get_attribute("href") for link in nav.locator("a").all()]
        assert nav.locator("[aria-current=page]").count() == 1, name
        assert "to be looked at: 3" in " ".join(nav.inner_text().split()), name
    assert len({tuple(links) for links in ways.values()}) == 1
    assert {PAGES[name] for name in ("queue", "mail", "shops", "sending", "stop list")} <= set(ways["queue"])
    page.goto(f"{address}/desk/")
    assert "messages that should leave now wait" in page.inner_text("main")


@pytest.mark.parametrize("width", [360, 1280])
def test_what_nobody_knows_is_settled_without_a_mouse_or_a_script(
    address: str, browser: Browser, lead: Callable[..., Page], now: datetime, width: int
) -> None:
    unknown = everything(now)
    state = lead().context.storage_state()
    context = browser.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=False, storage_state=state
    )
    page = context.new_page()
    page.goto(f"{address}/desk/sending")
    button = page.get_by_role("button", name="It arrived")
    assert button.is_visible()
    button.press("Enter")
    page.get_by_text("Noted. The request goes on from there.").wait_for()
    db.session.expire_all()
    assert get_delivery(unknown.id).status is DeliveryStatus.SENT
    page.locator("summary", has_text="Hold back").press("Enter")
    page.select_option("#key", "channel:sms")
    follow(page.get_by_role("button", name="Hold back from now on"), by="Enter")
    assert "Please say why" in page.inner_text("main")
    assert page.input_value("#key") == "channel:sms"
    page.fill("#cause", "the gateway bills twice")
    page.press("#cause", "Enter")
    page.get_by_text("the gateway bills twice").wait_for()
    assert find_hold("channel:sms")
    context.close()


def test_somebody_is_put_on_the_stop_list_and_taken_off_by_keyboard(
    address: str, lead: Callable[..., Page], now: datetime
) -> None:
    page = lead(360)
    page.goto(f"{address}/desk/stops")
    page.locator("summary", has_text="Enter somebody").press("Enter")
    page.fill("#value", "tools.example")
    page.fill("#cause", "Ivan, by phone")
    page.get_by_role("button", name="Nothing leaves to them any more").press("Enter")
    page.get_by_text("Nothing leaves to tools.example any more.").wait_for()
    assert is_suppressed(["shop:tools.example"])
    page.locator("summary", has_text="Take back").press("Enter")
    page.fill("#cause-1", "their director wrote")
    page.press("#cause-1", "Enter")
    page.get_by_text("tools.example may be written to again.").wait_for()
    db.session.expire_all()
    assert not is_suppressed(["shop:tools.example"])
