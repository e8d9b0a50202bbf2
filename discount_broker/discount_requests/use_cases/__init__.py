"""What a buyer does until shops can be asked."""

from discount_broker.discount_requests.use_cases.confirming import confirm_request
from discount_broker.discount_requests.use_cases.drafting import (
    add_to_basket,
    leave_out,
    repeat_reading,
    start_draft,
    start_drafts,
)
from discount_broker.discount_requests.use_cases.reminding import remind_unconfirmed
from discount_broker.discount_requests.use_cases.submitting import submit_draft, submit_request

__all__ = [
    "add_to_basket",
    "confirm_request",
    "leave_out",
    "remind_unconfirmed",
    "repeat_reading",
    "start_draft",
    "start_drafts",
    "submit_draft",
    "submit_request",
]
