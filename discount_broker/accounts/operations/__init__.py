"""What other slices do to buyers, and the trail of who changed what."""

from discount_broker.accounts.operations.buyers import buyer_with_email, confirm_email
from discount_broker.accounts.operations.trail import note_change

__all__ = ["buyer_with_email", "confirm_email", "note_change"]
