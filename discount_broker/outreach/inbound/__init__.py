"""What an incoming mail is and what it says: bytes in, an `Inbound` out, whatever the bytes are."""

from discount_broker.outreach.inbound.bounces import Bounce, BounceReason
from discount_broker.outreach.inbound.intents import Intent, IntentKind
from discount_broker.outreach.inbound.reading import Inbound, read_inbound, read_inbound_text

__all__ = ["Bounce", "BounceReason", "Inbound", "Intent", "IntentKind", "read_inbound", "read_inbound_text"]
