"""How sums, dates and addresses are written for the reader."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, get_timezone_location
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_symbol
from flask import Flask, current_app, url_for
from flask_babel import get_locale, gettext
from markupsafe import Markup, escape
from werkzeug.local import LocalProxy

from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.site import site
from discount_broker.kernel.urls import host_of, readable, readable_address, readable_host
from discount_broker.web.access import visitor
from discount_broker.web.kept import once
from discount_broker.web.language import reader_zone, spoken_language


def init_app(app: Flask) -> None:
    told = (money, currency_sign, percent, moment, day, zone_name)
    for name in (*told, domain, picture_url, readable, readable_address, unbroken):
        app.add_template_filter(name)
    app.context_processor(
        lambda: {
            "asset": asset,
            "site": site(),
            "visitor": visitor,
            "settings": app.extensions["settings"],
            "example": LocalProxy(example),
        }
    )
    app.add_template_global(aria)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _language() -> str:
    locale = get_locale()
    return locale.language if locale else "en"


def money(amount: Decimal | None, currency: str | None) -> str:
    """`12 990 ₽`, `RUB 12,990`, `€1,299.50`: no cents where there are none."""
    return "" if amount is None else _money(amount, currency, _language())


@lru_cache(maxsize=1024)
def _money(amount: Decimal, currency: str | None, locale: str) -> str:
    digits = "#,##0" if amount == amount.to_integral_value() else "#,##0.00"
    if not currency:
        return format_decimal(amount, digits, locale=locale)
    if locale == "en":
        # Where a currency has no sign of its own, English wants a blank behind its code.
        pattern = f"¤{digits}" if currency in SIGNS else f"¤\xa0{digits}"
    else:
        pattern = f"{digits}\xa0¤"
    return format_currency(amount, currency, pattern, locale=locale, currency_digits=False)


SIGNS = frozenset({"USD", "EUR", "GBP", "JPY", "INR", "CNY", "KRW", "ILS", "BRL", "CAD", "AUD", "MXN", "NZD"})


def currency_sign(currency: str | None) -> str:
    """`₽`, `€`; the code itself where the reader's language has no sign for it."""
    return get_currency_symbol(currency, locale=_language()) if currency else ""


def percent(value: Decimal | None) -> str:
    """`10%`, `12.5%`, in Russian `10 %`: trailing noughts of the database are not shown."""
    if value is None:
        return ""
    locale = _language()
    return format_percent(Decimal(value) / 100, "0.##%" if locale == "en" else "0.##\xa0%", locale=locale)


def moment(at: datetime | None) -> Markup:
    """`today at 14:05`, `yesterday at 9:30`, `3 March at 14:05`; machine-readable inside."""
    if at is None:
        return Markup()
    written = at.astimezone(UTC).isoformat(timespec="minutes")
    said = escape(moment_in_words(at, utcnow()))
    return Markup(f'<time datetime="{written}">{said}</time>')  # noqa: S704 - escaped above


def moment_in_words(at: datetime, now: datetime) -> str:
    zone, is_told = reader_zone()
    today = now.astimezone(zone).date()
    # Sentences stand for a whole minute: a page names the same ones again and again.
    return _moment(at.replace(second=0, microsecond=0), today, zone, is_told, _language())


@lru_cache(maxsize=4096)
def _moment(at: datetime, today: date, zone: ZoneInfo, is_told: bool, locale: str) -> str:
    # Without the browser's word for it, the place whose time it is stands beside the time.
    pattern = "HH:mm" if is_told else "HH:mm (z)" if zone.key == "UTC" else "HH:mm (VVV)"
    there = at.astimezone(zone)
    return _day_and_clock(there.date(), today, format_datetime(there, pattern, zone, locale), locale)


def _day_and_clock(there: date, today: date, clock: str, locale: str) -> str:
    days = (there - today).days
    if days == 0:
        return str(gettext("today at %(time)s", time=clock))
    if days == 1:
        return str(gettext("tomorrow at %(time)s", time=clock))
    if days == -1:
        return str(gettext("yesterday at %(time)s", time=clock))
    return str(gettext("%(day)s at %(time)s", day=_date(there, today.year, locale), time=clock))


def day(at: datetime | date | None) -> str:
    """`3 March`; with its year unless that is this year."""
    if at is None:
        return ""
    zone, _ = reader_zone()
    there = at.astimezone(zone).date() if isinstance(at, datetime) else at
    return _date(there, utcnow().astimezone(zone).year, _language())


@lru_cache(maxsize=4096)
def _date(there: date, this_year: int, locale: str) -> str:
    return format_date(there, "d MMMM" if there.year == this_year else "d MMMM y", locale=locale)


def zone_name(key: str) -> str:
    """`Moscow`, `Москва` for `Europe/Moscow`."""
    return get_timezone_location(key, locale=_language(), return_city=True)


def example() -> dict[str, str]:
    """The sums of an example, in a currency the reader pays in."""
    full, reduced, currency = (24990, 22490, "RUB") if spoken_language() == "ru" else (249, 224, "EUR")
    return {"full": money(Decimal(full), currency), "reduced": money(Decimal(reduced), currency)}


def domain(url: str | None) -> str:
    """The shop's name in an address, IDNA undone."""
    return readable_host(host_of(url or "") or (url or ""))


def unbroken(words: str) -> Markup:
    """Words that stay on one line, such as the number of a request: its hyphen is no place to break."""
    return Markup('<span class="unbroken">{}</span>').format(words)


def picture_url(url: str | None) -> str:
    """The address of a picture on a shop's page, or nothing: the page's own words are not trusted."""
    try:
        scheme = urlsplit(url or "").scheme
    except ValueError:
        return ""
    return url or "" if scheme in ("http", "https") else ""


def aria(field: Any, described_by: list[str], label: str = "") -> dict[str, str]:
    """What a screen reader is told of a field: hints, mistake, and a name where no label shows one."""
    said = {"aria-describedby": " ".join(described_by)} if described_by else {}
    if field.errors:
        said["aria-invalid"] = "true"
    if label:
        said["aria-label"] = label
    return said


def asset(name: str) -> str:
    """The address of a static file, with its content in its name: it may be cached for ever."""
    return once(("asset", name), lambda: url_for("static", filename=name, v=_fingerprint(name)))


def _fingerprint(name: str) -> str:
    path = Path(current_app.static_folder or "static") / name
    return sha256(path.read_bytes()).hexdigest()[:10]
