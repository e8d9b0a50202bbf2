"""The mailbox of the development mail catcher (a Maildir): read it, and answer a mail in it."""

import re
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from discount_broker.adapters.mail_writing import write_mail

FILE_NAME = re.compile(r"^[\w.,:=+-]+$")
PARTS = ("new", "cur")


@dataclass(frozen=True)
class CaughtMail:
    key: str
    recipient: str
    """Envelope recipient: where the mail really went."""
    sender: str
    answer_to: str
    """Where an answer goes: Reply-To, or else the sender's address."""
    message_id: str
    subject: str
    received_at: datetime
    text: str
    html: str

    def is_for(self, wanted: str) -> bool:
        """Whether the recipient is, or belongs to the domain, `wanted` (`@shop.example`)."""
        wanted = wanted.strip().lower()
        return (
            self.recipient.lower().endswith(wanted)
            if wanted.startswith("@")
            else wanted in self.recipient.lower()
        )


class MailFolder:
    """Where every caught mail lies; the folder need not exist yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def list_mails(self, to: str = "", limit: int = 200) -> list[CaughtMail]:
        """The newest mails first."""
        found: list[CaughtMail] = []
        for path in self._files():
            mail = _read(path)
            if mail.is_for(to):
                found.append(mail)
            if len(found) == limit:
                break
        return found

    def find_mail(self, key: str) -> CaughtMail | None:
        if not FILE_NAME.match(key):
            return None
        paths = (self._folder / part / key for part in PARTS)
        return next((_read(path) for path in paths if path.is_file()), None)

    def _files(self) -> Iterator[Path]:
        parts = (self._folder / part for part in PARTS)
        files = [path for part in parts if part.is_dir() for path in part.iterdir()]
        return iter(sorted(files, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True))


class SmtpReply:
    """Answers a caught mail as the one who got it: a real mail through the relay."""

    def __init__(self, smtp_url: str) -> None:
        parts = urlsplit(smtp_url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 25

    def __call__(self, mail: CaughtMail, text: str) -> None:
        """Send the answer.

        Raises:
            OSError, smtplib.SMTPException

        """
        subject = mail.subject if mail.subject.lower().startswith("re:") else f"Re: {mail.subject}"
        thread = (
            [("In-Reply-To", mail.message_id), ("References", mail.message_id)] if mail.message_id else []
        )
        answer_id = make_msgid(domain=mail.recipient.rpartition("@")[2])
        headers = [
            ("From", mail.recipient),
            ("To", mail.answer_to),
            ("Subject", subject),
            ("Date", formatdate(localtime=True)),
            ("Message-ID", answer_id),
            *thread,
        ]
        quoted = "\n".join(f"> {line}" for line in mail.text.splitlines())
        content = write_mail(headers, f"{text.strip()}\n\n{mail.sender}:\n{quoted}\n", boundary="answer")
        with smtplib.SMTP(self._host, self._port, timeout=10) as relay:
            relay.sendmail(mail.recipient, [mail.answer_to], content)


@lru_cache(maxsize=2000)
def _read(path: Path) -> CaughtMail:
    """A caught mail never changes, so it is read once."""
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    return CaughtMail(
        key=path.name,
        recipient=str(message.get("Delivered-To", message.get("To", ""))),
        sender=str(message.get("From", "")),
        answer_to=parseaddr(str(message.get("Reply-To") or message.get("From", "")))[1],
        message_id=str(message.get("Message-ID", "")),
        subject=str(message.get("Subject", "")),
        received_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, ValueError):  # a charset nobody knows: show what can be shown
        content = part.get_payload(decode=True)
        return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
