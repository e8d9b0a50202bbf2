"""One conversation with a relay, in which one mail or several are handed over."""

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import unquote, urlsplit

from discount_broker.adapters.smtp_answers import TOO_MANY, Stage, answer_text, failure_of
from discount_broker.messaging.ports import (
    DeliveryFailure,
    FailureReason,
    PermanentFailure,
    TemporaryFailure,
)

SUBMISSION_PORT, TLS_PORT, RELAY_PORT = 587, 465, 25
CLOSING = 421
CONTENT_WAITS = 10
"""How many times longer than for other answers one waits for the answer to a whole mail. RFC 5321 asks
for ten minutes; with the usual 30 seconds these are five, for a job must end within its lease."""
PARTING = 5.0
"""Seconds a relay has for its goodbye."""
NOT_IN_ENVID = re.compile(r"[^A-Za-z0-9-]")


class StaleSession(Exception):
    """The relay had left a conversation that was kept; it has heard nothing of the message."""


@dataclass(frozen=True)
class Letter:
    """A mail with its envelope."""

    sender: str
    recipient: str
    content: bytes
    message_id: str

    @property
    def envelope_id(self) -> str:
        return NOT_IN_ENVID.sub("-", self.message_id.strip("<>").partition("@")[0])

    @property
    def needs_smtputf8(self) -> bool:
        return not self.recipient.isascii()


class Relay:
    """Where mail is handed over: `smtp://host`, `smtps://host`, with `user:password@` where it asks."""

    def __init__(self, smtp_url: str, own_name: str, timeout: float) -> None:
        parts = urlsplit(smtp_url)
        self.is_tls = parts.scheme == "smtps"
        self.host = parts.hostname or "127.0.0.1"
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        usual = TLS_PORT if self.is_tls else SUBMISSION_PORT if self.user else RELAY_PORT
        self.port = parts.port or usual
        self.own_name, self.timeout = own_name, timeout

    def open_session(self) -> "Session":
        """Connect, encrypt and log in.

        Raises:
            TemporaryFailure

        """
        try:
            return self._greeted()
        except smtplib.SMTPResponseException as refusal:
            raise failure_of(Stage.GREETING, refusal.smtp_code, refusal.smtp_error) from None
        except (OSError, smtplib.SMTPException) as trouble:
            raise TemporaryFailure(
                f"mail server: {trouble}", evidence={"stage": str(Stage.GREETING)}
            ) from trouble

    def _greeted(self) -> "Session":
        connection = self._connect()
        try:
            self._introduce(connection)
        except BaseException:
            connection.close()
            raise
        return Session(connection, self.timeout)

    def _connect(self) -> smtplib.SMTP:
        if not self.is_tls:
            return smtplib.SMTP(self.host, self.port, self.own_name, timeout=self.timeout)
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(self.host, self.port, self.own_name, timeout=self.timeout, context=context)

    def _introduce(self, connection: smtplib.SMTP) -> None:
        connection.ehlo_or_helo_if_needed()
        if not self.is_tls and connection.has_extn("starttls"):
            connection.starttls(context=self._opportunistic_tls())
            connection.ehlo()
        elif self.user and not self.is_tls:
            raise TemporaryFailure("the mail server offers no STARTTLS: the password was not sent")
        if self.user:
            self._log_in(connection)

    def _log_in(self, connection: smtplib.SMTP) -> None:
        try:
            connection.login(self.user, self.password)
        except smtplib.SMTPAuthenticationError as refusal:
            # Our own set-up is wrong, not the message: it goes out once that is mended. The words of
            # the server are left out: they may repeat what it was told.
            evidence = {"stage": str(Stage.LOGIN), "server answer": str(refusal.smtp_code)}
            heard = failure_of(Stage.LOGIN, refusal.smtp_code, refusal.smtp_error)
            raise TemporaryFailure(
                f"the mail server refused our login ({refusal.smtp_code})",
                evidence=evidence | {key: said for key, said in heard.evidence.items() if key == TOO_MANY},
            ) from None

    def _opportunistic_tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if not self.user:
            # A relay without login usually has a certificate of its own making: encrypted
            # to somebody is better than plain to anybody.
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


