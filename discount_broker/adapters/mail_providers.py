"""Who keeps a mailbox: recipients behind one provider share its patience with us."""

import logging
from collections.abc import Iterable
from contextlib import suppress
from typing import Protocol

import dns.exception
import dns.name
import dns.resolver
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.MX import MX
from redis import Redis
from redis.exceptions import RedisError

from discount_broker.adapters.mail_routes import SECONDS_FOR_ALL, SECONDS_FOR_ONE, SPECIAL_USE
from discount_broker.kernel.urls import SUFFIXES, registrable_domain

logger = logging.getLogger(__name__)

REMEMBERED = 86_400
"""Seconds; whoever moves to another provider does so rarely."""
DOUBTED = 600
"""Likewise, where the name servers did not answer: asking again at every mail would take seconds each."""

PROVIDERS = {
    "google": ("gmail.com", "googlemail.com", "google.com"),
    "mail.ru": ("mail.ru", "inbox.ru", "list.ru", "bk.ru", "internet.ru", "xmail.ru", "vk.com", "mail.ua"),
    "yandex": (
        *("yandex.ru", "ya.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua", "yandex.uz"),
        *("yandex.com.tr", "yandex.net", "narod.ru"),
    ),
    "microsoft": ("outlook.com", "hotmail.com", "live.com", "msn.com", "live.ru", "microsoft.com"),
    "rambler": ("rambler.ru", "lenta.ru", "autorambler.ru", "myrambler.ru", "ro.ru", "rambler-co.ru"),
    "yahoo": ("yahoo.com", "ymail.com", "aol.com", "yahoodns.net"),
    "icloud": ("icloud.com", "me.com", "mac.com"),
}
"""Domains of mailboxes, and those in which the mail servers of a provider's business customers stand."""
PROVIDER_OF = {domain: provider for provider, domains in PROVIDERS.items() for domain in domains}
FAMILIES = {"hotmail": "microsoft", "outlook": "microsoft", "live": "microsoft", "yahoo": "yahoo"}
"""Names the provider has under many countries: hotmail.fr, yahoo.co.jp."""


class Providers(Protocol):
    def provider_of(self, domain: str) -> str:
        """Name the keeper of a domain's mailboxes; the domain itself where that is not known."""
        ...


class KnownProviders:
    """By a table alone: nobody is asked."""

    def provider_of(self, domain: str) -> str:
        return known_provider(domain) or domain.lower()


class MxProviders:
    """By the table, else by the mail servers of the domain.

    Most shops have a domain of their own and leave its mail to Yandex, Google or a host. What their
    mail servers belong to is the provider, whether or not the table knows it.
    """

    def __init__(
        self,
        redis: Redis,
        resolve: Iterable[tuple[str, str]] = (),
        resolver: dns.resolver.Resolver | None = None,
    ) -> None:
        self._redis, self._resolver = redis, resolver
        self._told = {registrable_domain(name) for name, _ in resolve}

    def provider_of(self, domain: str) -> str:
        domain = domain.lower()
        if known := known_provider(domain):
            return known
        if registrable_domain(domain) in self._told or domain.rpartition(".")[2] in SPECIAL_USE:
            return domain
        return self._remembered(domain) or self._look_up(domain)

    def _remembered(self, domain: str) -> str:
        try:
            found = self._redis.get(_key(domain))
        except RedisError:
            return ""
        return found.decode() if isinstance(found, bytes) else str(found or "")

    def _look_up(self, domain: str) -> str:
        try:
            provider, seconds = provider_by_exchanges(domain, self._exchanges(domain)), REMEMBERED
        except (dns.exception.DNSException, OSError, UnicodeError) as trouble:
            logger.info("mail provider unknown: %s", type(trouble).__name__)
            provider, seconds = domain, DOUBTED
        with suppress(RedisError):  # asked again at the next mail
            self._redis.set(_key(domain), provider, ex=seconds)
        return provider

    def _exchanges(self, domain: str) -> list[str]:
        self._resolver = self._resolver or _own_resolver()
        name = dns.name.from_text(domain, idna_codec=dns.name.IDNA_2008_Practical)
        try:
            answers = self._resolver.resolve(name, RdataType.MX, search=False)
        except (dns.resolver.NoAnswer, dns.resolver.NXDOMAIN):
            return []
        best_first = sorted((a for a in answers if isinstance(a, MX)), key=lambda a: int(a.preference))
        return [answer.exchange.to_text(omit_final_dot=True) for answer in best_first]


def known_provider(domain: str) -> str | None:
    """What the table says of a domain of mailboxes."""
    domain = domain.lower()
    name, _, suffix = domain.partition(".")
    return PROVIDER_OF.get(domain) or (
        FAMILIES.get(name) if SUFFIXES.publicsuffix(domain) == suffix else None
    )


def provider_by_exchanges(domain: str, exchanges: list[str]) -> str:
    """The provider whose mail servers, the most wanted first, take mail for the domain."""
    host = next((exchange for exchange in exchanges if exchange), "")
    if not host:
        return domain
    keeper = registrable_domain(host)
    return known_provider(keeper) or keeper


def _key(domain: str) -> str:
    return f"broker:mail-provider:{domain}"


def _own_resolver() -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver()
    resolver.timeout, resolver.lifetime = SECONDS_FOR_ONE, SECONDS_FOR_ALL
    return resolver
