from discount_broker.discovery.use_cases import survey
from discount_broker.shops.status import ContactKind
from tests.fakes import FakeFetcher, FakeMailRoutes, site_of

FORM = """<form method="post" action="{action}"><h2>Contact us</h2>
<label>Your name <input name="{prefix}name"></label>
<label>E-mail <input type="email" name="{prefix}email"></label>
<label>Message <textarea name="{prefix}message"></textarea></label><button>Send message</button></form>"""
HOME = """<html lang="en"><body><h1>Tools</h1><a href="/contact">Contact us</a>
<a href="/feedback">Feedback</a>{form}</body></html>"""
CONTACT = """<html lang="en"><body><h1>Contact us</h1>{form}</body></html>"""


def form(action: str, prefix: str = "") -> str:
    return FORM.format(action=action, prefix=prefix)


def forms_of(pages: dict[str, str]) -> list[str]:
    fetcher = FakeFetcher({"tools.example": site_of(pages)})
    found = survey(fetcher, FakeMailRoutes(), "https://tools.example/", 8)
    return sorted(door.value for door in found.doors.values() if door.kind is ContactKind.FORM)


def test_a_form_that_stands_on_two_pages_is_one_door() -> None:
    pages = {"/": HOME.format(form=form("/send")), "/contact": CONTACT.format(form=form("/send"))}
    assert forms_of(pages) == ["https://tools.example/contact"]


def test_a_form_that_every_page_sends_to_itself_is_one_door() -> None:
    pages = {"/": HOME.format(form=form("")), "/contact": CONTACT.format(form=form(""))}
    assert forms_of(pages) == ["https://tools.example/contact"]


def test_two_different_forms_are_two_doors() -> None:
    pages = {
        "/": HOME.format(form=""),
        "/contact": CONTACT.format(form=form("/send")),
        "/feedback": CONTACT.format(form=form("/feedback/send", "your-")),
    }
    assert forms_of(pages) == ["https://tools.example/contact", "https://tools.example/feedback"]


def test_the_usual_place_of_contacts_is_not_asked_for_twice() -> None:
    pages = {"/": HOME.format(form=""), "/contact/": CONTACT.format(form=form("/send"))}
    fetcher = FakeFetcher(
        {"tools.example": site_of({**pages, "/": pages["/"].replace("/contact", "/contact/")})}
    )
    survey(fetcher, FakeMailRoutes(), "https://tools.example/", 8)
    assert [asked.path for asked in fetcher.asked].count("/contact/") == 1
    assert "/contact" not in [asked.path for asked in fetcher.asked]
