"""The story of the service in chapters; each stage plays a part and says in a sentence what was seen."""

import time
from collections.abc import Callable

from demo.place import Place
from demo.shops.directory import SHOPS
from demo.tour_buyer import Buyer, expect, until
from demo.tour_desk import Operator
from demo.tour_town import Staff, arrived

WITHIN_LADDER = 240
"""A day of business time and a weekend, at the speed of the demonstration, with time to spare."""

TAKEN_OVER = "one of our people takes over"
"""What stands beside a shop whose case has gone to the desk."""


class Story:
    def __init__(self, place: Place) -> None:
        self.place = place
        self.anna, self.boris = Buyer(place, "anna"), Buyer(place, "boris")
        self.operator = Operator(place)
        self.clara, self.dmitri, self.emma = (Buyer(place, name) for name in ("clara", "dmitri", "emma"))
        self.fedor = Buyer(place, "fedor")

    def staff(self, shop: str) -> Staff:
        return Staff(self.place, shop)

    def link(self, shop: str, number: int = 0) -> str:
        return self.place.shop_url(shop, SHOPS[shop].listings[number].path)

    def buyers(self) -> list[Buyer]:
        return [self.anna, self.boris, self.clara, self.dmitri, self.emma, self.fedor]

    def messages(self) -> list[tuple[str, str, str, str]]:
        """Every message about the tour's requests: time, recipient, door, subject."""
        known = [word for buyer in self.buyers() for word in (buyer.number, buyer.email) if word]
        found = [
            (mail["at"][11:19], mail["to"], "mail", mail["subject"])
            for mail in self.anna.browser.read_json("/dev/inbox.json")
            if any(word in mail["to"] + mail["subject"] + mail["text"] for word in known)
        ]
        for shop in SHOPS.values():
            for door, text in self.staff(shop.key).letters():
                number = next((word for word in known if word in text), "")
                if number and "форма" in door:
                    found.append((text.split("UTC")[0][-9:].strip(), shop.host, "form", number))
        return sorted(found)

    def read(self) -> str:
        page = self.anna.paste(self.link("veter"))
        expect("Norrvik City 3" in page.words, f"the title was not read: {page.words[:200]}")
        expect(
            "48 990" in page.words.replace("\N{NO-BREAK SPACE}", " ") or "48,990" in page.words,
            "no price was read",
        )
        picture = page.root.xpath('//main//img[contains(@src, "/pictures/")]')
        expect(picture, "no picture was read")
        return "title, price, picture and shop are on the page"

    def sign(self) -> str:
        self.confirmation = self.anna.sign("10")
        return f"the letter to {self.anna.email} has arrived"

    def confirm(self) -> str:
        self.anna.confirm(self.confirmation)
        self.confirmed_at = time.monotonic()
        return f"opening the link changed nothing, the button gave the number {self.anna.number}"

    def asked(self) -> str:
        self.staff("veter").letter_about(self.anna.number)
        first = time.monotonic() - self.confirmed_at
        shops = [self.staff(shop) for shop in ("veter", "sklad5", "fjord", "lavka")]
        doors = until("all four shops have a message", arrived(shops, self.anna.number))
        return f"first message {first:.1f} s after the confirmation; {', '.join(doors)}"

    def answered(self) -> str:
        veter = self.staff("veter")
        veter.answer(self.anna.number, "percent-10")
        again = veter.offer_page(self.anna.number, "percent-10")
        expect("/thanks" in again.url, "the answered page can be answered again")
        self.staff("sklad5").answer(self.anna.number, "percent-5", answer="price", price="45500")
        return "Ветер gives 10 % in two presses, Склад № 5 names 45 500 ₽; a later press changes nothing"

    def told(self) -> str:
        mails = until("two mails tell of the offers", lambda: self._mails_with(self.anna, 2))
        page = self.anna.look()
        offers = page.root.xpath('//table[@aria-labelledby="offers"]/tbody/tr')
        expect(len(offers) == 2, f"{len(offers)} offers are on the status page instead of 2")
        return f"{len(mails)} mails; both offers stand side by side"

    def accepted(self) -> str:
        self.anna.look().form("/accept/").press()
        self.staff("veter").letter_about(self.anna.email)
        until("the other shop is told", lambda: self.staff("sklad5").letters_counted(self.anna.number) > 1)
        strangers = [
            shop for shop in SHOPS if shop != "veter" and self.staff(shop).letters_counted(self.anna.email)
        ]
        expect(not strangers, f"the buyer's address was shown to {strangers}")
        return f"Ветер has {self.anna.email} and {self.anna.number}, the others were told without it"

    def by_script(self) -> str:
        self.boris.ask(self.link("teplodom"), "10")
        door, _ = self.staff("teplodom").letter_about(self.boris.number)
        expect("форма" in door, f"it came by {door} instead of the form")
        return f"{self.boris.number} went through the form of Тёплый дом, which answered in JSON"

    def by_search(self) -> str:
        self.fedor.ask(self.link("zvukovik", 1), "10")
        self.staff("teplodom").letter_about(self.fedor.number)
        shops = self.fedor.shops()
        expect(len(shops) == 4, f"{len(shops)} shops are on the status page instead of 4")
        told = self.fedor.look().words
        expect("Тёплый дом" in told, "the buyer is not told of the shop that was found")
        return "Тёплый дом publishes no feed: the search of the town found its page of the same speaker"

    def hidden(self) -> str:
        self.clara.ask(self.link("zvukovik"), "15", rivals=False)
        door, text = self.staff("zvukovik").letter_about(self.clara.number)
        expect("Tonhall H7" in text, "the message does not name the product")
        return f"{self.clara.number} came to Звуковик by {door}, to an address that is hidden from robots"

    def other_door(self) -> str:
        zvukovik = self.staff("zvukovik")

        def by_form() -> bool:
            return any(self.clara.number in text for door, text in zvukovik.letters() if "форма" in door)

        until("the silent shop is asked through its form", by_form, WITHIN_LADDER)
        zvukovik.answer(self.clara.number, "/o/", answer="free_delivery")
        until("the buyer hears of it", lambda: self._mails_with(self.clara, 1))
        return "token, trap field and consent were minded; answered with free delivery"

    def by_nobody(self) -> str:
        self.dmitri.ask(self.link("kontora"), "10")
        host = SHOPS["kontora"].host
        until(f"a person takes over at {host}", lambda: TAKEN_OVER in self.dmitri.stands(host), 60)
        expect(
            not self.staff("kontora").letters_counted(self.dmitri.number), "a machine got past the captcha"
        )
        return "the mailbox was refused, the captcha left alone: a person takes over"

    def by_law(self) -> str:
        self.emma.ask(self.link("harbour"), "10", rivals=False)
        host = SHOPS["harbour"].host
        until(f"a person takes over at {host}", lambda: TAKEN_OVER in self.emma.stands(host), 60)
        return "robots.txt forbids the contact page: nothing was sent, a person takes over"

    def silent(self) -> str:
        lavka, host = self.staff("lavka"), SHOPS["lavka"].host
        lavka.letter_about(self.boris.number)
        until("a reminder", lambda: lavka.letters_counted(self.boris.number) > 1, WITHIN_LADDER)
        until("a person takes over", lambda: TAKEN_OVER in self.boris.stands(host), WITHIN_LADDER)
        return "Тихая лавка was asked, reminded, and is now a case at the desk"

    def called(self) -> str:
        self.operator.sign_in()
        page = self.operator.take(self.boris.number, SHOPS["lavka"].name)
        script = page.root.xpath('string(//*[contains(@class, "card script")])')
        expect(len(script.split()) > 50, "there is no script to call by")
        expect(SHOPS["lavka"].phone[-5:] in page.words, "the case does not say where to call")
        self.operator.log_promise(seconds=4)
        return "the operator has the script and the number, and a promise of an offer"

    def promise(self) -> str:
        self.operator.wait_until_promise_is("broken")
        self.operator.settle(kept=True)
        self.operator.wait_until_promise_is("late")
        return "it woke by itself, counted as broken, and as late once the shop came after all"

    def outcome(self) -> str:
        link = self.anna.link_by_mail("/outcome?said=bought", WITHIN_LADDER)
        page = self.anna.browser.open(link)
        done = page.form("/outcome").press("outcome", "bought")
        expect(done.status == 200, f"the outcome was not taken: {done.status}")
        return "asked by mail, answered by one press: bought"

    def _mails_with(self, buyer: Buyer, count: int) -> list[str] | None:
        """Mails about offers, once there are so many."""
        subjects = [mail["subject"] for mail in buyer.mails() if "offer" in mail["subject"].lower()]
        return subjects if len(subjects) >= count else None


Stage = Callable[[Story], str]

CHAPTERS: tuple[tuple[tuple[str, Stage], ...], ...] = (
    (
        ("A buyer pastes a link", Story.read),
        ("says what they wish for", Story.sign),
        ("confirms by the letter", Story.confirm),
        ("The shop and its rivals are asked", Story.asked),
        ("Two shops answer", Story.answered),
        ("The buyer is told", Story.told),
        ("and accepts one offer", Story.accepted),
    ),
    (("A shop that has only a form for scripts", Story.by_script),),
    (("A rival that only a search of the web finds", Story.by_search),),
    (
        ("A shop that hides its address", Story.hidden),
        ("stays silent and is asked through its form", Story.other_door),
    ),
    (("A shop with a captcha and a dead mailbox", Story.by_nobody),),
    (("A shop that keeps robots out", Story.by_law),),
    (
        ("A shop that stays silent", Story.silent),
        ("is called from the desk", Story.called),
        ("and held to what it promised", Story.promise),
    ),
    (("What came of it", Story.outcome),),
)
