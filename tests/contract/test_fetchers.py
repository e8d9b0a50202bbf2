"""What every Fetcher does, the fake as well as the guarded one against servers on loopback."""

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack

import pytest

from discount_broker.adapters.http_fetch import GuardedFetcher
from discount_broker.discovery.ports import AnswerLost, Fetcher, FetchRefused, RefusedWhy, Validators
from tests.contract.servers import dead_place, serving
from tests.fakes import Answer, Asked, FakeFetcher, Site, redirect, site_of

MakeFetcher = Callable[..., Fetcher]
FORM = "application/x-www-form-urlencoded"


def nobody_knows(host: str) -> tuple[str, ...]:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


@pytest.fixture(params=["guarded", "fake"])
def reach(request: pytest.FixtureRequest) -> Iterator[MakeFetcher]:
    """A way to make a fetcher that reaches the given sites, by host."""
    with ExitStack() as running:

        def guarded(sites: Mapping[str, Site], dead: tuple[str, ...] = ()) -> Fetcher:
            places = {host: running.enter_context(serving(site)).place for host, site in sites.items()}
            places |= {host: dead_place() for host in dead}
            return GuardedFetcher(
                user_agent="DiscountBrokerBot/1.0 (+http://broker.test/bot)",
                resolve=tuple(places.items()),
                delay=0,
                look_up=nobody_knows,
            )

        def fake(sites: Mapping[str, Site], dead: tuple[str, ...] = ()) -> Fetcher:
            return FakeFetcher(sites, dead=dead)

        yield guarded if request.param == "guarded" else fake


def why_refused(fetcher: Fetcher, url: str) -> RefusedWhy:
    with pytest.raises(FetchRefused) as refused:
        fetcher.fetch(url)
    assert not isinstance(refused.value, AnswerLost)
    return refused.value.why


class Shop:
    """A site that remembers what reached it."""

    def __init__(self, answer: Site) -> None:
        self._answer = answer
        self.asked: list[Asked] = []

    def __call__(self, asked: Asked) -> Answer:
        if asked.path == "/robots.txt":
            return Answer(b"", 404)
        self.asked.append(asked)
        return self._answer(asked)


def test_a_page_comes_as_bytes_with_its_type_and_lower_case_headers(reach: MakeFetcher) -> None:
    page_sent = Answer(
        "Цена".encode("cp1251"), content_type="text/html; charset=windows-1251", headers={"X-Shop": "Yes"}
    )
    page = reach({"shop.test": site_of({"/p": page_sent})}).fetch("https://shop.test/p?id=1")
    assert (page.url, page.status) == ("https://shop.test/p?id=1", 200)
    assert page.content.decode("cp1251") == "Цена"
    assert page.content_type == "text/html; charset=windows-1251"
    assert page.headers["x-shop"] == "Yes"


@pytest.mark.parametrize("status", [400, 403, 404, 410, 429, 500, 503])
def test_an_error_of_the_server_is_an_answer(reach: MakeFetcher, status: int) -> None:
    page = reach({"shop.test": site_of({"/": Answer(b"Oh", status)})}).fetch("http://shop.test/")
    assert (page.status, page.content) == (status, b"Oh")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_to_where_they_end(reach: MakeFetcher, status: int) -> None:
    fetcher = reach(
        {
            "old.test": site_of({"/a": redirect("/b", status), "/b": redirect("https://new.test/c", status)}),
            "new.test": site_of({"/c": "Here"}),
        }
    )
    page = fetcher.fetch("http://old.test/a")
    assert (page.url, page.content) == ("https://new.test/c", b"Here")


def test_endless_redirects_end(reach: MakeFetcher) -> None:
    fetcher = reach({"shop.test": site_of({"/a": redirect("/b"), "/b": redirect("/a")})})
    assert why_refused(fetcher, "http://shop.test/a") == RefusedWhy.TOO_MANY_REDIRECTS


def test_what_robots_txt_disallows_is_not_read(reach: MakeFetcher) -> None:
    robots = "User-agent: *\nDisallow: /cart\nAllow: /cart/help"
    shop = site_of({"/robots.txt": robots, "/cart/help": "Help", "/cart": "Cart", "/to": redirect("/cart")})
    fetcher = reach({"shop.test": shop})
    assert fetcher.fetch("http://shop.test/cart/help").content == b"Help"
    assert why_refused(fetcher, "http://shop.test/cart") == RefusedWhy.ROBOTS
    assert why_refused(fetcher, "http://shop.test/to") == RefusedWhy.ROBOTS


