"""One call of a text gateway over HTTP: in time, of bounded size, and to the configured address alone."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode, urlsplit

from discount_broker.adapters.fetch_guard import WEB_PORTS, Route, system_look_up
from discount_broker.adapters.http_exchange import Ask, Caps, Exchange, make_tls, spell
from discount_broker.discovery.ports import FetchRefused
from discount_broker.kernel.clock import utcnow
from discount_broker.messaging.extract.segments import measure
from discount_broker.messaging.ports import (
    DeliveryFailure,
    FailureReason,
    OutcomeUnknown,
    OutgoingMessage,
    PermanentFailure,
    TemporaryFailure,
)

SECONDS = 20.0
LARGEST = 200_000
LONGEST_QUOTE = 300
OUR_SET_UP = frozenset({401, 403, 404})
"""The login or the address of the gateway is wrong, not the message: it goes out once that is mended."""
BUSY = frozenset({408, 429, 503})


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def said(self) -> str:
        """What a person can read of it."""
        return " ".join(self.content.decode("utf-8", "replace").split())[:LONGEST_QUOTE]

    def json(self) -> dict[str, Any] | None:
        """The object it holds; None where it is something else."""
        try:
            read = json.loads(self.content)
        except (ValueError, RecursionError):
            return None
        return read if isinstance(read, dict) else None


class Gateway:
    """The server of a gateway. Redirects are not followed: the password is for this host alone."""

    def __init__(
        self, place: str, headers: Mapping[str, str] | None = None, seconds: float = SECONDS
    ) -> None:
        self._place, self._seconds = place.rstrip("/"), seconds
        self._headers = {"Accept": "application/json, text/plain", **(headers or {})}
        self._tls = make_tls()

    def get(self, path: str, params: Mapping[str, str]) -> Reply:
        return self._talk(Ask("GET", f"{self._place}{path}?{urlencode(params)}", self._headers))

    def post(self, path: str, form: Mapping[str, str]) -> Reply:
        headers = self._headers | {"Content-Type": "application/x-www-form-urlencoded"}
        return self._talk(Ask("POST", f"{self._place}{path}", headers, urlencode(form).encode()))

    def _talk(self, ask: Ask) -> Reply:
        """Ask once. The address stays out of every message: it holds words and, at Kannel, a password.

        Raises:
            TemporaryFailure: surely nothing was sent
            OutcomeUnknown: the gateway may have got it

        """
        deadline = time.monotonic() + self._seconds
        try:
            exchange = Exchange(self._route(), deadline, self._tls)
        except (FetchRefused, OSError) as refused:
            why = refused.why if isinstance(refused, FetchRefused) else "name_unknown"
            raise TemporaryFailure(f"the SMS gateway cannot be reached: {why}") from None
        with exchange:
            try:
                answer, content = exchange.talk(ask.method, spell(ask), Caps(LARGEST, takes_any_type=True))
            except FetchRefused as lost:
                raise OutcomeUnknown(f"the SMS gateway gave no answer: {lost.why}") from None
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(answer.status, headers, content)

    def _route(self) -> Route:
        """The way to the gateway; unlike pages of strangers it may lie in a private network."""
        parts = urlsplit(self._place)
        host = parts.hostname or ""
        port = parts.port or WEB_PORTS[parts.scheme]
        return Route(self._place, host, system_look_up(host), port, parts.scheme == "https")


def refusal(status: int, said: str, reason: FailureReason = FailureReason.REFUSED) -> DeliveryFailure:
    """What an answer that is not a yes means, by its HTTP status alone."""
    evidence = {"gateway answer": f"{status} {said}"[:LONGEST_QUOTE]}
    if status in BUSY:
        return TemporaryFailure(f"the SMS gateway is busy ({status})", evidence=evidence)
    if status in OUR_SET_UP or 300 <= status < 400:
        return TemporaryFailure(f"the SMS gateway refused us ({status})", evidence=evidence)
    if status >= 500:
        # It broke down over our message, and may have sent it on before.
        return OutcomeUnknown(f"the SMS gateway failed ({status})", evidence=evidence)
    return PermanentFailure(f"the SMS gateway refused the message: {status} {said}", reason, evidence)


def minutes_left(message: OutgoingMessage) -> int | None:
    """How long the operator shall try to reach the phone: as long as the text is news, a day at most."""
    if message.expires_at is None:
        return None
    left = int((message.expires_at - utcnow()).total_seconds() // 60)
    return max(1, min(left, 24 * 60))


def price_of(text: str, price: Decimal) -> dict[str, Any]:
    """What a text costs, for the evidence; reckoned before it is sent."""
    size = measure(text)
    cost = {"cost": f"{size.parts * price:f}"} if price else {}
    return {"segments": size.parts, "encoding": str(size.encoding), "characters": len(text), **cost}
