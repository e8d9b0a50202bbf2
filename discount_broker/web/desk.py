"""What the pages of the desk share: its words, and times as people tell them."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from babel.dates import format_timedelta
from flask import Flask
from flask_babel import get_locale, gettext
from markupsafe import Markup

from discount_broker.kernel.clock import utcnow
from discount_broker.web import desk_words
from discount_broker.web.filters import domain, moment_in_words

if TYPE_CHECKING:
    from discount_broker.shops.models import Shop


def init_app(app: Flask) -> None:
    app.add_template_filter(relative)
    app.add_template_filter(span)
    app.jinja_env.globals.update(say=desk_words, called=called)


def called(shop: "Shop") -> str:
    """The name of a shop; of one that is known by its domain alone the domain as people write it."""
    return domain(shop.domain) if shop.name == shop.domain else shop.name


def relative(at: datetime | None) -> Markup:
    """`in 2 hours`, `3 days ago`; the moment itself is in the title."""
    if at is None:
        return Markup()
    now = utcnow()
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        at.isoformat(timespec="minutes"), moment_in_words(at, now), in_words(at - now)
    )


def in_words(delta: timedelta) -> str:
    if abs(delta) < timedelta(minutes=1):
        return str(gettext("just now"))
    return format_timedelta(
        delta, granularity="minute", threshold=1, add_direction=True, locale=get_locale() or "en"
    )


def span(seconds: int | None) -> str:
    """How long something took: `3 hours`."""
    if seconds is None:
        return ""
    return format_timedelta(timedelta(seconds=seconds), threshold=1, locale=get_locale() or "en")
