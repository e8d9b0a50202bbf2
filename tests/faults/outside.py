"""A mail server and shops in bad moods, which remember all that came in."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email import message_from_bytes
from enum import StrEnum
from random import Random
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.contract.mail_servers import free_port
from tests.contract.servers import serving
from tests.fakes import NOT_FOUND, Answer, Asked
from tests.faults.judge import Seen
from tests.resilience.installation import PAGE


class MailMood(StrEnum):
    TAKE = "took it"
    SLOW = "took it and was slow to say so"
    HANG = "took it and hung up without a word"
    SILENCE = "took it and kept silent until the siege was over"
    GREYLIST = "asked to come again (at the recipient)"
    BUSY = "asked to come again (after the content)"
    HANG_UP = "hung up before the content"


class FormMood(StrEnum):
    TAKE = "thanked"
    SLOW = "thanked after a while"
    HANG = "took it and hung up without a word"
    BROKEN = "took it and answered 500"


MAIL_MOODS = {
    MailMood.TAKE: 50,
    MailMood.SLOW: 25,
    MailMood.HANG: 8,
    MailMood.GREYLIST: 6,
    MailMood.BUSY: 6,
    MailMood.HANG_UP: 5,
}
PAUSES = {MailMood.SLOW: 0.7, MailMood.HANG: 2.0}
FORM_MOODS = {FormMood.TAKE: 40, FormMood.SLOW: 40, FormMood.HANG: 12, FormMood.BROKEN: 8}
LONG_ENOUGH_TO_BE_KILLED_IN = 2.0
UNREADABLE = 0.2
"""Share of the visits on which the page of a form answers 503: nothing is sent then."""
MOODY_TIMES = 2
"""So often a mailbox is moody; then it behaves, for nothing here is to be given up."""


class MoodyMail:
    """Its mood depends on the seed, the mailbox and how often that was written to: not on the time."""

    def __init__(self, seed: int, seen: Seen, silent_to: Sequence[str] = ()) -> None:
        self._seed, self._seen, self._silent_to = seed, seen, silent_to
        self._times: Counter[str] = Counter()
        self.moods: Counter[str] = Counter()
        self.peace = threading.Event()

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        mood = self._mood_for(address)
        self.moods[mood] += 1
        if mood is MailMood.GREYLIST:
            return "451 4.7.1 greylisted, come again"
        if mood is MailMood.HANG_UP:
            _hang_up(server)
        envelope.rcpt_tos.append(address)
        envelope.mood = mood
        return "250 2.1.5 go on"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - likewise
        mood = envelope.mood
        if mood is MailMood.BUSY:
            return "451 4.3.0 come again"
        mail = message_from_bytes(bytes(envelope.original_content or b""))
        self._seen.mails[envelope.rcpt_tos[0], mail["Message-ID"]] += 1
        await asyncio.sleep(PAUSES.get(mood, 0))
        if mood is MailMood.SILENCE:
            await asyncio.to_thread(self.peace.wait)
        if mood in (MailMood.HANG, MailMood.SILENCE):
            _hang_up(server)
        return "250 2.0.0 taken"

    def _mood_for(self, address: str) -> MailMood:
        self._times[address] += 1
        times = self._times[address]
        if times == 1 and address in self._silent_to:
            return MailMood.SILENCE
        if times > MOODY_TIMES:
            return MailMood.TAKE
        chance = Random(f"{self._seed} {address} {times}")
        return chance.choices([*MAIL_MOODS], [*MAIL_MOODS.values()])[0]


class MoodyShops:
    """Every shop has one page with one form."""

    def __init__(self, seed: int, seen: Seen) -> None:
        self._seed, self._seen = seed, seen
        self._visits: Counter[str] = Counter()
        self.moods: Counter[str] = Counter()

    def answer(self, asked: Asked) -> Answer:
        host = urlsplit(asked.url).hostname or ""
        if asked.method == "POST":
            return self._take(host)
        if asked.path != "/":
            return NOT_FOUND
        self._visits[host] += 1
        visit = self._visits[host]
        is_away = visit <= MOODY_TIMES and Random(f"{self._seed} {host} {visit}").random() < UNREADABLE
        return Answer(b"<p>Back in a moment</p>", 503) if is_away else Answer(PAGE.encode())

    def _take(self, host: str) -> Answer:
        self._seen.posts[f"https://{host}/"] += 1
        chance = Random(f"{self._seed} {host}")
        mood = chance.choices([*FORM_MOODS], [*FORM_MOODS.values()])[0]
        self.moods[mood] += 1
        if mood is not FormMood.TAKE:
            time.sleep(LONG_ENOUGH_TO_BE_KILLED_IN)
        if mood is FormMood.HANG:
            raise ConnectionError
        if mood is FormMood.BROKEN:
            return Answer(b"<h1>Internal Server Error</h1>", 500)
        return Answer(b"<p>Thank you, your message has been sent.</p>")


def _hang_up(server: SMTP) -> None:
    assert server.transport is not None
    server.transport.abort()


@contextmanager
def outside(mail: MoodyMail, shops: MoodyShops) -> Iterator[tuple[int, str]]:
    """The port of the mail server, and the place of the shops."""
    controller = Controller(mail, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        with serving(shops.answer) as web:
            yield controller.port, web.place
    finally:
        mail.peace.set()
        controller.stop(no_assert=True)
