"""Reading what became of messages: the ways that work, and those that do not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.status import ChannelKind, DeliveryStatus, FailureReason

NOT_TRIED = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.STOPPED)


@dataclass
class WayRecord:
    """How one way of sending forms fared."""

    recipe: str
    confirmed: int = 0
    unknown: int = 0
    refused: int = 0
    for_people: int = 0
    """Ended at a captcha or a script: nothing is wrong with the way."""
    failed: int = 0
    last_at: datetime | None = None

    @property
    def tried(self) -> int:
        """How often the way itself was put to the test."""
        return self.confirmed + self.unknown + self.refused + self.failed


def list_ways(since: datetime) -> list[WayRecord]:
    """What became of the feedback forms, by the way they were sent; the most used first."""
    query = (
        select(
            Delivery.recipe,
            Delivery.status,
            Delivery.failure,
            func.count(Delivery.id),
            func.max(Delivery.created_at),
        )
        .where(
            Delivery.channel == ChannelKind.WEB_FORM,
            Delivery.created_at > since,
            Delivery.recipe.is_not(None),
            Delivery.status.not_in(NOT_TRIED),
        )
        .group_by(Delivery.recipe, Delivery.status, Delivery.failure)
    )
    ways: dict[str, WayRecord] = {}
    for recipe, status, failure, count, last_at in db.session.execute(query):
        assert recipe is not None
        way = ways.setdefault(recipe, WayRecord(recipe))
        outcome = _outcome(status, failure)
        setattr(way, outcome, getattr(way, outcome) + count)
        way.last_at = max(filter(None, (way.last_at, last_at)))
    return sorted(ways.values(), key=lambda way: (-way.tried, way.recipe))


def _outcome(status: DeliveryStatus, failure: FailureReason | None) -> str:
    if status is DeliveryStatus.SENT:
        return "confirmed"
    if status is DeliveryStatus.UNKNOWN:
        return "unknown"
    if failure in (FailureReason.CAPTCHA, FailureReason.SCRIPT_ONLY):
        return "for_people"
    return "refused" if failure is FailureReason.REFUSED else "failed"


def list_unknown(limit: int = 200) -> Sequence[Delivery]:
    """Messages that may or may not have arrived: only a person can find out."""
    query = select(Delivery).where(Delivery.status == DeliveryStatus.UNKNOWN)
    return db.session.scalars(query.order_by(Delivery.created_at).limit(limit)).all()


def count_unknown(at_most: int | None = None) -> int:
    """How many messages nobody knows the outcome of; a page that only shows it need not count them all."""
    # The state alone is read: it stands in an index.
    unknown = select(Delivery.status).where(Delivery.status == DeliveryStatus.UNKNOWN).limit(at_most)
    return db.session.scalar(select(func.count()).select_from(unknown.subquery())) or 0


def list_forms_that_failed(since: datetime, limit: int = 20) -> Sequence[Delivery]:
    """The latest forms that took no letter, for whoever mends the way they are sent."""
    query = select(Delivery).where(
        Delivery.channel == ChannelKind.WEB_FORM,
        Delivery.created_at > since,
        Delivery.status.in_((DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN)),
    )
    return db.session.scalars(query.order_by(Delivery.created_at.desc()).limit(limit)).all()
