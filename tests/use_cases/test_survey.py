import gzip
import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from discount_broker.discovery.ports import FetchRefused, MailRoute, Page, RefusedWhy, Validators
from discount_broker.discovery.use_cases import survey
from discount_broker.discovery.use_cases.findings import Findings, read_findings
from discount_broker.discovery.use_cases.surveying import KnownPage, Memory, Survey, UnreadWhy
from discount_broker.shops.status import ContactKind
from discount_broker.web.sentences import reading_failure
from tests.fakes import Answer, Asked, FakeFetcher, FakeMailRoutes, Site, redirect, site_of

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


MAIL = '<html lang="en"><h1>Contact</h1><a href="mailto:sales@tools.example">sales@tools.example</a></html>'
PRODUCT = '<html lang="en"><h1>Drill</h1><a href="/contact">Contact us</a></html>'
START = "https://tools.example/drill"
Pages = Mapping[str, Answer | bytes | str]


def survey_of(
    pages: Pages | Site, memory: Memory | None = None, routes: FakeMailRoutes | None = None
) -> tuple[Survey, list[str]]:
    """What is found in a shop, and the paths that were asked for, without robots.txt."""
    fetcher = FakeFetcher({"tools.example": site_of(pages) if isinstance(pages, Mapping) else pages})
    found = survey(fetcher, routes or FakeMailRoutes(), START, 8, memory or Memory())
    return found, [asked.path for asked in fetcher.asked]


def emails(found: Survey) -> list[str]:
    return [value for kind, value in found.doors if kind is ContactKind.EMAIL]


def why_refused(found: Survey) -> list[object]:
    return [refusal["why"] for refusal in found.refused]


def test_a_good_address_on_the_product_page_is_enough() -> None:
    found, asked = survey_of({"/drill": MAIL})
    assert emails(found) == ["sales@tools.example"]
    assert asked == ["/drill"]


def test_a_contact_page_is_one_step_away() -> None:
    found, asked = survey_of({"/drill": PRODUCT, "/contact": MAIL})
    assert emails(found) == ["sales@tools.example"]
    assert asked == ["/drill", "/contact"]


def test_a_page_in_windows_1251_is_read() -> None:
    page = '<meta charset="windows-1251"><a href="/gde">Контакты</a>'.encode("cp1251")
    found, asked = survey_of({"/drill": Answer(page, content_type="text/html"), "/gde": MAIL})
    assert (emails(found), asked) == (["sales@tools.example"], ["/drill", "/gde"])


def test_broken_markup_is_read() -> None:
    found, _ = survey_of(
        {"/drill": "<html><body><table><tr><td><a href=/contact>Contact us<div></td></html", "/contact": MAIL}
    )
    assert emails(found) == ["sales@tools.example"]


@pytest.mark.parametrize(
    "page",
    [
        '<meta http-equiv="refresh" content="0; url=/new">',
        '<frameset cols="20,80"><frame src="/menu"><frame src="/new"></frameset>',
    ],
    ids=["refresh", "frames"],
)
def test_pages_that_only_lead_elsewhere_are_followed(page: str) -> None:
    found, asked = survey_of({"/drill": page, "/menu": "<p>Menu</p>", "/new": MAIL})
    assert emails(found) == ["sales@tools.example"]
    assert asked[-1] == "/new"
    assert "/" not in asked


def test_a_page_that_refreshes_itself_is_read_once() -> None:
    page = '<meta http-equiv="refresh" content="5; url=/drill?utm_source=self">'
    assert survey_of({"/drill": page})[1].count("/drill") == 1


def test_a_shop_that_closed_the_open_way_is_read_by_the_other() -> None:
    class Closed(FakeFetcher):
        def site_at(self, url: str) -> Site:
            self.dead = ("tools.example",) if url.startswith("http:") else ()
            return super().site_at(url)

    fetcher = Closed({"tools.example": site_of({"/drill": MAIL})})
    found = survey(fetcher, FakeMailRoutes(), "http://tools.example/drill", 8)
    assert emails(found) == ["sales@tools.example"]
    assert why_refused(found) == ["unreachable"]


