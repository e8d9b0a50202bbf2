"""Finds ports nobody listens at, and that no other demonstration is about to listen at."""

import fcntl
import os
import socket
import tempfile
from pathlib import Path
from typing import IO, Self

TRIES = 50


class Claims:
    """Ports that this process means to use: held in the block, though its programs take them only later.

    Seconds pass until a program listens; of two demonstrations that start at once both would find the
    port free, and the later one would wait for a program that cannot start, or talk to the other's.
    """

    def __init__(self) -> None:
        self._held: dict[int, IO[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_why: object) -> None:
        for lock in self._held.values():
            lock.close()

    def take(self, wanted: int) -> int:
        """Return `wanted`, or the next port above it that is free; it stays claimed to the end of the block.

        Raises:
            OSError: not one of the next fifty is free.

        """
        for port in range(wanted, wanted + TRIES):
            if port not in self._held and self._claim(port):
                return port
        raise OSError(f"no free port from {wanted} to {wanted + TRIES - 1}")

    def _claim(self, port: int) -> bool:
        lock = _lock_of(port).open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        if not _is_free(port):
            lock.close()
            return False
        self._held[port] = lock
        return True


def _lock_of(port: int) -> Path:
    return Path(tempfile.gettempdir()) / f"broker-demo-{os.getuid()}-{port}.lock"


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do: a port whose last connections are only winding down is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
