"""Buyers, operators, programs of others, and what they agreed to and changed."""

from discount_broker.accounts.models.api_clients import ApiClient, ApiToken
from discount_broker.accounts.models.buyers import Buyer, BuyerCard, BuyerNote, ContactWish, LeadRule
from discount_broker.accounts.models.consents import Consent
from discount_broker.accounts.models.staff import AuditEntry, Operator, Role, StaffSession

__all__ = [
    "ApiClient",
    "ApiToken",
    "AuditEntry",
    "Buyer",
    "BuyerCard",
    "BuyerNote",
    "Consent",
    "ContactWish",
    "LeadRule",
    "Operator",
    "Role",
    "StaffSession",
]
