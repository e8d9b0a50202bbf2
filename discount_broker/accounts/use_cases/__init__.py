"""What people ask for about accounts: coming in, keeping the buyers' cards, merging and erasing them."""

from discount_broker.accounts.use_cases.signing_in import (
    SHORTEST_PASSWORD,
    check_password,
    choose_language,
    create_operator,
    log_in_buyer,
)

__all__ = ["SHORTEST_PASSWORD", "check_password", "choose_language", "create_operator", "log_in_buyer"]
