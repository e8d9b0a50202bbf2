"""The table of what the API can do: each entry is a route, and a paragraph of its description."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from flask import Blueprint, Response, request
from pydantic import BaseModel
from werkzeug.exceptions import HTTPException

from discount_broker.kernel.errors import BrokerError
from discount_broker.web.access import View
from discount_broker.web.api_access import counted, program_only, spares_mailboxes, tell_limits
from discount_broker.web.api_problems import (
    BY_CODE,
    Flawed,
    as_problem,
    of_broker_error,
    of_flaws,
    of_http_error,
)
from discount_broker.web.security import csrf

LARGEST_BODY = 100 * 1000
PREFIX = "/api/v1"
ALWAYS = ("unauthorized", "too-many")
WITH_BODY = ("malformed", "too-large", "not-json", "invalid")

bp = Blueprint("api", __name__, url_prefix=PREFIX)
# Programs have no session; each call proves by its key whose it is.
csrf.exempt(bp)


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One thing a program can do; name and words are those of its view."""

    method: str
    rule: str
    name: str = ""
    words: str = ""
    takes: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    answers: Mapping[int, type[BaseModel]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    """Kinds of problems beside those that everything of its sort can have."""


OPERATIONS: list[Operation] = []


def operation(told: Operation, *, writes_to_buyers: bool = False) -> Callable[[View], View]:
    """Open a view to programs, and describe it by what it takes and gives."""

    def register(view: View) -> View:
        OPERATIONS.append(
            replace(told, name=view.__name__, words=view.__doc__ or "", problems=_problems_of(told))
        )
        guarded = program_only(view)
        guarded = spares_mailboxes(guarded) if writes_to_buyers else guarded
        bp.add_url_rule(told.rule, view.__name__, counted(guarded), methods=[told.method])
        return view

    return register


def _problems_of(told: Operation) -> tuple[str, ...]:
    known = {
        *ALWAYS,
        *told.problems,
        *(WITH_BODY if told.takes else ()),
        *(("invalid",) if told.query else ()),
    }
    if "<" in told.rule:
        known.add("not-found")
    return tuple(sorted(known, key=lambda code: BY_CODE[code].status))


@bp.before_request
def take_small_requests() -> None:
    request.max_content_length = LARGEST_BODY


bp.register_error_handler(BrokerError, of_broker_error)
bp.register_error_handler(Flawed, of_flaws)
bp.register_error_handler(HTTPException, of_http_error)
bp.after_request(tell_limits)


@bp.after_app_request
def speak_json(answer: Response) -> Response:
    """Whatever broke, on its way to the view or behind it: programs get no pages."""
    is_page = answer.status_code >= 400 and answer.mimetype == "text/html"
    return as_problem(answer) if is_page and request.path.startswith(f"{PREFIX}/") else answer
