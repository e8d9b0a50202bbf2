"""Remembers in Redis which one-time tokens were used, and for what; alone while Redis is away."""

import logging
import threading
from collections import OrderedDict
from hashlib import sha256

from redis import Redis, RedisError

log = logging.getLogger(__name__)
SECONDS = 9 * 3600 + 600
"""Longer than a signature is believed."""
MOST_REMEMBERED = 10_000


class RedisSignedTokens:
    """No mail is lost to a Redis that is gone: each process then remembers for itself."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._own: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def is_first_or_same(self, token: str, digest: str) -> bool:
        key = f"signed:{sha256(token.encode()).hexdigest()}"
        try:
            if self._redis.set(key, digest, nx=True, ex=SECONDS):
                return True
            before = self._redis.get(key)
        except RedisError as trouble:
            log.warning("one-time tokens are remembered by this process alone: %s", type(trouble).__name__)
            return self._own_memory(key, digest)
        return before is None or before == digest.encode()

    def _own_memory(self, key: str, digest: str) -> bool:
        with self._lock:
            before = self._own.setdefault(key, digest)
            if len(self._own) > MOST_REMEMBERED:
                self._own.popitem(last=False)
        return before == digest
