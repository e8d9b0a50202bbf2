"""Writing down which sweeps could not do all that was due, so that a person looks."""

from datetime import datetime

from sqlalchemy import delete

from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.models import BrokenSweep
from discount_broker.messaging.queries import find_broken_sweep


def note_broken_sweep(name: str, now: datetime) -> None:
    """It left something undone; since when is kept until it is done."""
    with transaction() as session:
        broken = find_broken_sweep(name)
        if broken is None:
            session.merge(BrokenSweep(name=name, since=now, last_at=now))
        else:
            broken.last_at = now


def note_whole_sweep(name: str) -> None:
    """It did all that was due. Nothing is written where nothing was wrong before."""
    if find_broken_sweep(name) is None:
        return
    with transaction() as session:
        session.execute(delete(BrokenSweep).where(BrokenSweep.name == name))
