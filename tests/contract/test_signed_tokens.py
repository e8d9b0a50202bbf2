"""A one-time token brings one thing, in however many processes, with Redis or without."""

import logging

import pytest
from redis import Redis

from discount_broker.adapters.signed_tokens import SECONDS, RedisSignedTokens


@pytest.fixture(params=["redis", "redis gone"])
def tokens(request: pytest.FixtureRequest, redis: Redis, dead_redis: Redis) -> RedisSignedTokens:
    return RedisSignedTokens(redis if request.param == "redis" else dead_redis)


def test_a_token_may_bring_the_same_again_and_nothing_else(tokens: RedisSignedTokens) -> None:
    assert tokens.is_first_or_same("a", "one")
    assert tokens.is_first_or_same("a", "one")
    assert not tokens.is_first_or_same("a", "another")
    assert tokens.is_first_or_same("b", "another")


def test_processes_know_of_each_others_tokens_and_forget_old_ones(redis: Redis) -> None:
    assert RedisSignedTokens(redis).is_first_or_same("a", "one")
    assert not RedisSignedTokens(redis).is_first_or_same("a", "another")
    [key] = redis.keys("signed:*")
    assert 0 < redis.ttl(key) <= SECONDS


def test_a_redis_that_is_gone_is_told(dead_redis: Redis, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        RedisSignedTokens(dead_redis).is_first_or_same("a", "one")
    assert "by this process alone" in caplog.text
