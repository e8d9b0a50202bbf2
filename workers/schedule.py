"""The periodic table. `python -m workers.schedule` runs it; exactly one such process is enough.

Each tick is harmless twice: what is due is claimed in the database, whoever asks.
"""

import os
from typing import Any

from redis import Redis

from discount_broker.settings import Settings
from workers import jobs
from workers.endurance import EnduringScheduler, stay

QUEUE = "broker"

SECONDS_BETWEEN = {
    jobs.ring_lost_bells: 10,
    jobs.take_due_steps: 15,
    jobs.tell_programs: 5,
    jobs.reread_watched_pages: 60,
    jobs.open_due_cases: 15,
    jobs.open_reviews: 30,
    jobs.wake_promises: 30,
    jobs.watch_clocks: 30,
    jobs.wind_clocks: 300,
    jobs.wake_queue: 10,
    jobs.draft_offers: 15,
    jobs.tell_what_rules_gave: 3600,
    jobs.expire_offers: 60,
    jobs.pass_on_acceptances: 60,
    jobs.remind_unconfirmed: 300,
    jobs.tell_the_silence: 60,
    jobs.ask_outcomes: 60,
    jobs.remind_endings: 300,
    jobs.erase_leaving: 600,
    jobs.send_waiting_news: 30,
    jobs.send_greetings: 600,
    jobs.refresh_contacts: 300,
    jobs.ring_for_feeds: 600,
    jobs.learn_rates: 3600,
    jobs.compute_scorecards: 3600,
    jobs.draw_checks: 3600,
    jobs.sweep_sessions: 3600,
}


def interval(seconds: int, clock_speed: float) -> int:
    """A demonstration's clock runs faster: its table does too, down to two seconds."""
    return seconds if clock_speed == 1 else max(2, min(seconds, int(seconds * 60 / clock_speed)))


def main() -> None:
    settings = Settings.from_env(os.environ)
    redis = Redis.from_url(settings.redis_url)
    stay(redis, lambda: tick(redis, settings.clock_speed))


def tick(redis: Redis, clock_speed: float) -> bool:
    """Ring for every sweep in its time, until told to stop.

    Raises:
        redis.exceptions.RedisError

    """
    cron: Any = EnduringScheduler(connection=redis, logging_level="WARNING")
    for sweep, seconds in SECONDS_BETWEEN.items():
        every = interval(seconds, clock_speed)
        # A tick that no worker had time for is dropped: the next one does the same. RQ would
        # remember one that failed for a year.
        cron.register(
            sweep, QUEUE, interval=every, ttl=2 * every, result_ttl=0, failure_ttl=3600, job_timeout=170
        )
    cron.start()
    return True


if __name__ == "__main__":
    main()
