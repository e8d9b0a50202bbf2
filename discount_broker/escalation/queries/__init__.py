"""Reading the desk's queue, cases and promises."""

from discount_broker.escalation.queries.arrivals import (
    AFTER_THE_ANSWER,
    list_late_letters,
    list_overtaken_cases,
    list_stranded_letters,
    list_uncased_outreaches,
    list_unread_letters,
    list_unread_replies,
)
from discount_broker.escalation.queries.cases import (
    FOR_ROWS,
    count_calls,
    find_case_of,
    get_case,
    list_open_cases_of_shop,
)
from discount_broker.escalation.queries.forms import (
    list_forms_for_people,
    text_to_paste,
)
from discount_broker.escalation.queries.promises import (
    BY_BUYER,
    find_call_to_check,
    get_promise,
    list_calls_to_check,
    list_own_promises,
    list_pending_promises,
    list_promises,
    list_waking_promises,
    next_promises,
)
from discount_broker.escalation.queries.queue import (
    View,
    find_entry,
    list_waking,
)
from discount_broker.escalation.queries.reviews import (
    count_reviews,
    find_review,
    get_review,
    list_reviews,
)

__all__ = [
    "AFTER_THE_ANSWER",
    "BY_BUYER",
    "FOR_ROWS",
    "View",
    "count_calls",
    "count_reviews",
    "find_call_to_check",
    "find_case_of",
    "find_entry",
    "find_review",
    "get_case",
    "get_promise",
    "get_review",
    "list_calls_to_check",
    "list_forms_for_people",
    "list_late_letters",
    "list_open_cases_of_shop",
    "list_overtaken_cases",
    "list_own_promises",
    "list_pending_promises",
    "list_promises",
    "list_reviews",
    "list_stranded_letters",
    "list_uncased_outreaches",
    "list_unread_letters",
    "list_unread_replies",
    "list_waking",
    "list_waking_promises",
    "next_promises",
    "text_to_paste",
]
