"""The shops on the tour: what has arrived there, and what their staff answer."""

from collections.abc import Callable

from demo.browser import Browser, Page
from demo.place import Place
from demo.shops.directory import SHOPS
from demo.tour_buyer import expect, links_in, until


class Staff:
    """Somebody who works at a shop; no account, no language but their own."""

    def __init__(self, place: Place, shop: str) -> None:
        self.shop, self._port = SHOPS[shop], place.ports.shops
        self._browser = Browser(place.web_url, self.shop.language)

    def letters(self) -> list[tuple[str, str]]:
        """What hangs in the staff room: how it came, and its text."""
        # By address and Host header: not every system knows *.localhost names.
        room = self._browser.open(f"http://127.0.0.1:{self._port}/staff", f"{self.shop.host}:{self._port}")
        return [
            (article.xpath("string(.//b)").strip(), article.text_content())
            for article in room.root.xpath('//article[@class="letter"]')
        ]

    def letter_about(self, number: str, seconds: float = 30) -> tuple[str, str]:
        """Wait for the letter about a request."""

        def look() -> tuple[str, str] | None:
            return next((letter for letter in self.letters() if number in letter[1]), None)

        return until(f"a message about {number} at {self.shop.name}", look, seconds)

    def offer_page(self, number: str, choice: str = "") -> Page:
        """Open the link of the letter whose answer begins with `choice`."""
        _, text = self.letter_about(number)
        links = [link for link in links_in(text) if "/o/" in link and choice in link]
        expect(links, f"the message about {number} at {self.shop.name} has no link to answer {choice}")
        return self._browser.open(links[0])

    def answer(self, number: str, choice: str, **fields: str) -> Page:
        """Press the answer of the letter, then the button of the page."""
        form = self.offer_page(number, choice).form("/o/", "answer")
        if fields:
            form.fill(**fields)
        expect(form.chosen.get("answer"), "the letter's answer is not chosen on the page")
        page = form.press()
        expect("/thanks" in page.url, f"the answer was not taken: {page.words[:300]}")
        return page

    def letters_counted(self, number: str) -> int:
        return sum(number in text for _, text in self.letters())


def arrived(staff: list[Staff], number: str) -> Callable[[], list[str] | None]:
    """Return a look that says by which door each shop was reached, once all were."""

    def look() -> list[str] | None:
        doors = []
        for one in staff:
            letter = next((letter for letter in one.letters() if number in letter[1]), None)
            if letter is None:
                return None
            doors.append(f"{one.shop.name}: {letter[0]}")
        return doors

    return look
