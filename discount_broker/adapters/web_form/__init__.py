"""A shop's own feedback form as a channel."""

from discount_broker.adapters.web_form.channel import FormReport, WebFormChannel
from discount_broker.adapters.web_form.pauses import human_pause, no_pause

__all__ = ["FormReport", "WebFormChannel", "human_pause", "no_pause"]
