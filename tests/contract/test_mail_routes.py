"""What every MailRoutes says, the fake as well as the one that asks name servers."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import dns.resolver
import pytest

from discount_broker.adapters.mail_routes import DnsMailRoutes
from discount_broker.discovery.ports import MailRoute, MailRoutes
from tests.contract.name_servers import FAILING, SILENT, Zone, answering
from tests.fakes import FakeMailRoutes

MakeRoutes = Callable[[Zone], MailRoutes]
ZONE: Zone = {
    "shop.ru": {"MX": ["10 mx1.shop.ru.", "20 mx2.shop.ru."]},
    "oldshop.ru": {"A": ["192.0.2.1"]},
    "newshop.ru": {"AAAA": ["2001:db8::1"]},
    "nomail.ru": {"MX": ["0 ."], "A": ["192.0.2.1"]},
    "empty.ru": {"TXT": ['"v=spf1 -all"']},
    "xn--80aal0a.xn--p1ai": {"MX": ["10 mx.shop.ru."]},
}
SAYS = {
    "shop.ru": MailRoute.OPEN,
    "oldshop.ru": MailRoute.OPEN,
    "newshop.ru": MailRoute.OPEN,
    "nomail.ru": MailRoute.NULL_MX,
    "empty.ru": MailRoute.NO_HOST,
    "gone.ru": MailRoute.NO_DOMAIN,
    FAILING: MailRoute.UNKNOWN,
    SILENT: MailRoute.UNKNOWN,
}


@pytest.fixture(params=["dns", "fake"])
def routes(request: pytest.FixtureRequest) -> Iterator[MailRoutes]:
    with ExitStack() as running:
        if request.param == "fake":
            yield FakeMailRoutes(SAYS)
        else:
            yield DnsMailRoutes(resolver=running.enter_context(answering(ZONE)).resolver())


@pytest.mark.parametrize(("domain", "route"), SAYS.items())
def test_a_domain_tells_whether_it_takes_mail(routes: MailRoutes, domain: str, route: MailRoute) -> None:
    assert routes.look_up(domain) is route
    assert routes.look_up(domain.upper()) is route


def test_a_domain_in_cyrillic_letters_is_asked_for_in_latin_ones() -> None:
    with answering(ZONE) as server:
        assert DnsMailRoutes(resolver=server.resolver()).look_up("чай.рф") in (
            MailRoute.OPEN,
            MailRoute.NO_DOMAIN,
        )
    assert all(name.startswith("xn--") for name, _ in server.asked)


def test_addresses_are_asked_for_only_where_there_is_no_mx() -> None:
    with answering(ZONE) as server:
        routes = DnsMailRoutes(resolver=server.resolver())
        routes.look_up("shop.ru")
        assert server.asked == [("shop.ru", "MX")]
        server.asked.clear()
        routes.look_up("nomail.ru")
        assert server.asked == [("nomail.ru", "MX")]
        server.asked.clear()
        routes.look_up("newshop.ru")
        assert server.asked == [("newshop.ru", "MX"), ("newshop.ru", "A"), ("newshop.ru", "AAAA")]


@pytest.mark.parametrize(
    "domain",
    ["shop.localhost", "mail.shop.localhost", "teashop.ru", "www.teashop.ru", "shop.test", "localhost"],
)
def test_nobody_is_asked_for_names_that_the_settings_tell_or_that_are_nobodys(domain: str) -> None:
    with answering(ZONE) as server:
        resolve = (("shop.localhost", "127.0.0.1:5001"), ("www.teashop.ru", "127.0.0.1:5002"))
        assert DnsMailRoutes(resolve, server.resolver()).look_up(domain) is MailRoute.UNKNOWN
    assert server.asked == []


@pytest.mark.parametrize(
    "domain", ["", ".", "a..ru", "x" * 64 + ".ru", "a" * 300, "shop\0.ru", "\ud800.ru", "a b.ru"]
)
def test_what_is_no_domain_is_not_known(domain: str) -> None:
    with answering(ZONE) as server:
        route = DnsMailRoutes(resolver=server.resolver()).look_up(domain)
    assert route in (MailRoute.UNKNOWN, MailRoute.NO_DOMAIN)


def test_without_any_name_server_nothing_is_said_against_a_domain() -> None:
    resolver = dns.resolver.Resolver(configure=False)
    assert DnsMailRoutes(resolver=resolver).look_up("shop.ru") is MailRoute.UNKNOWN