class Session:
    """Open and greeted. After a failure that leaves it in doubt it is closed."""

    def __init__(self, connection: smtplib.SMTP, timeout: float) -> None:
        self._connection, self._timeout = connection, timeout
        self.is_open = True
        self.times_used = 0

    def hand_over(self, letter: Letter) -> str:
        """Hand one mail over and repeat what the relay said to it.

        Raises:
            TemporaryFailure, PermanentFailure, StaleSession

        """
        self.times_used += 1
        stage = Stage.SENDER
        try:
            self._announce(letter)
            stage = Stage.RECIPIENT
            self._check(stage, *self._connection.rcpt(letter.recipient))
            stage = Stage.CONTENT
            answer = self._transfer(letter.content)
        except smtplib.SMTPDataError as refusal:
            self._refuse(Stage.CONTENT, refusal.smtp_code, refusal.smtp_error)
        except (OSError, smtplib.SMTPException) as trouble:
            self._give_up(stage, trouble)
        except DeliveryFailure:
            raise
        except BaseException:  # the job's time is over: what is said next would answer this mail
            self._drop()
            raise
        return answer

    def end(self) -> None:
        """Part politely where that is possible: what was said stands, however they part."""
        if self.is_open:
            self._wait_at_most(min(PARTING, self._timeout))
            with suppress(OSError, smtplib.SMTPException):
                self._connection.quit()
        self._drop()

    def _announce(self, letter: Letter) -> None:
        code, answer = self._connection.mail(letter.sender, self._options_for(letter))
        if code == CLOSING and self.times_used > 1:
            self._drop()
            raise StaleSession
        self._check(Stage.SENDER, code, answer)

    def _options_for(self, letter: Letter) -> list[str]:
        says = self._connection.has_extn
        if letter.needs_smtputf8 and not says("smtputf8"):
            why = "the mail server takes no address with letters other than ASCII (no SMTPUTF8)"
            raise PermanentFailure(why, FailureReason.REFUSED)
        self._refuse_what_is_too_large(len(letter.content))
        return [
            *([f"SIZE={len(letter.content)}"] if says("size") else []),
            *(["SMTPUTF8"] if letter.needs_smtputf8 else []),
            # A bounce then names our reference, and does not carry the whole mail back (RFC 3461).
            *(["RET=HDRS", f"ENVID={letter.envelope_id}"] if says("dsn") else []),
        ]

    def _refuse_what_is_too_large(self, size: int) -> None:
        most = self._connection.esmtp_features.get("size", "")
        if most.isdecimal() and 0 < int(most) < size:
            raise PermanentFailure(f"the mail has {size} bytes, the mail server takes no more than {most}")

    def _transfer(self, content: bytes) -> str:
        self._wait_at_most(self._timeout * CONTENT_WAITS)
        code, answer = self._connection.data(content)
        self._wait_at_most(self._timeout)
        self._check(Stage.CONTENT, code, answer)
        return f"{code} {answer_text(answer)}"

    def _wait_at_most(self, seconds: float) -> None:
        if self._connection.sock is not None:
            self._connection.sock.settimeout(seconds)

    def _check(self, stage: Stage, code: int, answer: bytes) -> None:
        if code not in (250, 251):
            self._refuse(stage, code, answer)

    def _refuse(self, stage: Stage, code: int, answer: bytes | str) -> NoReturn:
        failure = failure_of(stage, code, answer)
        if code == CLOSING:
            self._drop()
        else:
            self._forget_message()
        raise failure

    def _forget_message(self) -> None:
        try:
            self._connection.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _give_up(self, stage: Stage, trouble: Exception) -> NoReturn:
        """Close: an answer that comes late would be taken for the answer to the next question."""
        self._drop()
        if self.times_used > 1 and stage is Stage.SENDER:
            raise StaleSession from trouble
        evidence = {"stage": str(stage)} | ({"answer": "lost"} if stage is Stage.CONTENT else {})
        # Also where the answer to the mail itself was lost: the next attempt carries the same
        # Message-ID, so the shop's mailbox sees one mail.
        raise TemporaryFailure(f"mail server: {trouble}", evidence=evidence) from trouble

    def _drop(self) -> None:
        self.is_open = False
        self._connection.close()
