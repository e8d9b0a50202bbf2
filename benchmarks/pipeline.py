"""Requests a minute from the pasted link to the mail a shop's server took, with one worker and with two.

Everything is what an installation runs: gunicorn, the queue's server, `python -m workers`, SQLite. Only the
shops and the mail server at the other end are this program's own.
"""

import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.installation import SHOPS, Installation, running
from benchmarks.sink import confirm_link
from demo.browser import Browser, Page
from demo.children import wait_until

REQUESTS = 60
BUYERS_AT_ONCE = 6
PATIENCE = 120.0


class Elsewhere(Browser):
    """A browser behind the proxy of the installation, at an address of its own."""

    def __init__(self, home: str, address: str) -> None:
        super().__init__(home, "en")
        self._session.headers["X-Forwarded-For"] = address


@dataclass
class Passed:
    """When one request passed its stations, in seconds of one clock."""

    pasted: float
    confirmed: float
    taken: float


def run() -> None:
    per_minute = {}
    for workers in (1, 2):
        with (
            tempfile.TemporaryDirectory(prefix="broker-bench-") as folder,
            running(Path(folder), workers) as place,
        ):
            passed = _drive(place)
        seconds = max(p.taken for p in passed) - min(p.pasted for p in passed)
        per_minute[workers] = 60 * len(passed) / seconds
        waits = [p.taken - p.confirmed for p in passed]
        print(
            f"  {workers} worker{'s' if workers > 1 else ' '}: {per_minute[workers]:6.1f} requests a minute "
            f"({len(passed)} in {seconds:.1f} s); confirmed to handed over, shop read first: "
            f"{statistics.median(waits):.2f} s in the middle, {max(waits):.2f} s at most"
        )
    print(f"  2 workers against 1: {per_minute[2] / per_minute[1]:.2f}×")


def _drive(place: Installation) -> list[Passed]:
    """Let buyers ask, several at once, each for the product of a shop nobody has asked before."""
    _ask(place, "warm-up")
    with ThreadPoolExecutor(BUYERS_AT_ONCE) as buyers:
        return list(buyers.map(lambda number: _ask(place, str(number)), range(REQUESTS)))


def _ask(place: Installation, name: str) -> Passed:
    domain, email = SHOPS.format(name), f"buyer-{name}@buyers.example"
    # One address may ask thirty times an hour: every buyer comes from one of their own.
    browser = Elsewhere(place.web_url, _address(name))
    pasted = time.monotonic()
    page = browser.open("/").form("/ask").fill(link=f"https://{domain}/drill").press()
    page = _when_read(browser, page)
    page.form("/ask/").fill(wish="10", email=email).tick("consent").press()
    link = confirm_link(place.sink.wait_for(email, PATIENCE))
    form = browser.open(link).form("/confirm/")
    confirmed = time.monotonic()
    form.press()
    place.sink.wait_for(f"sales@{domain}", PATIENCE)
    return Passed(pasted, confirmed, place.sink.taken_at(f"sales@{domain}"))


def _when_read(browser: Browser, page: Page) -> Page:
    """The page with the product on it; it asks again by itself, as the script does."""
    seen = [page]

    def is_read() -> bool:
        if "hx-get" not in seen[-1].text:
            return True
        time.sleep(0.2)
        seen.append(browser.open(page.url))
        return False

    if not wait_until(is_read, PATIENCE):
        raise TimeoutError(f"{page.url} was not read within {PATIENCE:.0f} s")
    return seen[-1]


def _address(name: str) -> str:
    number = int(name) if name.isdigit() else 255
    return f"198.51.100.{number}"
