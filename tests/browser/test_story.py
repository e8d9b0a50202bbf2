import json
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from demo.place import OPERATOR, Place
from tests.browser.conftest import Visitor, follow, link_in, until

pytestmark = pytest.mark.browser
Visitors = Callable[..., Visitor]

AUDIENCES = [("phone", "ru"), ("desktop", "en")]
EVERY_PAIR = [
    ("phone", "ru", "light"), ("phone", "en", "dark"), ("desktop", "en", "light"), ("desktop", "ru", "dark"),
]  # fmt: skip
"""Each size with each language and each scheme, and each language with each scheme."""


def letters_to(town: Place, address: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{town.web_url}/dev/inbox.json?to={address}") as answer:
        found: list[dict[str, Any]] = json.load(answer)
    return found


def letter_about(town: Place, address: str, marker: str) -> str:
    """The text of the newest letter to an address that holds the marker."""

    def look() -> str | None:
        return next((mail["text"] for mail in letters_to(town, address) if marker in mail["text"]), None)

    return until(look, f"a letter to {address} with {marker}") or ""


def ask_for_ten_percent(town: Place, buyer: Visitor, link: str, email: str) -> str:
    """From the landing page to the status page; the number of the request."""
    buyer.open("/")
    buyer.look("landing")
    buyer.page.fill("input[name=link]", link)
    buyer.press("main form button")
    buyer.page.locator("text=/48.990|47.900/").first.wait_for()
    buyer.look("ask")
    buyer.page.locator("input[name=wish][value='10']").check()
    buyer.page.fill("input[name=email]", email)
    buyer.page.check("input[name=consent]")
    buyer.press("form:has(input[name=email]) button")
    buyer.look("sent")
    buyer.open(link_in(letter_about(town, email, "/confirm/"), "/confirm/"))
    buyer.look("confirm")
    buyer.press("main form button")
    return buyer.page.locator("h1").inner_text().strip()


@pytest.mark.parametrize(("size", "language"), AUDIENCES)
def test_a_buyer_asks_a_shop_answers_and_the_buyer_accepts(
    town: Place, visitors: Visitors, size: str, language: str
) -> None:
    buyer = visitors(size, language)
    email = f"anna-{size}@mail.example"
    number = ask_for_ten_percent(town, buyer, town.shop_url("veter", "/catalog/norrvik-city-3"), email)

    shop = visitors(size, "ru")
    asked = until(
        lambda: next((m for m in letters_to(town, "zakaz@veter") if number in m["subject"]), None),
        "the letter to the shop",
    )
    assert asked is not None
    assert email not in asked["text"]
    shop.open(link_in(asked["text"], r"/o/\w+\?answer=percent-10"))
    shop.look("offer")
    shop.press("main form:not([action$='/address']) button")
    shop.look("offer-thanks")

    buyer.page.locator("details:has(form[action*='/accept/']) summary").first.wait_for()
    buyer.look("follow")
    buyer.page.locator("details:has(form[action*='/accept/']) summary").first.click()
    buyer.press("form[action*='/accept/'] button")
    buyer.look("accepted")
    told = letter_about(town, "zakaz@veter", email)
    assert number in told

    buyer.press("form[action$='/outcome'] button >> nth=0")
    buyer.look("outcome")


def test_a_silent_shop_ends_at_the_desk_and_an_operator_holds_it_to_a_promise(
    town: Place, visitors: Visitors
) -> None:
    buyer = visitors("phone", "en", "dark")
    link = town.shop_url("lavka", "/catalog/norrvik-city-3")
    number = ask_for_ten_percent(town, buyer, link, "boris@mail.example")

    operator = visitors("desktop", "en")
    operator.open("/staff/login")
    operator.look("staff-login")
    operator.page.fill("input[name=email]", OPERATOR)
    operator.page.fill("input[name=password]", town.remembered.operator_password)
    operator.press("main form button")

    def is_on_the_desk() -> bool:
        operator.open("/desk/")
        return operator.page.locator(f"text={number}").count() > 0

    until(is_on_the_desk, "the case on the desk", seconds=240)
    operator.look("desk")
    follow(operator.page.locator(f"li:has-text('{number}') a.row-link").first)
    operator.look("case")
    operator.press("form[action$='/claim'] button")
    log = "form[action*='/calls'] "
    operator.page.check(f"{log}input[name=result][value=promised]")
    operator.page.fill(f"{log}input[name=minutes]", "4")
    operator.page.fill(f"{log}input[name=person]", "Irina, the manager")
    operator.page.select_option(f"{log}select[name=promise_kind]", "send_offer")
    operator.page.select_option(f"{log}select[name=promise_when]", index=1)
    operator.press(f"{log}button[type=submit]")
    if operator.page.locator("#doubts").count():
        # At night and at weekends the page asks whether the time is meant, and browsers note its status.
        operator.complaints.clear()
        operator.press("#doubts button")
    operator.look("case-promised")
    assert operator.page.locator("text=Irina, the manager").count() > 0
    buyer.page.reload()
    buyer.look("called")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("size", "language"), [*AUDIENCES, ("phone", "en"), ("desktop", "ru")])
