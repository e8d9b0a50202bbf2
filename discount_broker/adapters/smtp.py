"""E-mail over SMTP: one message, one recipient, one conversation with the relay or several in a row."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from discount_broker.adapters.mail_composition import compose, message_id, one_address, own_address
from discount_broker.adapters.smtp_session import Letter, Relay, Session, StaleSession
from discount_broker.kernel.clock import utcnow
from discount_broker.messaging.ports import OutgoingMessage, PermanentFailure, Receipt

MOST_IN_ONE_SESSION = 50
LARGEST_MAIL = 5_000_000
"""Octets. We send no attachments: what is larger was made by mistake, and few servers would take it."""


class SmtpChannel:
    """Hands messages to a relay: `smtp://host`, `smtps://host`, with `user:password@` where it asks."""

    def __init__(
        self,
        smtp_url: str,
        *,
        mail_from: str,
        mail_domain: str,
        timeout: float = 30,
        sign: Callable[[bytes], bytes] | None = None,
    ) -> None:
        self._relay = Relay(smtp_url, mail_domain, timeout)
        self.mail_from, self.mail_domain = mail_from, mail_domain
        self._sign = sign
        self._kept = _KeptSession()

    def send(self, message: OutgoingMessage) -> Receipt:
        letter = self._letter(message)
        if not self._kept.is_wanted:
            return _receipt(letter, self._hand_over_alone(letter))
        return _receipt(letter, self._hand_over_in_a_row(letter))

    @contextmanager
    def staying_connected(self) -> Iterator[None]:
        """Within this block the messages of this thread share one conversation with the relay."""
        self._kept.is_wanted = True
        try:
            yield
        finally:
            self._kept.is_wanted = False
            self._kept.end()

    def _letter(self, message: OutgoingMessage) -> Letter:
        recipient = one_address(message.to)
        sender = own_address(message.bounce_to or self.mail_from)
        content = compose(
            message,
            mail_from=self.mail_from,
            mail_domain=self.mail_domain,
            now=utcnow(),
            relay=self._relay.host,
        )
        if len(content) > LARGEST_MAIL:
            raise PermanentFailure(f"the mail has {len(content)} bytes, more than {LARGEST_MAIL}")
        return Letter(
            sender=sender,
            recipient=recipient,
            content=self._sign(content) if self._sign else content,
            message_id=message_id(message.idempotency_key, self.mail_domain),
        )

    def _hand_over_alone(self, letter: Letter) -> str:
        session = self._relay.open_session()
        try:
            return session.hand_over(letter)
        finally:
            session.end()

    def _hand_over_in_a_row(self, letter: Letter) -> str:
        try:
            return self._kept.session(self._relay).hand_over(letter)
        except StaleSession:  # the relay was tired of waiting, and has not heard of this message
            return self._kept.session(self._relay).hand_over(letter)


class _KeptSession(threading.local):
    """The conversation one thread goes on with."""

    def __init__(self) -> None:
        self.is_wanted = False
        self._session: Session | None = None

    def session(self, relay: Relay) -> Session:
        kept = self._session
        if kept is None or not kept.is_open or kept.times_used >= MOST_IN_ONE_SESSION:
            self.end()
            kept = self._session = relay.open_session()
        return kept

    def end(self) -> None:
        if self._session is not None:
            self._session.end()
        self._session = None


def _receipt(letter: Letter, answer: str) -> Receipt:
    return Receipt(letter.message_id, {"server answer": answer})
