"""When a phone may ring, and how each piece of news comes to its buyer. Pure."""

from discount_broker.notifications.rules.news import (
    BEYOND,
    FACTORY_WAYS,
    NEWS,
    REQUIRED,
    TEXTABLE,
    News,
    default_way,
    digest_at,
    greeting_at,
    link_of,
    stale_after,
    urgency_of,
    ways_for,
    without_more,
)
from discount_broker.notifications.rules.ringing import is_quiet, when_to_ring, when_to_text

__all__ = [
    "BEYOND",
    "FACTORY_WAYS",
    "NEWS",
    "REQUIRED",
    "TEXTABLE",
    "News",
    "default_way",
    "digest_at",
    "greeting_at",
    "is_quiet",
    "link_of",
    "stale_after",
    "urgency_of",
    "ways_for",
    "when_to_ring",
    "when_to_text",
    "without_more",
]
