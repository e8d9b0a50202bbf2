"""Reading offers."""

from discount_broker.offers.queries.drafts import (
    draft_purpose,
    get_draft,
    list_drafts,
    list_letters_with_an_offer,
    list_open_drafts,
    terms_of_draft,
)
from discount_broker.offers.queries.due import (
    acceptance_purpose,
    list_expired,
    list_hopeless,
    list_outcomes_to_ask,
    list_untold_acceptances,
    outcome_purpose,
)
from discount_broker.offers.queries.made import (
    currency_of,
    find_offer_of,
    get_offer,
    list_offers,
    list_offers_to,
    marks,
    savings_of,
    terms_of,
    wished_price,
)

__all__ = [
    "acceptance_purpose",
    "currency_of",
    "draft_purpose",
    "find_offer_of",
    "get_draft",
    "get_offer",
    "list_drafts",
    "list_expired",
    "list_hopeless",
    "list_letters_with_an_offer",
    "list_offers",
    "list_offers_to",
    "list_open_drafts",
    "list_outcomes_to_ask",
    "list_untold_acceptances",
    "marks",
    "outcome_purpose",
    "savings_of",
    "terms_of",
    "terms_of_draft",
    "wished_price",
]
