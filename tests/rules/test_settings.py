"""What is refused at start-up."""

import pytest

from discount_broker import wiring
from discount_broker.adapters.dkim_signing import DkimSigner
from discount_broker.adapters.imap_mailbox import Place
from discount_broker.settings import Settings, WrongSetting

PUBLIC = {
    "BROKER_TRUSTED_PROXIES": "1",
    "BROKER_BASE_URL": "https://discounts.example",
    "BROKER_SECRET_KEY": "x" * 32,
    "BROKER_OPERATOR_NAME": "Discount Broker Ltd, 1 Test Street",
}


def read(**changed: str) -> Settings:
    return Settings.from_env(changed)


def test_an_empty_environment_is_a_development_machine() -> None:
    settings = read()
    assert not settings.is_public
    assert settings.database_url.startswith("sqlite:///")
    assert (settings.fetch_allow, settings.fetch_delay, settings.clock_speed) == ((), 2.0, 1.0)


def test_empty_values_count_as_absent_and_foreign_names_are_ignored() -> None:
    assert read(BROKER_FETCH_DELAY="", BROKER_COLOUR="red", FETCH_DELAY="7") == Settings()


def test_values_are_read_as_what_they_are() -> None:
    settings = read(
        BROKER_FETCH_ALLOW="127.0.0.1:8101, shop.test:*,,",
        BROKER_FETCH_RESOLVE="shop.test=127.0.0.1:8101, b.test=127.0.0.1:8102",
        BROKER_FETCH_DELAY="0.5",
        BROKER_CLOCK_SPEED="3600",
        BROKER_PAGES_PER_SHOP="3",
        BROKER_CONTACT_BUDGET="2",
        BROKER_TRUSTED_PROXIES="1",
    )
    assert settings.fetch_allow == ("127.0.0.1:8101", "shop.test:*")
    assert settings.fetch_resolve == (("shop.test", "127.0.0.1:8101"), ("b.test", "127.0.0.1:8102"))
    assert (settings.fetch_delay, settings.clock_speed) == (0.5, 3600.0)
    assert (settings.pages_per_shop, settings.contact_budget, settings.trusted_proxies) == (3, 2, 1)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("BROKER_FETCH_DELAY", "soon", "not a number"),
        ("BROKER_TELEPHONY_SECRET", "too short", "at least 24 characters"),
        ("BROKER_TELEPHONY_COUNTRY", "Russia", "ISO 3166"),
        ("BROKER_FETCH_DELAY", "-1", "BROKER_FETCH_DELAY"),
        ("BROKER_CLOCK_SPEED", "fast", "not a number"),
        ("BROKER_CLOCK_SPEED", "0", "BROKER_CLOCK_SPEED"),
        ("BROKER_CLOCK_SPEED", "-2", "BROKER_CLOCK_SPEED"),
        ("BROKER_CLOCK_SPEED", "nan", "BROKER_CLOCK_SPEED"),
        ("BROKER_CLOCK_SPEED", "inf", "BROKER_CLOCK_SPEED"),
        ("BROKER_PAGES_PER_SHOP", "many", "not a number"),
        ("BROKER_PAGES_PER_SHOP", "0", "BROKER_PAGES_PER_SHOP"),
        ("BROKER_PAGES_PER_SHOP", "inf", "BROKER_PAGES_PER_SHOP"),
        ("BROKER_CONTACT_BUDGET", "0", "BROKER_CONTACT_BUDGET"),
        ("BROKER_TRUSTED_PROXIES", "-1", "BROKER_TRUSTED_PROXIES"),
        ("BROKER_FETCH_RESOLVE", "shop.test", "name=ip:port"),
        ("BROKER_REQUIRE_SECOND_FACTOR", "everybody", "operator, lead or admin"),
        ("BROKER_TIME_ZONE", "Moscow", "BROKER_TIME_ZONE"),
        ("BROKER_BASE_URL", "discounts.example", "BROKER_BASE_URL"),
        ("BROKER_BASE_URL", "ftp://discounts.example", "BROKER_BASE_URL"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(name: str, value: str, says: str) -> None:
    with pytest.raises(WrongSetting, match=says):
        read(**{name: value})


def test_a_public_installation_needs_a_secret_and_a_name() -> None:
    assert Settings.from_env(PUBLIC).is_public
    for name, value, says in (
        ("BROKER_SECRET_KEY", "", "SECRET_KEY"),
        ("BROKER_SECRET_KEY", "for development only", "SECRET_KEY"),
        ("BROKER_SECRET_KEY", "x" * 31, "SECRET_KEY"),
        ("BROKER_OPERATOR_NAME", "", "OPERATOR_NAME"),
        ("BROKER_TRUSTED_PROXIES", "", "how many proxies"),
    ):
        with pytest.raises(WrongSetting, match=says):
            Settings.from_env({**PUBLIC, name: value})


def test_the_secret_everybody_knows_serves_this_machine_alone() -> None:
    assert read(BROKER_BASE_URL="http://localhost:5000").secret_key
    with pytest.raises(WrongSetting, match="SECRET_KEY"):
        read(BROKER_BASE_URL="http://192.168.1.5:5000")
    assert not read(BROKER_BASE_URL="http://192.168.1.5:5000", BROKER_SECRET_KEY="of my own").is_public


@pytest.mark.parametrize("name", ["BROKER_FETCH_ALLOW", "BROKER_FETCH_RESOLVE", "BROKER_MAILBOX"])
def test_a_public_installation_has_no_doors_for_tests(name: str) -> None:
    with pytest.raises(WrongSetting, match="demo and tests"):
        Settings.from_env({**PUBLIC, name: "shop.test=127.0.0.1:8101"})


def test_a_relative_database_file_counts_from_the_root_of_the_tree() -> None:
    settings = Settings(database_url="sqlite:///var/x.sqlite")
    assert settings.sqlite_path == settings.root / "var" / "x.sqlite"
    assert str(Settings(database_url="sqlite:////srv/x.sqlite").sqlite_path) == "/srv/x.sqlite"
    assert Settings(database_url="postgresql+psycopg://db/broker").sqlite_path is None
    assert Settings(database_url="sqlite:///:memory:").sqlite_path is None


@pytest.mark.parametrize(
    "given",
    [
        {"ENGINE": "searxng", "URL": "http://127.0.0.1:8888"},
        {"ENGINE": "brave", "KEY": "k"},
        {"ENGINE": "brave", "KEY": "k", "URL": "https://search.example/v1"},
        {"ENGINE": "yandex", "KEY": "k", "FOLDER": "f"},
        {"ENGINE": "serper", "KEY": "k"},
    ],
)
def test_each_search_engine_has_what_it_needs(given: dict[str, str]) -> None:
    settings = Settings.from_env({f"BROKER_SEARCH_{name}": value for name, value in given.items()})
    assert settings.search_engine == given["ENGINE"]
    assert wiring.make_search_engine(settings) is not None


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"ENGINE": "google"}, "BROKER_SEARCH_ENGINE must be one of: searxng, brave, yandex, serper"),
        ({"ENGINE": "searxng"}, "BROKER_SEARCH_URL is needed"),
        ({"ENGINE": "brave"}, "BROKER_SEARCH_KEY is needed"),
        ({"ENGINE": "yandex", "KEY": "k"}, "BROKER_SEARCH_FOLDER is needed"),
        ({"ENGINE": "brave", "KEY": "k", "FOLDER": "f"}, "BROKER_SEARCH_FOLDER has no use"),
        ({"ENGINE": "searxng", "URL": "http://a.test", "KEY": "k"}, "BROKER_SEARCH_KEY has no use"),
        ({"KEY": "k"}, "BROKER_SEARCH_KEY has no use"),
        ({"URL": "http://a.test"}, "BROKER_SEARCH_URL has no use"),
        ({"ENGINE": "searxng", "URL": "a.test"}, "must be an address"),
        ({"ENGINE": "brave", "KEY": "k", "URL": "http://search.example"}, "must be https"),
    ],
)
def test_half_a_search_engine_is_refused(given: dict[str, str], says: str) -> None:
    with pytest.raises(WrongSetting, match=says):
        Settings.from_env({f"BROKER_SEARCH_{name}": value for name, value in given.items()})


def test_without_a_search_engine_there_is_none() -> None:
    assert wiring.make_search_engine(read()) is None
    assert "a key" not in repr(read(BROKER_SEARCH_ENGINE="brave", BROKER_SEARCH_KEY="a key"))


def test_no_password_and_no_key_is_shown_with_the_settings() -> None:
    secret = "pass" * 8
    settings = Settings(
        database_url=f"postgresql+psycopg://broker:{secret}@db/broker",
        redis_url=f"redis://:{secret}@cache/0",
        smtp_url=f"smtps://broker:{secret}@relay",
        imap_url=f"imaps://broker:{secret}@mail/INBOX",
        sms_url=f"smsc://broker:{secret}@smsc.ru",
        secret_key=secret,
        metrics_token=secret,
    )
    assert secret not in repr(settings)
    assert secret not in repr(Place.from_url(settings.imap_url))
    assert secret not in repr(DkimSigner("a.test", "key", "rsa-sha256", secret.encode()))