def test_a_site_whose_robots_txt_fails_is_not_read_for_now(reach: MakeFetcher) -> None:
    fetcher = reach({"shop.test": site_of({"/robots.txt": Answer(b"", 503), "/": "Home"})})
    with pytest.raises(FetchRefused) as refused:
        fetcher.fetch("http://shop.test/")
    assert (refused.value.why, refused.value.is_final) == (RefusedWhy.ROBOTS, False)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "not a link",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://shop.test/",
        "mailto:a@b.test",
        "http://",
        "http://[::1",
    ],
)
def test_what_is_no_web_address_is_refused(reach: MakeFetcher, url: str) -> None:
    assert why_refused(reach({}), url) == RefusedWhy.NOT_WEB


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "[::1]"])
def test_private_addresses_are_refused_also_by_redirect(reach: MakeFetcher, host: str) -> None:
    fetcher = reach({"shop.test": site_of({"/": redirect(f"http://{host}/latest/meta-data/")})})
    assert why_refused(fetcher, f"http://{host}/") == RefusedWhy.PRIVATE_ADDRESS
    assert why_refused(fetcher, "http://shop.test/") == RefusedWhy.PRIVATE_ADDRESS


@pytest.mark.parametrize("location", ["file:///etc/passwd", "javascript:alert(1)", "http://[::1"])
def test_a_redirect_to_what_is_no_web_address_is_refused(reach: MakeFetcher, location: str) -> None:
    fetcher = reach({"shop.test": site_of({"/": redirect(location)})})
    assert why_refused(fetcher, "http://shop.test/") == RefusedWhy.NOT_WEB


def test_a_page_may_be_large_but_not_too_large(reach: MakeFetcher) -> None:
    fetcher = reach({"shop.test": site_of({"/ok": b"x" * 6_000_000, "/much": b"x" * 6_000_001})})
    assert len(fetcher.fetch("http://shop.test/ok").content) == 6_000_000
    assert why_refused(fetcher, "http://shop.test/much") == RefusedWhy.TOO_LARGE


@pytest.mark.parametrize(
    "content_type", ["image/png", "application/pdf", "application/octet-stream", "video/mp4"]
)
def test_what_is_clearly_no_page_is_not_downloaded(reach: MakeFetcher, content_type: str) -> None:
    fetcher = reach({"shop.test": site_of({"/x": Answer(b"%PDF", content_type=content_type)})})
    assert why_refused(fetcher, "http://shop.test/x") == RefusedWhy.NOT_HTML


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "application/xml; charset=utf-8"])
def test_text_data_is_a_page(reach: MakeFetcher, content_type: str) -> None:
    fetcher = reach({"shop.test": site_of({"/x": Answer(b"{}", content_type=content_type)})})
    assert fetcher.fetch("http://shop.test/x").content == b"{}"


def test_an_unknown_name_and_a_dead_server_are_told_apart(reach: MakeFetcher) -> None:
    fetcher = reach({}, dead=("dead.test",))
    assert why_refused(fetcher, "http://nowhere.test/") == RefusedWhy.NAME_UNKNOWN
    assert why_refused(fetcher, "http://dead.test/") == RefusedWhy.UNREACHABLE


def test_a_server_that_hangs_up_is_unreachable_for_now(reach: MakeFetcher) -> None:
    def hang_up(asked: Asked) -> Answer:
        raise ConnectionResetError

    fetcher = reach({"shop.test": Shop(hang_up)})
    with pytest.raises(FetchRefused) as refused:
        fetcher.fetch("http://shop.test/")
    assert (refused.value.why, refused.value.is_final) == (RefusedWhy.UNREACHABLE, False)


def test_names_passwords_and_fragments_stay_at_home(reach: MakeFetcher) -> None:
    shop = Shop(site_of({"/p": "Here"}))
    page = reach({"shop.test": shop}).fetch("http://me:secret@SHOP.test/p?a=1#reviews")
    assert page.url == "http://shop.test/p?a=1"
    assert [asked.url for asked in shop.asked] == ["http://shop.test/p?a=1"]
    assert "authorization" not in shop.asked[0].headers


