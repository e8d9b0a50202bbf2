"""A private Postfix: own configuration, own queue, loopback only, gone afterwards."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.contract.mail_servers import free_port

MAIN = """\
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = {home}/mail.log
maillog_file_prefixes = {home}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtp_dns_support_level = disabled
smtp_host_lookup = native
myhostname = mx.shop.test
mydestination = shop.test
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
# Mail for nobody is taken first and bounced then, as a backup server does.
local_recipient_maps =
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions =
transport_maps = inline:{{ {{ {bounce_domain} = smtp:[127.0.0.1]:{bounce_port} }} }}
"""
MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
PATIENCE = 15


def find_postfix() -> str:
    """The program, or a test that says why it was not run."""
    found = shutil.which("postfix", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found and os.geteuid() == 0:
        return found
    why = (
        "a private Postfix can only be started by root"
        if found
        else "Postfix is not installed (apt-get install postfix)"
    )
    if os.environ.get("CI") == "true":
        pytest.fail(f"{why}, and this must run in CI")
    pytest.skip(why)


@contextmanager
def private_postfix(program: str, bounce_domain: str, bounce_port: int) -> Iterator[str]:
    """Start one for shop.test that sends its bounces to `bounce_port`; yields its `smtp://` address."""
    with tempfile.TemporaryDirectory(prefix="postfix-") as folder:
        home, port = Path(folder), free_port()
        # Its daemons run as another user.
        home.chmod(0o755)
        settings = {"home": home, "port": port, "bounce_domain": bounce_domain, "bounce_port": bounce_port}
        for name, text in (("main.cf", MAIN), ("master.cf", MASTER)):
            (home / "etc").mkdir(exist_ok=True)
            (home / "etc" / name).write_text(text.format(**settings))
        (home / "queue").mkdir()
        try:
            _run(program, home, "start")
            _wait_for(port, home)
            yield f"smtp://127.0.0.1:{port}"
        finally:
            subprocess.run(
                [program, "-c", home / "etc", "stop"], capture_output=True, check=False, timeout=PATIENCE
            )


def _run(program: str, home: Path, command: str) -> None:
    done = subprocess.run(
        [program, "-c", home / "etc", command], capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 0, f"postfix {command}: {done.stderr}{_log(home)}"


def _wait_for(port: int, home: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
                if connection.recv(3) == b"220":
                    return
        except ConnectionError:
            time.sleep(0.05)
    raise AssertionError(f"Postfix did not answer: {_log(home)}")


def _log(home: Path) -> str:
    log = home / "mail.log"
    return log.read_text() if log.exists() else ""
