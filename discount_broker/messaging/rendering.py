"""From the facts of a message to its subject, text and HTML in the reader's language."""

import dataclasses
import re
import textwrap
import unicodedata
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar
from zoneinfo import ZoneInfo

import css_inline
from babel import Locale
from babel.dates import format_date, format_datetime, get_timezone_location
from babel.numbers import format_currency, format_percent, get_currency_symbol
from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from discount_broker.kernel.money import Money
from discount_broker.kernel.site import Site
from discount_broker.kernel.urls import host_of
from discount_broker.messaging.extract.segments import as_sent, measure

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
TRANSLATIONS = ROOT / "discount_broker" / "translations"
LOCALES = {"en": "en_GB", "ru": "ru_RU"}
FOLDERS = ("email/", "form/", "sms/")
LINE = 76
LONGEST_SUBJECT = 150
MOST_PARTS = 2
"""What a text may take on the air; a title is cut until it fits."""
ROOMS = (60, 40, 30, 24, 18, 12, 0)
"""Letters left to a title, from generous to none."""
T = TypeVar("T")


@dataclasses.dataclass(frozen=True)
class Rendered:
    message: str
    language: str
    subject: str
    text: str
    html: str | None


class Context(Protocol):
    """The facts of one message: a frozen dataclass that says which message it is for."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def message(self) -> str: ...


class Renderer:
    """Renders from one folder of templates and one of translations.

    The facts come from other people's pages: they are escaped in HTML, and everywhere
    cut down to one line of visible characters, so that a product title can neither add a
    header, nor a paragraph, nor turn the text around.
    """

    def __init__(self, templates: Path = TEMPLATES, translations: Path = TRANSLATIONS) -> None:
        self._templates, self._translations = templates, translations
        self._inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
        self._environments: dict[str, Environment] = {}

    def mail(self, context: Context, language: str, site: Site, *, news_url: str = "") -> Rendered:
        """Render a mail; `news_url` is where its buyer chooses which news come."""
        folder = f"email/{context.message}"
        subject = self._subject(context, language, site)
        text = self._fill(f"{folder}/body.txt", context, language, site, news_url=news_url)
        more = {"subject": subject, "news_url": news_url}
        html = self._fill(f"{folder}/body.html", context, language, site, **more)
        return Rendered(context.message, language, subject, wrapped(text), self._inliner.inline(html))

    def form_text(self, context: Context, language: str, site: Site) -> Rendered:
        """Render the short plain text for a shop's feedback form; its lines are the form's to break."""
        subject = self._subject(context, language, site)
        text = self._fill(f"form/{context.message}.txt", context, language, site)
        return Rendered(context.message, language, subject, wrapped(text, line=None), None)

    def sms(self, context: Context, language: str, site: Site, *, link: str, is_first: bool) -> Rendered:
        """Render a text for a phone: one line, its titles cut to fit and its link never."""
        name, text = f"sms/{context.message}.txt", ""
        for room in ROOMS:
            said = self._fill(name, context, language, site, link=link, is_first=is_first, room=room)
            text = as_sent(one_line(said))
            if measure(text).parts <= MOST_PARTS:
                break
        return Rendered(context.message, language, "", text, None)

    def prepare(self) -> None:
        """Compile every template for every language now, where it would be done again and again later."""
        for language in LOCALES:
            environment = self._environment(language)
            for name in environment.list_templates():
                if name.startswith(FOLDERS):
                    environment.get_template(name)

    def _subject(self, context: Context, language: str, site: Site) -> str:
        subject = self._fill(f"email/{context.message}/subject.txt", context, language, site)
        return clip(one_line(subject), LONGEST_SUBJECT)

    def _fill(self, name: str, context: Context, language: str, site: Site, **more: object) -> str:
        template = self._environment(language).get_template(name)
        return template.render(m=cleaned(context), site=site, language=language, zone=site.time_zone, **more)

    def _environment(self, language: str) -> Environment:
        if language not in self._environments:
            self._environments[language] = self._prepare(language)
        return self._environments[language]

    def _prepare(self, language: str) -> Environment:
        locale = Locale.parse(LOCALES.get(language, LOCALES["en"]))
        environment = Environment(
            loader=FileSystemLoader(self._templates),
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
        }
        translations = Translations.load(str(self._translations), [language], "messages")
        environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
        return environment


@cache
def renderer() -> Renderer:
    """Share one renderer of the program's own templates."""
    return Renderer()


