"""An operator on the tour: signs in, takes a case, calls, and holds the shop to what it promised."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from demo.browser import Browser, Page
from demo.place import OPERATOR, Place
from demo.tour_buyer import Missed, expect, until

LOCAL = "%Y-%m-%dT%H:%M:%S"
QUARTER = timedelta(minutes=15)


class Operator:
    def __init__(self, place: Place) -> None:
        self._browser, self._password = Browser(place.web_url, "en"), place.remembered.operator_password
        self.case_url = ""

    def sign_in(self) -> Page:
        page = self._browser.open("/desk/")
        expect("/staff/login" in page.url, "the desk is open to strangers")
        desk = page.form("/staff/login").fill(email=OPERATOR, password=self._password).press()
        expect(desk.url.endswith("/desk/"), f"the operator was not let in: {desk.words[:200]}")
        return desk

    def take(self, number: str, shop: str) -> Page:
        """Find the case of a request and a shop, and take it."""
        found = self._browser.open(f"/desk/?q={quote(number)}")
        links = [link for link in found.root.xpath("//a[@data-row]") if shop in link.text_content()]
        expect(links, f"no case of {shop} for {number} at the desk")
        page = self._browser.open(links[0].get("href"))
        self.case_url = page.url
        return page.form("/claim").press()

    def log_promise(self, seconds: float) -> None:
        """Write down a call in which somebody promised an answer very soon."""
        form = self.look().form("/calls")
        due = self._on_the_clock_of(form.chosen["started_at"]) + timedelta(seconds=seconds)
        form.fill(
            result="promised",
            person="Марфа, хозяйка",
            minutes="4",
            promise_kind="send_offer",
            promise_due_at=due.strftime(LOCAL),
        )
        page = form.press()
        for key in page.root.xpath('//button[@name="confirmed_doubts"]/@value'):
            # At night and on Sundays the desk asks whether the shop really named this hour.
            page = page.form("/calls").press("confirmed_doubts", key)
        expect(self._promises(page), f"the call was not taken: {page.words[:300]}")

    def wait_until_promise_is(self, word: str, seconds: float = 60) -> None:
        def look() -> bool:
            return any(word in badge for badge in self._promises(self.look()))

        until(f"the promise is {word}", look, seconds)

    def settle(self, *, kept: bool) -> None:
        self.look().form("/promises/").press("kept", "yes" if kept else "no")

    def look(self) -> Page:
        return self._browser.open(self.case_url)

    @staticmethod
    def _promises(page: Page) -> list[str]:
        badges = page.root.xpath('//*[@aria-labelledby="promises"]//*[contains(@class, "badge")]')
        return [" ".join(badge.text_content().split()) for badge in badges]

    @staticmethod
    def _on_the_clock_of(shown: str) -> datetime:
        """Now, on the clock of the page: its zone is a whole number of quarters of an hour from UTC."""
        now = datetime.now(UTC).replace(tzinfo=None)
        try:
            ahead = datetime.fromisoformat(shown) - now
        except ValueError:
            raise Missed(f"the page does not say when a call began: {shown!r}") from None
        return now + round(ahead / QUARTER) * QUARTER
