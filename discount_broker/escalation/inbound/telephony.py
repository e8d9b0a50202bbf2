"""Events of telephone calls, and folding them into one call in whatever order they come. Pure."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from discount_broker.escalation.status import CallDirection
from discount_broker.kernel.errors import Refused
from discount_broker.shops.extract.spelling import normal_phone

LONGEST_NUMBER = 40
ASTERISK_CHANNEL = re.compile(r"^[A-Za-z0-9]+/([^@/]+?)(?:-[0-9a-f]{6,})?$")
"""`PJSIP/101-0000002a`: the extension between the technology and the number of the channel."""


class NotAuthentic(Exception):
    """Not from the exchange whose secret we know."""


class NotReadable(Exception):
    """Signed, and still not an event of a call."""


class PhoneEventKind(StrEnum):
    RING = "ring"
    ANSWER = "answer"
    HANGUP = "hangup"


@dataclass(frozen=True, kw_only=True)
class PhoneEvent:
    """Something that happened to a call, as its exchange tells it."""

    provider: str
    provider_id: str
    kind: PhoneEventKind
    at: datetime
    direction: CallDirection
    number: str
    """Of the other side, as it was told."""
    extension: str
    """Of ours: an extension, or the name of a softphone."""
    answered_at: datetime | None = None
    """Known where the end of a call tells how long people spoke."""
    is_leg: bool = False
    """Of a second line that belongs to the call: it knows the times, not who called whom."""


@dataclass(frozen=True)
class CallTimes:
    """When a call began, was taken and ended, as far as it is known."""

    started_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None


def folded(times: CallTimes | None, event: PhoneEvent) -> CallTimes:
    """What is known of a call after one more event; told twice, or late, it is known the same."""
    times = times or CallTimes(event.at)
    started_at = min(times.started_at, event.at)
    answers = [
        times.answered_at,
        event.answered_at,
        event.at if event.kind is PhoneEventKind.ANSWER else None,
    ]
    ends = [times.ended_at, event.at if event.kind is PhoneEventKind.HANGUP else None]
    return replace(
        times,
        started_at=started_at,
        answered_at=min(filter(None, answers), default=None),
        ended_at=max(filter(None, ends), default=None),
    )


def number_told(text: str, country: str | None) -> str:
    """E.164 where it is a whole number; what cannot be read stands as it was told."""
    plain = text.strip()
    try:
        return normal_phone(plain, country)
    except Refused:
        return re.sub(r"[^\w+*#.@-]", "", plain)[:LONGEST_NUMBER]


def own_end(text: str) -> str:
    """The extension, however it is written: `101`, `PJSIP/101-0000002a`, `client:olga`, `sip:101@…`."""
    name = text.strip()
    if channel := ASTERISK_CHANNEL.match(name):
        name = channel[1]
    for scheme in ("client:", "sip:", "sips:"):
        if name.lower().startswith(scheme):
            name = name[len(scheme) :].partition("@")[0]
    return name[:LONGEST_NUMBER]