def render_mail(context: Context, language: str, site: Site, *, news_url: str = "") -> Rendered:
    return renderer().mail(context, language, site, news_url=news_url)


def render_form_text(context: Context, language: str, site: Site) -> Rendered:
    return renderer().form_text(context, language, site)


def render_sms(context: Context, language: str, site: Site, *, link: str, is_first: bool) -> Rendered:
    return renderer().sms(context, language, site, link=link, is_first=is_first)


def cleaned(value: T) -> T:
    """Repeat the same facts with every text in them cut down to one line of visible characters."""
    clean: Any = value
    if isinstance(value, str) and not isinstance(value, Enum):
        clean = one_line(value)
    elif isinstance(value, tuple):
        clean = tuple(cleaned(part) for part in value)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: cleaned(getattr(value, field.name)) for field in dataclasses.fields(value)}
        clean = dataclasses.replace(value, **parts)
    result: T = clean
    return result


def one_line(text: str) -> str:
    """One line without control, invisible and direction-changing characters."""
    spaced = re.sub(r"\s", lambda blank: blank.group() if blank.group() == "\u00a0" else " ", text)
    visible = "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    return re.sub(" {2,}", " ", visible).strip()


def clip(text: str, length: int) -> str:
    """At most `length` characters, cut at a word where one ends near."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    words = cut if text[length - 1] == " " else cut.rpartition(" ")[0]
    return (words if len(words) > length // 2 else cut).rstrip(" ,;:-") + "…"


def wrapped(text: str, line: int | None = LINE) -> str:
    """Text with long lines folded, links whole, no blanks at line ends and no two empty lines."""
    lines = [folded(written.rstrip(), line) for written in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


def folded(text: str, line: int | None) -> str:
    if line is None or len(text) <= line or "://" in text:
        return text
    indent = re.match(r" *(- )?", text)
    assert indent is not None
    return textwrap.fill(
        text, line, subsequent_indent=" " * indent.end(), break_long_words=False, break_on_hyphens=False
    )


def money(value: Money, locale: Locale) -> str:
    """`12 990 ₽` or `RUB 12,990`: without cents where there are none."""
    pattern = locale.currency_formats["standard"].pattern
    if value.amount == value.amount.to_integral_value():
        pattern = pattern.replace(".00", "")
    if get_currency_symbol(value.currency, locale)[-1:].isalpha():
        pattern = pattern.replace("¤#", "¤\u00a0#")
    return format_currency(value.amount, value.currency, pattern, locale, currency_digits=False)


def percent(value: Decimal, locale: Locale) -> str:
    pattern = locale.percent_formats[None].pattern.replace("##0", "##0.##")
    return format_percent(value / 100, pattern, locale)


def day(at: datetime, zone: str, locale: Locale) -> str:
    return format_date(at.astimezone(zone_for(at, zone)), "d\u00a0MMMM\u00a0y", locale)


def moment(at: datetime, zone: str, locale: Locale, month: str = "MMMM") -> str:
    """Day and time, with the place whose time it is."""
    told_in = zone_for(at, zone)
    place = "z" if told_in.key == "UTC" else "VVV"
    return format_datetime(at, f"d\u00a0{month}, HH:mm ({place})", told_in, locale)


def zone_for(at: datetime, zone: str) -> ZoneInfo:
    """Find the zone to tell a time in: the time's own where it has one, else the installation's."""
    return at.tzinfo if isinstance(at.tzinfo, ZoneInfo) else ZoneInfo(zone)
