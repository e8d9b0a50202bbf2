"""What people read when something does not work: what happened, and what they can do."""

import logging
from types import TracebackType

from flask import Flask, Response, current_app, make_response, render_template, request
from flask_babel import LazyString, ngettext
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, TooManyRequests

from discount_broker.kernel.errors import (
    BrokerError,
    Forgotten,
    IllegalTransition,
    NotAllowed,
    NotFound,
    TokenExpired,
)
from discount_broker.web.limits import seconds_to_wait

log = logging.getLogger(__name__)

SENTENCES = {
    400: (
        _l("The browser sent something we could not read"),
        _l("Please go back, reload the page and try once more."),
    ),
    403: (
        _l("This page is not open to you"),
        _l("You may be logged in under another account than the one this page belongs to."),
    ),
    404: (
        _l("There is nothing here"),
        _l("The link may have lost a piece on its way. Open it from the letter once more, or copy it whole."),
    ),
    405: (
        _l("This address cannot be used that way"),
        _l("Please open the page from its beginning."),
    ),
    409: (
        _l("This has already been settled"),
        _l("Somebody was quicker, or the button was pressed twice. Nothing was changed by this press."),
    ),
    410: (
        _l("This link is too old"),
        _l("For your safety some links work for a limited time only. Ask for a fresh one."),
    ),
    413: (
        _l("That was too much at once"),
        _l("The text or file is larger than we can take. Please go back and shorten it."),
    ),
    422: (
        _l("Something in the form needs another look"),
        _l("Please go back and check what you typed."),
    ),
    429: (
        _l("That was a little too fast"),
        _l("To keep out robots we take only so many tries in a row. Please wait a little."),
    ),
    500: (
        _l("Something broke on our side"),
        _l("It is our mistake, not yours, and it has been written down. Please try again in a few minutes."),
    ),
    503: (
        _l("We cannot reach our records right now"),
        _l("Nothing is lost. Please wait half a minute and press once more."),
    ),
}


FORGOTTEN = (
    _l("This was deleted"),
    _l(
        "Whoever asked for this had all their details deleted, so there is nothing left that we could show or"
        " do. You can ask for a new discount at any time."
    ),
)
CODES: dict[type[BrokerError], int] = {
    Forgotten: 410,
    NotFound: 404,
    TokenExpired: 410,
    NotAllowed: 403,
    IllegalTransition: 409,
}
"""The more particular error stands before the one it derives from."""


def init_app(app: Flask) -> None:
    app.register_error_handler(BrokerError, show_broker_error)
    app.register_error_handler(CSRFError, show_stale_form)
    app.register_error_handler(TooManyRequests, show_too_fast)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(Exception, show_fault)


def error_page(
    code: int, retry_after: int | None = None, words: tuple[LazyString, LazyString] | None = None
) -> Response:
    """The page for one status, written without asking the database anything."""
    title, text = words or SENTENCES[code]
    page = render_template("errors/page.html", code=code, title=title, text=text, again=None)
    response = make_response(page, code)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def show_broker_error(error: BrokerError) -> Response:
    code = next((code for kind, code in CODES.items() if isinstance(error, kind)), 422)
    return error_page(code, words=FORGOTTEN if isinstance(error, Forgotten) else None)


def show_too_fast(_error: HTTPException) -> Response:
    """Too many tries: how long to wait, and what was typed kept for the press after it."""
    waits = seconds_to_wait()
    title, text = SENTENCES[429]
    minutes = -(-waits // 60)
    until = ngettext("It goes on in %(num)d minute.", "It goes on in %(num)d minutes.", minutes)
    return _press_again(429, title, f"{text} {until}", retry_after=waits)


def show_http_error(error: HTTPException) -> Response:
    if error.code is not None and error.code < 400:  # redirects of the router
        return Response(status=error.code, headers=error.get_headers())
    code = error.code if error.code in SENTENCES else (400 if (error.code or 500) < 500 else 500)
    response = error_page(code)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def show_fault(error: Exception) -> Response:
    """A bug of ours. Logged by the name of the page: its address may hold a secret link."""
    if current_app.testing or current_app.debug:
        raise error
    log.error("unexpected error on %s", request.endpoint, exc_info=_as_raised(error))
    return error_page(500)


def show_unavailable(error: Exception) -> Response:
    """The database is locked or gone: say so, and keep what was typed for the next press."""
    log.error("the database did not answer", exc_info=_as_raised(error))
    return _press_again(503, *SENTENCES[503], retry_after=30)


def show_stale_form(_error: CSRFError) -> Response:
    """A form from a session that is over, or a browser without cookies: one more press sends it again."""
    log.info("form without a valid session: %s", request.endpoint)
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        return _press_again(
            400,
            _l("Your browser sent no cookie"),
            _l(
                "We need one to be sure that it is you who sends this. Please press once more. If this "
                "page comes again, allow cookies for this site. Nothing is lost."
            ),
        )
    return _press_again(
        400,
        _l("The page had been open for a long time"),
        _l("To be sure that it is you who sends this: press once more, please. Nothing is lost."),
    )


def _as_raised(error: Exception) -> tuple[type[Exception], Exception, TracebackType | None]:
    return type(error), error, error.__traceback__


def _press_again(code: int, title: object, text: object, retry_after: int = 0) -> Response:
    kept = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in ("csrf_token", "password")
    ]
    may_repeat = request.method == "POST" and "password" not in request.form
    page = render_template(
        "errors/page.html", code=code, title=title, text=text, again=kept if may_repeat else None
    )
    response = make_response(page, code)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response
