"""Who may use the API, and how often: a program shows its key with every call."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from flask import Response, g, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Unauthorized

from discount_broker.accounts.queries.api_clients import find_token
from discount_broker.accounts.rules.api_tokens import MARK
from discount_broker.accounts.use_cases import note_token_used
from discount_broker.accounts.use_cases.api_clients import USE_NOTED_EVERY
from discount_broker.kernel.clock import utcnow
from discount_broker.web.access import View
from discount_broker.web.limits import limiter, visitor_address
from discount_broker.web.mail_limits import TO_ONE_MAILBOX, mailbox_of
from discount_broker.web.once import once_a_request

if TYPE_CHECKING:
    from discount_broker.accounts.models import ApiToken

CALLS = "120 per minute; 5000 per day"
"""With one key."""
OF_A_KEY = "calls of a program"
WRONG_KEYS = "20 per minute; 200 per day"
"""From one address."""
LONGEST_KEY = 200


def program_only(view: View) -> View:
    """A program with a key that opens; the view gets the id of its client."""

    @wraps(view)
    def guarded(**others: Any) -> ResponseReturnValue:
        g.is_secret = True
        found = _token_shown()
        if found is None:
            raise Unauthorized
        now, client_id, token_id = utcnow(), found.api_client_id, found.id
        if found.last_used_at is None or now - found.last_used_at >= USE_NOTED_EVERY:
            note_token_used(token_id, now)
        return view(client_id, **others)

    guarded.__access__ = "program"  # type: ignore[attr-defined] # as all rules of `web.access` are kept
    return guarded


def counted(view: View) -> View:
    """Count the calls of one key, and the wrong keys that come from one address."""
    by_key = limiter.shared_limit(CALLS, scope=OF_A_KEY, key_func=_whose)
    wrong = limiter.shared_limit(
        WRONG_KEYS,
        scope="wrong keys",
        key_func=visitor_address,
        # Who has a key need not wait for a neighbour who guesses.
        exempt_when=lambda: _token_shown() is not None,
        deduct_when=_was_refused,
    )
    limited: View = by_key(wrong(view))
    return limited


def spares_mailboxes(view: View) -> View:
    """Count the letters that new requests send to one mailbox, with those of the page."""
    rule: Callable[[View], View] = limiter.shared_limit(
        TO_ONE_MAILBOX,
        scope="letters to one mailbox",
        key_func=_mailbox,
        deduct_when=lambda answer: answer.status_code == 201,
    )
    return rule(view)


def tell_limits(answer: Response) -> Response:
    """How much is left of the calls, and how long until there are more."""
    told = [limit for limit in limiter.current_limits if OF_A_KEY in limit.key or limit.breached]
    if told:
        limit = min(told, key=lambda one: one.remaining)
        waits = max(int(limit.reset_at - utcnow().timestamp()), 1)
        answer.headers["RateLimit-Limit"] = str(limit.limit.amount)
        answer.headers["RateLimit-Remaining"] = str(max(limit.remaining, 0))
        answer.headers["RateLimit-Reset"] = str(waits)
        if answer.status_code == 429:
            answer.headers["Retry-After"] = str(waits)
    return answer


@once_a_request
def _token_shown() -> "ApiToken | None":
    """The key of this call, if it opens anything."""
    shown = _shown_key()
    return find_token(shown) if shown.startswith(MARK) else None


def _shown_key() -> str:
    shown = request.authorization
    is_bearer = shown is not None and shown.type == "bearer"
    return (shown.token or "")[:LONGEST_KEY] if shown is not None and is_bearer else ""


def _whose() -> str:
    """Nobody who reads the counters learns a key."""
    key = _shown_key()
    return sha256(key.encode()).hexdigest() if key else visitor_address()


def _was_refused(answer: Response) -> bool:
    return answer.status_code == 401


def _mailbox() -> str:
    """Whose mailbox; what is no ask has none, and sends nothing."""
    try:
        body = request.get_json(silent=True)
    except RecursionError:  # brackets within brackets, thousands of them
        body = None
    email = body.get("email") if isinstance(body, dict) else ""
    return mailbox_of(email if isinstance(email, str) else "")
