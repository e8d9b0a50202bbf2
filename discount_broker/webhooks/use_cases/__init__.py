"""What programs ask for, and how they are told what became of it."""

from discount_broker.webhooks.use_cases.asking import (
    ask_of,
    find_same_ask,
    keep_ask,
    ring_waiting_asks,
    submit_ask,
)
from discount_broker.webhooks.use_cases.keeping import (
    add_webhook,
    end_webhook,
    repeat_hook_call,
    try_webhook,
)
from discount_broker.webhooks.use_cases.pausing import replay_calls
from discount_broker.webhooks.use_cases.telling import call_hook, make_hook_calls, ring_hook_calls

__all__ = [
    "add_webhook",
    "ask_of",
    "call_hook",
    "end_webhook",
    "find_same_ask",
    "keep_ask",
    "make_hook_calls",
    "repeat_hook_call",
    "replay_calls",
    "ring_hook_calls",
    "ring_waiting_asks",
    "submit_ask",
    "try_webhook",
]
