"""Asking shops, and taking in what they answer."""

from discount_broker.outreach.use_cases.answers import read_mail, receive_mail, stop_outreach, stop_shop
from discount_broker.outreach.use_cases.asking import (
    ask_shop,
    learn_rates,
    requeue_lost,
    take_due_steps,
    tell_the_silence,
)
from discount_broker.outreach.use_cases.planning import plan_outreach, plan_rivals
from discount_broker.outreach.use_cases.refreshing import refresh_contacts
from discount_broker.outreach.use_cases.settling import settle_delivery

__all__ = [
    "ask_shop",
    "learn_rates",
    "plan_outreach",
    "plan_rivals",
    "read_mail",
    "receive_mail",
    "refresh_contacts",
    "requeue_lost",
    "settle_delivery",
    "stop_outreach",
    "stop_shop",
    "take_due_steps",
    "tell_the_silence",
]
