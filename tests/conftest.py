import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import hypothesis
import pytest
import redis
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from sqlalchemy import Table, TextClause, text

from discount_broker.app import create_app
from discount_broker.cli.database import upgrade
from discount_broker.kernel.db import db
from discount_broker.messaging.ports import ChannelKind
from discount_broker.settings import Settings
from discount_broker.web.limits import limiter
from tests.fakes import FakeAuthenticity, FakeChannel, FakeFetcher, FakeMailRoutes, RecordingQueue
from workers import jobs, runtime

NOW = datetime(2030, 1, 14, 9, 0, tzinfo=UTC)
"""A Monday, noon in Moscow."""


TRANSLATIONS = Path(__file__).parents[1] / "discount_broker" / "translations"


# How long an example takes says how busy the machine is.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


def pytest_configure() -> None:
    """Compile the catalogues as `make setup` does: without them Russian pages would be tested in English."""
    for catalogue in TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"):
        compiled = catalogue.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= catalogue.stat().st_mtime:
            continue
        # Written aside and moved: workers of one run must not read each other's halves.
        aside = compiled.with_suffix(f".{os.getpid()}")
        with catalogue.open("rb") as said, aside.open("wb") as target:
            write_mo(target, read_po(said))
        aside.replace(compiled)


LONG = {
    "real", "faults", "resilience", "test_seed.py", "test_api_schema.py",
    "test_desk_pages.py", "test_town_pages.py", "test_shift.py",
}  # fmt: skip
"""Folders and modules whose tests take the longest."""
COSTLY = ("whole_town", "town", "walks")
"""Fixtures that take many seconds to make: whoever asks for one begins early."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what speaks of the other database: it has its own run of the suite."""
    foreign = "sqlite" if "BROKER_TEST_DATABASE_URL" in os.environ else "postgresql"
    left_out = [item for item in items if item.get_closest_marker(foreign)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    for item in items:
        if "database_url" in fixtures_of(item):
            item.add_marker("database")
    # What takes minutes begins first: else one worker is still at it when the others have nothing left.
    items.sort(key=lambda item: not (LONG & set(item.path.parts) or set(COSTLY) & set(fixtures_of(item))))


def fixtures_of(item: pytest.Item) -> list[str]:
    """What a test asks for, and what that asks for in its turn."""
    return getattr(item, "fixturenames", [])


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--keep-screenshots", action="store_true", help="write what the browser shows into docs/screenshots"
    )
    parser.addoption("--renew-snapshots", action="store_true", help="write the snapshots of messages anew")


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """SQLite, or the PostgreSQL server named by BROKER_TEST_DATABASE_URL: one database a worker."""
    url = os.environ.get("BROKER_TEST_DATABASE_URL")
    if url is None:
        return f"sqlite:///{tmp_path_factory.mktemp('database')}/broker.sqlite"
    return url + os.environ.get("PYTEST_XDIST_WORKER", "")


@pytest.fixture(scope="session")
def settings(database_url: str) -> Settings:
    return Settings(
        database_url=database_url,
        redis_url="redis://tests-must-not-reach-redis.invalid:6379/0",
        smtp_url="smtp://tests-must-not-send-mail.invalid:25",
        base_url="http://broker.test",
        secret_key="a secret for tests, long enough to be one",
        operator_name="Discount Broker Ltd, 1 Test Street",
        mail_domain="in.broker.test",
        fetch_delay=0,
        shop_hours=(0, 24),
    )


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    app.config.update(TESTING=True)
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            db.session.execute(text("DROP SCHEMA public CASCADE"))
            db.session.execute(text("CREATE SCHEMA public"))
            db.session.commit()
        upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def make_app() -> Iterator[Callable[[Settings], Flask]]:
    """Makes applications with settings of their own; none leaves a connection open behind it."""
    made: list[Flask] = []

    def make(settings: Settings) -> Flask:
        made.append(create_app(settings))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def queue() -> RecordingQueue:
    return RecordingQueue()


@pytest.fixture
def mail() -> FakeChannel:
    return FakeChannel()


@pytest.fixture
def forms() -> FakeChannel:
    return FakeChannel()


@pytest.fixture
def fetcher() -> FakeFetcher:
    return FakeFetcher()


@pytest.fixture
def mail_routes() -> FakeMailRoutes:
    return FakeMailRoutes()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(autouse=True)
def world(
    request: pytest.FixtureRequest,
) -> Iterator[None]:
    """For tests that touch the application: fakes behind its ports, and an empty database afterwards."""
    if "app" not in request.fixturenames:
        yield
        return
    app = request.getfixturevalue("app")
    channels = {
        ChannelKind.EMAIL: request.getfixturevalue("mail"),
        ChannelKind.WEB_FORM: request.getfixturevalue("forms"),
    }
    app.extensions.update(
        job_queue=request.getfixturevalue("queue"),
        fetcher=request.getfixturevalue("fetcher"),
        mail_routes=request.getfixturevalue("mail_routes"),
        mail_authenticity=FakeAuthenticity(),
        channels=channels,
    )
    forget_tries()
    with app.app_context():
        yield
        db.session.rollback()
        empty_tables()
        db.session.remove()


def forget_tries() -> None:
    """Nobody who visits in a test has been counted in the tests before it."""
    # Until a page finds that there is no Redis, the limiter believes in it; nothing has been counted then.
    with suppress(redis.exceptions.ConnectionError):
        limiter.limiter.storage.reset()


@cache
def tables_by_name() -> dict[str, Table]:
    """What refers to others before what it refers to."""
    return {table.name: table for table in reversed(db.metadata.sorted_tables)}


@cache
def which_are_filled() -> TextClause:
    """One question instead of a deletion for each table: most tests fill few of them."""
    asked = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables_by_name())
    return text(" UNION ALL ".join(asked))


def empty_tables() -> None:
    filled = set(db.session.scalars(which_are_filled()))
    for name, table in tables_by_name().items():
        if name in filled:
            db.session.execute(table.delete())
    db.session.commit()


@pytest.fixture
def work(app: Flask, queue: RecordingQueue) -> Callable[[], list[str]]:
    """Do what was rung for, and what that rings for, as a worker would; the names of the jobs done."""
    runtime.bind(app)

    def until_quiet() -> list[str]:
        done: list[str] = []
        while rung := queue.take():
            for job, subject_id in rung:
                getattr(jobs, job)(str(subject_id))
                done.append(job)
        return done

    return until_quiet
