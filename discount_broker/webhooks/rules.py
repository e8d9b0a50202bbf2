"""How programs are told: where, signed how, tried how often, and what counts as one ask. Pure."""

import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from discount_broker.kernel.errors import Refused
from discount_broker.webhooks.status import HookState

RETRY_DELAYS = (
    timedelta(seconds=5),
    *(timedelta(minutes=m) for m in (5, 30)),
    *(timedelta(hours=h) for h in (2, 5, 10, 14, 20, 24)),
)
"""As Standard Webhooks advises: the last try comes three days after the first."""
PAUSES_AFTER = ((25, timedelta(hours=1)), (6, timedelta(hours=12)))
"""Tries in a row in vain, and for how long: a busy webhook pauses soon, a quiet one the same day."""
PROBED_EVERY = timedelta(hours=2)
KEPT_FOR = timedelta(days=30)
"""A webhook that has been paused for so long ends, and what was kept for it is given up."""
LEASE = timedelta(minutes=2)
LONGEST_WAIT = timedelta(days=1)
"""A server that is busy may put us off; not for longer than this."""
SECRET_MARK, SECRET_BYTES = "whsec_", 32
LONGEST_URL, MOST_WEBHOOKS = 500, 5
GONE = 410
"""By this a server says for good that nobody wants our calls there."""
FACTS = ("shop", "shops", "kind", "door", "why", "outcome", "result", "call_by", "due_at", "until")
"""What of the facts of an event is told: names and times, nothing of ours and nothing of the buyer's."""


def check_hook_url(url: str, *, https_only: bool) -> str:
    """Refuse an address that could not be called, or only for all the world to read.

    Raises:
        Refused: `link_missing`, `link_not_web`, `link_too_long`, `hook_not_https`, `hook_with_password`.

    """
    wanted = url.strip()
    try:
        parts = urlsplit(wanted)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise Refused("link_missing", "url") from None
    if not wanted or not wanted.isprintable() or " " in wanted:
        raise Refused("link_missing", "url")
    if parts.scheme not in ("http", "https") or not host:
        raise Refused("link_not_web", "url")
    if https_only and parts.scheme != "https":
        raise Refused("hook_not_https", "url")
    if parts.username or parts.password:
        raise Refused("hook_with_password", "url")
    if len(wanted) > LONGEST_URL:
        raise Refused("link_too_long", "url")
    return wanted


def secret_of(draw: bytes) -> str:
    """What both sides know, from so many random bytes."""
    return SECRET_MARK + b64encode(draw).decode()


def signed_headers(secret: str, call_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks: whoever knows the secret can tell that it was us, and when."""
    seconds = str(int(at.timestamp()))
    key = b64decode(secret.removeprefix(SECRET_MARK))
    mac = hmac.digest(key, f"{call_id}.{seconds}.".encode() + body, "sha256")
    return {
        "webhook-id": call_id,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{b64encode(mac).decode()}",
    }


def is_taken(status: int) -> bool:
    return 200 <= status < 300


def state_of(
    ended_at: datetime | None, paused_at: datetime | None, failing_since: datetime | None
) -> HookState:
    if ended_at is not None:
        return HookState.ENDED
    if paused_at is not None:
        return HookState.PAUSED
    return HookState.ACTIVE if failing_since is None else HookState.FAILING


def state_after_failure(
    status: int | None, failures: int, failing_for: timedelta, paused_for: timedelta | None
) -> HookState:
    """What becomes of a webhook that took none of the last `failures` tries; one that is taken heals it."""
    if status == GONE:
        return HookState.ENDED
    if paused_for is not None:
        return HookState.ENDED if paused_for >= KEPT_FOR else HookState.PAUSED
    is_dead = any(failures >= tries and failing_for >= span for tries, span in PAUSES_AFTER)
    return HookState.PAUSED if is_dead else HookState.FAILING


def next_try_at(attempts: int, now: datetime, wait: float = 0.0) -> datetime | None:
    """When to call again after `attempts` tries in vain; None to give up."""
    if attempts > len(RETRY_DELAYS):
        return None
    asked_for = min(timedelta(seconds=max(wait, 0)), LONGEST_WAIT)
    return now + max(RETRY_DELAYS[attempts - 1], asked_for)


def told_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of an event as far as programs are told them."""
    return {name: facts[name] for name in FACTS if facts.get(name) not in (None, "", [])}


def digest_of_ask(given: Mapping[str, Any]) -> str:
    """The same for the same ask, in whichever order its fields came."""
    return sha256(json.dumps(given, sort_keys=True, default=str).encode()).hexdigest()


def check_currency(wished: str, seen: str | None) -> None:
    """Refuse a price wished for in another money than that of the page: we change none.

    Raises:
        Refused: `other_currency`.

    """
    if wished and seen and wished != seen:
        raise Refused("other_currency", "price")
