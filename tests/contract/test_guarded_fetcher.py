"""Servers that drip, flood, lie and change their mind: only the real fetcher meets those."""

import gzip
import logging
import socket
import ssl
import struct
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable

import pytest
import trustme

from discount_broker.adapters.http_fetch import GuardedFetcher, Limits
from discount_broker.discovery.ports import AnswerLost, FetchRefused, RefusedWhy
from tests.contract.servers import serving, talking
from tests.fakes import Answer, Asked, Site, redirect, site_of

PROMPT = Limits(seconds=0.5)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
Talk = Callable[[socket.socket], None]


def guarded(place: str, limits: Limits = PROMPT) -> GuardedFetcher:
    return GuardedFetcher(
        user_agent="DiscountBrokerBot/1.0 (+http://broker.test/bot)",
        resolve=(("shop.test", place),),
        delay=0,
        limits=limits,
    )


def refusal(talk: Talk, limits: Limits = PROMPT) -> RefusedWhy:
    with talking(talk) as place, pytest.raises(FetchRefused) as refused:
        guarded(place, limits).fetch("http://shop.test/")
    return refused.value.why


def content(talk: Talk) -> bytes:
    with talking(talk) as place:
        return guarded(place, Limits(seconds=2)).fetch("http://shop.test/").content


