"""All settings, parsed once from the environment and refused at start-up if wrong."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from discount_broker.setting_checks import DEVELOPMENT_SECRET, WrongSetting, refuse_unusable

__all__ = ["DEVELOPMENT_SECRET", "Settings", "WrongSetting"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One installation. Every field is `BROKER_` and its name in upper case in the environment."""

    database_url: str = field(default="sqlite:///var/broker.sqlite", repr=False)
    redis_url: str = field(default="redis://127.0.0.1:6379/0", repr=False)
    smtp_url: str = field(default="smtp://127.0.0.1:25", repr=False)
    base_url: str = "http://127.0.0.1:5000"
    secret_key: str = field(default=DEVELOPMENT_SECRET, repr=False)

    service_name: str = "Discount Broker"
    mail_from: str = "requests@discount-broker.example"
    mail_domain: str = "in.discount-broker.example"
    """Answers and bounces come to `reply+<token>@`, `answer+<token>@` and `bounce+<token>@` this domain."""
    operator_name: str = ""
    """Legal name and postal address of whoever runs this installation; stands under every mail."""
    time_zone: str = "Europe/Moscow"
    """IANA name of the zone in which messages tell the time; the zone is told with it."""
    service_phone: str = ""
    """A number at which the service can be called; many feedback forms demand one. Never invented."""
    mail_listen: str = "127.0.0.1:8024"
    """Where `flask receive-mail` takes mail for `mail_domain`: `host:port` for SMTP, `lmtp://host:port`."""
    imap_url: str = field(default="", repr=False)
    """Mailbox that `flask fetch-mail` empties: `imaps://user:password@host/INBOX`."""
    mailgun_key: str = field(default="", repr=False)
    """HTTP webhook signing key; opens `/in/mailgun`."""
    postmark_password: str = field(default="", repr=False)
    """What Postmark sends as basic authentication, `user:password`; opens `/in/postmark`."""
    sendgrid_password: str = field(default="", repr=False)
    """The same for SendGrid's inbound parse; opens `/in/sendgrid`."""
    sendgrid_key: str = ""
    """Public key (base64) of SendGrid's signed webhooks; with it every request must be signed too."""
    ses_topic: str = ""
    """ARN of the SNS topic to which SES publishes; opens `/in/ses`."""
    trusted_authserv: str = ""
    """Name under which our own mail server writes `Authentication-Results` (RFC 8601)."""
    dkim_key: str = ""
    """File of the private key (PEM) that signs our mail; without one the relay has to."""
    dkim_selector: str = ""
    """Name of the key in DNS: `<selector>._domainkey.<domain of mail_from>`."""
    mails_per_minute: int = 20
    """Most messages a minute to the mailboxes of one mail provider."""
    redirect_to: str = ""
    """Outside production: every message of every channel goes to this mailbox instead."""
    sms_url: str = field(default="", repr=False)
    """`kannel://user:password@host:port`, `twilio://sid:token@api.twilio.com` or `smsc://login:password@smsc.ru`;
    without one nothing is texted."""
    sms_sender: str = ""
    """Name or number under which SMS come."""
    sms_price: float = 0.0
    """What one segment of an SMS costs, in the currency of the operator's bill."""

    telephony_secret: str = field(default="", repr=False)
    """With which a telephone exchange signs what it tells of calls; opens `/in/calls/asterisk`."""
    telephony_country: str = ""
    """ISO 3166 code: numbers that the exchange tells without a country's code are read as its."""
    twilio_voice_token: str = field(default="", repr=False)
    """Auth token of the Twilio account whose calls are told; opens `/in/calls/twilio`."""

    fetch_allow: tuple[str, ...] = ()
    fetch_resolve: tuple[tuple[str, str], ...] = ()
    fetch_delay: float = 2.0
    clock_speed: float = 1.0
    pages_per_shop: int = 8
    contact_budget: int = 5
    """Messages one shop may get a day, over all buyers; the rest is bundled into one digest."""
    shop_hours: tuple[int, int] = (8, 20)
    """When shops are written to: full hours of their working days, as `8-20`; `0-24` is on any day."""
    search_engine: str = ""
    """`searxng`, `brave`, `yandex` or `serper`; without one, rivals come from feeds and earlier requests."""
    search_url: str = ""
    """Address of the engine: of one's own SearXNG, or of a stand-in for one of the others."""
    search_key: str = field(default="", repr=False)
    search_folder: str = ""
    """Folder of Yandex Cloud in which the key was made."""
    mailbox: str = ""
    """Folder of the development mail catcher; empty in production. Opens `/dev/inbox`."""
    trusted_proxies: int | None = None
    """Proxies in front of the web server. A public installation must say it: with too few, every
    visitor counts as the proxy; with too many, a visitor can pretend to be somebody else."""
    require_second_factor: str = ""
    """The lowest role that must have a second factor: `operator` (everybody), `lead` or `admin`."""
    metrics_token: str = field(default="", repr=False)
    """What a Prometheus server must send as a bearer token; without it `/metrics` answers loopback only."""

    @property
    def is_public(self) -> bool:
        return urlsplit(self.base_url).scheme == "https"

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings.

        Raises:
            WrongSetting

        """
        given = {
            name: environ[f"BROKER_{name.upper()}"]
            for name in cls.__dataclass_fields__
            if environ.get(f"BROKER_{name.upper()}")
        }
        parsed = {name: _parsed(name, value) for name, value in given.items()}
        settings = cls(**parsed)
        refuse_unusable(settings)
        return settings

    @property
    def root(self) -> Path:
        """The folder that holds templates/ and static/."""
        return Path(__file__).resolve().parent.parent

    @property
    def sqlite_path(self) -> Path | None:
        """The database file, where there is one; a relative name counts from the root of the tree."""
        path = self.database_url.removeprefix("sqlite:///")
        return None if path in (self.database_url, ":memory:") else self.root / path


def _parsed(name: str, value: str) -> Any:
    try:
        return _PARSERS.get(name, str)(value)
    except WrongSetting as wrong:
        raise WrongSetting(f"BROKER_{name.upper()}: {wrong}") from None


def _number(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise WrongSetting(f"{value!r} is not a number")
    return number


def _whole(value: str) -> int:
    return int(_number(value))


def _list(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _hours(value: str) -> tuple[int, int]:
    first, _, last = value.partition("-")
    hours = (_whole(first), _whole(last))
    if not 0 <= hours[0] < hours[1] <= 24:
        raise WrongSetting("two full hours are needed, like 8-20")
    return hours


def _pairs(value: str) -> tuple[tuple[str, str], ...]:
    pairs = tuple(part.partition("=") for part in _list(value))
    if not all(name and place for name, _, place in pairs):
        raise WrongSetting("a comma list of name=ip:port is needed")
    return tuple((name, place) for name, _, place in pairs)


_PARSERS: dict[str, Callable[[str], Any]] = {
    "fetch_allow": _list,
    "fetch_resolve": _pairs,
    "fetch_delay": _number,
    "clock_speed": _number,
    "pages_per_shop": _whole,
    "contact_budget": _whole,
    "shop_hours": _hours,
    "trusted_proxies": _whole,
    "mails_per_minute": _whole,
    "sms_price": _number,
}