def cookie_shop(asked: Asked) -> Answer:
    if asked.path == "/enter":
        return Answer(b"Welcome", headers={"Set-Cookie": "visit=42; Path=/; HttpOnly"})
    return Answer(asked.headers.get("cookie", "none").encode())


def test_a_visit_keeps_its_cookies_and_shares_them_with_nobody(reach: MakeFetcher) -> None:
    fetcher = reach({"shop.test": cookie_shop, "other.test": cookie_shop})
    visit = fetcher.visit()
    visit.get("http://shop.test/enter")
    assert visit.get("http://shop.test/form").content == b"visit=42"
    assert visit.post("http://shop.test/form", b"", FORM, "http://shop.test/form").content == b"visit=42"
    assert visit.get("http://other.test/form").content == b"none"
    assert fetcher.visit().get("http://shop.test/form").content == b"none"


def test_a_page_behind_a_cookie_check_is_read(reach: MakeFetcher) -> None:
    def check(asked: Asked) -> Answer:
        if asked.headers.get("cookie") == "seen=1":
            return Answer(b"Here")
        return Answer(b"", 302, headers={"Location": asked.path, "Set-Cookie": "seen=1; Path=/"})

    assert reach({"shop.test": Shop(check)}).fetch("http://shop.test/p").content == b"Here"


def changeless(asked: Asked) -> Answer:
    """A page that has been the same ever since, at `/moved` too."""
    if asked.path == "/moved":
        return redirect("/")
    known = (asked.headers.get("if-none-match"), asked.headers.get("if-modified-since"))
    headers = {"ETag": '"v1"', "Last-Modified": "Mon, 14 Jan 2030 09:00:00 GMT"}
    if known in (('"v1"', None), ('"v1"', headers["Last-Modified"]), (None, headers["Last-Modified"])):
        return Answer(b"", 304, headers=headers)
    return Answer(b"Here", headers=headers)


@pytest.mark.parametrize(
    "known",
    [
        Validators(etag='"v1"'),
        Validators(last_modified="Mon, 14 Jan 2030 09:00:00 GMT"),
        Validators('"v1"', "Mon, 14 Jan 2030 09:00:00 GMT"),
    ],
)
def test_an_unchanged_page_is_not_sent_again(reach: MakeFetcher, known: Validators) -> None:
    fetcher = reach({"shop.test": Shop(changeless)})
    first = fetcher.fetch("http://shop.test/")
    assert (first.status, first.content, first.headers["etag"]) == (200, b"Here", '"v1"')
    again = fetcher.fetch("http://shop.test/", known)
    assert (again.status, again.content) == (304, b"")


@pytest.mark.parametrize("known", [Validators(), Validators(etag='"v0"')])
def test_a_page_that_changed_or_is_not_known_is_sent(reach: MakeFetcher, known: Validators) -> None:
    page = reach({"shop.test": Shop(changeless)}).fetch("http://shop.test/", known)
    assert (page.status, page.content) == (200, b"Here")


def test_what_is_known_of_one_address_is_not_asked_of_another(reach: MakeFetcher) -> None:
    page = reach({"shop.test": Shop(changeless)}).fetch("http://shop.test/moved", Validators(etag='"v1"'))
    assert (page.status, page.content) == (200, b"Here")


@pytest.mark.parametrize("status", [429, 503])
def test_how_long_a_server_wants_to_be_left_alone_is_told(reach: MakeFetcher, status: int) -> None:
    busy = Answer(b"Later", status, headers={"Retry-After": "120"})
    fetcher = reach({"shop.test": site_of({"/": busy, "/p": "Here"})})
    assert fetcher.fetch("http://shop.test/").wait == 120
    assert fetcher.fetch("http://shop.test/p").wait == 0


def test_no_page_is_fetched_without_time_left(reach: MakeFetcher) -> None:
    fetcher = reach({"shop.test": site_of({"/": "Home"})})
    with pytest.raises(FetchRefused) as refused:
        fetcher.fetch("http://shop.test/", seconds=0)
    assert (refused.value.why, refused.value.is_final) == (RefusedWhy.TOO_SLOW, False)
    assert fetcher.fetch("http://shop.test/", seconds=5).content == b"Home"


