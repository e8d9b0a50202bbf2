"""What is decided about buyers: addresses, when to leave them alone, what kind of lead they are. Pure."""

from discount_broker.accounts.rules.emails import COMMON_DOMAINS, normal_email, suggested_email

__all__ = ["COMMON_DOMAINS", "normal_email", "suggested_email"]
