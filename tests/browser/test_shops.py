"""The catalogue at the desk in a browser: usable by everybody, by keyboard, at any width."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from discount_broker.accounts.models import Role
from discount_broker.accounts.use_cases import create_operator
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.discovery.models import Crawl, CrawlStatus, Listing
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.messaging.operations import suppress
from discount_broker.messaging.ports import FailureReason
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.use_cases.correcting import disown_door
from discount_broker.shops.models import Shop
from discount_broker.shops.status import ContactKind
from discount_broker.shops.use_cases import Description, add_door, describe_shop
from tests.builders import a_door, a_request, a_shop, an_operator, an_outreach, saved
from tests.web.test_desk_page import a_case, a_step

pytestmark = pytest.mark.browser
LEAD, PASSWORD = "lead@desk.example", "a long password"


@pytest.fixture
def now() -> datetime:
    return utcnow()


def a_rich_shop(now: datetime) -> Shop:
    """A shop about which everything is known, with words as long as strangers write them."""
    long = "a-very-long-local-part-of-an-address.of-the-department-of-sales.and-orders@instrumenty-moscow.ru"
    shop = a_shop(
        now, "tools.ru", name="Хорошие инструменты", language="ru",
        emails=("sales@tools.ru", "info@tools.ru", long), forms=("https://tools.ru/contacts/feedback?form=7",),
    )  # fmt: skip
    by_value = {point.value: point for point in shop.contact_points}
    sales, info, form = (
        by_value[v] for v in ("sales@tools.ru", "info@tools.ru", "https://tools.ru/contacts/feedback?form=7")
    )
    sales.snippet, sales.last_answer_at = "По вопросам заказов: sales@tools.ru", now - timedelta(days=3)
    form.form = {
        "kind": "contact", "captcha": "smartcaptcha", "why": ["a field for a message", "a button that sends"],
        "fields": {"form[very_long_name_of_a_field_somebody_chose]": "message", "email": "email"},
    }  # fmt: skip
    shop.contact_points.append(a_door(ContactKind.PHONE, "+74951234567", shop.domain, 0.9, now))
    shop.contact_points.append(a_door(ContactKind.MESSENGER, "telegram:tools_shop", shop.domain, 0.7, now))
    db.session.commit()
    olga = an_operator(now, name="Olga Petrova").id
    add_door(shop.id, ContactKind.EMAIL, "director@tools.ru", olga, now, is_preferred=True)
    disown_door(shop.id, info.id, olga, now)
    describe_shop(shop.id, Description(shop.name, "KZ", "ru"), olga, now)
    outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
    a_step(now, outreach, ContactKind.EMAIL)
    a_step(
        now,
        outreach,
        ContactKind.FORM,
        status=DeliveryStatus.FAILED,
        failure=FailureReason.CAPTCHA,
        sent_at=None,
    )
    a_case(now, outreach)
    for number in range(3):
        facts = {"title_key": "", "price": Decimal(12990), "currency": "RUB", "gtin": "4006381333931"}
        title = f"Bosch GSR 12V-15 Professional cordless drill with two batteries and a case, number {number}"
        saved(Listing(shop=shop, url=f"https://tools.ru/p/{number}", title=title, seen_at=now, **facts))
    pages = [{"url": "https://tools.ru/contacts/" + "long/" * 20, "status": 200, "bytes": 5, "seconds": 0.2}]
    refused = [{"url": "https://tools.ru/cart", "why": "robots"}]
    crawl = {"status": CrawlStatus.DONE, "finished_at": now, "pages": pages, "refused": refused}
    saved(Crawl(shop=shop, start_url=shop.home_url, created_at=now, **crawl))
    return shop


def shop_pages(now: datetime) -> dict[str, str]:
    """One path for each page of the catalogue, with everything on it that it can hold."""
    shop = a_rich_shop(now)
    twin = a_shop(now, "tools.com", name="Tools", emails=("sales@tools.ru",))
    alias = a_shop(now, "xn--e1afkbacajhmck.xn--p1ai", merged_into=shop)
    stopped = a_shop(now, "stopped.ru", name="<b>Never again</b>", emails=("a@stopped.ru",))
    suppress("shop:stopped.ru", reason="reply", cause="", now=now)
    for number in range(60):
        db.session.add(Shop(domain=f"s{number:02}.ru", home_url="https://x.ru/", name=f"Shop {number}"))
    db.session.commit()
    return {
        "catalogue": "/desk/shops",
        "found": "/desk/shops?q=sales",
        "found by product": "/desk/shops?q=bosch+drill",
        "nothing found": "/desk/shops?q=nonsense",
        "stopped shops": "/desk/shops?view=stopped",
        "twins": "/desk/shops/twins",
        "shop": f"/desk/shops/{shop.id}",
        "alias": f"/desk/shops/{alias.id}",
        "stopped": f"/desk/shops/{stopped.id}",
        "merge": f"/desk/shops/{shop.id}/merge?domain={twin.domain}",
        "merge of nothing": f"/desk/shops/{shop.id}/merge?domain=nowhere.ru",
    }


@pytest.fixture
def lead(address: str, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a browser in which a lead has logged in."""
    create_operator(LEAD, "Lena", PASSWORD, Role.LEAD, utcnow())
    contexts = []

    def open_desk(width: int = 1280, scheme: str = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True, locale="en")
        contexts.append(context)
        page = context.new_page()
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(f"{address}/staff/login")
        page.fill("#email", LEAD)
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_url("**/desk/")
        return page

    yield open_desk
    for context in contexts:
        context.close()


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 360), ("light", 800), ("dark", 1280)])
def test_the_pages_of_the_shops_are_usable_by_everybody(
    address: str, lead: Callable[..., Page], now: datetime, scheme: str, width: int
) -> None:
    page, found = lead(width, scheme), {}
    for name, path in shop_pages(now).items():
        page.goto(address + path)
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        violations = Axe().run(page).response["violations"]
        found[name] = [(v["id"], [node["html"] for node in v["nodes"]]) for v in violations]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[name].append(("scrolls sideways", []))
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_a_shop_is_found_and_corrected_by_keyboard_alone(
    address: str, lead: Callable[..., Page], now: datetime
) -> None:
    shop = a_rich_shop(now)
    page = lead()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.get_by_role("link", name="Shops").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/shops")
    page.keyboard.press("/")
    page.keyboard.type("8 495 123-45-67")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/shops/{shop.id}")
    page.locator("#value").focus()
    page.keyboard.type("orders@tools.ru")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Kept: orders@tools.ru")
    assert complaints == []
