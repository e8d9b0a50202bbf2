"""An installation with its real adapters, whose outside world is the saved sites and a mail server."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from flask import Flask

from discount_broker.adapters.http_fetch import GuardedFetcher
from discount_broker.adapters.smtp import SmtpChannel
from discount_broker.adapters.web_form import WebFormChannel
from discount_broker.app import create_app
from discount_broker.cli.database import upgrade
from discount_broker.kernel.db import db
from discount_broker.messaging.ports import ChannelKind
from discount_broker.settings import Settings
from tests.contract.mail_servers import Relay, relaying
from tests.contract.servers import LocalSite, serving
from tests.fakes import Asked, FakeMailRoutes, RecordingQueue
from tests.real.replay import Replay
from tests.real.saved_pages import SavedSite
from workers import jobs, runtime

CLOCK_SPEED = 1e8
"""A week of waiting passes in six milliseconds."""
SWEEPS = (jobs.ring_lost_bells, jobs.take_due_steps, jobs.open_due_cases)


@dataclass
class DoneJob:
    """One job, with what it asked of the web servers."""

    name: str
    asked: list[Asked] = field(default_factory=list)
    error: str = ""

    @property
    def pages(self) -> int:
        return sum(asked.method == "GET" and asked.path != "/robots.txt" for asked in self.asked)

    @property
    def posts(self) -> list[Asked]:
        return [asked for asked in self.asked if asked.method == "POST"]


class Installation:
    def __init__(self, app: Flask, queue: RecordingQueue, web: LocalSite, relay: Relay) -> None:
        self.app, self.relay = app, relay
        self._queue, self._web = queue, web

    def work(self) -> list[DoneJob]:
        """Do what was rung for, and what that rings for, as a worker would."""
        done = []
        while rung := self._queue.take():
            for name, subject_id in rung:
                done.append(self._do(name, partial(getattr(jobs, name), str(subject_id))))
        return done

    def sweep(self) -> list[DoneJob]:
        """One round of the periodic table, and the work that follows from it."""
        done = [self._do(sweep.__name__, sweep) for sweep in SWEEPS]
        return [*done, *self.work()]

    def _do(self, name: str, job: Callable[[], None]) -> DoneJob:
        before, done = len(self._web.asked), DoneJob(name)
        try:
            job()
        except Exception as error:  # reported with the site that caused it; the others go on
            done.error = f"{name}: {type(error).__name__}: {error}"
        done.asked = self._web.asked[before:]
        return done


@contextmanager
def installed(sites: Iterable[SavedSite], folder: Path) -> Iterator[Installation]:
    sites = list(sites)
    with serving(Replay(sites).answer) as web, relaying() as relay:
        settings = _settings(sites, folder, web.place, relay.url)
        app, queue = create_app(settings), RecordingQueue()
        app.extensions.update(job_queue=queue, **_adapters(settings))
        with app.app_context():
            upgrade()
        runtime.bind(app)
        yield Installation(app, queue, web, relay)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _settings(sites: list[SavedSite], folder: Path, place: str, smtp_url: str) -> Settings:
    names = {name for site in sites for host in site.hosts for name in (host, f"www.{host}", site.domain)}
    return Settings(
        database_url=f"sqlite:///{folder}/broker.sqlite",
        redis_url="redis://tests-must-not-reach-redis.invalid:6379/0",
        smtp_url=smtp_url,
        base_url="http://broker.test",
        secret_key="a secret for tests, long enough to be one",
        operator_name="Discount Broker Ltd, 1 Test Street",
        service_phone="+7 495 555-01-00",
        mail_domain="in.broker.test",
        fetch_resolve=tuple((name, place) for name in sorted(names)),
        fetch_delay=0,
        clock_speed=CLOCK_SPEED,
    )


def _adapters(settings: Settings) -> dict[str, object]:
    """Build the real ones, with no name server: whatever is not saved here must not be reached for real."""
    fetcher = GuardedFetcher(
        user_agent=f"DiscountBrokerBot/1.0 (+{settings.base_url}/bot)",
        resolve=settings.fetch_resolve,
        delay=settings.fetch_delay,
        look_up=_no_name_server,
    )
    mail = SmtpChannel(settings.smtp_url, mail_from=settings.mail_from, mail_domain=settings.mail_domain)
    forms = WebFormChannel(fetcher, service_name=settings.service_name, phone=settings.service_phone)
    return {
        "fetcher": fetcher,
        "mail_routes": FakeMailRoutes(),
        "channels": {ChannelKind.EMAIL: mail, ChannelKind.WEB_FORM: forms},
    }


def _no_name_server(host: str) -> list[str]:
    raise OSError(f"{host} was not saved")