def test_sitemaps_are_known_once_robots_txt_was_read(reach: MakeFetcher) -> None:
    robots = (
        "Sitemap: http://shop.test/a.xml\nUser-agent: *\nDisallow: /x\nSITEMAP: http://shop.test/b.xml.gz"
    )
    shop = Shop(site_of({"/": "Home"}))

    def site(asked: Asked) -> Answer:
        return Answer(robots.encode()) if asked.path == "/robots.txt" else shop(asked)

    fetcher = reach({"shop.test": site})
    assert fetcher.sitemaps("http://shop.test/p") == []
    fetcher.fetch("http://shop.test/")
    assert fetcher.sitemaps("http://shop.test/p") == ["http://shop.test/a.xml", "http://shop.test/b.xml.gz"]
    assert len(shop.asked) == 1


def test_a_packed_sitemap_comes_as_it_lies_there(reach: MakeFetcher) -> None:
    packed = Answer(b"\x1f\x8b packed", content_type="application/gzip")
    robots = "User-agent: *\nDisallow: /secret"
    fetcher = reach(
        {"shop.test": site_of({"/robots.txt": robots, "/s.xml.gz": packed, "/secret.xml": packed})}
    )
    assert fetcher.fetch_sitemap("http://shop.test/s.xml.gz").content == b"\x1f\x8b packed"
    with pytest.raises(FetchRefused) as refused:
        fetcher.fetch_sitemap("http://shop.test/secret.xml")
    assert refused.value.why == RefusedWhy.ROBOTS


def test_a_feed_comes_as_it_lies_there_where_robots_may_read(reach: MakeFetcher) -> None:
    packed = Answer(b"\x1f\x8b packed", content_type="application/octet-stream")
    pages = {"/robots.txt": "User-agent: *\nDisallow: /secret", "/feed.yml": packed, "/secret.yml": packed}
    fetcher = reach({"shop.test": site_of(pages)})
    assert fetcher.fetch_feed("http://shop.test/feed.yml").content == b"\x1f\x8b packed"
    assert fetcher.fetch_feed("http://shop.test/none.yml").status == 404
    with pytest.raises(FetchRefused) as refused:
        fetcher.fetch_feed("http://shop.test/secret.yml")
    assert refused.value.why == RefusedWhy.ROBOTS
    with pytest.raises(FetchRefused) as refused:
        fetcher.fetch_feed("http://10.0.0.1/")
    assert refused.value.why == RefusedWhy.PRIVATE_ADDRESS


def test_a_form_arrives_once_as_from_its_page(reach: MakeFetcher) -> None:
    shop = Shop(site_of({"/send": "Thank you"}))
    page = (
        reach({"shop.test": shop})
        .visit()
        .post("https://shop.test/send", b"name=Ann&ask=10", FORM, "https://shop.test/contacts?from=menu")
    )
    assert page.content == b"Thank you"
    [asked] = shop.asked
    assert (asked.method, asked.body, asked.headers["content-type"]) == ("POST", b"name=Ann&ask=10", FORM)
    assert asked.headers["origin"] == "https://shop.test"
    assert asked.headers["referer"] == "https://shop.test/contacts?from=menu"


@pytest.mark.parametrize("status", [301, 302, 303])
def test_after_a_form_a_redirect_is_read_and_not_sent_again(reach: MakeFetcher, status: int) -> None:
    shop = Shop(site_of({"/send": redirect("/thanks", status), "/thanks": "Thank you"}))
    page = reach({"shop.test": shop}).visit().post("http://shop.test/send", b"a=1", FORM, "http://shop.test/")
    assert (page.url, page.content) == ("http://shop.test/thanks", b"Thank you")
    assert [(asked.method, asked.body) for asked in shop.asked] == [("POST", b"a=1"), ("GET", b"")]
    assert "content-type" not in shop.asked[1].headers


