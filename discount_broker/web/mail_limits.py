"""How many letters a stranger's mailbox can be made to get from us, from however many addresses."""

from collections.abc import Callable
from hashlib import sha256

from flask import Response, request

from discount_broker.web.access import View
from discount_broker.web.limits import limiter

ONLY_SHOW_ANEW = {"refresh", "language"}
"""Buttons of the ask page that send nothing."""
TO_ONE_MAILBOX = "10 per hour; 30 per day"


def mailbox_of(address: str) -> str:
    """One name for all spellings of a mailbox, which does not tell it to whoever reads the counters."""
    local, _, domain = address.strip().lower().rpartition("@")
    return sha256(f"{local.partition('+')[0]}@{domain}".encode()).hexdigest()


def spares_mailboxes() -> Callable[[View], View]:
    """Count the letters that posts to a view send to one mailbox; a form with a mistake sends none."""
    rule: Callable[[View], View] = limiter.shared_limit(
        TO_ONE_MAILBOX,
        scope="letters to one mailbox",
        key_func=lambda: mailbox_of(request.form.get("email", "")),
        exempt_when=_sends_nothing,
        deduct_when=_has_sent,
    )
    return rule


def _sends_nothing() -> bool:
    """Nothing goes out, or to somebody we know: where no address is typed there is no stranger's mailbox."""
    is_typed = bool(request.form.get("email", "").strip())
    return request.method != "POST" or not is_typed or bool(ONLY_SHOW_ANEW & request.form.keys())


def _has_sent(response: Response) -> bool:
    return response.status_code < 400
