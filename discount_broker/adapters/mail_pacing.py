"""Keeps the pace at which each mail provider hears from us."""

import math
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import Protocol

from discount_broker.adapters.mail_composition import one_address
from discount_broker.adapters.mail_providers import Providers
from discount_broker.adapters.mail_turns import Turns
from discount_broker.adapters.smtp_answers import BEFORE_ANY_MESSAGE, TOO_MANY, Stage
from discount_broker.messaging.ports import Channel, OutgoingMessage, Receipt, TemporaryFailure

RELAY = "relay"
"""The place whose turns everything needs: the relay itself asked for less."""
LANES = ("shops", "people")
"""A login link does not stand in the line of a thousand reminders."""
ABOUT_ALL_OF_US = {*BEFORE_ANY_MESSAGE, Stage.SENDER}
HELD_OFF = timedelta(minutes=10)


class MailChannel(Channel, Protocol):
    """A channel that can hand over several messages in one conversation."""

    def staying_connected(self) -> AbstractContextManager[None]: ...


class PacedMailChannel:
    """Sends a mail when its provider's turn has come; a mail whose turn is later is given back untried.

    Nobody sleeps here: a worker that waits for one provider would keep the others waiting.
    """

    def __init__(
        self, mail: MailChannel, turns: Turns, providers: Providers, *, mails_per_minute: float
    ) -> None:
        self._mail, self._turns, self._providers = mail, turns, providers
        self._delay = 60 / mails_per_minute if mails_per_minute > 0 else 0.0

    def send(self, message: OutgoingMessage) -> Receipt:
        provider = self._providers.provider_of(one_address(message.to).rpartition("@")[2])
        self._await_turn(provider, message)
        try:
            return self._mail.send(message)
        except TemporaryFailure as failure:
            if TOO_MANY in failure.evidence:
                self._hold_off(provider, failure)
            raise

    @contextmanager
    def staying_connected(self) -> Iterator[None]:
        with self._mail.staying_connected():
            yield

    def _await_turn(self, provider: str, message: OutgoingMessage) -> None:
        lane = f"{provider}/{LANES[0] if message.stop_url else LANES[1]}"
        for place, delay in ((RELAY, 0.0), (lane, self._delay)):
            wait = self._turns.take(place, delay, message.idempotency_key)
            if wait > 0:
                raise TemporaryFailure(
                    f"its turn at {place} has not come",
                    evidence={"waits for": place},
                    retry_after=timedelta(seconds=math.ceil(wait)),
                    counts=False,
                )

    def _hold_off(self, provider: str, failure: TemporaryFailure) -> None:
        seconds = (failure.retry_after or HELD_OFF).total_seconds()
        if failure.evidence[TOO_MANY] in ABOUT_ALL_OF_US:
            self._turns.hold_off(RELAY, seconds)
            return
        for lane in LANES:
            self._turns.hold_off(f"{provider}/{lane}", seconds)
