"""A private Kannel: own configuration, own ports, loopback only, and a phone network that is played."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.contract.mail_servers import free_port

CONFIGURATION = """\
group = core
admin-port = {admin}
admin-interface = "127.0.0.1"
admin-password = admin
smsbox-port = {boxes}
smsbox-interface = "127.0.0.1"
dlr-storage = internal
log-file = "{home}/bearerbox.log"

group = smsc
smsc = fake
smsc-id = FAKE
port = {network}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {boxes}
sendsms-port = {sendsms}
sendsms-interface = "127.0.0.1"
log-file = "{home}/smsbox.log"

group = sendsms-user
username = market
password = secret
concatenation = true
max-messages = 6

group = sms-service
keyword = default
catch-all = true
max-messages = 0
get-url = "{texts_to}?from=%p&text=%b&charset=%C"
"""
PHONES = Path("/usr/lib/kannel/test/fakesmsc")
PATIENCE = 20


@dataclass(frozen=True)
class Programs:
    bearerbox: str
    smsbox: str


@dataclass(frozen=True)
class Kannel:
    url: str
    """As in BROKER_SMS_URL."""
    home: Path
    network: int
    """Port at which the played phone network joins."""

    def phones(self, *texts: str) -> subprocess.Popen[bytes]:
        """Start the network, from whose phones these texts come; what reaches them is in `heard`."""
        command = [
            PHONES,
            "-H",
            "127.0.0.1",
            "-r",
            str(self.network),
            "-i",
            "1",
            "-m",
            str(len(texts)),
            *texts,
        ]
        with (self.home / "phones").open("wb") as output:
            return subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)

    @property
    def heard(self) -> str:
        return (self.home / "phones").read_text("utf-8", "replace")


def find_kannel() -> Programs:
    """The programs, or a test that says why it was not run."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    bearerbox, smsbox = shutil.which("bearerbox", path=path), shutil.which("smsbox", path=path)
    if bearerbox and smsbox and PHONES.exists():
        return Programs(bearerbox, smsbox)
    why = "Kannel is not installed (apt-get install kannel kannel-extras)"
    if os.environ.get("CI") == "true":
        pytest.fail(f"{why}, and this must run in CI")
    pytest.skip(why)


@contextmanager
def private_kannel(programs: Programs, texts_to: str) -> Iterator[Kannel]:
    """Start one that hands what phones say to `texts_to`."""
    with tempfile.TemporaryDirectory(prefix="kannel-") as folder:
        ports = {name: free_port() for name in ("admin", "boxes", "network", "sendsms")}
        home = Path(folder)
        configuration = home / "kannel.conf"
        configuration.write_text(CONFIGURATION.format(home=home, texts_to=texts_to, **ports))
        running: list[subprocess.Popen[bytes]] = []
        try:
            for program, port in ((programs.bearerbox, ports["boxes"]), (programs.smsbox, ports["sendsms"])):
                running.append(
                    subprocess.Popen(
                        [program, configuration], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                    )
                )
                _wait_for(port, home)
            url = f"kannel://market:secret@127.0.0.1:{ports['sendsms']}"
            yield Kannel(url, home, ports["network"])
        finally:
            for process in reversed(running):
                process.kill()  # asked politely, it takes ten seconds
                process.wait(PATIENCE)


def _wait_for(port: int, home: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
        except ConnectionError:
            time.sleep(0.05)
        else:
            return
    logs = "".join(log.read_text("utf-8", "replace")[-2000:] for log in home.glob("*.log"))
    raise AssertionError(f"Kannel did not answer: {logs}")
