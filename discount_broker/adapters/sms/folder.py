"""For demonstrations: texts land in the mailbox of the development mail catcher, and nowhere else."""

from decimal import Decimal
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from discount_broker.adapters.sms.gateway import price_of
from discount_broker.kernel.clock import utcnow
from discount_broker.messaging.ports import OutgoingMessage, Receipt


class FolderSms:
    """Writes each text as a mail to its number into a Maildir; the same text twice is one file."""

    def __init__(self, folder: Path, *, sender: str, price: Decimal) -> None:
        self._folder, self._sender, self._price = folder, sender, price

    def send(self, message: OutgoingMessage) -> Receipt:
        evidence = price_of(message.text, self._price)
        mail = EmailMessage()
        mail["From"] = f'"{self._sender or message.sender_name}" <sms@localhost>'
        mail["To"] = mail["Delivered-To"] = f"{message.to}@sms.localhost"
        mail["Subject"] = f"SMS, {evidence['segments']} × {evidence['encoding']}"
        mail["Date"] = format_datetime(utcnow())
        mail.set_content(message.text)
        for part in ("tmp", "new"):
            (self._folder / part).mkdir(parents=True, exist_ok=True)
        # Written aside and moved: nobody reads half a text.
        written = self._folder / "tmp" / message.idempotency_key
        written.write_bytes(mail.as_bytes())
        written.replace(self._folder / "new" / f"{message.idempotency_key}.sms")
        return Receipt(message.idempotency_key, evidence)