def test_the_landing_page_is_in_order(visitors: Visitors, size: str, language: str, scheme: str) -> None:
    visitor = visitors(size, language, scheme)
    visitor.open("/")
    visitor.look("landing")
    assert visitor.page.locator("html").get_attribute("lang") == language


@pytest.mark.parametrize(("size", "language", "scheme"), EVERY_PAIR)
def test_every_open_page_is_in_order(visitors: Visitors, size: str, language: str, scheme: str) -> None:
    visitor = visitors(size, language, scheme)
    for path in ("/about", "/privacy", "/bot", "/login", "/staff/login"):
        visitor.open(path)
        visitor.look(path.strip("/").replace("/", "-"))
        shown = visitor.page.locator("html").get_attribute("lang")
        assert shown == language, f"{path} speaks {shown}"


def test_the_landing_page_is_light(visitors: Visitors) -> None:
    visitor = visitors("phone", "ru")
    sizes: list[int] = []
    visitor.page.on("response", lambda answer: sizes.append(answer.request.sizes()["responseBodySize"]))
    visitor.open("/")
    visitor.page.wait_for_load_state("networkidle")
    assert 0 < sum(sizes) < 90_000


def test_an_operator_needs_no_mouse(town: Place, visitors: Visitors) -> None:
    operator = visitors("desktop", "ru")
    operator.open("/staff/login")
    operator.page.locator("input[name=email]").focus()
    operator.page.keyboard.type(OPERATOR)
    operator.page.keyboard.press("Tab")
    operator.page.keyboard.type(town.remembered.operator_password)
    with operator.page.expect_navigation():
        operator.page.keyboard.press("Enter")
    operator.look("desk")
    operator.page.keyboard.press("/")
    operator.page.keyboard.type("lavka")
    with operator.page.expect_navigation():
        operator.page.keyboard.press("Enter")
    operator.page.keyboard.press("j")
    with operator.page.expect_navigation():
        operator.page.keyboard.press("Enter")
    operator.look("case")


def test_the_whole_asking_works_without_javascript(town: Place, browser: Any) -> None:
    context = browser.new_context(
        java_script_enabled=False, locale="en", viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.goto(town.web_url)
    page.fill("input[name=link]", town.shop_url("veter", "/catalog/norrvik-city-3"))
    follow(page.locator("input[name=link]"), by="Enter")

    def is_read() -> bool:
        page.reload()
        return page.locator("text=Norrvik City 3").count() > 0

    until(is_read, "the product to be read")
    page.fill("input[name=email]", "vera@mail.example")
    page.check("input[name=consent]")
    follow(page.locator("form:has(input[name=email]) button").last)
    assert page.url.endswith("/sent")
    context.close()
