"""E-mail over SMTP: one message, one recipient, one conversation with the relay."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import unquote, urlsplit

from discount_broker.adapters.mail_composition import compose, one_address
from discount_broker.kernel.clock import utcnow
from discount_broker.messaging.ports import (
    DeliveryFailure,
    FailureReason,
    OutgoingMessage,
    PermanentFailure,
    Receipt,
    TemporaryFailure,
)

SUBMISSION_PORT, TLS_PORT, RELAY_PORT = 587, 465, 25
ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
DEAD_STATUS = re.compile(r"5\.1\.(?!8\b)\d+|5\.2\.1")
"""Unknown user or domain, moved, disabled; 5.1.8 speaks of the sender."""
POLICY_WORDS = re.compile(
    r"spam|block|black ?list|policy|relay|reputation|denied|rejected|dnsbl|\brbl\b|\bspf\b|dkim|dmarc",
    re.IGNORECASE,
)
DEAD_AT_RECIPIENT = {550, 551, 553}


class SmtpChannel:
    """Hands messages to a relay: `smtp://host`, `smtps://host`, with `user:password@` where it asks."""

    def __init__(self, smtp_url: str, *, mail_from: str, mail_domain: str, timeout: float = 60) -> None:
        parts = urlsplit(smtp_url)
        self.is_tls = parts.scheme == "smtps"
        self.host = parts.hostname or "127.0.0.1"
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        usual = TLS_PORT if self.is_tls else SUBMISSION_PORT if self.user else RELAY_PORT
        self.port = parts.port or usual
        self.mail_from, self.mail_domain, self.timeout = mail_from, mail_domain, timeout

    def send(self, message: OutgoingMessage) -> Receipt:
        recipient = one_address(message.to)
        mail = compose(message, mail_from=self.mail_from, mail_domain=self.mail_domain, now=utcnow())
        try:
            answer = self._deliver(
                one_address(message.bounce_to or self.mail_from), recipient, mail.as_bytes()
            )
        except smtplib.SMTPResponseException as refusal:
            raise _failure("greeting", refusal.smtp_code, refusal.smtp_error) from None
        except (OSError, smtplib.SMTPException) as trouble:
            # Also where the answer to the message itself was lost: the next attempt carries
            # the same Message-ID, so the shop's mailbox sees one mail.
            raise TemporaryFailure(f"mail server: {trouble}") from trouble
        return Receipt(mail["Message-ID"], {"server answer": answer})

    def _deliver(self, bounce_to: str, recipient: str, content: bytes) -> str:
        with self._conversation() as relay:
            _accepted("sender", *relay.mail(bounce_to))
            _accepted("recipient", *relay.rcpt(recipient))
            try:
                return _accepted("content", *relay.data(content))
            except smtplib.SMTPDataError as refusal:
                raise _failure("content", refusal.smtp_code, refusal.smtp_error) from None

    @contextmanager
    def _conversation(self) -> Iterator[smtplib.SMTP]:
        relay = self._connect()
        try:
            self._introduce(relay)
            yield relay
        finally:
            with suppress(OSError, smtplib.SMTPException):  # what was said stands, however they part
                relay.quit()
            relay.close()

    def _connect(self) -> smtplib.SMTP:
        if not self.is_tls:
            return smtplib.SMTP(self.host, self.port, self.mail_domain, timeout=self.timeout)
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(self.host, self.port, self.mail_domain, timeout=self.timeout, context=context)

    def _introduce(self, relay: smtplib.SMTP) -> None:
        relay.ehlo_or_helo_if_needed()
        if not self.is_tls and relay.has_extn("starttls"):
            relay.starttls(context=self._opportunistic_tls())
            relay.ehlo()
        elif self.user and not self.is_tls:
            raise TemporaryFailure("the mail server offers no STARTTLS: the password was not sent")
        if self.user:
            try:
                relay.login(self.user, self.password)
            except smtplib.SMTPAuthenticationError as refusal:
                # Our own set-up is wrong, not the message: it goes out once that is mended.
                raise TemporaryFailure(f"the mail server refused our login ({refusal.smtp_code})") from None

    def _opportunistic_tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if not self.user:
            # A relay without login usually has a certificate of its own making: encrypted
            # to somebody is better than plain to anybody.
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def _accepted(stage: str, code: int, answer: bytes) -> str:
    if code not in (250, 251):
        raise _failure(stage, code, answer)
    return f"{code} {_text(answer)}"


def _failure(stage: str, code: int, answer: bytes | str) -> DeliveryFailure:
    said = f"{code} {_text(answer)}"
    evidence = {"server answer": said, "stage": stage}
    if not 500 <= code <= 599:
        return TemporaryFailure(said, evidence=evidence)
    return PermanentFailure(said, _reason(stage, code, said), evidence)


def _reason(stage: str, code: int, said: str) -> FailureReason:
    if stage in ("greeting", "sender"):
        return FailureReason.OTHER
    if found := ENHANCED.search(said):
        status = found.group()
        if DEAD_STATUS.fullmatch(status):
            return FailureReason.ADDRESS_DEAD
        return FailureReason.REFUSED if status.startswith("5.7.") else FailureReason.OTHER
    if stage == "recipient" and code in DEAD_AT_RECIPIENT and not POLICY_WORDS.search(said):
        return FailureReason.ADDRESS_DEAD
    return FailureReason.REFUSED


def _text(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:500]
