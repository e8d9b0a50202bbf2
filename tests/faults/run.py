"""One run: an installation is built, besieged, left in peace and judged."""

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from discount_broker.app import create_app
from discount_broker.cli.database import upgrade
from discount_broker.kernel.db import db
from discount_broker.settings import Settings
from tests.faults.judge import Seen, Verdict, judge
from tests.faults.outside import MoodyMail, MoodyShops, outside
from tests.faults.plan import make_plan
from tests.faults.siege import HOST, MAIL_DOMAIN, Siege, read_other_letters, read_requests
from tests.resilience.installation import Town
from tests.resilience.postgresql import Cluster, private_postgresql

PEACE = 240.0
"""Seconds in which everything must have come to an end once nothing is hurt any more."""


@dataclass(frozen=True)
class Size:
    outreaches: int
    blows: int
    workers: int
    silences: int
    """Mailboxes whose server takes the mail and then says nothing until the siege is over."""


def besiege(size: Size, seed: int, say: Callable[[str], None]) -> Verdict:
    random = Random(seed)
    plan = make_plan(random, size.outreaches, size.blows)
    say(f"seed {seed}: {size.outreaches} outreaches, {size.workers} workers, {len(plan)} blows")
    seen = Seen()
    early = random.sample(range(size.outreaches // 2), size.silences)
    silent_to = [f"sales@{HOST.format(number)}" for number in early]
    mail, shops = MoodyMail(seed, seen, silent_to), MoodyShops(seed, seen)
    began = time.monotonic()
    with _installation(mail, shops, size, random) as siege:
        for blow in plan:
            siege.strike(blow)
            say(
                f"{time.monotonic() - began:6.1f} s  {blow.act}"
                + (f" ({blow.amount})" if blow.amount else "")
            )
        mail.peace.set()
        is_quiet = siege.settle(PEACE)
        said = siege.town.browser.open("/readyz").text
        verdict = judge(read_requests(), read_other_letters(), seen)
        db.session.remove()
    for line in _told(verdict, siege.blows, mail.moods, shops.moods):
        say(line)
    calm = "quiet" if is_quiet else "NOT QUIET"
    say(f"{calm} after {time.monotonic() - began:.0f} s; /readyz says {said.strip()}")
    return verdict


def _told(verdict: Verdict, *outside: Counter[str]) -> Iterator[str]:
    blows, mail_moods, form_moods = outside
    for title, counts in (
        ("blows", blows),
        ("mail server", mail_moods),
        ("forms", form_moods),
        ("letters", verdict.letters),
        ("requests", verdict.fates),
    ):
        yield f"{title}: " + "; ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    yield f"mails that came in more than once, always under one Message-ID: {verdict.repeated}"
    yield f"lost or doubled: {len(verdict.faults)}"
    yield from (f"  {fault}" for fault in verdict.faults)


@contextmanager
def _installation(mail: MoodyMail, shops: MoodyShops, size: Size, random: Random) -> Iterator[Siege]:
    hosts = [HOST.format(number) for number in range(size.outreaches)]
    with (
        tempfile.TemporaryDirectory(prefix="broker-faults-") as folder,
        outside(mail, shops) as (smtp, place),
        private_postgresql() as cluster,
        _database(cluster),
    ):
        town = Town(Path(folder), cluster.url, place, smtp, hosts)
        try:
            siege = Siege(town, cluster, random, size.workers)
            siege.start()
            yield siege
        finally:
            town.stop_all()


@contextmanager
def _database(cluster: Cluster) -> Iterator[None]:
    app = create_app(Settings(database_url=cluster.url, mail_domain=MAIL_DOMAIN))
    with app.app_context():
        upgrade()
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()
