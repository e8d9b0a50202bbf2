"""A lead edits a script in a browser, and the next call shows it; a call is led by its buttons."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from discount_broker.accounts.models import Role
from discount_broker.accounts.use_cases import create_operator
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import Call, EscalationCase
from discount_broker.escalation.status import CallResult
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.offers.models import OfferDraft
from discount_broker.outreach.status import OutreachStatus
from tests.browser.conftest import follow
from tests.browser.test_sending import faults_of
from tests.builders import a_case, a_request, a_shop, an_outreach

pytestmark = pytest.mark.browser
PASSWORD = "a long enough password"
FIRST_CALL = "/desk/texts/script/first_call/en"
Open = Callable[..., Page]


@pytest.fixture
def now() -> datetime:
    return utcnow()


@pytest.fixture
def case(now: datetime) -> EscalationCase:
    shop = a_shop(now, "tools.com", name="Tools and More", language="en", emails=("a@tools.com",))
    request = a_request(now, RequestStatus.ASKED, shop=shop)
    return a_case(now, an_outreach(now, request, status=OutreachStatus.EXHAUSTED, exhausted_why="silence"))


@pytest.fixture
def enter(address: str, browser: Browser) -> Iterator[Open]:
    """Signs somebody in: `enter("lena")`, `enter("olga", has_scripts=False)`."""
    create_operator("lena@desk.example", "Lena", PASSWORD, Role.LEAD, utcnow())
    create_operator("olga@desk.example", "Olga", PASSWORD, Role.OPERATOR, utcnow())
    contexts = []

    def open_desk(
        who: str,
        width: int = 1280,
        scheme: str = "light",
        *,
        has_scripts: bool = True,
        is_checked: bool = False,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale="en",
            base_url=address,
            java_script_enabled=has_scripts,
            bypass_csp=is_checked,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto("/staff/login")
        page.fill("#email", f"{who}@desk.example")
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_url("**/desk/")
        return page

    yield open_desk
    for context in contexts:
        context.close()


def test_a_lead_edits_a_script_and_the_next_call_shows_it(enter: Open, case: EscalationCase) -> None:
    olga, lena = enter("olga"), enter("lena")
    olga.goto(f"/desk/cases/{case.id}")
    expect(olga.locator("[data-say=first_call] .words")).to_contain_text("Hello, my name is Olga")

    lena.goto("/desk/texts")
    lena.locator(f'a[href="{FIRST_CALL}"]').click()
    lena.fill("#body", "Good day, {{ shop }}.\n\nOlga, ask about {{ prodcut }}.")
    lena.get_by_role("button", name="Save as a new version").click()
    expect(lena.locator("#flaws")).to_contain_text("Line 3: there is no “prodcut”. Did you mean “product”?")
    expect(lena.locator("#body")).to_have_value("Good day, {{ shop }}.\n\nOlga, ask about {{ prodcut }}.")
    olga.reload()
    expect(olga.locator("[data-say=first_call] .words")).to_contain_text("Hello, my name is Olga")

    lena.fill("#body", "Good day, {{ shop }}.\n\nIt is about {{ product }}.")
    lena.get_by_role("button", name="Show how it reads").click()
    expect(lena.locator("#preview")).to_contain_text("Good day, Tools and More.")
    lena.fill("#note", "shorter")
    lena.get_by_role("button", name="Save as a new version").click()
    expect(lena.locator(".notice-good, [role=status]").first).to_contain_text("Saved as version 1")

    olga.reload()
    said = olga.locator("[data-say=first_call] .words")
    expect(said).to_contain_text("Good day, Tools and More.")
    expect(said).to_contain_text("It is about Bosch")

    lena.get_by_text("As it came with the program").last.click()
    follow(lena.get_by_role("button", name="Let version 0 count again"))
    olga.reload()
    expect(olga.locator("[data-say=first_call] .words")).to_contain_text("Hello, my name is Olga")


def test_a_call_is_led_by_keys_and_keeps_what_is_typed(enter: Open, case: EscalationCase) -> None:
    page = enter("olga")
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"/desk/cases/{case.id}")
    page.fill("#note", "typed before")
    page.locator("body").click(position={"x": 2, "y": 2})
    labels = page.locator("[data-say=first_call] .way").all_text_contents()
    page.keyboard.press(str(1 + next(n for n, label in enumerate(labels) if "no discounts" in label)))
    expect(page.locator("[data-say=refuses]")).to_be_visible()
    expect(page.locator("[data-say=first_call]")).to_be_hidden()
    page.get_by_role("button", name="Back").click()
    expect(page.locator("[data-say=first_call]")).to_be_visible()
    page.locator("[data-say=first_call] [data-leads-to=refuses]").click()
    page.get_by_role("link", name="It stays a no").click()
    expect(page.locator("input[name=result][value=refused]")).to_be_checked()
    expect(page.locator("#note")).to_have_value("typed before")
    assert "at=refuses" in page.url
    page.reload()
    expect(page.locator("[data-say=refuses]")).to_be_visible()
    assert complaints == []


def test_without_scripts_the_buttons_are_links_that_fill_the_form_of_the_call(
    enter: Open, case: EscalationCase
) -> None:
    page = enter("olga", has_scripts=False)
    page.goto(f"/desk/cases/{case.id}")
    follow(page.locator("[data-say=first_call] [data-leads-to=nobody]"))
    follow(page.locator("[data-say=nobody] .way", has_text="Busy"))
    assert page.locator("input[name=result][value=busy]").is_checked()
    page.locator("#write > summary").click()
    page.select_option("#begin-text", "shop_thank_you")
    follow(page.get_by_role("button", name="Put it into the letter"))
    assert "thank you for your time" in page.locator("#letter-text").input_value()
    assert db.session.query(Call).count() == 0


def test_an_offer_on_the_phone_is_confirmed_by_the_shop_on_its_page(
    enter: Open, case: EscalationCase
) -> None:
    page = enter("olga")
    page.goto(f"/desk/cases/{case.id}")
    page.locator("[data-say=first_call] [data-leads-to=makes_offer]").click()
    page.locator("[data-say=makes_offer] [data-opens=offer]").click()
    form = page.locator("#offer-said")
    form.get_by_label("A percentage off").check()
    form.get_by_label("Percentage off", exact=True).fill("7")
    form.get_by_label("Conditions, in their words").fill("Pick-up only")
    expect(form.get_by_label("Their e-mail address")).to_have_value("a@tools.com")
    form.get_by_role("button", name="Save the call and send them the page").click()
    expect(page.locator("main")).to_contain_text("Without a press of the shop it comes back")
    draft = db.session.query(OfferDraft).one()
    assert db.session.query(Call).one().result is CallResult.OFFERED
    letter = draft.outreach.discount_request
    assert letter.status is RequestStatus.ASKED


def test_a_text_comes_into_the_letter_beneath_what_was_typed(enter: Open, case: EscalationCase) -> None:
    page = enter("olga")
    page.goto(f"/desk/cases/{case.id}")
    page.locator("#write > summary").click()
    page.fill("#letter-text", "My own words.")
    page.select_option("#begin-text", "buyer_shop_asks")
    page.get_by_role("button", name="Put it into the letter").click()
    expect(page.locator("#reader-buyer")).to_be_checked()
    assert page.locator("#letter-text").input_value().startswith("My own words.\n\nHello,")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 360), ("dark", 360), ("light", 1440), ("dark", 1440)]
)
def test_the_pages_of_texts_are_usable_by_everybody(
    enter: Open, case: EscalationCase, scheme: str, width: int
) -> None:
    page = enter("lena", width, scheme, is_checked=True)
    found = {}
    for path in (
        "/desk/texts", "/desk/texts/new", FIRST_CALL, "/desk/texts/sms/buyer_thank_you/ru",
        f"/desk/cases/{case.id}?at=makes_offer&result=offered", f"/desk/cases/{case.id}/offer-said",
    ):  # fmt: skip
        page.goto(path)
        found[path] = faults_of(page)
    page.goto(FIRST_CALL)
    page.fill("#body", "a\n{{ " + "x" * 300 + " }}")
    follow(page.get_by_role("button", name="Save as a new version"))
    found["refused"] = faults_of(page)
    page.fill("#body", "a\n" + "x" * 300)
    follow(page.get_by_role("button", name="Save as a new version"))
    found["saved"] = faults_of(page)
    assert {path: faults for path, faults in found.items() if faults} == {}
