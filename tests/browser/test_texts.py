"""The pages that text messages add, for everybody's eyes and keyboards."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.short_links import short_code
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.queries import is_suppressed
from tests.browser.conftest import OVERHANG, follow
from tests.builders import a_request

pytestmark = pytest.mark.browser


@pytest.fixture
def now() -> datetime:
    return utcnow()


@pytest.fixture
def texting(app: Flask, address: str) -> Iterator[str]:
    """The pages of an installation with a gateway."""
    site = app.extensions["site"]
    app.extensions["site"] = replace(site, base_url=address, sends_texts=True)
    yield address
    app.extensions["site"] = site


@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
def test_the_box_for_texts_and_the_way_out_are_usable_by_everybody(
    texting: str, browser: Browser, now: datetime, scheme: str, width: int
) -> None:
    phone = "+79161234567"
    draft = a_request(now, RequestStatus.DRAFT)
    asked = a_request(now, RequestStatus.ASKED, phone=phone, wants_texts=True)
    page = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True).new_page()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    def look() -> None:
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate(OVERHANG) <= 0

    page.goto(f"{texting}/ask/{issue_token(Purpose.DRAFT, draft.id, now)}")
    look()
    page.get_by_label("Text me the news").focus()
    page.keyboard.press("Space")
    page.get_by_label("I agree that my details").check()
    page.get_by_label("Your e-mail address").fill("anna@mail.example")
    follow(page.get_by_role("button", name="Send my wish"))
    assert page.get_by_label("Text me the news").is_checked(), "nothing typed is lost"
    assert page.locator("#phone").is_visible(), "the field that lacks something is not hidden"
    look()

    page.goto(f"{texting}/t/{short_code(asked.number)}")
    look()
    follow(page.get_by_role("link", name="Stop the text messages"))
    look()
    follow(page.get_by_role("button", name="Send me no more texts"))
    look()
    db.session.rollback()
    assert is_suppressed([f"phone:{phone}"])
    page.context.close()
