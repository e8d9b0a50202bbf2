"""Reading which sweeps leave something undone."""

from sqlalchemy import select

from discount_broker.kernel.db import db
from discount_broker.messaging.models import BrokenSweep


def find_broken_sweep(name: str) -> BrokenSweep | None:
    return db.session.get(BrokenSweep, name)


def list_broken_sweeps() -> list[BrokenSweep]:
    """The one that has been broken longest comes first."""
    return list(db.session.scalars(select(BrokenSweep).order_by(BrokenSweep.since, BrokenSweep.name)))
