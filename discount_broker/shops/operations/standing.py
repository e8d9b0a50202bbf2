"""What letters and answers show of a door."""

from datetime import datetime
from uuid import UUID

from discount_broker.kernel.db import db
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.status import ContactState


def mark_dead(contact_point_id: UUID, why: str) -> None:
    point = db.session.get_one(ContactPoint, contact_point_id)
    if point.state is not ContactState.STOPPED:
        point.state, point.state_reason = ContactState.DEAD, why


def note_captcha(point: ContactPoint) -> None:
    """The form turned out to ask for a captcha: it is for people from now on."""
    point.form = {**(point.form or {}), "captcha": "other"}


def mark_answering(contact_point_id: UUID, now: datetime) -> None:
    """A person answered at this door: it is tried first next time."""
    point = db.session.get_one(ContactPoint, contact_point_id)
    point.last_answer_at = now
    if point.state is ContactState.UNVERIFIED:
        point.state, point.state_reason = ContactState.GOOD, ""


def mark_door_stopped(point: ContactPoint) -> None:
    """Close this door alone: its people want no letters, and named somebody else of the shop."""
    point.state, point.state_reason = ContactState.STOPPED, "stop"


def mark_stopped(shop: Shop) -> None:
    """Close every door, also where the shop is another name of one that has the doors."""
    for point in [*shop.contact_points, *(shop.merged_into.contact_points if shop.merged_into else [])]:
        point.state, point.state_reason = ContactState.STOPPED, "stop"
