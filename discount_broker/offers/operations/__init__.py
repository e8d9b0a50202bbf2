"""What other slices and use cases do with answers."""

from discount_broker.offers.operations.taking import ANSWERABLE, settle_draft, take_answer

__all__ = ["ANSWERABLE", "settle_draft", "take_answer"]
