"""The application: extensions, blueprints, commands. Nothing else."""

from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import configure_mappers
from werkzeug.middleware.proxy_fix import ProxyFix

from discount_broker import cli, web, wiring
from discount_broker.kernel.db import db
from discount_broker.kernel.site import Site
from discount_broker.logs import configure_logging
from discount_broker.messaging.queries.texts import chosen_text
from discount_broker.messaging.rendering import renderer
from discount_broker.settings import Settings
from discount_broker.web.errors import show_unavailable


def create_app(settings: Settings) -> Flask:
    """One installation of the service."""
    configure_logging()
    app = Flask(
        "discount_broker", root_path=str(settings.root), template_folder="templates", static_folder="static"
    )
    app.config.update(flask_config(settings))
    app.extensions["settings"] = settings
    app.extensions["site"] = site_of(settings)
    renderer().find_own = chosen_text
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        # Flask says itself that middleware is put here.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    db.init_app(app)
    wiring.connect(app, settings)
    web.register(app)
    # Locked, restarted or gone: the page says so and nothing typed is lost.
    app.register_error_handler(OperationalError, show_unavailable)
    cli.register(app)
    configure_mappers()  # once, and not again in every process a worker forks
    return app


def site_of(settings: Settings) -> Site:
    """What every link and every mail must know of this installation."""
    return Site(
        base_url=settings.base_url.rstrip("/"),
        service_name=settings.service_name,
        operator_name=settings.operator_name,
        mail_domain=settings.mail_domain,
        mail_from=settings.mail_from,
        contact_budget=settings.contact_budget,
        shop_hours=settings.shop_hours,
        pages_per_shop=settings.pages_per_shop,
        time_zone=settings.time_zone,
        sends_texts=bool(settings.sms_url),
        sms_sender=settings.sms_sender,
    )


def flask_config(settings: Settings) -> dict[str, object]:
    sqlite = settings.sqlite_path
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{sqlite}" if sqlite else settings.database_url,
        # Errors of the database reach the log: without the addresses and words that were in the statement.
        "SQLALCHEMY_ENGINE_OPTIONS": {"pool_pre_ping": True, "hide_parameters": True},
        "CLOCK_SPEED": settings.clock_speed,
        "SESSION_COOKIE_NAME": "broker",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.is_public,
        "MAX_CONTENT_LENGTH": 256 * 1024,
        "SEND_FILE_MAX_AGE_DEFAULT": 3600,
        "RATELIMIT_STORAGE_URI": wiring.limiter_storage(settings),
        "BABEL_TRANSLATION_DIRECTORIES": str(settings.root / "discount_broker" / "translations"),
        "LANGUAGES": ("en", "ru"),
    }
