"""A running demonstration, a Chromium, and pages that are checked wherever they are opened."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Literal, TypeVar

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, sync_playwright
from werkzeug.serving import make_server

from demo.place import ROOT, Place
from discount_broker.web.limits import limiter

SCREENSHOTS = ROOT / "docs" / "screenshots"
SHOWN = {"landing", "ask", "follow", "accepted", "offer"}
"""Pages whose pictures are kept; the others are only looked at."""
PATIENCE = 90.0
STARTING = 300.0
"""Seconds in which nine programs start beside other tests."""
OVERHANG = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LEFT_MEANWHILE = ("htmx:afterRequest", "htmx:sendAbort")
"""What htmx says of a preview that was being drawn when its page was left."""
T = TypeVar("T")
FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"]


CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The one that has no windows first: the others draw theirs, with all that belongs to them, for nobody."""


def find_chromium() -> str | None:
    return next(filter(None, map(shutil.which, CHROMIUMS)), None)


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The demonstration as `make demo` runs it."""
    folder = tmp_path_factory.mktemp("demo")
    log = (folder / "out.txt").open("w+")
    words = [sys.executable, "-m", "demo", "--folder", str(folder)]
    demo = subprocess.Popen(words, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    try:
        is_ready = "the demonstration to be ready"
        said = folder / "out.txt"
        until(lambda: demo.poll() is not None or "/dev/inbox" in said.read_text(), is_ready, STARTING)
        assert demo.poll() is None, said.read_text()
        yield Place(folder).load()
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(20)
        log.close()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The pages of the application under test, served to a browser; it may log in as often as tests do."""
    limiter.enabled = False
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    limiter.enabled = True


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    program = find_chromium()
    if program is None:
        assert os.environ.get("CI") != "true", "Chromium is not installed: in CI it must be"
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
    yield chromium
    chromium.close()


class Visitor:
    """Somebody with a browser; every page they look at is checked."""

    def __init__(self, context: BrowserContext, base_url: str, name: str, *, keeps_pictures: bool) -> None:
        self.page: Page = context.new_page()
        self.base_url, self.name, self.keeps_pictures = base_url, name, keeps_pictures
        self.scheme = "dark" if name.endswith("dark") else "light"
        self.complaints: list[str] = []
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message: object) -> None:
        text = getattr(message, "text", "")
        is_complaint = getattr(message, "type", "") in ("error", "warning")
        if is_complaint and "favicon" not in text and text not in LEFT_MEANWHILE:
            self.complaints.append(text)

    def open(self, path: str) -> None:
        self.page.goto(path if "://" in path else self.base_url + path)

    def look(self, name: str) -> None:
        """No script complains, nothing sticks out sideways, and axe finds no violation."""
        page = self.page
        assert self.complaints == [], name
        overhang = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overhang <= 0, f"{name} is {overhang}px wider than the window"
        found = Axe().run(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        if self.keeps_pictures and name in SHOWN and (self.scheme == "light" or name == "landing"):
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=SCREENSHOTS / f"{name}-{self.name}.png", full_page=True)

    def press(self, selector: str) -> None:
        follow(self.page.locator(selector).last)


def follow(way: Locator, *, by: str = "") -> None:
    """Press what leads to another page, with the mouse or `by` a key, and wait for that page.

    Playwright does not wait for it: what is asked of the page at once would be asked of the one before,
    or of neither, while the one takes the place of the other.
    """
    with way.page.expect_navigation():
        if by:
            way.press(by)
        else:
            way.click()


def until(look: Callable[[], T], what: str, seconds: float = PATIENCE) -> T:
    """What `look` finds, once it finds something."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.3)
    return found


@pytest.fixture
def visitors(
    browser: Browser, town: Place, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors: `visitors("phone", "ru")`."""
    contexts: list[BrowserContext] = []
    keeps = bool(request.config.getoption("--keep-screenshots"))

    def make(size: str, language: str, scheme: Literal["light", "dark"] = "light") -> Visitor:
        width, height = {"phone": (360, 740), "desktop": (1280, 900)}[size]
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale=language, color_scheme=scheme
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        name = f"{size}-{language}" + ("" if scheme == "light" else "-dark")
        return Visitor(context, town.web_url, name, keeps_pictures=keeps)

    yield make
    for context in contexts:
        context.close()


def link_in(text: str, pattern: str) -> str:
    found = re.search(rf"http://\S*{pattern}\S*", text)
    assert found, f"no link like {pattern} in: {text[:300]}"
    return found.group()