def test_a_page_that_says_it_does_not_exist_is_no_page() -> None:
    missing = "<title>Page not found</title><a href=mailto:web@tools.example>web@tools.example</a>"
    found, _ = survey_of({"/drill": PRODUCT, "/contact": missing, "/": MAIL})
    assert emails(found) == ["sales@tools.example"]
    assert {"url": "https://tools.example/contact", "why": "no_such_page"} in found.refused


def test_a_site_that_says_the_same_under_every_address_is_soon_left() -> None:
    found, asked = survey_of(lambda _: Answer(b'<html lang="en"><div id="app"></div></html>'))
    assert len(asked) <= 6
    assert set(why_refused(found)) == {"same_page"}


def test_a_page_that_leads_back_to_one_seen_is_not_read_twice() -> None:
    found, _ = survey_of({"/drill": PRODUCT, "/contact": redirect("/drill"), "/": MAIL})
    assert why_refused(found) == ["same_page"]
    assert emails(found) == ["sales@tools.example"]


def test_what_stands_on_a_domain_that_was_sold_is_not_the_shops() -> None:
    parked = site_of({"/": MAIL.replace("tools.example", "parking.example")})
    shop = lambda asked: redirect("https://parking.example/")  # noqa: E731
    fetcher = FakeFetcher({"tools.example": shop, "parking.example": parked})
    found = survey(fetcher, FakeMailRoutes(), START, 8, Memory("tools.example"))
    assert not found.doors
    assert set(why_refused(found)) == {"other_site"}
    assert not found.is_retryable


def test_a_link_that_leads_to_a_shop_elsewhere_is_followed_when_no_shop_is_meant_yet() -> None:
    fetcher = FakeFetcher(
        {
            "tools.example": lambda _: redirect("https://tools.ru/drill"),
            "tools.ru": site_of({"/drill": MAIL.replace(".example", ".ru")}),
        }
    )
    found = survey(fetcher, FakeMailRoutes(), START, 8)
    assert found.domain == "tools.ru"
    assert found.doors


def test_a_sitemap_tells_the_way_where_no_link_does() -> None:
    sitemap = "<urlset><url><loc>https://tools.example/drills/1</loc></url><url><loc>https://tools.example/kontakt-os</loc></url></urlset>"
    index = "<sitemapindex><sitemap><loc>https://tools.example/goods.xml</loc></sitemap><sitemap><loc>https://tools.example/pages.xml.gz</loc></sitemap></sitemapindex>"
    found, asked = survey_of(
        {
            "/robots.txt": "Sitemap: https://elsewhere.example/s.xml\nSitemap: https://tools.example/s.xml",
            "/drill": "<html lang=en><p>Drill</p></html>",
            "/": "<html lang=en><p>Home</p></html>",
            "/s.xml": index,
            "/pages.xml.gz": Answer(gzip.compress(sitemap.encode()), content_type="application/x-gzip"),
            "/kontakt-os": MAIL,
        }
    )
    assert emails(found) == ["sales@tools.example"]
    assert asked == ["/drill", "/", "/s.xml", "/pages.xml.gz", "/kontakt-os"]


def test_an_address_whose_domain_takes_no_mail_is_no_door_and_the_walk_goes_on() -> None:
    page = PRODUCT.replace("</html>", '<a href="mailto:info@tools.example">info@tools.example</a></html>')
    other = MAIL.replace("tools.example", "tools-mail.ru")
    routes = FakeMailRoutes({"tools.example": MailRoute.NULL_MX})
    found, asked = survey_of({"/drill": page, "/contact": other}, routes=routes)
    assert asked == ["/drill", "/contact"]
    told = {door.value: door.mail_route for door in found.doors.values()}
    assert told == {"info@tools.example": "null_mx", "sales@tools-mail.ru": "open"}


