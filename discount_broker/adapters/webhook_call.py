"""Calls the addresses that programs of others named, led astray by none of them."""

import logging
import ssl
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from discount_broker.adapters.fetch_guard import FetchGuard, LookUp, clean_url, system_look_up
from discount_broker.adapters.http_exchange import Ask, Caps, Exchange, make_tls, spell
from discount_broker.discovery.ports import FetchRefused
from discount_broker.kernel.urls import host_of
from discount_broker.webhooks.ports import HookAnswer, HookUnreached

log = logging.getLogger(__name__)
SMALL = Caps(size=8_192, is_cut=True, takes_any_type=True)
"""Nobody reads what a program answers; its status says all."""
SECONDS = 10.0
NOT_HTTPS, REDIRECTED = "not_https", "redirected"


class GuardedHookCaller:
    """POSTs JSON to public addresses alone, at the ports of the web, without following redirects.

    `allow` and `resolve` are `BROKER_FETCH_ALLOW` and `BROKER_FETCH_RESOLVE`; with `https_only` nothing
    is told over a line that others can read.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        https_only: bool,
        allow: tuple[str, ...] = (),
        resolve: tuple[tuple[str, str], ...] = (),
        seconds: float = SECONDS,
        look_up: LookUp = system_look_up,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._user_agent, self._https_only, self._seconds = user_agent, https_only, seconds
        self._guard = FetchGuard(allow, resolve, look_up)
        self._tls = tls or make_tls()

    def call(self, url: str, headers: Mapping[str, str], body: bytes) -> HookAnswer:
        if self._https_only and urlsplit(url).scheme != "https":
            raise HookUnreached(NOT_HTTPS)
        try:
            answer = self._post(url, headers, body)
        except FetchRefused as refused:
            log.info("webhook at %s: %s", host_of(url), refused.why)
            raise HookUnreached(refused.why) from None
        if 300 <= answer.status < 400:
            raise HookUnreached(REDIRECTED)
        return answer

    def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> HookAnswer:
        deadline = time.monotonic() + self._seconds
        wanted = clean_url(url)
        route = self._guard.find_route(wanted, self._seconds)
        own = {"User-Agent": self._user_agent, "Content-Type": "application/json", "Accept": "*/*"}
        ask = Ask("POST", wanted, {**own, **headers}, body)
        with Exchange(route, deadline, self._tls) as exchange:
            answer, _ = exchange.talk("POST", spell(ask), SMALL)
            return HookAnswer(answer.status, _seconds_of(answer.headers.get("retry-after", "")))


def _seconds_of(retry_after: str) -> float:
    """Seconds alone: a date is a rare way to say it, and our own schedule is patient enough."""
    return float(retry_after) if retry_after.isdecimal() and len(retry_after) < 8 else 0.0
