"""Calling addresses of strangers: real servers, good and bad."""

import socket
import ssl
import time

import pytest
import trustme

from discount_broker.adapters.webhook_call import GuardedHookCaller
from discount_broker.webhooks.ports import HookAnswer, HookUnreached
from tests.contract.servers import dead_place, serving, talking
from tests.fakes import Answer, Asked, redirect


def a_caller(place: str, **given: object) -> GuardedHookCaller:
    """May reach this one server of ours."""
    settings = {"user_agent": "Test/1.0", "https_only": False, "allow": (place,), **given}
    return GuardedHookCaller(**settings)  # type: ignore[arg-type]


def test_the_body_and_the_headers_arrive_as_they_were_signed() -> None:
    heard: list[Asked] = []

    def answer(asked: Asked) -> Answer:
        heard.append(asked)
        return Answer(b"thanks", 202)

    with serving(answer) as site:
        said = a_caller(site.place).call(
            f"http://{site.place}/hook?x=1", {"webhook-id": "msg_1"}, '{"shop":"Дрели"}'.encode()
        )
    assert said == HookAnswer(202)
    [asked] = heard
    assert (asked.method, asked.path) == ("POST", "/hook")
    assert asked.body == '{"shop":"Дрели"}'.encode()
    headers = {name.lower(): value for name, value in asked.headers.items()}
    assert headers["webhook-id"] == "msg_1"
    assert headers["content-type"] == "application/json"


@pytest.mark.parametrize("status", [400, 404, 410, 429, 500, 503])
def test_an_answer_of_any_status_is_an_answer(status: int) -> None:
    with serving(lambda asked: Answer(b"", status, headers={"Retry-After": "120"})) as site:
        said = a_caller(site.place).call(f"http://{site.place}/", {}, b"{}")
    assert said == HookAnswer(status, 120.0)


def test_a_redirect_is_not_followed() -> None:
    heard: list[str] = []

    def answer(asked: Asked) -> Answer:
        heard.append(asked.path)
        return redirect("/elsewhere", 307)

    with serving(answer) as site, pytest.raises(HookUnreached) as unreached:
        a_caller(site.place).call(f"http://{site.place}/", {}, b"{}")
    assert unreached.value.why == "redirected"
    assert heard == ["/"]


def test_an_endless_answer_is_cut_and_counts_all_the_same() -> None:
    with serving(lambda asked: Answer(b"x" * 5_000_000)) as site:
        assert a_caller(site.place).call(f"http://{site.place}/", {}, b"{}").status == 200


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1:80/", "private_address"),
        ("http://169.254.169.254/latest/meta-data", "private_address"),
        ("http://[::1]/", "private_address"),
        ("http://0x7f.1/", "private_address"),
        ("http://localhost/", "private_address"),
        ("ftp://1.1.1.1/", "not_web"),
        ("http://1.1.1.1:22/", "port"),
    ],
)
def test_private_hosts_and_odd_ports_are_not_called(url: str, why: str) -> None:
    caller = GuardedHookCaller(user_agent="Test/1.0", https_only=False)
    with pytest.raises(HookUnreached) as unreached:
        caller.call(url, {}, b"{}")
    assert unreached.value.why == why


def test_a_name_that_leads_into_a_private_network_is_not_called() -> None:
    caller = GuardedHookCaller(user_agent="Test/1.0", https_only=False, look_up=lambda host: ("10.0.0.5",))
    with pytest.raises(HookUnreached) as unreached:
        caller.call("http://hooks.example/", {}, b"{}")
    assert unreached.value.why == "private_address"


def test_a_public_installation_calls_over_https_alone() -> None:
    with serving(lambda asked: Answer(b"")) as site, pytest.raises(HookUnreached) as unreached:
        a_caller(site.place, https_only=True).call(f"http://{site.place}/", {}, b"{}")
    assert unreached.value.why == "not_https"


def test_the_certificate_is_checked() -> None:
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(server)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with serving(lambda asked: Answer(b""), server) as site:
        url = f"https://{site.place}/"
        assert a_caller(site.place, https_only=True, tls=trusting).call(url, {}, b"{}").status == 200
        with pytest.raises(HookUnreached) as unreached:
            a_caller(site.place, https_only=True).call(url, {}, b"{}")
    assert unreached.value.why == "unreachable"


def test_a_server_that_says_nothing_is_not_waited_for() -> None:
    def stay_silent(wire: socket.socket) -> None:
        wire.recv(65536)
        time.sleep(0.6)

    with talking(stay_silent) as place, pytest.raises(HookUnreached) as unreached:
        a_caller(place, seconds=0.3).call(f"http://{place}/", {}, b"{}")
    assert unreached.value.why == "too_slow"


def test_a_server_that_is_away_is_told_of() -> None:
    place = dead_place()
    with pytest.raises(HookUnreached) as unreached:
        a_caller(place).call(f"http://{place}/", {}, b"{}")
    assert unreached.value.why == "unreachable"


def test_a_header_cannot_be_smuggled_in() -> None:
    with serving(lambda asked: Answer(b"")) as site, pytest.raises(HookUnreached):
        a_caller(site.place).call(f"http://{site.place}/", {"webhook-id": "x\r\nHost: other"}, b"{}")
