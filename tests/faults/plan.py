"""What is done to an installation, and when: made of a seed, so that a bad run can be had again."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Act(StrEnum):
    """One blow, in words for the log."""

    KILL_JOB = "the process of a job is killed"
    KILL_WORKER = "a worker is killed, its job lives on"
    KILL_BOTH = "a worker is killed with its job"
    FLUSH = "the queue is emptied"
    RESTART_QUEUE = "the queue is killed, and begins anew with nothing"
    CRASH_DATABASE = "the database breaks down, and comes back"
    KILL_SCHEDULER = "the scheduler is killed"
    NIGHT = "all workers are killed, and their leases run out"
    ARRIVE = "buyers confirm their requests"


WEIGHTS = {
    Act.KILL_JOB: 10,
    Act.KILL_BOTH: 5,
    Act.KILL_WORKER: 3,
    Act.FLUSH: 4,
    Act.RESTART_QUEUE: 2,
    Act.CRASH_DATABASE: 2,
    Act.KILL_SCHEDULER: 2,
    Act.NIGHT: 2,
}
LONGEST_PAUSE = 1.6
"""Seconds between two blows; long enough for something to be going on again."""
LAST_ALONE = 4
"""Blows that fall when nothing new arrives any more."""


@dataclass(frozen=True)
class Blow:
    pause: float
    """Seconds since the blow before."""
    act: Act
    amount: int = 0
    """How many requests arrive; which worker is meant; how many seconds something is away."""


def make_plan(random: Random, outreaches: int, blows: int) -> list[Blow]:
    """Every kind of blow at least once, the rest by chance; the requests arrive in between."""
    acts = [*WEIGHTS]
    acts += random.choices([*WEIGHTS], [*WEIGHTS.values()], k=max(0, blows - len(acts)))
    random.shuffle(acts)
    plan = [Blow(random.uniform(0.1, LONGEST_PAUSE), act, random.randrange(1, 4)) for act in acts]
    batch = -(-outreaches // (len(plan) - LAST_ALONE))
    for number, done in enumerate(range(0, outreaches, batch)):
        arriving = Blow(0.1, Act.ARRIVE, min(batch, outreaches - done))
        plan.insert(2 * number, arriving)  # before a blow
    return plan
