"""Drawing checks, asking the question, taking the answer, writing down what was found, and telling it."""

from discount_broker.checks.use_cases.answering import forbid_by_check, requeue_lost, take_answer
from discount_broker.checks.use_cases.asking import ask_check, drop_check
from discount_broker.checks.use_cases.drawing import draw_round
from discount_broker.checks.use_cases.finding import close_unanswered, note_findings
from discount_broker.checks.use_cases.reporting import tell_reports

__all__ = [
    "ask_check",
    "close_unanswered",
    "draw_round",
    "drop_check",
    "forbid_by_check",
    "note_findings",
    "requeue_lost",
    "take_answer",
    "tell_reports",
]
