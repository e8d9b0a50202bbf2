"""What has arrived at a shop: forms posted on its site, and mail for its addresses."""

import json
import threading
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from demo.shops.directory import Shop
from discount_broker.adapters.dev_mailbox import MailFolder

LETTERS_SHOWN = 50


@dataclass(frozen=True)
class Letter:
    at: str
    """ISO 8601, UTC."""
    door: str
    """`form` or `mail`."""
    sender: str
    subject: str
    text: str
    mail_key: str = ""


class Letterbox:
    """Forms go to one file of JSON lines a shop; mail is read where the mail catcher keeps it."""

    def __init__(self, folder: Path, mailbox: Path) -> None:
        self._folder, self._mailbox = folder, MailFolder(mailbox)
        self._writing = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)

    def take_form(self, shop: Shop, fields: dict[str, str]) -> None:
        text = "\n".join(f"{name}: {value}" for name, value in fields.items() if value)
        sender = next((value for value in fields.values() if "@" in value and " " not in value), "")
        letter = Letter(datetime.now(UTC).isoformat(timespec="seconds"), "form", sender, "", text)
        with self._writing, self._file(shop).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(letter), ensure_ascii=False) + "\n")

    def letters(self, shop: Shop) -> list[Letter]:
        """Everything that arrived, the newest first."""
        return sorted([*self._forms(shop), *self._mails(shop)], key=lambda letter: letter.at, reverse=True)

    def _forms(self, shop: Shop) -> list[Letter]:
        if not self._file(shop).exists():
            return []
        lines = self._file(shop).read_text(encoding="utf-8").splitlines()
        return [Letter(**json.loads(line)) for line in lines[-LETTERS_SHOWN:]]

    def _mails(self, shop: Shop) -> list[Letter]:
        return [
            Letter(
                mail.received_at.isoformat(timespec="seconds"),
                "mail",
                mail.sender,
                mail.subject,
                mail.text,
                mail.key,
            )
            for mail in self._mailbox.list_mails(f"@{shop.host}", LETTERS_SHOWN)
        ]

    def _file(self, shop: Shop) -> Path:
        return self._folder / f"{shop.key}.jsonl"