def test_each_domain_is_asked_for_once_and_not_too_many_of_them() -> None:
    many = "".join(f"<a href='mailto:info@firm{n}.ru'>info@firm{n}.ru</a>" for n in range(50))
    routes = FakeMailRoutes()
    survey_of({"/drill": many, "/contact": many, "/": many}, routes=routes)
    assert len(routes.asked) == len(set(routes.asked)) == 8


def test_a_name_server_that_does_not_answer_says_nothing_against_an_address() -> None:
    routes = FakeMailRoutes({"tools.example": MailRoute.UNKNOWN})
    found, asked = survey_of({"/drill": MAIL}, routes=routes)
    assert [door.mail_route for door in found.doors.values()] == [""]
    assert asked == ["/drill"]


def test_a_calendar_without_end_is_left_in_time() -> None:
    def calendar(asked: Asked) -> Answer:
        day = int(asked.url.rpartition("=")[2]) if "=" in asked.url else 0
        links = "".join(
            f'<a href="/contact?day={day + n}">Contact us, day {day + n}</a>' for n in range(1, 40)
        )
        return Answer(f'<html lang="en"><p>Day {day}</p>{links}</html>'.encode())

    found, asked = survey_of(
        lambda asked: Answer(b"", 404) if asked.path == "/robots.txt" else calendar(asked)
    )
    assert asked == ["/drill", "/contact", "/contact", "/", "/contact", "/contact-us", "/pages/contact"]
    assert not found.doors


def test_a_site_that_redirects_in_a_circle_says_so() -> None:
    found, _ = survey_of(
        lambda asked: Answer(b"", 404) if asked.path == "/robots.txt" else redirect(asked.path)
    )
    assert set(why_refused(found)) == {"too_many_redirects"}
    assert not found.is_retryable


def test_a_site_that_wants_to_be_left_alone_is_left_at_once() -> None:
    busy = Answer(b"Slow down", 429, headers={"Retry-After": "600"})
    found, asked = survey_of({"/drill": PRODUCT, "/contact": busy, "/": MAIL})
    assert asked == ["/drill", "/contact"]
    assert why_refused(found) == ["asked_to_wait"]
    assert (found.wait, found.is_retryable) == (600, True)


def test_who_found_a_door_before_being_asked_to_wait_needs_no_second_try() -> None:
    busy = Answer(b"Slow down", 429, headers={"Retry-After": "600"})
    found, _ = survey_of({"/drill": MAIL.replace("<h1>", PRODUCT[16:-7] + "<h1>"), "/contact": busy})
    assert (found.wait, found.is_retryable) == (600, False)


def test_a_page_that_is_too_large_is_refused_and_a_large_one_is_read() -> None:
    found, _ = survey_of(
        {"/drill": b"x" * 7_000_000, "/": PRODUCT.encode() + b" " * 5_000_000, "/contact": MAIL}
    )
    assert why_refused(found) == ["too_large"]
    assert emails(found) == ["sales@tools.example"]


def test_a_page_full_of_addresses_adds_no_more_doors_than_a_shop_has() -> None:
    page = "".join(f"<p>office{n}@tools.example" for n in range(500))
    assert len(emails(survey_of({"/drill": page})[0])) == 40


def test_a_site_that_shows_robots_nothing_is_left_after_two_pages() -> None:
    _, asked = survey_of(lambda asked: Answer(b"No robots", 404 if asked.path == "/robots.txt" else 403))
    assert asked == ["/drill", "/"]


