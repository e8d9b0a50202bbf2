"""Reading the stop list, and what is held back."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from discount_broker.kernel.clock import paced, utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.keyed_hash import keyed_hash
from discount_broker.kernel.site import site
from discount_broker.messaging.models import Delivery, SendingHold, Suppression
from discount_broker.messaging.rules import HELD_AGAIN_AFTER
from discount_broker.messaging.status import ChannelKind, FailureReason


def is_suppressed(keys: Collection[str], now: datetime | None = None) -> bool:
    """Whether any of these keys stands on the stop list, or an address at a domain that does."""
    found = select(Suppression.id).where(Suppression.key.in_(_all_of(keys)), forbids(now)).limit(1)
    return db.session.scalar(found) is not None


def list_suppressed(keys: Collection[str]) -> set[str]:
    """Those of the keys for which that is so, in one statement."""
    found = select(Suppression.key).where(Suppression.key.in_(_all_of(keys)), forbids())
    rows = set(db.session.scalars(found))
    return {key for key in keys if rows & _all_of([key])}


def is_stopped_for_good(keys: Collection[str]) -> bool:
    """Likewise, but for a pause, after which everything is as it was."""
    stands = Suppression.key.in_(_all_of(keys)), Suppression.until.is_(None)
    return db.session.scalar(select(Suppression.id).where(*stands).limit(1)) is not None


def _all_of(keys: Collection[str]) -> set[str]:
    domains = (f"domain:{key.rpartition('@')[2]}" for key in keys if key.startswith("email:"))
    return {*keys, *domains, *(hashed(key) for key in keys)}


def hashed(key: str) -> str:
    """How a stop is kept of somebody of whom nothing else is kept any more."""
    return f"hash:{keyed_hash(key)}"


def forbids(now: datetime | None = None) -> ColumnElement[bool]:
    """Of an entry of the stop list: it is no pause that has ended."""
    return or_(Suppression.until.is_(None), Suppression.until > (now or utcnow()))


def find_end_of_pause(keys: Collection[str], now: datetime) -> datetime | None:
    """When the last of the pauses of these keys ends; None where none is paused."""
    last = select(func.max(Suppression.until)).where(Suppression.key.in_(keys), Suppression.until > now)
    return db.session.scalar(last)


def find_suppression(key: str) -> Suppression | None:
    return db.session.scalar(select(Suppression).where(Suppression.key == key))


def own_sender_key() -> str:
    """Key of the hold that pauses our own sending domain."""
    return f"sender:{site().mail_from.rpartition('@')[2]}"


def find_hold(key: str) -> SendingHold | None:
    return db.session.scalar(select(SendingHold).where(SendingHold.key == key))


def list_holds(now: datetime) -> Sequence[SendingHold]:
    """What is being held back, the oldest first."""
    return db.session.scalars(select(SendingHold).where(_is_in_force(now)).order_by(SendingHold.since)).all()


def held_until(delivery: Delivery, now: datetime) -> datetime | None:
    """When a held message should look again whether it may leave; None where nothing holds it."""
    keys = ["all", f"channel:{delivery.channel}", *delivery.stop_keys]
    if delivery.channel is ChannelKind.EMAIL:
        keys.append(own_sender_key())
    hold = db.session.scalar(select(SendingHold).where(SendingHold.key.in_(keys), _is_in_force(now)).limit(1))
    again = paced(now + HELD_AGAIN_AFTER, now)
    return None if hold is None else min(again, hold.until or again)


def _is_in_force(now: datetime) -> ColumnElement[bool]:
    return or_(SendingHold.until.is_(None), SendingHold.until > now)


def list_policy_domains(since: datetime) -> set[str]:
    """Domains whose servers have refused our mail as such."""
    query = select(Delivery.address).where(
        Delivery.failure == FailureReason.POLICY,
        Delivery.channel == ChannelKind.EMAIL,
        Delivery.created_at > since,
    )
    return {address.rpartition("@")[2].lower() for address in db.session.scalars(query.distinct())}


def search_suppressions(text: str, limit: int = 200) -> Sequence[Suppression]:
    """Entries in force whose key holds `text`, the latest first."""
    query = select(Suppression).where(forbids())
    if text:
        query = query.where(Suppression.key.icontains(text, autoescape=True))
    return db.session.scalars(query.order_by(Suppression.created_at.desc()).limit(limit)).all()


def count_suppressions() -> int:
    """How many entries are in force."""
    return db.session.scalar(select(func.count(Suppression.id)).where(forbids())) or 0
