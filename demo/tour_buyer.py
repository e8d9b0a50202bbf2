"""A buyer on the tour: pastes a link, signs, confirms, follows the story, decides."""

import re
import secrets
import time
from collections.abc import Callable
from typing import TypeVar

from demo.browser import Browser, Page
from demo.place import Place

Found = TypeVar("Found")
NUMBER = re.compile(r"\bR-[0-9A-Z]{5,}\b")


class Missed(Exception):
    """Something that should have happened did not; the message says what."""


def expect(is_so: object, what: str) -> None:
    if not is_so:
        raise Missed(what)


def until(what: str, look: Callable[[], Found | None], seconds: float = 30) -> Found:
    """Look again and again until there is something to see.

    Raises:
        Missed

    """
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        expect(time.monotonic() < end, f"not within {seconds:.0f} s: {what}")
        time.sleep(0.15)


class Buyer:
    """One buyer with one request; English, so that the pages speak the language of the code."""

    def __init__(self, place: Place, name: str) -> None:
        self.browser = Browser(place.web_url, "en")
        self.email = f"{name}-{secrets.token_hex(3)}@buyers.example"
        self.page: Page = self.browser.open("/")
        self.number = ""
        self.status_url = ""

    def paste(self, link: str) -> Page:
        """Paste a product link and wait until its page was read."""
        self.page = self.browser.open("/").form("/ask").fill(link=link).press()
        expect(self.page.status == 200, f"the link {link} was refused: {self.page.status}")
        ask_url = self.page.url
        self.page = until(f"the page {link} is read", lambda: self._read(ask_url))
        return self.page

    def _read(self, ask_url: str) -> Page | None:
        page = self.browser.open(ask_url)
        return None if "hx-get" in page.text else page

    def sign(self, percent: str, *, rivals: bool = True) -> str:
        """Say what is wished for; return the link to confirm that came by mail."""
        form = self.page.form("/ask/").fill(wish=percent, email=self.email, phone="+7 912 345-67-89")
        form.tick("consent")
        if not rivals:
            form.untick("asks_rivals")
        self.page = form.press()
        expect(self.page.url.endswith("/sent"), f"the request was not taken: {self.page.words[:300]}")
        return self.link_by_mail("/confirm/")

    def confirm(self, link: str) -> None:
        page = self.browser.open(link)
        expect(not page.links("/requests/"), "opening the confirmation already changed something")
        self.page = page.form("/confirm/").press()
        self.status_url = self.page.url
        number = NUMBER.search(self.page.words)
        expect(number, "the confirmed request has no number")
        self.number = number.group() if number else ""

    def ask(self, link: str, percent: str, *, rivals: bool = True) -> None:
        """Everything up to a confirmed request."""
        self.paste(link)
        self.confirm(self.sign(percent, rivals=rivals))

    def look(self) -> Page:
        self.page = self.browser.open(self.status_url)
        return self.page

    def shops(self) -> dict[str, str]:
        """How it stands with each shop: its address and the badge beside it."""
        lines = self.look().root.xpath('//*[@aria-labelledby="shops"]//li')
        return {
            line.xpath(".//a/@href")[0]: line.xpath('string(.//*[contains(@class,"badge")])')
            for line in lines
        }

    def stands(self, host: str) -> str:
        return next((" ".join(badge.split()) for link, badge in self.shops().items() if host in link), "")

    def mails(self) -> list[dict[str, str]]:
        return self.browser.read_json("/dev/inbox.json", to=self.email)

    def link_by_mail(self, part: str, seconds: float = 30) -> str:
        def look() -> str | None:
            found = [link for mail in self.mails() for link in links_in(mail["text"]) if part in link]
            return found[0] if found else None

        return until(f"a mail to {self.email} with a link to {part}", look, seconds)


def links_in(text: str) -> list[str]:
    return re.findall(r"https?://[^\s<>\"]+[^\s<>\".,)]", text)
