"""Every page of the desk that a link leads to: on a phone and a desk, light and dark, in both languages."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Error, Page
from werkzeug.exceptions import HTTPException

from discount_broker.accounts.models import Role
from discount_broker.accounts.use_cases import create_operator
from discount_broker.cli.seed import fill
from discount_broker.kernel.clock import utcnow
from tests.browser.conftest import SCREENSHOTS
from tests.browser.test_sending import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ADMIN, PASSWORD = "admin@desk.example", "a long enough password"
PIECES = {"desk.rows", "desk_cards.plot", "letter.words", "mail.download", "team.plot", "trail.export"}
"""Answers that are no page of their own: parts that a script asks for, pictures and files."""
DEEP = {
    "promises.show", "promises.ask_move", "said.show", "shop.merge_preview",
    "desk_cards.reply", "desk_checks.show", "desk_checks.report", "programs.program",
}  # fmt: skip
"""Pages that a form leads to, or what not every seeded desk has; tests of their own look at them."""
SHOWN = {
    "desk.queue": "queue",
    "case.show": "case",
    "buyer_card.show": "buyer",
    "team.show": "team",
    "review.overview": "review",
    "desk_texts.edit": "text",
    "clocks.show": "clocks",
    "trail.show": "trail",
}
"""Pages whose pictures are kept."""
Open = Callable[[int, str, str], Page]


@pytest.fixture
def admin(address: str, browser: Browser) -> Iterator[Open]:
    """Opens a browser in which an admin has signed in, who may see every page."""
    create_operator(ADMIN, "Ada", PASSWORD, Role.ADMIN, utcnow())
    contexts = []

    def open_desk(width: int, scheme: str, language: str) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, bypass_csp=True, locale=language
        )
        contexts.append(context)
        page = context.new_page()
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(f"{address}/staff/login")
        page.fill("#email", ADMIN)
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_url("**/desk/")
        return page

    yield open_desk
    for context in contexts:
        context.close()


class Walk:
    """Follows the links of the desk, one page of each kind."""

    def __init__(self, app: Flask, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.urls = app.url_map.bind(urlsplit(address).netloc)
        self.to_see, self.seen = ["/desk/"], dict[str, str]()

    def kind_of(self, path: str) -> str:
        """The endpoint behind a path; empty where there is no page of the desk."""
        parts = urlsplit(path)
        if not parts.path.startswith("/desk") or (parts.netloc and parts.netloc not in self.address):
            return ""
        try:
            endpoint, _values = self.urls.match(parts.path, "GET")
        except HTTPException:
            return ""
        return str(endpoint)

    def is_page(self, path: str) -> bool:
        """Whether there is one at this path, which is open now; a file would be taken down instead."""
        try:
            answer = self.page.goto(self.address + path)
        except Error as error:
            if "Download is starting" not in error.message:
                raise
            return False
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        return "text/html" in answer.headers.get("content-type", "")

    def pages(self) -> Iterator[str]:
        """The endpoint of each page, opened."""
        while self.to_see:
            path = self.to_see.pop(0)
            kind = self.kind_of(path)
            if not kind or kind in self.seen or kind in PIECES:
                continue
            self.seen[kind] = path
            if not self.is_page(path):
                continue
            links = self.page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
            self.to_see += [link for link in links if link.startswith(("/desk", self.address))]
            yield kind


def desk_pages(app: Flask) -> set[str]:
    """Every endpoint below /desk that answers a GET."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/desk") and "GET" in (rule.methods or ())
    } - PIECES


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(360, "light", "ru"), (1280, "dark", "en")],
)
def test_every_page_of_the_desk_is_led_to_and_usable_by_everybody(
    app: Flask,
    address: str,
    admin: Open,
    request: pytest.FixtureRequest,
    width: int,
    scheme: str,
    language: str,
) -> None:
    fill(60, seed=3)
    walk, found = Walk(app, admin(width, scheme, language), address), {}
    for kind in walk.pages():
        if request.config.getoption("--keep-screenshots") and kind in SHOWN:
            name = f"{SHOWN[kind]}-{width}-{language}-{scheme}.png"
            walk.page.screenshot(path=SCREENSHOTS / "desk" / name)
        walk.page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        if faults := faults_of(walk.page):
            found[f"{kind} {walk.seen[kind]}"] = faults
    assert found == {}
    assert desk_pages(app) - DEEP - set(walk.seen) == set(), "no link leads to these"


def test_an_empty_desk_is_usable_by_everybody(app: Flask, address: str, admin: Open) -> None:
    walk = Walk(app, admin(360, "light", "en"), address)
    faults = {kind: faults_of(walk.page) for kind in walk.pages()}
    assert {kind: wrong for kind, wrong in faults.items() if wrong} == {}
    assert len(faults) > 5
