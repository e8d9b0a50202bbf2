"""Reading outreaches, their steps and what came back."""

from discount_broker.outreach.queries.doors import doors_of, keys_of, steps_of, usable_points
from discount_broker.outreach.queries.learning import (
    cases_of_doors,
    count_rates,
    count_soft_bounces,
    find_rate,
    list_acknowledged,
    rate_of,
)
from discount_broker.outreach.queries.mails import (
    count_mails,
    is_own_address,
    last_received_at,
    list_unread_mail,
)
from discount_broker.outreach.queries.messages import (
    attempts_of,
    conversations_of,
    count_messages,
    list_addresses_written_to,
    list_due_steps,
    list_outreaches_in,
    list_steps_of,
    list_unsettled,
)
from discount_broker.outreach.queries.outreaches import (
    get_outreach,
    list_open_of_shop,
    list_outreaches,
    list_planned,
    list_shops_with_planned,
    list_silent_requests,
    silence_purpose,
    wish_put_to,
)
from discount_broker.outreach.queries.rivals import (
    answer_records,
    are_rivals_told,
    awaits_rivals,
    list_awaiting_rivals,
    pages_asked_meanwhile,
)

__all__ = [
    "answer_records",
    "are_rivals_told",
    "attempts_of",
    "awaits_rivals",
    "cases_of_doors",
    "conversations_of",
    "count_mails",
    "count_messages",
    "count_rates",
    "count_soft_bounces",
    "doors_of",
    "find_rate",
    "get_outreach",
    "is_own_address",
    "keys_of",
    "last_received_at",
    "list_acknowledged",
    "list_addresses_written_to",
    "list_awaiting_rivals",
    "list_due_steps",
    "list_open_of_shop",
    "list_outreaches",
    "list_outreaches_in",
    "list_planned",
    "list_shops_with_planned",
    "list_silent_requests",
    "list_steps_of",
    "list_unread_mail",
    "list_unsettled",
    "pages_asked_meanwhile",
    "rate_of",
    "silence_purpose",
    "steps_of",
    "usable_points",
    "wish_put_to",
]
