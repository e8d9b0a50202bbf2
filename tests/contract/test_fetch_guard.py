"""Nothing but the public web can be reached, whatever the address looks like."""

import ipaddress
import socket
from collections.abc import Sequence
from threading import Event

import pytest

from discount_broker.adapters.fetch_guard import FetchGuard, clean_url, is_public
from discount_broker.adapters.http_fetch import GuardedFetcher, Limits
from discount_broker.discovery.ports import FetchRefused, RefusedWhy
from tests.contract.servers import serving
from tests.fakes import redirect, site_of

PRIVATE = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.255.255.254/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://127.0.0.1./",
    "http://127。0。0。1/",
    "http://１２７.0.0.1/",
    "http://0/",
    "http://0.0.0.0/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://shop.localhost/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://168.63.129.16/",
    "http://100.64.0.1/",
    "http://100.100.100.200/",
    "http://192.0.0.192/",
    "http://192.0.2.1/",
    "http://192.88.99.1/",
    "http://198.18.0.1/",
    "http://198.51.100.1/",
    "http://203.0.113.1/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://[::]/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::127.0.0.1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::ffff:169.254.169.254]/",
    "http://[::ffff:0:10.0.0.1]/",
    "http://[64:ff9b::10.0.0.1]/",
    "http://[64:ff9b:1::10.0.0.1]/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[ff02::1]/",
    "http://[100::1]/",
    "http://[2001::1]/",
    "http://[2001:db8::1]/",
    "http://[2002:7f00:1::]/",
    "http://[3fff::1]/",
    "http://[5f00::1]/",
    "http://user@127.0.0.1/",
    "http://shop.test@127.0.0.1/",
    "http://127.0.0.1:443/",
    "https://127.0.0.1:80/",
    "http://127.0.0.1:6379/",
]


def refuse_to_look_up(host: str) -> Sequence[str]:
    raise AssertionError(f"{host} is no name")


@pytest.mark.parametrize("url", PRIVATE)
def test_no_spelling_of_a_private_address_gets_through(url: str) -> None:
    with pytest.raises(FetchRefused) as refused:
        FetchGuard(look_up=refuse_to_look_up).find_route(clean_url(url), 1)
    assert refused.value.why == RefusedWhy.PRIVATE_ADDRESS


@pytest.mark.parametrize(
    "url",
    [
        "http://[fe80::1%25eth0]/",
        "http://%31%32%37.0.0.1/",
        "http://256.1.1.1/",
        "http://1.2.3.4.5/",
        "http://a b/",
    ],
)
def test_addresses_that_make_no_sense_are_refused(url: str) -> None:
    with pytest.raises(FetchRefused) as refused:
        clean_url(url)
    assert refused.value.why == RefusedWhy.NOT_WEB


@pytest.mark.parametrize("port", [0, 22, 25, 6379, 8080, 65535])
def test_only_the_ports_of_the_web_are_open(port: int) -> None:
    with pytest.raises(FetchRefused) as refused:
        FetchGuard().find_route(clean_url(f"http://8.8.8.8:{port}/"), 1)
    assert refused.value.why == RefusedWhy.PORT


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2a00:1450::1", "::ffff:8.8.8.8"]
)
def test_public_addresses_are_open(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "answers",
    [["10.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::1"], ["8.8.8.8", "::ffff:127.0.0.1"], ["fe80::1%2"]],
)
def test_a_name_with_any_private_answer_is_refused(answers: list[str]) -> None:
    with pytest.raises(FetchRefused) as refused:
        FetchGuard(look_up=lambda host: answers).find_route("https://shop.test/", 1)
    assert refused.value.why == RefusedWhy.PRIVATE_ADDRESS