def test_a_walk_ends_when_its_time_on_the_network_is_spent() -> None:
    class Slow(FakeFetcher):
        def fetch(self, url: str, known: Validators | None = None, *, seconds: float | None = None) -> Page:
            assert seconds is not None
            left.append(seconds)
            return replace(super().fetch(url, known, seconds=seconds), seconds=6.0)

    left: list[float] = []
    links = "".join(f'<a href="/contact/{n}">Contact us {n}</a>' for n in range(9))
    pages = {f"/contact/{n}": f"<p>{n}</p>{links}" for n in range(9)}
    found = survey(Slow({"tools.example": site_of({"/drill": links, **pages})}), FakeMailRoutes(), START, 8)
    assert left == [15.0, 9.0, 3.0]
    assert why_refused(found) == ["budget"]


def test_a_server_that_never_ends_costs_what_it_took() -> None:
    class Endless(FakeFetcher):
        def fetch(self, url: str, *known: object, **terms: object) -> Page:
            refused = FetchRefused(url, RefusedWhy.TOO_SLOW, is_final=False)
            refused.seconds = 8.0
            raise refused

    found = survey(Endless(), FakeMailRoutes(), START, 8)
    assert why_refused(found) == ["too_slow", "too_slow", "budget"]
    assert found.is_retryable


@pytest.mark.parametrize("host", ["nowhere.example", "127.0.0.1"])
def test_what_is_true_of_every_page_of_a_host_is_found_out_once(host: str) -> None:
    found = survey(FakeFetcher(), FakeMailRoutes(), f"http://{host}/p", 8)
    assert len(found.refused) == 1


def known_page(url: str, html: str, *, etag: str = "", is_current: bool = False) -> dict[str, KnownPage]:
    findings = Findings.from_json(json.loads(json.dumps(read_findings(html, url).as_json())))
    return {url: KnownPage(findings, Validators(etag), is_current)}


def test_a_page_that_showed_doors_is_asked_first_and_not_sent_again_unchanged() -> None:
    def shop(asked: Asked) -> Answer:
        is_known = asked.headers.get("if-none-match") == '"1"'
        return Answer(b"", 304) if is_known else Answer(b"", 404)

    contact = "https://tools.example/contact"
    memory = Memory("tools.example", [contact], known_page(contact, MAIL, etag='"1"'))
    found, asked = survey_of(shop, memory)
    assert asked == ["/contact"]
    assert emails(found) == ["sales@tools.example"]
    assert (found.pages[0]["status"], found.answered) == (304, {contact})


def test_a_page_that_was_just_read_is_not_asked_for() -> None:
    memory = Memory("tools.example", (), known_page(START, MAIL, is_current=True))
    found, asked = survey_of({}, memory)
    assert (asked, emails(found), found.pages) == ([], ["sales@tools.example"], [])


def test_what_was_found_is_the_same_after_it_was_kept() -> None:
    page = CONTACT.format(form=form("/send")) + MAIL + '<a href="https://t.me/toolshop">Telegram</a>'
    findings = read_findings(page, START)
    assert len(findings.doors) == 3
    assert Findings.from_json(json.loads(json.dumps(findings.as_json()))) == findings


@pytest.mark.parametrize("why", [*RefusedWhy, *UnreadWhy])
def test_every_reason_not_to_read_a_page_has_a_sentence(why: str) -> None:
    assert reading_failure(why) != reading_failure("something else")


@pytest.mark.parametrize(("site", "other"), [(MailRoute.NO_DOMAIN, ""), (MailRoute.OPEN, "no_domain")])
def test_name_servers_that_do_not_know_the_site_itself_are_not_believed(site: MailRoute, other: str) -> None:
    routes = FakeMailRoutes({"tools.example": site, "mail.tools.example": MailRoute.NO_DOMAIN})
    page = MAIL + '<a href="mailto:info@mail.tools.example">info@mail.tools.example</a>'
    found, _ = survey_of({"/drill": page.replace("</html>", "")}, routes=routes)
    told = {door.value: door.mail_route for door in found.doors.values()}
    assert told["info@mail.tools.example"] == other
    assert told["sales@tools.example"] != "no_domain"
