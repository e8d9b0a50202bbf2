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
    outcome_purposes,
)
from discount_broker.offers.queries.made import (
    currency_of,
    find_offer_of,
    get_offer,
    list_offers,
    list_offers_to,
    list_replaced,
    marks,
    savings_of,
    terms_of,
    wished_price,
)
from discount_broker.offers.queries.standing import (
    count_given,
    get_rule_of,
    list_awake_rules,
    list_rules,
    list_unasked,
)

__all__ = [
    "acceptance_purpose",
    "count_given",
    "currency_of",
    "draft_purpose",
    "find_offer_of",
    "get_draft",
    "get_offer",
    "get_rule_of",
    "list_awake_rules",
    "list_drafts",
    "list_expired",
    "list_hopeless",
    "list_letters_with_an_offer",
    "list_offers",
    "list_offers_to",
    "list_open_drafts",
    "list_outcomes_to_ask",
    "list_replaced",
    "list_rules",
    "list_unasked",
    "list_untold_acceptances",
    "marks",
    "outcome_purposes",
    "savings_of",
    "terms_of",
    "terms_of_draft",
    "wished_price",
]
