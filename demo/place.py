"""Where a demonstration lives: its folder, its ports, its secrets, and the settings that follow from them."""

import json
import os
import secrets
import zlib
from dataclasses import asdict, dataclass, field
from pathlib import Path

from demo.shops.directory import SHOPS

ROOT = Path(__file__).resolve().parent.parent
MAIL_DOMAIN = "in.broker.localhost"
AUTHSERV = "mail.broker.localhost"
"""The name under which the mail server of the demonstration says whose a mail is."""
OPERATOR = "operator@demo.example"
LONGEST_SOCKET_NAME = 100
"""A path of a Unix socket has at most 104 bytes on macOS, 108 on Linux."""


@dataclass
class Ports:
    web: int = 8080
    shops: int = 8081
    catcher: int = 8025
    receiver: int = 8024


@dataclass
class Remembered:
    """What one start tells the next, and the tour: `place.json` in the folder."""

    ports: Ports = field(default_factory=Ports)
    secret_key: str = field(default_factory=lambda: secrets.token_hex(24))
    operator_password: str = field(default_factory=lambda: "-".join(secrets.token_hex(2) for _ in range(3)))
    operator_exists: bool = False
    feeds_read_at_port: int = 0
    """Port of the shops when their feeds were read: the feeds carry it in every link."""


class Place:
    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.logs = self.folder / "logs"
        self.mailbox = self.folder / "mailbox"
        self.queue_folder = self.folder / "queue"
        self.queue_log = self.queue_folder / "appendonlydir"
        self.remembered = Remembered()

    def load(self) -> "Place":
        """Take up what an earlier start remembered."""
        if self._file.exists():
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            self.remembered = Remembered(**{**kept, "ports": Ports(**kept["ports"])})
        return self

    def save(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        # In one go: the tour reads this file while the demonstration starts.
        new = self._file.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(json.dumps(asdict(self.remembered), indent=2), encoding="utf-8")
        new.replace(self._file)

    @property
    def ports(self) -> Ports:
        return self.remembered.ports

    @property
    def web_url(self) -> str:
        return f"http://127.0.0.1:{self.ports.web}"

    @property
    def socket(self) -> Path:
        """The queue's socket; in the folder unless its path is too long for a socket."""
        inside = self.queue_folder / "queue.sock"
        if len(os.fsencode(inside)) < LONGEST_SOCKET_NAME:
            return inside
        return Path(f"/tmp/broker-demo-{os.getuid()}-{zlib.crc32(os.fsencode(self.folder)):08x}.sock")

    def shop_url(self, key: str, path: str = "/") -> str:
        return f"http://{SHOPS[key].host}:{self.ports.shops}{path}"

    def _ways_of_the_town(self) -> dict[str, str]:
        """Return what leads nowhere but to this machine."""
        allowed = [f"{shop.host}:{self.ports.shops}" for shop in SHOPS.values()]
        return {
            "BROKER_FETCH_ALLOW": ",".join(allowed),
            "BROKER_FETCH_DELAY": "0",
            "BROKER_CLOCK_SPEED": "2880",
            "BROKER_SEARCH_ENGINE": "searxng",
            "BROKER_SEARCH_URL": f"http://127.0.0.1:{self.ports.shops}",
            # Somebody who tries things out asks the same shop again and again.
            "BROKER_CONTACT_BUDGET": "100",
            "BROKER_MAILBOX": str(self.mailbox),
            "BROKER_SMS_URL": f"folder://{self.mailbox.resolve()}",
            "BROKER_SMS_SENDER": "DiscountBr",
            # One town, one mail server: nobody there is paced by a provider.
            "BROKER_MAILS_PER_MINUTE": "6000",
        }

    def environment(self) -> dict[str, str]:
        """Return the settings of the service, on top of this process's own environment."""
        others = {name: value for name, value in os.environ.items() if not name.startswith("BROKER_")}
        return others | {
            "BROKER_DATABASE_URL": f"sqlite:///{self.folder / 'broker.sqlite'}",
            "BROKER_REDIS_URL": f"unix://{self.socket}",
            "BROKER_SMTP_URL": f"smtp://127.0.0.1:{self.ports.catcher}",
            "BROKER_MAIL_LISTEN": f"127.0.0.1:{self.ports.receiver}",
            "BROKER_MAIL_DOMAIN": MAIL_DOMAIN,
            "BROKER_TRUSTED_AUTHSERV": AUTHSERV,
            "BROKER_MAIL_FROM": "requests@broker.example",
            "BROKER_BASE_URL": self.web_url,
            "BROKER_SECRET_KEY": self.remembered.secret_key,
            "BROKER_SERVICE_NAME": "Discount Broker",
            "BROKER_OPERATOR_NAME": "Discount Broker, demonstration",
            **self._ways_of_the_town(),
            "PYTHONUNBUFFERED": "1",
            # glibc gives every thread an arena of its own: two are enough here and save memory.
            "MALLOC_ARENA_MAX": "2",
            # RQ's cron reads its table in local time.
            "TZ": "UTC",
        }

    @property
    def _file(self) -> Path:
        return self.folder / "place.json"