def drip(connection: socket.socket, before: bytes, drop: bytes) -> None:
    connection.sendall(before)
    for _ in range(100):
        connection.sendall(drop)
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("before", "drop"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\n", b"X-Drip: 1\r\n"),
        (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (HEAD + b"Content-Length: 100000\r\n\r\n", b"x"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-Trailer: 1\r\n"),
    ],
    ids=["status", "headers", "one header", "continue", "body", "chunks", "trailers"],
)
def test_dripping_does_not_win_time(before: bytes, drop: bytes) -> None:
    # The server drips for ever: that the refusal comes at all is the proof.
    assert refusal(lambda connection: drip(connection, before, drop)) == RefusedWhy.TOO_SLOW


def test_dripping_does_not_win_time_off_the_main_thread() -> None:
    seen: list[RefusedWhy] = []
    thread = threading.Thread(
        target=lambda: seen.append(refusal(lambda connection: drip(connection, HEAD, b"X-Drip: 1\r\n")))
    )
    thread.start()
    thread.join(60)
    assert seen == [RefusedWhy.TOO_SLOW]


def test_silence_ends_too() -> None:
    assert refusal(lambda connection: time.sleep(1)) == RefusedWhy.TOO_SLOW


def test_redirects_do_not_win_time() -> None:
    def dawdle(asked: Asked) -> Answer:
        time.sleep(0 if asked.path == "/robots.txt" else 0.2)
        return redirect(f"{asked.path}x")

    with serving(dawdle) as server, pytest.raises(FetchRefused) as refused:
        guarded(server.place).fetch("http://shop.test/")
    assert refused.value.why == RefusedWhy.TOO_SLOW


def test_a_form_answered_too_late_may_have_arrived() -> None:
    with talking(lambda connection: time.sleep(1)) as place, pytest.raises(AnswerLost) as lost:
        guarded(place).visit().post("http://shop.test/send", b"a=1", "text/plain", "http://shop.test/")
    assert lost.value.why == RefusedWhy.TOO_SLOW


def flood(connection: socket.socket, sent: list[int], head: bytes) -> None:
    connection.sendall(head)
    sent.extend(connection.send(b"x" * 1_000_000) for _ in range(300))


@pytest.mark.parametrize(
    "head", [HEAD + b"\r\n", HEAD + b"Content-Length: 300000000\r\n\r\n"], ids=["endless", "told"]
)
def test_a_page_of_300_megabytes_is_left_early(head: bytes) -> None:
    sent: list[int] = []
    assert (
        refusal(lambda connection: flood(connection, sent, head), Limits(seconds=5)) == RefusedWhy.TOO_LARGE
    )
    assert sum(sent) < 30_000_000


def bomb(wbits: int) -> bytes:
    """300 MB of zeros in 300 kB: one packed megabyte, repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    megabyte = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    head = zlib.compressobj(9, zlib.DEFLATED, wbits).flush(zlib.Z_SYNC_FLUSH) if wbits > 0 else b""
    return head + megabyte * 300


@pytest.mark.parametrize(
    ("coding", "wbits"), [("gzip", 31), ("deflate", zlib.MAX_WBITS), ("deflate", -zlib.MAX_WBITS)]
)
def test_a_zip_bomb_is_not_unpacked(coding: str, wbits: int) -> None:
    packed = bomb(wbits)
    assert len(packed) < 400_000
    head = HEAD + f"Content-Encoding: {coding}\r\n\r\n".encode()
    tracemalloc.start()
    why = refusal(lambda connection: connection.sendall(head + packed), Limits(seconds=5))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert why == RefusedWhy.TOO_LARGE
    assert peak < 20_000_000


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(b"page", mtime=0)),
        ("x-gzip", gzip.compress(b"page", mtime=0)),
        ("deflate", zlib.compress(b"page")),
        ("deflate", zlib.compress(b"page", wbits=-15)),
        ("identity", b"page"),
        ("", b"page"),
    ],
)
def test_packed_pages_are_unpacked(coding: str, packed: bytes) -> None:
    head = HEAD + f"Content-Encoding: {coding}\r\n\r\n".encode()
    assert content(lambda connection: connection.sendall(head + packed)) == b"page"


@pytest.mark.parametrize("coding", ["gzip", "br", "gzip, gzip"])
def test_what_cannot_be_unpacked_is_no_page(coding: str) -> None:
    head = HEAD + f"Content-Encoding: {coding}\r\n\r\n".encode()
    assert refusal(lambda connection: connection.sendall(head + b"not packed at all")) == RefusedWhy.NOT_HTML


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: 1\r\n" * 1000 + b"\r\n",
        b"HTTP/1.1 200 " + b"x" * 70_000,
        HEAD + b"Content-Length: 100\r\n\r\ncut short",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\ncut short",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nmany\r\nx",
    ],
)
def test_nonsense_is_taken_for_an_unreachable_server(sent: bytes) -> None:
    assert refusal(lambda connection: connection.sendall(sent)) == RefusedWhy.UNREACHABLE


def test_a_reset_is_taken_for_an_unreachable_server() -> None:
    def reset(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    assert refusal(reset) == RefusedWhy.UNREACHABLE


def test_the_crawler_introduces_itself() -> None:
    with serving(site_of({"/": "Home"})) as server:
        guarded(server.place).fetch("https://shop.test/")
    robots, page = server.asked
    assert robots.path == "/robots.txt"
    assert page.headers["user-agent"] == "DiscountBrokerBot/1.0 (+http://broker.test/bot)"
    assert page.headers["host"] == "shop.test"
    assert page.headers["accept-encoding"] == "gzip, deflate"


def test_redirects_in_raw_bytes_are_followed_as_they_came() -> None:
    def answer(asked: Asked) -> Answer:
        if asked.url.endswith("%D1%86%D0%B5%D0%BD%D0%B0?q=%D1%8B"):
            return Answer(b"Here")
        return redirect("/цена?q=ы".encode().decode("latin-1")) if asked.path == "/" else Answer(b"", 404)

    with serving(answer) as server:
        assert guarded(server.place).fetch("http://shop.test/").content == b"Here"


def test_a_feed_may_come_as_any_type_where_that_is_wanted() -> None:
    feed = Answer(b"<yml/>", content_type="application/octet-stream")
    with serving(site_of({"/feed.yml": feed})) as server:
        fetcher = guarded(server.place, Limits(takes_any_type=True))
        assert fetcher.fetch("http://shop.test/feed.yml").content == b"<yml/>"


def test_the_certificate_must_be_for_the_name() -> None:
    authority = trustme.CA()
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    for name, expected in (("shop.test", "Home"), ("other.test", RefusedWhy.UNREACHABLE)):
        offered = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(offered)
        with serving(site_of({"/": "Home"}), offered) as server:
            fetcher = GuardedFetcher(
                user_agent="DiscountBrokerBot/1.0",
                allow=("127.0.0.1/32",),
                delay=0,
                limits=Limits(seconds=2),
                look_up=lambda host: ["127.0.0.1"],
                tls=trusting,
            )
            try:
                got: object = fetcher.fetch(f"https://shop.test:{server.server_port}/").content.decode()
            except FetchRefused as refused:
                got = refused.why
        assert got == expected


def test_a_line_break_in_a_header_is_never_sent() -> None:
    with serving(site_of({"/send": "Thank you"})) as server:
        visit = guarded(server.place).visit()
        with pytest.raises(FetchRefused) as refused:
            visit.post("http://shop.test/send", b"", "text/plain\r\nX-Evil: 1", "http://shop.test/")
    assert not isinstance(refused.value, AnswerLost)
    assert server.asked == []


def test_robots_txt_of_the_host_behind_a_redirect_counts_too() -> None:
    closed = site_of({"/robots.txt": "User-agent: *\nDisallow: /", "/": "Closed"})
    with serving(closed) as there, serving(site_of({"/": redirect("http://closed.test/")})) as here:
        places = (("shop.test", here.place), ("closed.test", there.place))
        fetcher = GuardedFetcher(user_agent="DiscountBrokerBot/1.0", resolve=places, delay=0)
        with pytest.raises(FetchRefused) as refused:
            fetcher.fetch("http://shop.test/")
    assert refused.value.why == RefusedWhy.ROBOTS
    assert [asked.path for asked in there.asked] == ["/robots.txt"]


def test_logs_name_the_host_and_nothing_more(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    leak = "mail=ann@example.org"
    with serving(site_of({"/": redirect(f"http://10.0.0.1/?{leak}")})) as server, pytest.raises(FetchRefused):
        guarded(server.place).fetch(f"http://shop.test/?{leak}")
    assert "10.0.0.1" in caplog.text
    assert "ann@" not in caplog.text


def robots_site(robots: Answer | bytes | str, **others: str) -> Site:
    return site_of({"/robots.txt": robots, "/": "Home", "/private/x": "Private", **others})


@pytest.mark.parametrize(
    ("robots", "is_open"),
    [
        (Answer(b"", 401), True),
        (Answer(b"", 403), True),
        (Answer(b"", 404), True),
        (Answer(b"", 429), False),
        (Answer(b"", 500), False),
        (redirect("/robots.txt"), True),
        (redirect("http://10.0.0.1/robots.txt"), False),
        (Answer(b"User-agent: *\nDisallow: /private", content_type="application/octet-stream"), False),
        ("\ufeffUser-agent: *\nDisallow: /private", False),
        ("User-agent: *\r\nDisallow: /*/x$", False),
        ("User-agent: *\nDisallow: /private\nAllow: /private/x", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: discountbrokerbot\nDisallow:", True),
        ("User-agent: *\nDisallow:\n\nUser-agent: DiscountBrokerBot/2.0 # us\nDisallow: /private", False),
        ("User-agent: GoogleBot\nUser-agent: discountbrokerbot\nDisallow: /private", False),
        ("User-agent: GoogleBot\nDisallow: /", True),
        ("User-agent: Discount\nDisallow: /", True),
        (
            "User-agent: YandexBot\nDisallow: /\nUser-agent: *\nDisallow: /b\nUser-agent: x\nDisallow: /",
            True,
        ),
        ("<html><p>Disallow: /</html>", True),
        (b"\xff\xfe\x00", True),
        ("#" * 511_000 + "\nUser-agent: *\nDisallow: /private", False),
        ("#" * 600_000 + "\nUser-agent: *\nDisallow: /private", True),
    ],
)
def test_robots_txt_is_understood_by_the_standard(robots: Answer | bytes | str, is_open: bool) -> None:
    with serving(robots_site(robots)) as server:
        fetcher = guarded(server.place, Limits(seconds=2))
        if is_open:
            assert fetcher.fetch("http://shop.test/private/x").content == b"Private"
            return
        with pytest.raises(FetchRefused) as refused:
            fetcher.fetch("http://shop.test/private/x")
        assert refused.value.why == RefusedWhy.ROBOTS


def test_a_long_sitemap_is_cut() -> None:
    with serving(site_of({"/s.xml": Answer(b"x" * 4_000_000, content_type="application/xml")})) as server:
        page = guarded(server.place, Limits(seconds=5)).fetch_sitemap("http://shop.test/s.xml")
    assert len(page.content) == 3_000_000


def test_time_spent_on_a_page_that_never_came_is_told() -> None:
    with talking(lambda connection: time.sleep(1)) as place, pytest.raises(FetchRefused) as refused:
        guarded(place).fetch("http://shop.test/", seconds=0.2)
    assert refused.value.why == RefusedWhy.TOO_SLOW
    assert refused.value.seconds >= 0.2


def test_robots_txt_is_asked_once_for_many_pages() -> None:
    with serving(robots_site("User-agent: *\nDisallow: /private")) as server:
        fetcher = guarded(server.place)
        for _ in range(3):
            fetcher.fetch("http://shop.test/")
    assert [asked.path for asked in server.asked] == ["/robots.txt", "/", "/", "/"]


def test_a_robots_txt_with_twenty_thousand_robots_and_rules_is_read() -> None:
    robots = "".join(f"User-agent: r{n}\n" for n in range(20_000)) + "Disallow: /*a*b\n" * 12_000
    with serving(robots_site(robots)) as server:
        assert guarded(server.place, Limits(seconds=30)).fetch("http://shop.test/").content == b"Home"
