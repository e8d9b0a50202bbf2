"""The shop's answer, and the buyer's decision."""

from discount_broker.offers.use_cases.accepting import accept_offer, pass_on_acceptances
from discount_broker.offers.use_cases.answering import change_answer, submit_answer, submit_answers
from discount_broker.offers.use_cases.answering_counters import answer_counter
from discount_broker.offers.use_cases.countering import counter_offer
from discount_broker.offers.use_cases.declining import decline_offer, expire_offers, withdraw_request
from discount_broker.offers.use_cases.drafting import confirm_draft, draft_offers
from discount_broker.offers.use_cases.leaving import ask_deletion, erase_leaving, keep_everything
from discount_broker.offers.use_cases.outcomes import ask_outcomes, note_bought, report_outcome
from discount_broker.offers.use_cases.reminding import remind_endings
from discount_broker.offers.use_cases.repeating import ask_again
from discount_broker.offers.use_cases.saying import Said, say_offer
from discount_broker.offers.use_cases.standing import (
    answer_by_rule,
    answer_by_rules,
    end_rule,
    make_rule,
)
from discount_broker.offers.use_cases.standing_news import tell_what_rules_gave

__all__ = [
    "Said",
    "accept_offer",
    "answer_by_rule",
    "answer_by_rules",
    "answer_counter",
    "ask_again",
    "ask_deletion",
    "ask_outcomes",
    "change_answer",
    "confirm_draft",
    "counter_offer",
    "decline_offer",
    "draft_offers",
    "end_rule",
    "erase_leaving",
    "expire_offers",
    "keep_everything",
    "make_rule",
    "note_bought",
    "pass_on_acceptances",
    "remind_endings",
    "report_outcome",
    "say_offer",
    "submit_answer",
    "submit_answers",
    "tell_what_rules_gave",
    "withdraw_request",
]
