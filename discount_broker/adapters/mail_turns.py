"""Turns at a mail provider, given out to all workers together: each mail learns when to come."""

import logging
import time
from collections.abc import Callable
from typing import Protocol

from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

AHEAD = 10.0
"""Seconds by which mails may be early. Bells for what is due are rung every ten seconds, so that mails come
in handfuls: the pace is kept over a minute, not between one mail and the next."""
BOOKING_KEPT = 900.0
"""Seconds a turn is kept for a mail that does not come for it."""
ASKED_AGAIN_AFTER = 10.0
"""Seconds a lost Redis is not asked."""

# Numbers by the server's clock, in milliseconds. KEYS: gate (when the next mail may leave, at the strict
# pace), line (the first turn that nobody has booked), and the booking of this mail. Answers how long to
# wait; 0 means go now.
TAKE_TURN = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local delay, ahead, kept = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local function read(key) return math.max(now, tonumber(redis.call('GET', key) or '0')) end
local function write(key, at, longer)
  redis.call('SET', key, string.format('%.0f', at), 'PX', math.max(1, math.floor(at - now + longer)))
end
local gate, line = read(KEYS[1]), read(KEYS[2])
local booked = tonumber(redis.call('GET', KEYS[3]) or '-1')
if booked - now > ahead then return booked - now end
local turn = booked >= 0 and now or line
if math.max(turn, gate) - now <= ahead then
  redis.call('DEL', KEYS[3])
  write(KEYS[1], gate + delay, 0)
  if booked < 0 then write(KEYS[2], line + delay, 0) end
  return 0
end
turn = math.max(line, gate)
write(KEYS[2], turn + delay, 0)
write(KEYS[3], turn, kept)
return turn - now
"""
HOLD_OFF = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local gate = tonumber(redis.call('GET', KEYS[1]) or '0')
local open = math.max(now + tonumber(ARGV[1]) + tonumber(ARGV[2]), gate)
redis.call('SET', KEYS[1], string.format('%.0f', open), 'PX', math.max(1, math.floor(open - now)))
"""


class Turns(Protocol):
    """Contract: `tests/contract/test_mail_pacing.py`."""

    def take(self, place: str, delay: float, ticket: str) -> float:
        """Seconds until this mail's turn; 0 where it may go now. What must wait has its turn booked.

        `ticket` names the mail: the same one that comes back later takes the turn it was given.
        """
        ...

    def hold_off(self, place: str, seconds: float) -> None:
        """Give nobody a turn for so long, whatever was booked."""
        ...


class LocalTurns:
    """Turns within one process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._gate: dict[str, float] = {}
        self._line: dict[str, float] = {}
        self._booked: dict[tuple[str, str], float] = {}

    def take(self, place: str, delay: float, ticket: str) -> float:
        now = self._clock()
        self._forget_what_is_over(now)
        gate, line = max(now, self._gate.get(place, 0.0)), max(now, self._line.get(place, 0.0))
        booked = self._booked.get((place, ticket))
        if booked is not None and booked - now > AHEAD:
            return booked - now
        turn = line if booked is None else now
        if max(turn, gate) - now <= AHEAD:
            self._booked.pop((place, ticket), None)
            self._gate[place] = gate + delay
            self._line[place] = line + delay if booked is None else line
            return 0.0
        turn = max(line, gate)
        self._line[place] = turn + delay
        self._booked[place, ticket] = turn
        return turn - now

    def _forget_what_is_over(self, now: float) -> None:
        self._gate = {place: at for place, at in self._gate.items() if at > now}
        self._line = {place: at for place, at in self._line.items() if at > now}
        self._booked = {mail: at for mail, at in self._booked.items() if at + BOOKING_KEPT > now}

    def hold_off(self, place: str, seconds: float) -> None:
        self._gate[place] = max(self._gate.get(place, 0.0), self._clock() + seconds + AHEAD)


class RedisTurns:
    """Turns for every process that shares a Redis; while that is gone, for each process by itself."""

    def __init__(self, redis: Redis, clock: Callable[[], float] = time.monotonic) -> None:
        self._take, self._hold_off = redis.register_script(TAKE_TURN), redis.register_script(HOLD_OFF)
        self._clock, self._alone, self._alone_until = clock, LocalTurns(clock), 0.0

    def take(self, place: str, delay: float, ticket: str) -> float:
        keys = [_key("gate", place), _key("line", place), _key("booked", f"{place}:{ticket}")]
        wait = self._ask(lambda: self._take(keys, [_ms(delay), _ms(AHEAD), _ms(BOOKING_KEPT)]))
        return self._alone.take(place, delay, ticket) if wait is None else wait / 1000

    def hold_off(self, place: str, seconds: float) -> None:
        self._ask(lambda: self._hold_off([_key("gate", place)], [_ms(seconds), _ms(AHEAD)]))
        self._alone.hold_off(place, seconds)

    def _ask(self, script: Callable[[], object]) -> float | None:
        """What the script answers, 0 for nothing; None while there is no Redis."""
        if self._clock() < self._alone_until:
            return None
        try:
            answer = script()
        except RedisError:
            logger.warning("Redis is gone: this process paces its mail without the others")
            self._alone_until = self._clock() + ASKED_AGAIN_AFTER
            return None
        return float(answer) if isinstance(answer, int | float) else 0.0


def _key(what: str, place: str) -> str:
    return f"broker:mail-{what}:{place}"


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
