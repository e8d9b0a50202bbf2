"""Where the words of messages are kept, and the environment in which each language says them."""

from pathlib import Path
from typing import Final

from babel import Locale
from babel.dates import get_timezone_location
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from discount_broker.kernel.urls import host_of, readable, readable_address, readable_host
from discount_broker.messaging.rendering.phrases import clip, day, moment, money, percent

ROOT: Final = Path(__file__).resolve().parents[3]
TEMPLATES: Final = ROOT / "templates"
TRANSLATIONS: Final = ROOT / "discount_broker" / "translations"
LOCALES: Final = {"en": "en_GB", "ru": "ru_RU"}
FOLDERS: Final = ("email/", "form/", "sms/")


def locale_of(language: str) -> Locale:
    return Locale.parse(LOCALES.get(language, LOCALES["en"]))


def translations_of(folder: Path, language: str) -> NullTranslations:
    return Translations.load(str(folder), [language], "messages")


def environment_of(templates: Path, translations: NullTranslations, language: str) -> Environment:
    """Jinja with the ways one language writes money, days and moments."""
    locale = locale_of(language)
    environment = Environment(
        loader=FileSystemLoader(templates),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "money": lambda value: money(value, locale),
        "percent": lambda value: percent(value, locale),
        "day": lambda at, zone: day(at, zone, locale),
        "moment": lambda at, zone: moment(at, zone, locale),
        "brief_moment": lambda at, zone: moment(at, zone, locale, month="MMM"),
        "place": lambda zone: get_timezone_location(zone, locale=locale, return_city=True),
        "clip": clip,
        "host": host_of,
        "domain": lambda url: readable_host(host_of(url)),
        "readable": readable,
        "readable_address": readable_address,
    }
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined] # given by i18n
    return environment
