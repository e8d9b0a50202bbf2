"""How often one address may do what costs us or others something."""

from collections.abc import Callable
from hashlib import sha256
from ipaddress import IPv4Address, ip_address, ip_network

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from discount_broker.kernel.clock import utcnow
from discount_broker.web.access import View

NETWORK_OF_ONE = 64
"""Bits of an IPv6 address that tell one customer from another; the rest is theirs to choose anew."""


def visitor_address() -> str:
    """Whom a try counts for."""
    try:
        address = ip_address(get_remote_address())
    except ValueError:
        return get_remote_address()
    if isinstance(address, IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((address, NETWORK_OF_ONE), strict=False))


class ViewLimiter(Limiter):
    """Limits that stand on views: each is looked for when its view is called, not before every page too."""

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


limiter = ViewLimiter(
    visitor_address,
    strategy="moving-window",
    # A queue that is down must not take the pages down: each process then counts for itself.
    in_memory_fallback_enabled=True,
)

ASK = "30 per hour"
SUBMIT = "40 per hour"
UNKNOWN_WAIT = 300
WRONG_LINKS = "30 per hour"
"""Secret links that open nothing: whoever guesses has no more, and whoever has a link never meets this."""
LOGIN_LINK = "10 per hour"
STAFF_LOGIN = "10 per 15 minutes"
WRONG_TRIES = "5 per 15 minutes; 10 per 3 hours; 20 per day"
"""At one account, from however many addresses: the wait grows, and an unknown account waits as well."""


def init_app(app: Flask) -> None:
    limiter.init_app(app)


def seconds_to_wait() -> int:
    """How long whoever tried too often has to wait, one second at least."""
    limit = limiter.current_limit
    return max(int(limit.reset_at - utcnow().timestamp()), 1) if limit else UNKNOWN_WAIT


def limited(rule: str) -> Callable[[View], View]:
    """Count the POSTs of one address to a view; reading stays free."""
    counted: Callable[[View], View] = limiter.limit(rule, exempt_when=lambda: request.method != "POST")
    return counted


def spares_accounts(account: Callable[[], str]) -> Callable[[View], View]:
    """Count the wrong passwords and codes that are tried at one account; right ones are free."""
    rule: Callable[[View], View] = limiter.shared_limit(
        WRONG_TRIES,
        scope="wrong tries at one account",
        # Nobody who reads the counters learns who works here.
        key_func=lambda: sha256(account().strip().lower().encode()).hexdigest(),
        exempt_when=lambda: request.method != "POST",
        deduct_when=_was_wrong,
    )
    return rule


def spares_tokens() -> Callable[[View], View]:
    """Count the links of one address that lead nowhere, looked at or posted to, over all such pages."""
    rule: Callable[[View], View] = limiter.shared_limit(
        WRONG_LINKS, scope="links that open nothing", deduct_when=_opened_nothing
    )
    return rule


def _opened_nothing(response: Response) -> bool:
    return response.status_code == 404


def _was_wrong(response: Response) -> bool:
    return response.status_code == 422
