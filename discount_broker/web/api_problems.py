"""What the API says when something is wrong: problems (RFC 9457) with stable types and our own sentences."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from flask import Response, make_response, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from discount_broker.kernel.errors import BrokerError, IllegalTransition, NotFound, Refused
from discount_broker.kernel.site import site
from discount_broker.web.api_models import Flaw, Problem
from discount_broker.web.sentences import OTHER_REFUSAL, REFUSALS

MEDIA_TYPE = "application/problem+json"


class Kind(NamedTuple):
    """One kind of problem: its name in the address, its status, and what it means."""

    code: str
    status: int
    title: LazyString
    detail: LazyString


KINDS: Final = tuple(
    Kind(*each)
    for each in (
        ("malformed", 400, _l("Not JSON"), _l("The body is not JSON that can be read.")),
        (
            "unauthorized",
            401,
            _l("No key, or none that opens anything"),
            _l("Send your key as `Authorization: Bearer …`. It may be wrong, revoked or switched off."),
        ),
        (
            "not-found",
            404,
            _l("Nothing of yours is here"),
            _l("There is no such address, or no such request, offer or webhook of yours."),
        ),
        (
            "not-allowed",
            405,
            _l("Not this way"),
            _l("This address cannot be used by this method. The header Allow names those that can."),
        ),
        (
            "settled",
            409,
            _l("Settled already"),
            _l("It does not stand as you think any more: read it again. Nothing was changed."),
        ),
        (
            "reference-used",
            409,
            _l("Another request has this reference"),
            _l("You asked for something else under this reference. Take a new one, or send the same again."),
        ),
        ("too-large", 413, _l("Too much at once"), _l("No more than 100 kB are taken.")),
        ("not-json", 415, _l("JSON only"), _l("Send the body as `Content-Type: application/json`.")),
        (
            "invalid",
            422,
            _l("Something needs another look"),
            _l("The list of errors says what, field by field."),
        ),
        (
            "too-many",
            429,
            _l("Too many calls"),
            _l("Wait as long as the header Retry-After says. The headers RateLimit tell how much is left."),
        ),
        (
            "fault",
            500,
            _l("Our mistake"),
            _l("Something broke on our side, and it has been written down. Try again in a few minutes."),
        ),
        (
            "unavailable",
            503,
            _l("Not now"),
            _l("We cannot reach our records. Nothing is lost: try again after half a minute."),
        ),
    )
)
BY_CODE: Final = {kind.code: kind for kind in KINDS}
BY_STATUS: Final = {kind.status: kind for kind in reversed(KINDS)}

FLAWS: Final[dict[str, LazyString]] = {
    "missing": _l("This field is needed."),
    "extra_forbidden": _l("There is no such field."),
    "string_too_short": _l("This is too short."),
    "string_too_long": _l("This is too long."),
    "string_pattern_mismatch": _l("This is not written as it must be."),
    "greater_than_equal": _l("This is too small."),
    "less_than_equal": _l("This is too large."),
    "multiple_of": _l("Per cents go in halves."),
    "literal_error": _l("This is none of the words it can be."),
    "enum": _l("This is none of the words it can be."),
    "date_parsing": _l("Write the day as in 2030-01-14."),
    "timezone_aware": _l("Name the time zone, as in 2030-01-14T09:00:00Z."),
    "wish_unclear": _l("Name a percentage or a price, and not both."),
    "consent_in_future": _l("This has not happened yet."),
    "consent_too_old": _l("This is more than thirty days ago: ask the buyer again."),
    "cursor_unknown": _l("This is not what the page before named as next."),
    "other_currency": _l("The page of the product names its price in another currency."),
    "product_unread": _l("The page of the product could not be read, so no shop can be asked about it."),
    "product_title_missing": _l("The page could not be read. Ask anew and send its title."),
}
OTHER_FLAW: Final = _l("This does not fit: see the description of the API.")

POINTERS: Final = {
    "percent": "/wish/percent",
    "price": "/wish/price",
    "product_title": "/title",
}
"""Where the fields of our forms stand in what programs send, where that is not under the same name."""


class Flawed(Exception):
    """What a program sent cannot be taken; every flaw of it."""

    def __init__(self, flaws: Iterable[Flaw]) -> None:
        super().__init__("flawed")
        self.flaws = list(flaws)


def problem(code: str, flaws: Iterable[Flaw] = ()) -> Response:
    kind = BY_CODE[code]
    said = Problem(
        type=f"{site().base_url}/api#problem-{code}",
        title=str(kind.title),
        status=kind.status,
        detail=str(kind.detail),
        errors=list(flaws),
    )
    answer = make_response(said.model_dump_json(), kind.status)
    answer.mimetype = MEDIA_TYPE
    if kind.status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="api"'
    return answer


def as_problem(answer: Response) -> Response:
    """The problem that an error page told of; what machines read in its headers is kept."""
    kind = BY_STATUS.get(answer.status_code, BY_STATUS[500 if answer.status_code >= 500 else 400])
    told = problem(kind.code)
    for name in ("Allow", "Retry-After"):
        if name in answer.headers:
            told.headers[name] = answer.headers[name]
    return told


def of_broker_error(error: BrokerError) -> Response:
    if isinstance(error, Refused):
        if error.code == "reference_used":
            return problem("reference-used")
        return problem("invalid", [flaw_of(error)])
    if isinstance(error, NotFound):
        return problem("not-found")
    return problem("settled" if isinstance(error, IllegalTransition) else "not-found")


def of_flaws(error: Flawed) -> Response:
    return problem("invalid", error.flaws)


def of_http_error(error: HTTPException) -> Response:
    kind = BY_STATUS.get(error.code or 500, BY_STATUS[500 if (error.code or 500) >= 500 else 400])
    return problem(kind.code)


def flaw_of(refused: Refused) -> Flaw:
    """A refusal of the domain, at the field of the program's."""
    if refused.field in request.args:
        return Flaw(parameter=refused.field, code=refused.code, detail=sentence_of(refused.code))
    return Flaw(pointer=pointer_of(refused.field), code=refused.code, detail=sentence_of(refused.code))


def pointer_of(field: str) -> str:
    return POINTERS.get(field, f"/{field}" if field else "")


def sentence_of(code: str) -> str:
    return str(FLAWS.get(code) or REFUSALS.get(code, OTHER_REFUSAL))


def flaws_of(error: ValidationError, *, of_query: bool = False) -> list[Flaw]:
    """Everything a model found wrong, each where it stands."""
    flaws = []
    for each in error.errors(include_url=False, include_input=False, include_context=False):
        place = [str(part).replace("~", "~0").replace("/", "~1") for part in each["loc"]]
        code = each["type"]
        detail = str(FLAWS.get(code, OTHER_FLAW))
        if of_query:
            flaws.append(Flaw(parameter=".".join(map(str, each["loc"])), code=code, detail=detail))
        else:
            flaws.append(Flaw(pointer="".join(f"/{part}" for part in place), code=code, detail=detail))
    return flaws
