"""What every answer of the server carries so that a browser protects its reader."""

from typing import Final

from flask import Flask, Response, current_app, g, request
from flask_wtf import CSRFProtect

from discount_broker.settings import Settings

csrf = CSRFProtect()

POLICY: Final = (
    "default-src 'none'; "
    # Pictures of products stand on the shops' own servers.
    "img-src 'self' data: https: http:; "
    "style-src 'self'; script-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'self'"
)
A_YEAR: Final = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    # A form may stay open in a tab for as long as its session lives: nothing typed gets lost to a timer.
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)
    # Flask-WTF compares Referer on https; our token pages send none, by policy.
    app.config.setdefault("WTF_CSRF_SSL_STRICT", False)
    csrf.init_app(app)
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    settings: Settings = current_app.extensions["settings"]
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), interest-cohort=()"
    headers["Referrer-Policy"] = "no-referrer" if g.get("is_secret") else "same-origin"
    if settings.is_public:
        headers["Strict-Transport-Security"] = f"max-age={A_YEAR}"
    if g.get("is_secret"):
        headers["X-Robots-Tag"] = "noindex, nofollow"
        headers["Cache-Control"] = "no-store"
    elif request.endpoint == "static" and "v" in request.args and response.status_code == 200:
        headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    elif request.endpoint != "static" and response.mimetype == "text/html":
        # Pages differ by language and carry a token of the session.
        headers["Cache-Control"] = "private, no-cache"
        response.vary.update(("Cookie", "Accept-Language"))
    return response
