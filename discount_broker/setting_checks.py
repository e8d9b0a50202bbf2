"""What an installation cannot run with, said in a sentence that tells what to do."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import available_timezones

if TYPE_CHECKING:
    from discount_broker.settings import Settings

DEVELOPMENT_SECRET = "for development only"  # noqa: S105 - refused wherever others can come in
LEAST_SECRET = 24
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")

SCHEMES = {
    "smtp_url": ("smtp", "smtps"),
    "imap_url": ("imap", "imaps"),
    "sms_url": ("kannel", "kannels", "twilio", "smsc", "folder"),
}

ROLES_WITH_SECOND_FACTOR = ("", "operator", "lead", "admin")

NEEDED_BY_ENGINE = {
    "": (),
    "searxng": ("search_url",),
    "brave": ("search_key",),
    "yandex": ("search_key", "search_folder"),
    "serper": ("search_key",),
}


class WrongSetting(ValueError):
    """A setting that cannot be used; the message says which and what it should look like."""


def refuse_unusable(settings: "Settings") -> None:
    """Look at everything that was set.

    Raises:
        WrongSetting

    """
    _refuse_what_is_out_of_range(settings)
    _refuse_what_is_unsafe(settings)
    _refuse_half_a_search_engine(settings)
    _refuse_half_a_post_office(settings)
    _refuse_a_strange_exchange(settings)


def _refuse_a_strange_exchange(settings: "Settings") -> None:
    """Anybody who guesses the secret could make calls up."""
    if settings.telephony_secret and len(settings.telephony_secret) < LEAST_SECRET:
        raise WrongSetting(f"BROKER_TELEPHONY_SECRET must have at least {LEAST_SECRET} characters")
    country = settings.telephony_country
    if country and not (len(country) == 2 and country.isascii() and country.isupper()):
        raise WrongSetting("BROKER_TELEPHONY_COUNTRY must be an ISO 3166 code, like RU")


def _refuse_half_a_post_office(settings: "Settings") -> None:
    """Mail that silently goes unsigned, or nowhere, would not be noticed."""
    if bool(settings.dkim_key) != bool(settings.dkim_selector):
        raise WrongSetting("BROKER_DKIM_KEY and BROKER_DKIM_SELECTOR are needed together")
    if settings.redirect_to and "@" not in settings.redirect_to.strip("@"):
        raise WrongSetting("BROKER_REDIRECT_TO must be an e-mail address")
    for name, schemes in SCHEMES.items():
        given = urlsplit(getattr(settings, name)).scheme
        if given and given not in schemes:
            raise WrongSetting(f"BROKER_{name.upper()} must begin with one of: {', '.join(schemes)}")


def _refuse_what_is_out_of_range(settings: "Settings") -> None:
    least = {
        "fetch_delay": 0,
        "pages_per_shop": 1,
        "contact_budget": 1,
        "trusted_proxies": 0,
        "mails_per_minute": 1,
        "sms_price": 0,
    }
    for name, value in least.items():
        given = getattr(settings, name)
        if given is not None and given < value:
            raise WrongSetting(f"BROKER_{name.upper()} must be at least {value}")
    if settings.clock_speed <= 0:
        raise WrongSetting("BROKER_CLOCK_SPEED must be greater than 0; 1 is the clock on the wall")


def _refuse_what_is_unsafe(settings: "Settings") -> None:
    if urlsplit(settings.base_url).scheme not in ("http", "https"):
        raise WrongSetting("BROKER_BASE_URL must be the public address, like https://discounts.example")
    if settings.time_zone not in available_timezones():
        raise WrongSetting("BROKER_TIME_ZONE must be an IANA name, like Europe/Moscow")
    if settings.secret_key == DEVELOPMENT_SECRET and urlsplit(settings.base_url).hostname not in THIS_MACHINE:
        raise WrongSetting("BROKER_SECRET_KEY must be a secret of your own wherever others can come in")
    if settings.require_second_factor not in ROLES_WITH_SECOND_FACTOR:
        raise WrongSetting("BROKER_REQUIRE_SECOND_FACTOR must be operator, lead or admin, or left out")
    if settings.is_public:
        _refuse_what_is_unsafe_in_public(settings)


def _refuse_half_a_search_engine(settings: "Settings") -> None:
    """A search that silently never finds anything would not be noticed."""
    needs = NEEDED_BY_ENGINE.get(settings.search_engine)
    if needs is None:
        raise WrongSetting(
            f"BROKER_SEARCH_ENGINE must be one of: {', '.join(filter(None, NEEDED_BY_ENGINE))}"
        )
    for name in ("search_url", "search_key", "search_folder"):
        given = bool(getattr(settings, name))
        if name in needs and not given:
            raise WrongSetting(f"BROKER_{name.upper()} is needed by the engine {settings.search_engine}")
        if given and name not in needs and (name != "search_url" or not settings.search_engine):
            engine = settings.search_engine or "none is set"
            raise WrongSetting(f"BROKER_{name.upper()} has no use with BROKER_SEARCH_ENGINE: {engine}")
    _refuse_strange_search_url(settings)


def _refuse_strange_search_url(settings: "Settings") -> None:
    parts = urlsplit(settings.search_url)
    if settings.search_url and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise WrongSetting("BROKER_SEARCH_URL must be an address, like http://127.0.0.1:8888")
    if settings.search_key and parts.scheme == "http" and parts.hostname not in THIS_MACHINE:
        raise WrongSetting("BROKER_SEARCH_URL must be https: the key would travel in the open")


def _refuse_what_is_unsafe_in_public(settings: "Settings") -> None:
    if settings.secret_key == DEVELOPMENT_SECRET or len(settings.secret_key) < 32:
        raise WrongSetting("BROKER_SECRET_KEY must be a secret of at least 32 characters")
    if settings.fetch_allow or settings.fetch_resolve or settings.mailbox:
        raise WrongSetting(
            "BROKER_FETCH_ALLOW, BROKER_FETCH_RESOLVE and BROKER_MAILBOX are for demo and tests"
        )
    if urlsplit(settings.sms_url).scheme == "folder":
        raise WrongSetting("BROKER_SMS_URL: a folder is for demo and tests; name a gateway")
    if settings.trusted_proxies is None:
        raise WrongSetting("BROKER_TRUSTED_PROXIES must say how many proxies stand in front: 0, or mostly 1")
    if not settings.operator_name:
        raise WrongSetting("BROKER_OPERATOR_NAME must name who runs the service: it stands under every mail")