@pytest.mark.parametrize(
    ("failure", "is_final"),
    [
        (socket.gaierror(socket.EAI_NONAME, "unknown"), True),
        (socket.gaierror(socket.EAI_AGAIN, "try again"), False),
        (UnicodeError("label too long"), True),
    ],
)
def test_a_name_without_an_answer_is_unknown(failure: Exception, is_final: bool) -> None:
    def look_up(host: str) -> Sequence[str]:
        raise failure

    with pytest.raises(FetchRefused) as refused:
        FetchGuard(look_up=look_up).find_route("http://shop.test/", 1)
    assert (refused.value.why, refused.value.is_final) == (RefusedWhy.NAME_UNKNOWN, is_final)


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    """A name server that answers public first and private next (rebinding) gains nothing."""
    answers = iter([["8.8.8.8"], ["127.0.0.1"]])
    guard = FetchGuard(look_up=lambda host: next(answers))
    assert guard.find_route("http://shop.test/", 1).addresses == ("8.8.8.8",)
    with pytest.raises(FetchRefused):
        guard.find_route("http://shop.test/", 1)


def test_a_name_that_turns_private_after_a_redirect_is_refused() -> None:
    with serving(site_of({"/robots.txt": "", "/": redirect("/again")})) as server:
        answers = iter([["127.0.0.1"], ["127.0.0.1"], ["127.0.0.2"]])
        fetcher = GuardedFetcher(
            user_agent="DiscountBrokerBot/1.0",
            allow=("127.0.0.1/32",),
            delay=0,
            look_up=lambda host: next(answers),
            limits=Limits(seconds=2),
        )
        with pytest.raises(FetchRefused) as refused:
            fetcher.fetch(f"http://shop.test:{server.server_port}/")
        assert refused.value.why == RefusedWhy.PRIVATE_ADDRESS
        assert [asked.path for asked in server.asked] == ["/robots.txt", "/"]


@pytest.mark.parametrize(
    ("allow", "url"),
    [
        ("127.0.0.1:8001", "http://127.0.0.1:8001/"),
        ("127.0.0.1:8001", "http://2130706433:8001/"),
        ("127.0.0.1:*", "http://127.0.0.1:9/"),
        ("127.0.0.0/8", "http://127.0.0.5:8001/"),
        ("127.0.0.0/8", "http://toys.localhost:8001/"),
        ("Toys.localhost:8001", "http://toys.localhost:8001/"),
        ("[::1]:8001", "http://[::1]:8001/"),
        ("::1/128", "http://[::1]:8001/"),
        ("8.8.8.8:8080", "http://8.8.8.8:8080/"),
        ("shop.test:80", "http://shop.test/"),
    ],
)
def test_what_is_on_the_list_may_be_reached(allow: str, url: str) -> None:
    guard = FetchGuard((allow,), look_up=lambda host: ["10.0.0.1"])
    assert guard.find_route(clean_url(url), 1).addresses


@pytest.mark.parametrize(
    ("allow", "url"),
    [
        ("127.0.0.1:8001", "http://127.0.0.1:8002/"),
        ("127.0.0.1:8001", "http://127.0.0.2:8001/"),
        ("127.0.0.0/8", "http://10.0.0.1/"),
        ("toys.localhost:8001", "http://books.localhost:8001/"),
        ("localhost:8001", "http://127.0.0.1:8001/"),
    ],
)
def test_what_is_beside_the_list_may_not(allow: str, url: str) -> None:
    with pytest.raises(FetchRefused):
        FetchGuard((allow,)).find_route(clean_url(url), 1)


@pytest.mark.parametrize("allow", ["shop.test", ":80", "shop.test:http", "10.0.0.0/99"])
def test_a_list_that_cannot_be_read_stops_the_start(allow: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        FetchGuard((allow,))


@pytest.mark.parametrize("url", ["http://shop.test/", "https://shop.test/", "https://SHOP.test:443/"])
def test_an_overridden_name_goes_to_its_place_in_plain_http(url: str) -> None:
    guard = FetchGuard(resolve=(("shop.test", "127.0.0.1:9000"),), look_up=refuse_to_look_up)
    route = guard.find_route(clean_url(url), 1)
    assert (route.host, route.addresses, route.port, route.is_tls) == (
        "shop.test",
        ("127.0.0.1",),
        9000,
        False,
    )


def test_a_slow_name_server_is_not_waited_for() -> None:
    never = Event()

    def look_up(host: str) -> Sequence[str]:
        never.wait(5)
        return ["8.8.8.8"]

    with pytest.raises(FetchRefused) as refused:
        FetchGuard(look_up=look_up).find_route("http://shop.test/", 0.1)
    never.set()
    assert refused.value.why == RefusedWhy.TOO_SLOW
