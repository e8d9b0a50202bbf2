"""The database is locked, or pulled from under everything, while work is going on."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from demo.browser import Page
from demo.children import wait_until
from discount_broker.app import create_app
from discount_broker.cli.database import upgrade
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.kernel.db import db
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.settings import Settings
from tests.resilience.installation import HOSTS, PATIENCE, Sink, Town, becomes, is_in, to_be_asked, town_on
from tests.resilience.postgresql import private_postgresql

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("app")]
LONGER_THAN_ANYBODY_WAITS = 12
LINK = f"https://{HOSTS[5]}/p/1"


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Another program writes to the database for longer than its busy timeout."""
    locker = sqlite3.connect(database, isolation_level=None)
    began = time.monotonic()
    locker.execute("BEGIN IMMEDIATE")
    try:
        yield
        time.sleep(max(0, began + LONGER_THAN_ANYBODY_WAITS - time.monotonic()))
    finally:
        locker.execute("ROLLBACK")
        locker.close()


def paste_link(town: Town) -> Page:
    return town.browser.open("/").form("/ask").fill(link=LINK).press()


def hold_one_mail_back(town: Town, sink: Sink, now: datetime) -> dict[str, object]:
    """One shop's mail has left and is not yet answered; another shop is still to be asked."""
    held, other = (to_be_asked(now, n, emails=(f"sales@{HOSTS[n]}",)) for n in (0, 1))
    sink.may_answer.clear()
    town.ring("ask_shop", str(held.shop_id))
    assert wait_until(lambda: bool(sink.taken), PATIENCE)
    assert becomes(is_in(held, DeliveryStatus.SENDING))
    found = {"held": held, "other": other, "other shop": str(other.shop_id)}
    db.session.rollback()
    return found


@pytest.mark.sqlite  # PostgreSQL locks rows, not files
def test_what_happens_outside_while_the_database_is_locked_is_neither_lost_nor_doubled(
    town: Town, sink: Sink, settings: Settings, now: datetime
) -> None:
    assert settings.sqlite_path is not None
    found = hold_one_mail_back(town, sink, now)
    with locked(settings.sqlite_path):
        town.ring("ask_shop", found["other shop"])
        sink.may_answer.set()
        page = paste_link(town)
        assert page.status == 503
        assert LINK in page.text, "one more press sends it again"
    assert becomes(is_in(found["held"], DeliveryStatus.SENT)), "no lease has to end first"
    town.ring("ring_lost_bells")
    assert becomes(is_in(found["other"], DeliveryStatus.SENT))
    assert page.form("/ask").press().status == 200
    assert wait_until(town.is_quiet, PATIENCE)
    assert sink.counts() == {f"sales@{HOSTS[0]}": 1, f"sales@{HOSTS[1]}": 1}
    assert db.session.query(DiscountRequest).filter_by(product_url=LINK).count() == 1


@pytest.mark.postgresql
def test_a_postgresql_that_breaks_down_costs_nothing(
    settings: Settings, now: datetime, tmp_path: Path
) -> None:
    with private_postgresql() as cluster:
        fields = {name: getattr(settings, name) for name in settings.__dataclass_fields__}
        app = create_app(Settings(**{**fields, "database_url": cluster.url}))
        with app.app_context():
            upgrade()
            with town_on(cluster.url, tmp_path) as (town, _, sink):
                _break_down_and_come_back(town, sink, cluster, now)
            db.session.remove()
            db.engine.dispose()


def _break_down_and_come_back(town: Town, sink: Sink, cluster, now: datetime) -> None:
    found = hold_one_mail_back(town, sink, now)
    assert town.browser.open("/readyz").status == 200
    cluster.pull_the_plug()
    page = paste_link(town)
    assert page.status == 503
    assert town.browser.open("/readyz").status == 503
    town.ring("ask_shop", found["other shop"])
    sink.may_answer.set()
    assert wait_until(lambda: "trying again" in town.log("worker-1") + town.log("worker-2"), PATIENCE)
    cluster.start()
    assert page.form("/ask").press().status == 200
    assert town.browser.open("/readyz").status == 200
    assert becomes(is_in(found["held"], DeliveryStatus.SENT)), "no lease has to end first"
    town.start_scheduler()
    assert becomes(is_in(found["other"], DeliveryStatus.SENT))
    assert wait_until(town.is_quiet, PATIENCE)
    assert sink.counts() == {f"sales@{HOSTS[0]}": 1, f"sales@{HOSTS[1]}": 1}
    assert not any(town.has_ended(name) for name in ("worker-1", "worker-2", "web"))