@pytest.mark.parametrize("status", [307, 308])
def test_a_form_that_is_sent_elsewhere_stays_a_form(reach: MakeFetcher, status: int) -> None:
    shop = Shop(site_of({"/send": redirect("/here", status), "/here": "Thank you"}))
    page = reach({"shop.test": shop}).visit().post("http://shop.test/send", b"a=1", FORM, "http://shop.test/")
    assert page.content == b"Thank you"
    assert [(asked.method, asked.path, asked.body) for asked in shop.asked] == [
        ("POST", "/send", b"a=1"),
        ("POST", "/here", b"a=1"),
    ]


def post(fetcher: Fetcher, url: str) -> FetchRefused:
    with pytest.raises(FetchRefused) as refused:
        fetcher.visit().post(url, b"a=1", FORM, url)
    return refused.value


def test_a_form_whose_answer_got_lost_is_told_from_one_never_sent(reach: MakeFetcher) -> None:
    def hang_up(asked: Asked) -> Answer:
        raise ConnectionResetError

    shop = Shop(hang_up)
    fetcher = reach({"shop.test": shop}, dead=("dead.test",))
    assert isinstance(post(fetcher, "http://shop.test/send"), AnswerLost)
    assert len(shop.asked) == 1
    never_sent = post(fetcher, "http://dead.test/send")
    assert not isinstance(never_sent, AnswerLost)
    assert never_sent.why == RefusedWhy.UNREACHABLE


def test_a_form_was_sent_even_if_the_page_after_it_is_out_of_reach(reach: MakeFetcher) -> None:
    shop = site_of({"/send": redirect("http://dead.test/thanks"), "/in": redirect("http://127.0.0.1/", 303)})
    fetcher = reach({"shop.test": shop}, dead=("dead.test",))
    assert isinstance(post(fetcher, "http://shop.test/send"), AnswerLost)
    assert isinstance(post(fetcher, "http://shop.test/in"), AnswerLost)


def test_a_form_sent_on_to_a_dead_server_was_not_accepted_anywhere(reach: MakeFetcher) -> None:
    fetcher = reach(
        {"shop.test": site_of({"/send": redirect("http://dead.test/x", 307)})}, dead=("dead.test",)
    )
    assert not isinstance(post(fetcher, "http://shop.test/send"), AnswerLost)


def test_robots_txt_does_not_stop_a_form_or_its_thanks(reach: MakeFetcher) -> None:
    robots = "User-agent: *\nDisallow: /send\nDisallow: /thanks"
    shop = site_of({"/robots.txt": robots, "/send": redirect("/thanks"), "/thanks": "Thank you"})
    page = reach({"shop.test": shop}).visit().post("http://shop.test/send", b"", FORM, "http://shop.test/")
    assert page.content == b"Thank you"


def test_a_form_tells_another_site_where_from_and_not_from_which_page(reach: MakeFetcher) -> None:
    shop = Shop(site_of({"/send": "Thank you"}))
    visit = reach({"forms.test": shop}).visit()
    visit.post("http://forms.test/send", b"a=1", FORM, "http://shop.test/contacts?secret=1")
    assert shop.asked[0].headers["origin"] == "http://shop.test"
    assert shop.asked[0].headers["referer"] == "http://shop.test/"


def test_a_form_may_carry_what_its_script_would_add(reach: MakeFetcher) -> None:
    shop = Shop(site_of({"/send": "Thank you"}))
    visit = reach({"shop.test": shop}).visit()
    visit.keep_cookie("http://shop.test/send", "form_key", "k1")
    assert visit.cookies("http://shop.test/") == {"form_key": "k1"}
    visit.post(
        "http://shop.test/send", b"", FORM, "http://shop.test/", {"X-Requested-With": "XMLHttpRequest"}
    )
    assert shop.asked[0].headers["x-requested-with"] == "XMLHttpRequest"
    assert shop.asked[0].headers["cookie"] == "form_key=k1"


def test_cookies_of_a_visit_can_be_looked_at(reach: MakeFetcher) -> None:
    pages = {"/": Answer(b"Home", headers={"Set-Cookie": "flash=%5B%5D; Path=/"})}
    visit = reach({"shop.test": site_of(pages)}).visit()
    assert visit.cookies("http://shop.test/") == {}
    visit.get("http://shop.test/")
    assert visit.cookies("http://shop.test/") == {"flash": "%5B%5D"}
