"""The session of a browser, in its signed cookie."""

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class CookieSessions(SecureCookieSessionInterface):
    """As Flask keeps sessions, but that what signs them is made once and not for every page."""

    def __init__(self, app: Flask) -> None:
        self._signer = super().get_signing_serializer(app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        del app
        return self._signer


def init_app(app: Flask) -> None:
    app.session_interface = CookieSessions(app)
