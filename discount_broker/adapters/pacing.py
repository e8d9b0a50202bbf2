"""The pause between two requests to one host, kept by all workers together."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol

from redis import Redis
from redis.commands.core import Script
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

LONGEST_WAIT = 30.0
"""Seconds somebody sleeps for a turn; a host busier than that is asked again later."""

ASKED_AGAIN_AFTER = 10.0
"""Seconds a lost Redis is not asked: finding out that it is still gone takes time at every page."""

# Takes the next free turn if it comes soon enough. Times by the server's clock, in milliseconds.
TAKE_TURN = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local turn = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
local wait = turn - now
if wait <= tonumber(ARGV[2]) then
  local free = turn + tonumber(ARGV[1])
  redis.call('SET', KEYS[1], string.format('%.0f', free), 'PX', math.max(1, math.floor(free - now)))
end
return wait
"""
HOLD_OFF = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local free = math.max(now + tonumber(ARGV[1]), tonumber(redis.call('GET', KEYS[1]) or '0'))
redis.call('SET', KEYS[1], string.format('%.0f', free), 'PX', math.max(1, math.floor(free - now)))
"""


class HostBusy(Exception):
    """The next free turn at this host is too far away to sleep until it."""

    def __init__(self, host: str, wait: float) -> None:
        super().__init__(host)
        self.wait = wait


class Pacer(Protocol):
    """Hands out turns at a host. Contract: `tests/contract/test_pacing.py`."""

    def wait_turn(self, host: str, delay: float) -> None:
        """Sleep until this host may be asked, and keep others away for `delay` seconds after.

        Raises:
            HostBusy: nothing was reserved

        """
        ...

    def hold_off(self, host: str, seconds: float) -> None:
        """Give nobody a turn at this host for so long: it asked for that."""
        ...


class LocalPacer:
    """Paces the threads of one process."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sleep = sleep
        self._free_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait_turn(self, host: str, delay: float) -> None:
        with self._lock:
            now = time.monotonic()
            self._free_at = {name: free for name, free in self._free_at.items() if free > now}
            turn = max(now, self._free_at.get(host, 0.0))
            if turn - now > LONGEST_WAIT:
                raise HostBusy(host, turn - now)
            self._free_at[host] = turn + delay
        self._sleep(turn - now)

    def hold_off(self, host: str, seconds: float) -> None:
        with self._lock:
            self._free_at[host] = max(self._free_at.get(host, 0.0), time.monotonic() + seconds)


class RedisPacer:
    """Paces every process that shares a Redis; while that is gone, each process by itself."""

    def __init__(self, redis: Redis, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sleep = sleep
        self._alone = LocalPacer(sleep)
        self._is_alone = False
        self._alone_until = 0.0
        self._take_turn = redis.register_script(TAKE_TURN)
        self._hold_off = redis.register_script(HOLD_OFF)

    def wait_turn(self, host: str, delay: float) -> None:
        wait = self._run(self._take_turn, host, delay, LONGEST_WAIT)
        if wait is None:
            self._alone.wait_turn(host, delay)
            return
        if wait > LONGEST_WAIT:
            raise HostBusy(host, wait)
        self._sleep(wait)

    def hold_off(self, host: str, seconds: float) -> None:
        self._run(self._hold_off, host, seconds)
        self._alone.hold_off(host, seconds)

    def _run(self, script: Script, host: str, *seconds: float) -> float | None:
        """Seconds the script answers; None while there is no Redis."""
        if time.monotonic() < self._alone_until:
            return None
        try:
            answer = script([f"broker:turn:{host}"], [round(number * 1000) for number in seconds])
        except RedisError:
            self._note_loss()
            return None
        self._is_alone = False
        return float(answer or 0) / 1000

    def _note_loss(self) -> None:
        if not self._is_alone:
            logger.warning("Redis is gone: this process paces its requests without the others")
        self._is_alone = True
        self._alone_until = time.monotonic() + ASKED_AGAIN_AFTER
