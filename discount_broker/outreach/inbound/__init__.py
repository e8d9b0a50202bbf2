"""What an incoming mail is and what it says: bytes in, an `Inbound` out, whatever the bytes are."""

from discount_broker.outreach.inbound.attachments import Attachment, read_attachment
from discount_broker.outreach.inbound.bounce_reasons import BounceKind, BounceReason
from discount_broker.outreach.inbound.bounces import Bounce
from discount_broker.outreach.inbound.intents import Intent, IntentKind
from discount_broker.outreach.inbound.reading import Inbound, read_inbound, read_inbound_text
from discount_broker.outreach.inbound.sentences import Doubt

__all__ = [
    "Attachment",
    "Bounce",
    "BounceKind",
    "BounceReason",
    "Doubt",
    "Inbound",
    "Intent",
    "IntentKind",
    "read_attachment",
    "read_inbound",
    "read_inbound_text",
]
