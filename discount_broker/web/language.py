"""Which language a page speaks, and whose clock it tells the time by."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from flask import Flask, current_app, g, has_app_context, request, session
from flask_babel import Babel, Domain, get_locale, refresh
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from discount_broker.kernel.site import site

NAMES = {"en": "English", "ru": "Русский"}
"""Each language by its own name, so that its speakers find it."""

ZONES = available_timezones()


class Catalogues(Domain):
    """The sentences of each language, found by its name: a page asks for them a hundred times."""

    def get_translations(self) -> Any:
        locale = _known_locale() or get_locale()
        found = self.cache.get(locale.language) if locale else None
        if found is None:
            found = super().get_translations()
            if locale:
                self.cache[locale.language] = found
        return found


def _known_locale() -> Locale | None:
    """What `get_locale` has found for this page, if it has: without its three ways through proxies."""
    here = g._get_current_object() if has_app_context() else None
    return getattr(getattr(here, "_flask_babel", None), "babel_locale", None)


def init_app(app: Flask) -> None:
    catalogues = Catalogues()
    babel = Babel(app, locale_selector=spoken_language)
    babel.domain_instance = catalogues
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined] # given by the extension i18n
        gettext=lambda words: catalogues.get_translations().ugettext(words),
        ngettext=lambda one, many, number: catalogues.get_translations().ungettext(one, many, number),
        pgettext=lambda context, words: catalogues.get_translations().upgettext(context, words),
        npgettext=lambda context, one, many, number: catalogues.get_translations().unpgettext(
            context, one, many, number
        ),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = _sentence(catalogues)
    app.context_processor(lambda: {"language": spoken_language(), "language_names": NAMES})


def _sentence(catalogues: Catalogues) -> Callable[..., str]:
    """What templates know as `_`: as Jinja has it, but that a sentence without values is made once."""

    @pass_eval_context
    def sentence(evaluation: EvalContext, words: str, /, **values: Any) -> str:
        catalogue = catalogues.get_translations()
        if not values:
            return _made(catalogue, words, bool(evaluation.autoescape))
        said: str = catalogue.ugettext(words)
        return (Markup(said) if evaluation.autoescape else said) % values  # noqa: S704 - our own words

    return sentence


@lru_cache(maxsize=8192)
def _made(catalogue: Any, words: str, is_html: bool) -> str:
    said: str = catalogue.ugettext(words)
    return (Markup(said) if is_html else said) % {}  # noqa: S704 - our own words


def spoken_language() -> str:
    """What the reader chose, else what the page is written for, else what the browser asks for."""
    languages = current_app.config["LANGUAGES"]
    for wanted in (session.get("language"), g.get("page_language")):
        if wanted in languages:
            return str(wanted)
    return _asked_for(request.headers.get("Accept-Language", ""), languages)


@lru_cache(maxsize=1024)
def _asked_for(header: str, languages: tuple[str, ...]) -> str:
    """Browsers of one kind ask alike."""
    return parse_accept_header(header, LanguageAccept).best_match(languages) or "en"


def speak(language: str | None) -> None:
    """Write this page for a reader of `language`, unless they chose another one themselves."""
    g.page_language = language
    refresh()


def choose(language: str) -> bool:
    """Keep the reader's choice for this browser; false when we do not speak it."""
    if language not in current_app.config["LANGUAGES"]:
        return False
    session["language"] = language
    refresh()
    return True


def reader_zone() -> tuple[ZoneInfo, bool]:
    """The reader's time zone, and whether the browser told it (else the time names its zone)."""
    told = request.cookies.get("zone", "")
    if told in ZONES:
        return ZoneInfo(told), True
    return g.get("page_zone") or ZoneInfo(site().time_zone), False


def tell_time_of(zone: ZoneInfo) -> None:
    """Tell times on this page by this zone, unless the browser named the reader's own."""
    g.page_zone = zone
