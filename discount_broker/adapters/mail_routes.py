"""Asks the DNS whether letters to a domain have somewhere to go; no mail server is asked for a mailbox."""

import logging
from collections.abc import Iterable

import dns.exception
import dns.name
import dns.rdata
import dns.resolver
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.MX import MX

from discount_broker.discovery.ports import MailRoute
from discount_broker.kernel.urls import registrable_domain

logger = logging.getLogger(__name__)

SECONDS_FOR_ALL = 3.0
"""For all name servers and repetitions of one question together."""
SECONDS_FOR_ONE = 1.5
SPECIAL_USE = ("localhost", "test", "example", "invalid", "local", "internal")
"""Names that the public DNS says nothing of (RFC 6761, 6762): those of this machine and of tests."""


class DnsMailRoutes:
    """By MX, else by A and AAAA (RFC 5321, section 5.1); a null MX is honoured (RFC 7505).

    Names of `resolve` (`BROKER_FETCH_RESOLVE`) are told by the settings, so nobody is asked for them.
    Without a `resolver` the machine's own is taken, and looked for only when it is needed.
    """

    def __init__(
        self, resolve: Iterable[tuple[str, str]] = (), resolver: dns.resolver.Resolver | None = None
    ) -> None:
        self._told = {registrable_domain(name) for name, _ in resolve}
        self._resolver = resolver

    def look_up(self, domain: str) -> MailRoute:
        if registrable_domain(domain) in self._told or domain.rpartition(".")[2].lower() in SPECIAL_USE:
            return MailRoute.UNKNOWN
        try:
            name = dns.name.from_text(domain, idna_codec=dns.name.IDNA_2008_Practical)
            return self._by_mx(name)
        except dns.resolver.NXDOMAIN:
            return MailRoute.NO_DOMAIN
        except (dns.exception.DNSException, OSError, UnicodeError) as trouble:
            logger.info("mail route unknown: %s", type(trouble).__name__)
            return MailRoute.UNKNOWN

    def _by_mx(self, name: dns.name.Name) -> MailRoute:
        exchanges = [answer.exchange for answer in self._ask(name, RdataType.MX) if isinstance(answer, MX)]
        if exchanges:
            return MailRoute.NULL_MX if exchanges == [dns.name.root] else MailRoute.OPEN
        has_host = self._ask(name, RdataType.A) or self._ask(name, RdataType.AAAA)
        return MailRoute.OPEN if has_host else MailRoute.NO_HOST

    def _ask(self, name: dns.name.Name, kind: RdataType) -> list[dns.rdata.Rdata]:
        self._resolver = self._resolver or _own_resolver()
        try:
            return list(self._resolver.resolve(name, kind, search=False))
        except dns.resolver.NoAnswer:
            return []


def _own_resolver() -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver()
    resolver.timeout, resolver.lifetime = SECONDS_FOR_ONE, SECONDS_FOR_ALL
    return resolver
